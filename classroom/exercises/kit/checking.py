"""What the checks of every chapter are made of: ``expect_calls``, ``expect``, ``expect_value``...

Each helper returns nothing when the answer is right and raises ``Wrong`` with the smallest failing
example and the likely cause when it is not. The registry's docstring shows a complete check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.causes import (
    Attempt,
    Cause,
    Raised,
    gives,
    likely_cause,
    outcome,
    raises,
    when,
)
from classroom.exercises.kit.comparing import TOLERANCE, call_text, is_number, name_of, plain, show
from classroom.exercises.kit.errors import Wrong, error_name, wrong_because_raised
from classroom.exercises.kit.verdicts import (
    agrees,
    require_function,
    require_unchanged,
    wrong_attempt,
)

__all__ = [
    "Wrong",
    "expect",
    "expect_calls",
    "expect_raises",
    "expect_value",
    "gives",
    "gradients",
    "raises",
    "require",
    "when",
]


@dataclass
class State:
    """How far the running check has come, for messages about time and unfinished answers."""

    doing: str = ""
    passed: int = 0
    report: Callable[[], Wrong] | None = None


now = State()


def start_afresh() -> None:
    """Forget the check that ran before."""
    now.doing, now.passed, now.report = "", 0, None


def expect_calls(
    answer: Any,
    right: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    *,
    causes: Sequence[Cause] = (),
    show_as: str = "",
    tolerance: float = TOLERANCE,
    may_change: bool = False,
) -> None:
    """Expect the reader's function to do on every case what ``right`` does.

    Parameters
    ----------
    answer : callable
        The reader's function or class (anything else gets a message that says so).
    right : callable
        The finished function. Where it raises, the answer must raise the same kind of exception.
    cases : sequence of tuple
        The arguments of each call; of the failing ones the shortest is printed.
    causes : sequence of Cause
        Made with ``gives``, ``when`` and ``raises``; the best fitting one is printed.
    show_as : str, optional
        How to print a call, with ``{0}``, ``{1}`` for the arguments, such as
        ``"Value({0}) + {1}"``. Default: ``name(arguments)``.
    tolerance : float, default 1e-9
        Largest relative or absolute difference of numbers.
    may_change : bool, default False
        Whether the function may change its arguments.

    Raises
    ------
    Wrong
        With the smallest failing example and the likely cause.
    """
    require_function(answer, cases)
    name = name_of(answer, right)
    failing: list[tuple[str, Attempt]] = []
    now.report = lambda: wrong_attempt(failing, causes)
    for case in sorted(cases, key=lambda args: len(call_text("", args))):
        now.doing = text = show_as.format(*map(show, case)) if show_as else call_text(name, case)
        expected, args = outcome(right, deepcopy(case)), deepcopy(case)
        attempt = Attempt(case, outcome(answer, args), expected, tolerance)
        if not agrees(attempt):
            failing.append((text, attempt))
        elif not failing:
            now.passed += 1
            if not may_change:
                require_unchanged(text, case, args)
    if failing:
        raise wrong_attempt(failing, causes)
    now.report = None


def expect(
    text: str,
    got: Any,
    expected: Any,
    *,
    causes: Sequence[Cause] = (),
    tolerance: float = TOLERANCE,
) -> None:
    """Expect one result, for whatever is not a plain call of the reader's function.

    Parameters
    ----------
    text : str
        What is computed, as the reader would write it: ``"(a * b).data with a=2, b=3"``.
    got : callable or object
        A function without arguments that computes it, ``lambda: (Value(2) * Value(3)).data``, so
        that an exception is told as coming from ``text``; or the result itself.
    expected : object
        The right result.
    causes : sequence of Cause
        As in ``expect_calls``; a wrong function inside ``gives`` is called without arguments.
    tolerance : float, default 1e-9
        Largest relative or absolute difference of numbers.
    """
    now.doing = text
    result = outcome(got, ()) if callable(got) else got
    attempt = Attempt((), result, expected, tolerance)
    if not agrees(attempt):
        raise wrong_attempt([(text, attempt)], causes)
    now.passed += 1


def expect_value(
    answer: Any,
    expected: Any,
    *,
    causes: Sequence[Cause] = (),
    tolerance: float = TOLERANCE,
    reveal: bool = False,
) -> None:
    """Expect a value that the reader predicted: a number, a string, a list, a dict.

    Parameters
    ----------
    answer, expected : object
        What was answered, and the right answer.
    causes : sequence of Cause
        As in ``expect_calls``; mostly ``gives(wrong_value, "...")``.
    tolerance : float, default 1e-9
        For numbers the reader rounds, say ``5e-5`` for four decimals.
    reveal : bool, default False
        Whether to print the right answer too. If not, a number is called too small or too large.
    """
    now.doing = "your answer"
    attempt = Attempt((), answer, expected, tolerance)
    if agrees(attempt):
        now.passed += 1
        return
    if reveal:
        raise wrong_attempt([("your answer", attempt)], causes)
    got, hint = plain(answer), "is not right"
    if is_number(got) and is_number(expected) and got == got:
        hint = "is too small" if got < expected else "is too large"
    wanted = [cause for cause in causes if cause.fits(attempt)]
    cause = wanted[0].text if wanted else ""
    if not wanted and type(got) is not type(plain(expected)) and not is_number(got):
        cause = likely_cause(attempt, [attempt], ())
    raise Wrong(f"your answer {show(answer)} {hint}.", cause=cause)


def expect_raises(
    text: str,
    action: Callable[[], Any],
    kinds: type[Exception] | tuple[type[Exception], ...],
    *,
    mentions: str = "",
    cause: str = "",
) -> None:
    """Expect that ``action()`` raises one of ``kinds``, with ``mentions`` in its message."""
    now.doing = text
    names = " or ".join(k.__name__ for k in (kinds if isinstance(kinds, tuple) else (kinds,)))
    got = outcome(action, ())
    if isinstance(got, BaseException):
        cause = "`return` hands an error back like any result; `raise` stops the work with it."
    if not isinstance(got, Raised):
        raise Wrong(f"{text} gave {show(got)}, expected a {names}.", cause=cause)
    if not isinstance(got.error, kinds):
        wrong = wrong_because_raised(text, got.error, cause)
        raise Wrong(*wrong.lines, f"expected a {names}.", cause=wrong.cause)
    if mentions not in str(got.error):
        said = f"{text} raised {error_name(got.error)}"
        raise Wrong(said, f"expected the message to name {mentions!r}.", cause=cause)
    now.passed += 1


def require(condition: bool, message: str, cause: str = "") -> None:
    """Raise ``Wrong(message)`` unless the condition holds; holding alone is no progress."""
    if not condition:
        raise Wrong(message, cause=cause)


def gradients(function: Callable[..., Any], inputs: Sequence[float], value: Any) -> list[float]:
    """Gradients of ``function`` at ``inputs``, by ``backward`` on leaves of class ``value``.

    Parameters
    ----------
    function : callable
        Takes as many values as there are inputs, returns one value.
    inputs : sequence of float
        The data of the leaves.
    value : class
        ``microgpt.Value`` or the reader's own.

    Returns
    -------
    list of float
        ``grad`` of each leaf.
    """
    leaves = [value(x) for x in inputs]
    function(*leaves).backward()
    return [leaf.grad for leaf in leaves]
