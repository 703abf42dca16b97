"""Checks of values that a reader predicted, and of answers that have several parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, likely_cause
from classroom.exercises.kit.comparing import TOLERANCE, is_number, plain, same, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.guesses import FACTS, SURE, guess
from classroom.exercises.kit.state import now, remark
from classroom.exercises.kit.verdicts import agrees, wrong_attempt

_NUDGED = 1e-6
"""A slope found with a one-sided nudge of 1e-7 or less is that near to the exact one."""


def expect_value(
    answer: Any,
    expected: Any,
    *,
    causes: Sequence[Cause] = (),
    tolerance: float = TOLERANCE,
    reveal: bool = False,
) -> None:
    """Expect a value that the reader predicted: a number, a word, a list, a dict.

    Case and blanks of a word do not matter, a tuple is as good as a list. A number that is off by
    less than a millionth, as a nudge gives it, is right, and told what the exact one is. A `Value`
    in place of a number is refused with that reason.

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
    _refuse_value(answer, expected)
    attempt = Attempt((), answer, expected, tolerance)
    if agrees(attempt) or _same_word(answer, expected):
        now.passed += 1
        return
    got = plain(answer)
    if is_number(got) and is_number(expected) and _is_near(got, expected, tolerance):
        now.passed += 1
        remark(f"exactly it is {show(expected)}; a nudge comes near it.")
        return
    if reveal:
        raise wrong_attempt([("your answer", attempt)], causes)
    hint = "is not right"
    if is_number(got) and is_number(expected) and got == got:
        hint = "is too small" if got < expected else "is too large"
    cause = next(filter(None, (likely_cause([a], causes) for a in _spellings(attempt))), "")
    guessed = "" if type(got) is type(expected) else guess([attempt], [*SURE, *FACTS])
    raise Wrong(f"your answer {show(answer)} {hint}.", cause=cause, guess=guessed)


def _is_near(got: float, expected: float, tolerance: float) -> bool:
    whole = isinstance(got, int) and isinstance(expected, int)
    return tolerance < _NUDGED and not whole and same(got, expected, _NUDGED)


def _refuse_value(answer: Any, expected: Any) -> None:
    if hasattr(answer, "grad") and hasattr(answer, "data") and is_number(plain(expected)):
        message = f"your answer {show(answer)} is a Value."
        raise Wrong(message, cause="a number is asked for, such as its `.data`.")


def _same_word(answer: Any, expected: Any) -> bool:
    if not (isinstance(answer, str) and isinstance(expected, str)):
        return False
    return " ".join(answer.split()).casefold() == " ".join(expected.split()).casefold()


def _spellings(attempt: Attempt) -> list[Attempt]:
    """The attempt, and for a word the same with its case and blanks in other ways."""
    if not isinstance(attempt.got, str):
        return [attempt]
    word = " ".join(attempt.got.split())
    forms = dict.fromkeys([attempt.got, word, word.lower(), word.upper(), word.capitalize()])
    return [Attempt((), form, attempt.expected, attempt.tolerance) for form in forms]


def expect_parts(parts: Mapping[str, Callable[[], None]]) -> None:
    """Judge an answer of several parts part by part, and name each.

    Parameters
    ----------
    parts : mapping of str to callable
        What each part is called ("the first answer, `rebuilt`"), and its check, a function
        without arguments that raises ``Wrong`` as the other helpers do.

    Raises
    ------
    Wrong
        With a line for each part, and the causes of those that are wrong.
    """
    wrong: dict[str, Wrong] = {}
    for name, check in parts.items():
        try:
            check()
        except Wrong as error:
            wrong[name] = error
    if not wrong:
        return
    lines = []
    for name in parts:
        said = wrong[name].lines if name in wrong else ["right"]
        lines += [f"{name}: {said[0]}", *said[1:]]
    causes = [(name, e.cause) for name, e in wrong.items() if e.cause]
    guesses = [(name, e.guess) for name, e in wrong.items() if e.guess and not e.cause]
    raise Wrong(*lines, cause=_joined(causes, wrong), guess=_joined(guesses, wrong))


def _joined(texts: list[tuple[str, str]], wrong: Mapping[str, Wrong]) -> str:
    if len(wrong) == 1:
        return "".join(text for _, text in texts)
    return " ".join(f"{name}: {text}" for name, text in texts)
