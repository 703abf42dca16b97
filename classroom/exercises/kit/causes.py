"""Likely causes of a wrong answer, each with a test of whether it fits; given by the chapters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.comparing import plain, same


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


def gives(wrong: Any, text: str) -> Cause:
    """Cause that fits when the answer is what a known wrong answer gives.

    Parameters
    ----------
    wrong : callable or object
        A wrong implementation, called with the arguments of the failing example; or a wrong value.
    text : str
        The cause, a sentence in the second person without "Likely cause:".

    Returns
    -------
    Cause
        To be listed under ``causes=[...]``.
    """

    def fits(attempt: Attempt) -> bool | None:
        result = outcome(wrong, deepcopy(attempt.args)) if callable(wrong) else wrong
        if isinstance(result, Raised):
            if not isinstance(attempt.got, Raised):
                return None
            return type(result.error) is type(attempt.got.error)
        if isinstance(attempt.got, Raised):
            return False
        return same(attempt.got, result, attempt.tolerance)

    return Cause(text, fits)


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


def raises(kind: type[BaseException], text: str, mentions: str = "") -> Cause:
    """Cause that fits when the call raised ``kind`` (with ``mentions`` in its message)."""

    def fits(attempt: Attempt) -> bool:
        error = attempt.got.error if isinstance(attempt.got, Raised) else None
        return isinstance(error, kind) and mentions in str(error)

    return Cause(text, fits)


def outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Result of ``function(*args)``, or ``Raised`` with the exception it raised."""
    try:
        return function(*args)
    except Exception as error:
        if type(error) is NotImplementedError:  # a stub; not one of its subclasses
            raise
        return Raised(error)


def likely_cause(failing: Sequence[Attempt], causes: Sequence[Cause]) -> str:
    """The chapter's cause that explains every failing example, or nothing.

    An answer that raises here and returns a wrong result there is explained by what fits all
    examples that came out as the first one did; of several causes, by the one that fits most of
    the others too.

    Parameters
    ----------
    failing : sequence of Attempt
        All wrong attempts.
    causes : sequence of Cause
        The chapter's own, the surest first.

    Returns
    -------
    str
        The cause in words; empty if none fits all of them.
    """
    alike = [attempt for attempt in failing if _way_out(attempt) is _way_out(failing[0])]
    fitting = [
        cause
        for cause in causes
        if cause.fits(failing[0]) and all(cause.fits(attempt) is not False for attempt in alike)
    ]
    best = max(fitting, key=lambda c: sum(bool(c.fits(a)) for a in failing), default=None)
    return best.text if best else ""


def _way_out(attempt: Attempt) -> type | None:
    return type(attempt.got.error) if isinstance(attempt.got, Raised) else None
