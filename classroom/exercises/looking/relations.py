"""How a value differs from the one that is wanted, where that can be seen."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.looking.values import Mark, apart, flat, kind, shape, shown

Pair = tuple[Any, Any]  # what came out, what is wanted
Row = tuple[float, float, dict[str, float]]  # the same of one number, and the sizes of its case

_OF_LISTS: list[tuple[Callable[[Any, Any], bool], str]] = [
    (lambda g, w: g[::-1] == w, "the same, the other way round"),
    (lambda g, w: _sums_up(g, w), "each part has those before it added: set the sum back to 0"),
    (lambda g, w: sorted(map(repr, g)) == sorted(map(repr, w)), "the same, in another order"),
]
_ALONE: list[tuple[Callable[[float], float], str]] = [
    (lambda w: 1 / w, "one over what is wanted"),
    (math.log, "the logarithm of what is wanted"),
    (math.exp, "`exp` of what is wanted"),
    *((lambda w, n=n: round(w, n) or math.nan, f"what is wanted, rounded to {n} decimals")
      for n in (2, 3, 4)),
]  # fmt: skip
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")


def relation(pairs: list[Pair], sizes: list[dict[str, float]]) -> str:
    """How values differ from the wanted ones: in all cases alike, else in the first, if it does.

    ``sizes`` are, for each case, the numbers that came in and the lengths of lists, by name.
    """
    if all(got == want for got, want in pairs):
        return ""
    if {kind(value) for pair in pairs for value in pair} == {"a text"}:
        pairs = [(tuple(got), tuple(want)) for got, want in pairs]
    (got, want), alone = pairs[0], ""
    if got != want:
        few = kind(got) == "a list" and len({*flat(got)}) < 3  # two numbers are alike by chance
        alone = "" if few and len(pairs) > 1 else _law(pairs[:1], sizes[:1])
        alone = alone or _difference(got, want)
    if alone.endswith("times what is wanted"):
        alone += " here"
    return _law(pairs, sizes) or alone


def is_law(text: str) -> bool:
    """Whether a relation holds for the whole value, not only for some of its parts."""
    return bool(text) and not re.search(r"^it has|^nothing|, where|, not |the keys|key too", text)


def _law(pairs: list[Pair], sizes: list[dict[str, float]]) -> str:
    kinds = {(kind(g), kind(w)) for g, w in pairs}
    if len(kinds) > 1:
        return ""
    ((got, want),) = kinds
    if got != want:
        return _of_kinds(pairs)
    if got == "a dict":
        return _of_tables(*next((g, w) for g, w in pairs if g != w))
    for test, text in _OF_LISTS if got == "a list" else ():
        if all(test(g, w) for g, w in pairs):
            return text
    rows = [(a, b, q) for (g, w), q in zip(pairs, sizes) for a, b in zip(flat(g), flat(w))]
    of_numbers = all(type(x) is float for row in rows for x in row[:2])
    if not of_numbers or any(shape(g) != shape(w) for g, w in pairs):
        return ""
    law = _of_numbers(rows)
    return f"every number is {law}" if law and got == "a list" else law


def _of_kinds(pairs: list[Pair]) -> str:
    for inside in (False, True):
        outer = [(w, g) if inside else (g, w) for g, w in pairs]
        held = all(kind(o) == "a list" and len(o) > inside and o.count(i) == 1 for o, i in outer)
        if held and len(places := {o.index(i) for o, i in outer}) == 1:
            which = f"the {_nth(min(places))} part"
            return f"only {which} of what is wanted" if inside else f"{which} of it is wanted"
    got, want = (kind(each).replace("a list", "some kind of list") for each in pairs[0])
    return f"{got}, where {want} is wanted" if want != "None" else ""  # a tuple, or an array


def _sums_up(got: Any, want: Any) -> bool:
    """Whether each number is the sum of the wanted ones so far."""
    if not 2 < len(want) == len(got) or {type(x) for x in (*got, *want)} != {float}:
        return False
    return all(map(_near, got, itertools.accumulate(want)))


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1e-3, abs(a), abs(b))


def _of_numbers(rows: list[Row]) -> str:
    """What was done to all wanted numbers, if it is one thing that can be named."""
    zeros, rows = len(rows), [(g, w, q) for g, w, q in rows if g or w]
    zeros -= len(rows)  # of these all is true but that something was added
    if len({(g, w) for g, w, _ in rows}) < 2 or all(_near(g, w) for g, w, _ in rows):
        return ""
    for change, text in _changes(rows):
        try:
            exact = "rounded" not in text or all(g == round(g, 4) for g, _, _ in rows)
            if (
                exact
                and not (zeros and " too " in text)
                and all(_near(g, change(w, q)) for g, w, q in rows)
            ):
                return text
        except (ValueError, ArithmeticError):
            continue
    return ""


def _changes(rows: list[Row]) -> Iterator[tuple[Callable[[float, Any], float], str]]:
    """What may have been done to numbers; of two whole ones only what is usual."""
    yield lambda w, q: -w, "right, but for its sign"
    whole = all(g == int(g) and w == int(w) for g, w, _ in rows)
    many = len({(g, w) for g, w, _ in rows}) > 2 or not whole
    ratio = rows[0][0] / rows[0][1] if all(g and w for g, w, _ in rows) else 1.0
    gap = rows[0][0] - rows[0][1]
    if abs(ratio - 1) > 1e-3 and (many or any(_near(abs(ratio), r) for r in (2, 3, 0.5, 1 / 3))):
        part = 1e-3 < abs(ratio) < 1 and _near(1 / ratio, round(1 / ratio))
        text = f"{ratio:.4g} times what is wanted"
        text = f"what is wanted divided by {round(1 / ratio)}" if part else text
        yield lambda w, q: ratio * w, text
    clear = not any(_near(g, w) for g, w, _ in rows)
    if clear and (many or any(_near(abs(gap), each) for each in (1, 2))):
        yield lambda w, q: w + gap, f"{abs(gap):.4g} too {'large' if gap > 0 else 'small'}"
    for name in rows[0][2]:
        sizes = {q.get(name, 0.0) for _, _, q in rows}
        if len(sizes) > 1 and not sizes & {0.0, 1.0}:
            yield lambda w, q, n=name: w * q[n], f"`{name}` times what is wanted"  # type: ignore[misc]
            yield lambda w, q, n=name: w / q[n], f"what is wanted divided by `{name}`"  # type: ignore[misc]
    if len({w > 0 for _, w, _ in rows}) == 2:  # else 1 is only 1
        yield lambda w, q: math.copysign(1.0, w), "1 or -1: only the sign is left"
    for alone, text in _ALONE:
        yield lambda w, q, f=alone: f(w), text  # type: ignore[misc]


def _of_tables(got: tuple[Any, ...], want: tuple[Any, ...]) -> str:
    have, wanted = dict(got[1:]), dict(want[1:])
    odd = [key for key in (*wanted, *have) if (key in have) != (key in wanted)]
    if odd:
        rest = "is not among the keys" if odd[0] in wanted else "is one key too many"
        return f"{shown(odd[0])} {rest}"
    off = [key for key in wanted if have[key] != wanted[key]]
    key = off[0]
    name = f"`{key}`" if isinstance(key, str) else shown(key)
    if many := _difference(have[key], wanted[key]):
        return f"{name}: {many}"
    return f"{name} is {', not '.join(apart(have[key], wanted[key]))}"


def _difference(got: Any, want: Any) -> str:
    """How many parts there are, where these are too few or too many."""
    if kind(got) != "a list" or kind(want) != "a list" or len(got) == len(want):
        return ""
    parts = f"it has {len(got)} part{'s' if len(got) > 1 else ''}, not {len(want)}"
    return parts if got else "nothing is in it"


def _nth(number: int) -> str:
    return _NTH[number] if number < len(_NTH) else f"{number + 1}th"


def sizes_of(names: Sequence[str], given: tuple[Any, ...]) -> dict[str, float]:
    """The numbers that came in, and the lengths of the lists and texts, by name."""
    sizes = {}
    for name, value in zip(names, given):
        if isinstance(value, float):
            sizes[name] = value
        elif not isinstance(value, Mark):
            sizes[f"len({name})"] = float(len(value) - (kind(value) in ("a dict", "a set")))
    return sizes
