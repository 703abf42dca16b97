"""Judge one attempt of a reader, and word what is wrong with it; used by every chapter's checks."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, Raised, likely_cause
from classroom.exercises.kit.comparing import call_text, name_of, same, show, show_both
from classroom.exercises.kit.errors import Wrong, wrong_because_raised
from classroom.exercises.kit.guesses import FACTS, SURE, differing, guess

_ROUNDING = 1e-13
"""Nudged and put back, a number may be off by its last digits: that is no change."""


def wrong_attempt(
    failing: Sequence[tuple[str, Attempt]],
    causes: Sequence[Cause],
    passed: Sequence[Attempt] = (),
) -> Wrong:
    """Word the first of the failing attempts, with its likely cause.

    Each comes with its call as the reader would write it; a slip has to give what ``passed``, too.
    """
    text, attempt = failing[0]
    attempts = [each for _, each in failing]
    found = likely_cause([*attempts, *passed], causes)
    cause, key = (found.text, found.key) if found else (guess(attempts, SURE), "")
    fitting = (each for each in causes if not each.key and each.fits(attempt))
    also = (e for e in fitting if any(map(e.fits, attempts[1:])) or len(attempts) == 1)
    here = next((each.text for each in also), "")  # one case of several may be odd
    if isinstance(attempt.got, Raised):
        wrong = wrong_because_raised(text, attempt.got.error, cause, key)
        wrong.guess = here or wrong.guess
        return wrong
    if isinstance(attempt.expected, Raised):
        expected = type(attempt.expected.error).__name__
        message = f"{text} gave {show(attempt.got)}, expected a {expected}."
        if attempt.got is None or isinstance(attempt.got, (BaseException, str)):
            cause = (
                cause or f"a result comes back, and the work goes on: `raise {expected}(message)`."
            )
        guessed = "this input is one that the function has to refuse with an error."
        return Wrong(message, cause=cause, guess=guessed, key=key)
    got, wanted = show_both(attempt.got, attempt.expected)
    guessed = here or guess(attempts, FACTS) or differing(attempts)
    return Wrong(f"{text} gave {got}, expected {wanted}.", cause=cause, guess=guessed, key=key)


def require_callable(answer: Any) -> None:
    """Raise ``Wrong`` unless the answer can be called, and a call comes to a result."""
    if not callable(answer):
        message = f"the check needs your function itself, but was given {show(answer)}."
        raise Wrong(message, cause="pass the name of the function, without parentheses after it.")


def require_function(answer: Any, cases: Sequence[tuple[Any, ...]]) -> None:
    """Raise ``Wrong`` unless the answer can be called with the arguments of every case."""
    require_callable(answer)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # a built-in without a signature
        return
    for case in cases:
        try:
            signature.bind(*case)
        except TypeError:
            name = name_of(answer)
            needs = f"{len(case)} argument{'s' if len(case) != 1 else ''}"
            message = f"{call_text(name, case)} is not possible: yours is {name}{signature}."
            raise Wrong(message, cause=f"the function must take {needs}.") from None


def require_unchanged(
    text: str, before: tuple[Any, ...], after: tuple[Any, ...], copies: Sequence[Any] = ()
) -> None:
    """Raise ``Wrong`` if a call changed its arguments.

    ``copies`` of the lists were made before the call, and hold the same parts.
    """
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if not same(old, new, _ROUNDING):
            shown, now = show_both(old, new)
            message = f"{text} changed its argument from {shown} to {now}."
            cause = "work on a copy, such as `list(...)`, and leave the input alone."
            if copies and not same(old, copies[place], _ROUNDING):
                cause = "the parts of the list are changed: make new ones, and leave these alone."
            raise Wrong(message, cause=cause)
