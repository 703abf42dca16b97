"""What a wrong result alone says of its cause: facts about it, said where nothing better is found.

A rule speaks only if it holds for every failing example of its kind, and it says what is seen,
not what may have been thought.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Raised
from classroom.exercises.kit.comparing import is_number, plain, same, show
from classroom.exercises.looking.relations import relation
from classroom.exercises.looking.values import flat
from classroom.exercises.looking.values import plain as comparable

Rule = Callable[[Any, Any], str]
_LAZY = ("map", "filter", "zip", "reversed", "range", "dict_keys", "dict_values", "dict_items")


def guess(failing: Sequence[Attempt], rules: Sequence[Rule]) -> str:
    """One sentence told from the wrong and the right values, or an empty string.

    ``failing`` holds all wrong attempts, the one that is shown first; the rules are ``SURE`` or
    ``FACTS``. A rule speaks of the first if it fits all that returned something.
    """
    returned = [a for a in failing if not isinstance(a.got, Raised)]
    if isinstance(failing[0].got, Raised) or isinstance(failing[0].expected, Raised):
        return ""
    pairs = [
        (plain(a.got), plain(a.expected)) for a in returned if not isinstance(a.expected, Raised)
    ]
    for rule in rules:
        said = [rule(got, expected) for got, expected in pairs]
        if said and all(said):
            return _as_given(said[0], returned[0].got)
    return ""


def _as_given(text: str, got: Any) -> str:
    """A sentence about a list, of a tuple."""
    got = got[0] if text.startswith("each part") and isinstance(got, (list, tuple)) else got
    return text.replace("yours is a list", "yours is a tuple") if isinstance(got, tuple) else text


def nothing(got: Any, expected: Any) -> str:
    """``None`` came back."""
    if got is not None or expected is None:
        return ""
    return "nothing is returned; is a `return` missing, or indented too far?"


def not_called(got: Any, expected: Any) -> str:
    """A function came back in place of what it returns."""
    if callable(got) and not callable(expected):
        return f"`{show(got)}` is a function; what it gives is asked for: add parentheses."
    return ""


def lazy(got: Any, expected: Any) -> str:
    """Something that would make the parts, but is no list."""
    if inspect.isgenerator(got) or type(got).__name__ in _LAZY:
        return f"you return a {type(got).__name__}; make it a list with `list(...)`."
    return ""


def another_kind(got: Any, expected: Any) -> str:
    """A text for a list, a number for a text, and the like."""
    if is_number(got) and is_number(expected) or type(got) is type(expected):
        return ""
    if isinstance(got, list) and len(got) == 1 and same(got[0], expected):
        return "the right answer, but inside a list or tuple: take the brackets or the comma away."
    if isinstance(expected, list) and len(expected) == 1 and same(got, expected[0]):
        return "the right part, but a list is asked for: put it into `[...]`."
    if isinstance(got, str) and is_number(expected) and _reads_as(got, expected):
        return "this is text: leave the quotes off."
    if isinstance(got, set) and isinstance(expected, list):
        return "a set has no order and holds nothing twice; a list is asked for."
    return f"the answer must be {_a(expected)}, yours is {_a(got)}."


def _reads_as(text: str, number: float) -> bool:
    try:
        return same(float(text), number)
    except ValueError:
        return False


def numbers(got: Any, expected: Any) -> str:
    """Two numbers: the sign, a factor, what `//` cuts off."""
    if not (is_number(got) and is_number(expected)):
        return ""
    if math.isnan(got):
        return "`nan` means that infinity or another nan went into the computation."
    if got == -expected:
        return "the sign is turned round."
    if expected and math.isclose(got, 100 * expected):
        return "it is a hundred times what is asked for, as if counted in hundredths."
    if got * expected and abs(expected) != 1 and math.isclose(got * expected, 1, rel_tol=1e-3):
        return "it is upside down: one over that is asked for."
    return ""


def lists(got: Any, expected: Any) -> str:
    """Two lists that differ in their shape, or in all parts alike."""
    if not (isinstance(got, list) and isinstance(expected, list)):
        return ""
    if len(got) == 1 and same(got[0], expected):
        return "the right list, but inside another list."
    if got and same(_flat(got), expected):
        return "your list holds lists; one flat list is asked for."
    if expected and same(got, _flat(expected)):
        return f"one flat list; asked for is a list whose parts are {_kind(expected)}s."
    if len(got) >= 3 and len({show(part, exact=True) for part in expected}) >= 3:
        if same(got[::-1], expected):
            return "the right parts, in reverse order."
        if same(sorted(got, key=repr), sorted(expected, key=repr)):
            return "the right parts, in another order."
    return ""


def _flat(parts: list[Any]) -> list[Any] | None:
    whole = all(isinstance(part, list) for part in parts)
    return [each for part in parts for each in part] if whole else None


def _kind(parts: list[Any]) -> str:
    return f"list of {len(parts[0])}" if isinstance(parts[0], list) else type(parts[0]).__name__


def parts_of_another_kind(got: Any, expected: Any) -> str:
    """Two lists whose parts are of different kinds."""
    if not (isinstance(got, list) and isinstance(expected, list) and got and expected):
        return ""
    if len(expected) == 2 and any(same(got, part) for part in expected):
        return "that is one of the two parts that are asked for."
    ours, theirs = {type(part) for part in expected}, {type(part) for part in got}
    if len(ours) != 1 or len(theirs) != 1 or {*map(is_number, [got[0], expected[0]])} == {True}:
        return ""
    if ours == theirs:
        return ""
    return f"each part must be {_a(expected[0])}, yours is {_a(got[0])}."


def differing(failing: Sequence[Attempt]) -> str:
    """How all wrong results differ from the right ones, where that can be seen."""
    both = [a for a in failing if not any(isinstance(x, Raised) for x in (a.got, a.expected))]
    pairs = [(comparable(a.got), comparable(a.expected)) for a in both]
    rough = bool(both) and both[0].tolerance > 1e-4
    how = _share(pairs) if rough else relation(pairs, [{}] * len(pairs))
    return f"the result: {how}." if how else ""


def _share(pairs: Sequence[tuple[Any, Any]]) -> str:
    """The factor between numbers that need not be exact, or that they are rounded."""
    numbers = [(g, w) for got, want in pairs for g, w in zip(flat(got), flat(want)) if g and w]
    if len(numbers) < 2 or any(type(x) is not float for pair in numbers for x in pair):
        return ""
    if all(abs(g - w) <= 0.5 and g == round(g) for g, w in numbers):
        return "every number is rounded to a whole one"
    share = numbers[0][0] / numbers[0][1]
    alike = all(math.isclose(g, share * w, rel_tol=0.01) for g, w in numbers)
    return f"every number is {share:.2g} times what is wanted" if alike and share else ""


def _a(thing: Any) -> str:
    names = {
        "NoneType": "`None`",
        "int": "a number",
        "float": "a number",
        "bool": "`True` or `False`",
        "str": "a text",
    }
    kind = type(thing).__name__
    article = "an" if kind[0].lower() in "aeio" else "a"
    return names.get(kind, f"{article} {kind}")


SURE: tuple[Rule, ...] = (not_called, lazy, lists, parts_of_another_kind)
FACTS: tuple[Rule, ...] = (nothing, another_kind, numbers)
