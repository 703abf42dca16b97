"""Likely causes of a wrong answer, each with a test of whether it fits; given by the chapters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from classroom.exercises.kit.comparing import plain, same
from classroom.exercises.kit.errors import error_line

_ALIKE = 0.5
"""So alike are two lines in which the same mistake dies."""


@dataclass(frozen=True)
class Raised:
    """Stands for the result of a call that raised instead of returning."""

    error: BaseException


@dataclass(frozen=True)
class Attempt:
    """One call of the reader's function: arguments, what came out, what should have."""

    args: tuple[Any, ...]
    got: Any
    expected: Any
    tolerance: float


@dataclass(frozen=True)
class Cause:
    """A cause in words, and the test of whether an attempt looks like it.

    The test says None where it cannot know: a wrong variant that has no result for this input.
    """

    text: str
    fits: Callable[[Attempt], bool | None]
    key: str = ""  # of a slip


def gives(wrong: Any, text: str, key: str = "") -> Cause:
    """Cause that fits an answer that does just what a known wrong one does: a function, or a value.

    A function is called with the arguments of each example; where it has no result but an
    exception, it fits an answer that died alike.
    """
    found: dict[int, tuple[Any, Any]] = {}

    def fits(attempt: Attempt) -> bool | None:
        args = attempt.args
        if id(args) not in found:  # the same in every run: it is made once
            found[id(args)] = args, outcome(wrong, deepcopy(args)) if callable(wrong) else wrong
        result = found[id(args)][1]
        if isinstance(attempt.got, Raised):
            if agrees(attempt):  # refused as it should be, in whatever words
                return isinstance(result, Raised) and type(result.error) is type(attempt.got.error)
            return isinstance(result, Raised) and _died_alike(result.error, attempt.got.error)
        return None if isinstance(result, Raised) else same(attempt.got, result, attempt.tolerance)

    return Cause(text, fits, key)


def _died_alike(one: BaseException, other: BaseException) -> bool:
    """Whether two exceptions are of one kind, about the same numbers, in lines alike."""
    if type(one) is not type(other) or _numbers(one) != _numbers(other):
        return False
    lines = (error_line(each).split(": ", 1)[-1] for each in (one, other))
    return SequenceMatcher(None, next(lines), next(lines)).ratio() > _ALIKE


def _numbers(error: BaseException) -> list[str]:
    return re.findall(r"\d+", re.sub(r"0x\w+", "", str(error)))


def when(predicate: Callable[[Any, Any], Any], text: str) -> Cause:
    """Cause that fits when ``predicate(got, expected)`` is true (a predicate that raises is false).

    Both are passed as plain Python: the data of a ``Value``, lists for tuples.
    """

    def fits(attempt: Attempt) -> bool | None:
        if isinstance(attempt.got, Raised):
            return False
        try:
            return bool(predicate(plain(attempt.got), plain(attempt.expected)))
        except Exception:  # a predicate for numbers, asked about a string
            return None

    return Cause(text, fits)


def raises(kind: type[BaseException], text: str, *mentions: str) -> Cause:
    """Cause that fits when the call raised ``kind`` (with one of ``mentions`` in its message)."""

    def fits(attempt: Attempt) -> bool:
        error = attempt.got.error if isinstance(attempt.got, Raised) else None
        return isinstance(error, kind) and any(each in str(error) for each in mentions or ("",))

    return Cause(text, fits)


def outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Result of ``function(*args)`` (of a list a copy: a kept one may grow), or ``Raised``."""
    try:
        result = function(*args)
        return copy(result) if type(result) in (list, dict) else result
    except Exception as error:
        if type(error) is NotImplementedError:  # a stub; not one of its subclasses
            raise
        return Raised(error)


def likely_cause(attempts: Sequence[Attempt], causes: Sequence[Cause]) -> Cause | None:
    """The cause that explains every failing example, or nothing.

    A slip of the solution explains an answer that does the same in *every* example, those that
    came out right among them; if two slips do, none is named. Of the other causes the one is named
    that fits all examples that came out as the first failing one did, and most of the others.
    """
    slips = [cause for cause in causes if cause.key and all(map(cause.fits, attempts))]
    if slips:
        return slips[0] if len({slip.text for slip in slips}) == 1 else None
    failing = [attempt for attempt in attempts if not agrees(attempt)]
    alike = [attempt for attempt in failing if _way_out(attempt) is _way_out(failing[0])]
    fitting = [
        cause
        for cause in causes
        if not cause.key
        and cause.fits(failing[0])
        and all(cause.fits(attempt) is not False for attempt in alike)
    ]
    return max(fitting, key=lambda c: sum(bool(c.fits(a)) for a in failing), default=None)


def agrees(attempt: Attempt) -> bool:
    """Whether the attempt is right: the same value, or the same kind of exception."""
    got, expected = attempt.got, attempt.expected
    if isinstance(expected, Raised):
        return isinstance(got, Raised) and isinstance(got.error, type(expected.error))
    return not isinstance(got, Raised) and same(got, expected, attempt.tolerance)


def _way_out(attempt: Attempt) -> type | None:
    return type(attempt.got.error) if isinstance(attempt.got, Raised) else None
