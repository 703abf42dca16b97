"""Checks of values that a reader predicted, and of answers that have several parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from classroom.exercises.kit.causes import Attempt, agrees, likely_cause
from classroom.exercises.kit.comparing import is_number, plain, same, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.guesses import FACTS, SURE, guess
from classroom.exercises.kit.saying import sentence
from classroom.exercises.kit.state import now, remark

if TYPE_CHECKING:
    from classroom.exercises.kit.solutions import Asked

_ROUNDED = 1e-3
"""A wrong number that is off from a row of a table by less is the number of that row, rounded."""
_NUDGED = 1e-6
"""A slope found with a one-sided nudge of 1e-7 or less is that near to the exact one."""


def expect_prediction(asked: Asked, answer: Any) -> None:
    """Expect a value that the reader predicted: a number, a word, a list, a dict.

    Case and blanks of a word do not matter, a tuple is as good as a list. A number that is off by
    less than a millionth, as a nudge gives it, is right, and told what the exact one is. A `Value`
    in place of a wrong number is refused with that reason.
    """
    if answer is Ellipsis:
        waiting = Wrong("not attempted yet")
        waiting.unfinished = True
        raise waiting
    now.doing = "your answer"
    got, expected = _as_spelt(plain(answer), [asked.value, *asked.told]), asked.value
    both_numbers = is_number(got) and is_number(expected)
    attempt = Attempt((), got, expected, asked.tolerance)
    whole = isinstance(got, int) and isinstance(expected, int)
    near = both_numbers and not whole and same(got, expected, _NUDGED)
    if agrees(attempt) or near and asked.tolerance < _NUDGED:
        if not agrees(attempt):
            remark(f"exactly it is {show(expected)}; a nudge comes near it.")
        now.passed += 1
        return
    if hasattr(answer, "grad") and hasattr(answer, "data") and not isinstance(expected, list):
        wanted = "a number" if is_number(expected) else "its name, in quotes,"
        message = f"your answer {show(answer)} is a Value."
        raise Wrong(message, cause=f"it is the node itself; {wanted} is asked for.")
    hint = "is not right"
    if both_numbers and got == got:
        hint = "is too small" if got < expected else "is too large"
    found = likely_cause([attempt], asked.also)
    given = Attempt((), answer, expected, asked.tolerance) if isinstance(answer, tuple) else attempt
    cause = _row(asked.told, got) or (found.text if found else guess([given], SURE))
    guessed = guess([given], FACTS) or asked.first
    raise Wrong(f"your answer {show(answer)} {hint}.", cause=cause, guess=guessed)


def _as_spelt(answer: Any, words: Sequence[Any]) -> Any:
    """A word as it is spelt among others, whatever its case and blanks; 1 as True; or as it is."""

    def bare(word: Any) -> Any:
        return " ".join(word.split()).casefold() if isinstance(word, str) else None

    same_words = (plain(w) for w in words if bare(answer) == bare(w) is not None)
    return next(same_words, next((plain(w) for w in words if plain(w) == answer), answer))


def _row(told: Mapping[Any, str], answer: Any) -> str:
    """What a table tells of an answer: of the same word or list, or of a number rounded off."""
    if not is_number(answer):
        return next((text for wrong, text in told.items() if same(answer, wrong)), "")
    rounded = 0.0 if isinstance(answer, int) else _ROUNDED
    near = [
        (abs(answer - wrong), text)
        for wrong, text in told.items()
        if is_number(wrong)
        and math.isclose(answer, wrong, rel_tol=rounded, abs_tol=1e-12)
        and (answer == wrong or abs(answer - wrong) < 0.5)  # 3225.7 is not 3225, rounded
    ]
    return min(near, default=(0, ""))[1]


def expect_parts(parts: Mapping[str, Callable[[], None]]) -> None:
    """Judge an answer of several parts part by part, and name each.

    Each part has a check, a function without arguments; ``Wrong`` is raised with a line for each,
    and the causes of those that are wrong.
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
    causes = [(name, e.cause) for name, e in wrong.items() if e.cause]
    for name in parts:
        said = wrong[name].lines if name in wrong else ["right"]
        lines += [f"{name}: {said[0]}", *said[1:]]
        if causes and name in wrong and wrong[name].guess and not wrong[name].cause:
            lines.append(sentence(wrong[name].guess))
    guesses = [(name, e.guess) for name, e in wrong.items() if e.guess and not e.cause]
    together = Wrong(*lines, cause=_joined(causes, wrong), guess=_joined(guesses, wrong))
    together.key = " ".join(error.keys for error in wrong.values() if error.cause)
    together.unfinished = all(each.unfinished for each in wrong.values())
    raise together


def _joined(texts: list[tuple[str, str]], wrong: Mapping[str, Wrong]) -> str:
    if len([each for each in wrong.values() if not each.unfinished]) == 1:
        return "".join(text for _, text in texts)
    return " ".join(f"{name}: {text}" for name, text in texts)


def expect_predictions(
    asked: Mapping[str, Asked],
    answers: Sequence[Any],
    together: Mapping[tuple[Any, ...], str] | None = None,
) -> None:
    """Judge what a reader predicted, each value by itself; ``...`` is one that is still missing.

    ``together`` tells what certain wrong answers have in common, which no one of them shows.
    """
    given = zip(asked, answers)
    parts = {name: partial(expect_prediction, asked[name], each) for name, each in given}
    if len(parts) == 1:
        return parts.popitem()[1]()
    try:
        expect_parts(parts)
    except Wrong as wrong:
        common = [text for each, text in (together or {}).items() if same([*each], [*answers])]
        if common:
            wrong.cause, wrong.key = common[0], ""
        raise
