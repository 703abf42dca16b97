"""What the checks of every chapter are made of: ``expect_calls``, ``expect``, ``require``.

Each helper returns nothing when the answer is right and raises ``Wrong`` with the smallest failing
example and the likely cause when it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, Raised, agrees, outcome
from classroom.exercises.kit.comparing import TOLERANCE, call_text, show_both, shown_call
from classroom.exercises.kit.errors import Wrong, error_name
from classroom.exercises.kit.state import now
from classroom.exercises.kit.verdicts import require_function, require_unchanged, wrong_attempt


def tried(run: Callable[..., Any] | None, answer: Any) -> Callable[..., Any]:
    """What takes a case's arguments and gives what is compared: the answer, or ``run`` with it."""
    return answer if run is None else lambda *case: run(answer, *case)


def expect_calls(
    answer: Any,
    right: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    *,
    causes: Sequence[Cause] = (),
    run: Callable[..., Any] | None = None,
    show_as: str = "",
    tolerance: float = TOLERANCE,
    may_change: bool = False,
) -> None:
    """Expect the reader's function to do on every case what ``right`` does; else raise ``Wrong``.

    ``cases`` are the arguments of each call; of the failing ones the shortest is told, with the
    best fitting of the ``causes``, made with ``gives``, ``when`` and ``raises``. Where ``right``
    raises, the answer must raise the same kind of exception. ``run(answer, *case)`` gives what is
    compared, where that is more than a call; ``show_as`` says how to print one, with ``{0}``,
    ``{1}`` for the arguments, such as ``"Value({0}) + {1}"``. Numbers may differ by ``tolerance``,
    relative or absolute; ``may_change`` lets the function change its arguments.
    """
    require_function(answer, cases if run is None else ())
    asked, wanted = tried(run, answer), tried(run, right)
    failing: list[tuple[str, Attempt]] = []
    passed: list[Attempt] = []
    now.report = lambda: wrong_attempt(failing, causes)
    for case in sorted(cases, key=lambda args: len(call_text("", args))):
        now.doing = text = shown_call(show_as, case, answer, right)
        expected, args = outcome(wanted, deepcopy(case)), deepcopy(case)
        copies = [copy(each) if isinstance(each, list) else each for each in args]
        attempt = Attempt(case, outcome(asked, args), expected, tolerance)
        if not agrees(attempt):
            failing.append((text, attempt))
        else:
            passed.append(attempt)
            now.passed += not failing
            if not may_change and not failing:
                require_unchanged(text, case, args, copies)
    if failing:
        wrong = wrong_attempt(failing, causes, passed)
        if passed:
            wrong.right_in = f"Right in {len(passed)} of the {len(cases)} cases tried."
        raise wrong
    for case in () if may_change else cases:
        expected, got = outcome(wanted, deepcopy(case)), outcome(asked, deepcopy(case))
        second = Attempt(case, got, expected, max(tolerance, TOLERANCE))
        if not (isinstance(expected, Raised) or agrees(second)):
            cause = OF_THE_CLASS if isinstance(answer, type) else OUTSIDE
            raise _wrong_again(shown_call(show_as, case, answer, right), second, cause)
    now.report = None


def _wrong_again(text: str, second: Attempt, cause: str) -> Wrong:
    """What is said of a call that was right and comes out differently the second time."""
    got, wanted = show_both(second.got, second.expected)
    if isinstance(second.got, Raised):
        got, wanted = error_name(second.got.error), ""
    said = f"{text} was right the first time; called again it gave {got}, not {wanted}."
    return Wrong(said, cause=cause)


OUTSIDE = (
    "something is kept from one call to the next: an object outside the function, or one that is "
    "a default in its first line."
)
OF_THE_CLASS = (
    "something is kept from one object to the next: it belongs to the class. Make it in "
    "`__init__`, as `self.name = ...`."
)


def expect(
    text: str,
    got: Any,
    expected: Any,
    *,
    causes: Sequence[Cause] = (),
    tolerance: float = TOLERANCE,
) -> None:
    """Expect one result, for whatever is not a plain call of the reader's function.

    ``text`` is what is computed, as the reader would write it: ``"(a * b).data with a=2, b=3"``;
    ``got`` the result, or a function without arguments that computes it, so that an exception is
    told as coming from ``text``. The rest is as in ``expect_calls``.
    """
    now.doing = text
    result = outcome(got, ()) if callable(got) else got
    attempt = Attempt((), result, expected, tolerance)
    if not agrees(attempt):
        raise wrong_attempt([(text, attempt)], causes)
    now.passed += 1


def require(condition: bool, message: str, cause: str = "") -> None:
    """Raise ``Wrong(message)`` unless the condition holds; holding alone is no progress."""
    if not condition:
        raise Wrong(message, cause=cause)
