"""What a wrong result alone says of its cause: facts about it, said where nothing better is found.

A rule speaks only if it holds for every failing example of its kind, and it says what is seen,
not what may have been thought.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Raised
from classroom.exercises.kit.comparing import is_number, plain, same, show
from classroom.exercises.looking.relations import relation
from classroom.exercises.looking.values import plain as comparable

Rule = Callable[[Any, Any], str]
_KINDS = {
    "NoneType": "`None`",
    "int": "a number",
    "float": "a number",
    "bool": "`True` or `False`",
    "str": "a text",
}


def guess(failing: Sequence[Attempt], rules: Sequence[Rule]) -> str:
    """One sentence told from the wrong and the right values, or an empty string.

    ``failing`` holds all wrong attempts, the one that is shown first; the rules are ``SURE`` or
    ``FACTS``. A rule speaks of the first if it fits all that returned something.
    """
    if any(isinstance(each, Raised) for each in (failing[0].got, failing[0].expected)):
        return ""
    pairs = [(plain(a.got), plain(a.expected)) for a in _returned(failing)]
    for rule in rules:
        said = [rule(got, expected) for got, expected in pairs]
        if all(said):
            return _as_given(said[0], failing[0].got)
    return ""


def _returned(failing: Sequence[Attempt]) -> list[Attempt]:
    return [a for a in failing if not any(isinstance(x, Raised) for x in (a.got, a.expected))]


def _as_given(text: str, got: Any) -> str:
    """A sentence about a list, of a tuple."""
    got = got[0] if text.startswith("each part") and isinstance(got, (list, tuple)) else got
    return text.replace("yours is a list", "yours is a tuple") if isinstance(got, tuple) else text


def nothing(got: Any, expected: Any) -> str:
    """``None`` came back."""
    if got is not None or expected is None:
        return ""
    return "nothing is returned; is a `return` missing, or indented too far?"


def not_yet(got: Any, expected: Any) -> str:
    """A function came back in place of what it returns, or what would make the parts of a list."""
    if callable(got) and not callable(expected):
        return f"`{show(got)}` is a function; what it gives is asked for: add parentheses."
    if hasattr(got, "__next__"):
        return f"you return a {type(got).__name__}; make it a list with `list(...)`."
    return ""


def wrapped(got: Any, expected: Any) -> str:
    """The right answer in brackets or quotes."""
    if isinstance(got, list) and len(got) == 1 and same(got[0], expected):
        return "the right answer, but inside a list or tuple: take the brackets or the comma away."
    if isinstance(got, str) and is_number(expected) and got in (str(expected), f"{expected:g}"):
        return "this is text: leave the quotes off."
    return ""


def another_kind(got: Any, expected: Any) -> str:
    """A text for a list, a number for a text, and the like."""
    if is_number(got) and is_number(expected) or type(got) is type(expected):
        return ""
    return f"the answer must be {_a(expected)}, yours is {_a(got)}."


def numbers(got: Any, expected: Any) -> str:
    """Two numbers that differ in their sign, or one that is none."""
    if not (is_number(got) and is_number(expected)):
        return ""
    if math.isnan(got):
        return "`nan` means that infinity or another nan went into the computation."
    return "the sign is turned round." if got == -expected else ""


def lists(got: Any, expected: Any) -> str:
    """Two lists that differ in their shape, in the order or in the kind of their parts."""
    if not (isinstance(got, list) and isinstance(expected, list)):
        return ""
    if len(got) == 1 and same(got[0], expected):
        return "the right list, but inside another list."
    if same(_flat(got), expected):
        return "your list holds lists; one flat list is asked for."
    if same(got, _flat(expected)):
        return f"one flat list; asked for is a list whose parts are lists of {len(expected[0])}."
    many = len({show(part, exact=True) for part in expected}) >= 3
    if many and same(sorted(got, key=repr), sorted(expected, key=repr)):
        return "the right parts, in another order."
    if len(expected) == 2 and any(same(got, part) for part in expected):
        return "that is one of the two parts that are asked for."
    ours, theirs = {*map(_a, expected)}, {*map(_a, got)}
    if len(ours) != 1 or len(theirs) != 1 or ours == theirs:
        return ""
    return f"each part must be {ours.pop()}, yours is {theirs.pop()}."


def _flat(parts: list[Any]) -> list[Any] | None:
    whole = all(isinstance(part, list) for part in parts)
    return [each for part in parts for each in part] if whole else None


def differing(failing: Sequence[Attempt]) -> str:
    """How all wrong results differ from the right ones, where they are exact."""
    pairs = [(comparable(a.got), comparable(a.expected)) for a in _returned(failing)]
    how = relation(pairs, [{}] * len(pairs)) if pairs and failing[0].tolerance <= 1e-4 else ""
    return f"the result: {how}." if how else ""


def _a(thing: Any) -> str:
    kind = type(thing).__name__
    article = "an" if kind[0].lower() in "aeio" else "a"
    return _KINDS.get(kind, f"{article} {kind}")


SURE: tuple[Rule, ...] = (not_yet, lists, wrapped)
FACTS: tuple[Rule, ...] = (nothing, another_kind, numbers)
