"""Likely causes of a wrong answer, in words: the chapter's own, then those any exercise shares."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.comparing import is_number, plain, same, show


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
    """A cause in words, and the test that says whether an attempt looks like it."""

    text: str
    fits: Callable[[Attempt], bool]


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

    def fits(attempt: Attempt) -> bool:
        result = outcome(wrong, deepcopy(attempt.args)) if callable(wrong) else wrong
        if isinstance(result, Raised) or isinstance(attempt.got, Raised):
            return (
                isinstance(result, Raised)
                and isinstance(attempt.got, Raised)
                and type(result.error) is type(attempt.got.error)
            )
        return same(attempt.got, result, attempt.tolerance)

    return Cause(text, fits)


def when(predicate: Callable[[Any, Any], Any], text: str) -> Cause:
    """Cause that fits when ``predicate(got, expected)`` is true (a predicate that raises is false).

    Both are passed as plain Python: the data of a ``Value``, lists for tuples.
    """

    def fits(attempt: Attempt) -> bool:
        if isinstance(attempt.got, Raised):
            return False
        try:
            return bool(predicate(plain(attempt.got), plain(attempt.expected)))
        except Exception:  # a predicate for numbers, asked about a string
            return False

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


def likely_cause(shown: Attempt, failing: Sequence[Attempt], causes: Sequence[Cause]) -> str:
    """The cause that explains the shown example and most of the other failing ones.

    Parameters
    ----------
    shown : Attempt
        The example that is printed; a cause that does not fit it is out of question.
    failing : sequence of Attempt
        All wrong attempts.
    causes : sequence of Cause
        The chapter's own; of equally good ones the first is taken.

    Returns
    -------
    str
        The cause in words; empty if nothing fits.
    """
    fitting = [cause for cause in causes if cause.fits(shown)]
    if fitting:
        return max(fitting, key=lambda c: sum(map(c.fits, failing))).text
    return "" if isinstance(shown.got, Raised) else general_cause(shown)


def general_cause(attempt: Attempt) -> str:
    """A cause that can be told from the wrong and the right value alone, or an empty string."""
    got, expected = plain(attempt.got), plain(attempt.expected)
    if got is None:
        return "nothing is returned; is a `return` missing, or indented too far?"
    if callable(got) and not callable(expected):
        return f"you return {show(got)} itself; call it with parentheses."
    if inspect.isgenerator(got) or type(got).__name__ in ("map", "filter", "zip", "reversed"):
        return f"you return a {type(got).__name__}; make it a list with `list(...)`."
    if is_number(got) and is_number(expected):
        return _number_cause(got, expected)
    if isinstance(got, list) and isinstance(expected, list):
        return _list_cause(got, expected)
    if type(got) is not type(expected):
        return f"the answer must be {_a(expected)}, yours is {_a(got)}."
    return ""


def _number_cause(got: float, expected: float) -> str:
    if math.isnan(got):
        return "`nan` means that infinity or another nan went into the computation."
    if got == -expected:
        return "the sign is turned round."
    if math.isclose(got, expected, rel_tol=1e-2, abs_tol=1e-4):
        return "nearly right: is something rounded on the way, or a small term missing?"
    if math.isfinite(got) and got == int(got) and abs(got - expected) < 1:
        return "is `//` or `int(...)` used where `/` is needed?"
    return ""


def _list_cause(got: list[Any], expected: list[Any]) -> str:
    if len(got) != len(expected):
        return f"the answer must have length {len(expected)}, yours has length {len(got)}."
    if len(got) > 1 and same(got[::-1], expected):
        return "the right parts, back to front."
    if len(got) > 1 and same(sorted(got, key=repr), sorted(expected, key=repr)):
        return "the right parts, in another order."
    return ""


def _a(thing: Any) -> str:
    names = {
        "NoneType": "`None`",
        "int": "a number",
        "float": "a number",
        "bool": "`True` or `False`",
    }
    kind = type(thing).__name__
    article = "an" if kind[0] in "aeio" else "a"
    return names.get(kind, f"{article} {kind}")
