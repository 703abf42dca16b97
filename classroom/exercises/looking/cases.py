"""What the cases that came out right have in common, and the wrong ones have not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from classroom.exercises.looking.relations import sizes_of
from classroom.exercises.looking.values import kind, plain, shown

_FEW = 3  # fewer cases may be alike by chance


def right_where(names: Sequence[str], good: Sequence[Any], bad: Sequence[Any]) -> str:
    """In how many of the cases an answer is right, and what tells them from the others, if seen.

    A case is a tuple of arguments; what is compared are their numbers, lengths, and equal parts.
    """
    if not good:
        return ""
    rows = [_facts(names, plain(each)) for each in (*good, *bad)]
    sizes = {name: [row[name] for row in rows] for name in rows[0] if all(name in r for r in rows)}
    sides = {name: (each[: len(good)], each[len(good) :]) for name, each in sizes.items()}
    begin = f"Right in {len(good)} of the {len(rows)} cases tried"
    for (name, (fine, off)), size in product(sides.items(), (0, 1)):
        few, where = _FEW, f"`{name}` is {size}"
        if name.startswith("len("):  # one such case tells enough
            few, where = 1, f"`{name[4:-1]}` {('is empty', 'has one part')[size]}"
        elif name.startswith("`"):
            where = f"{name} has the same part twice" if size else ""
        for some, other, words in ((off, fine, "wrong just where"), (fine, off, "just where")):
            tells = where and {*some} == {size} and size not in other
            if tells and len(some) >= few and len(other) >= _FEW:
                return f"{begin}; {words} {where}."
    return begin + (_bound(sides) if min(len(good), len(bad)) >= _FEW else "") + "."


def _facts(names: Sequence[str], given: tuple[Any, ...]) -> dict[str, float]:
    """The sizes of what came in, and whether lists have the same part twice."""
    lists = {name: value for name, value in zip(names, given) if kind(value) == "a list"}
    twice = {f"`{name}`": float(len({*value}) < len(value)) for name, value in lists.items()}
    return {**sizes_of(names, given), **twice}


def _bound(sides: dict[str, tuple[list[float], list[float]]]) -> str:
    """The number or length from which on all is wrong, if it is one."""
    larger = [(name, max(fine)) for name, (fine, off) in sides.items() if max(fine) < min(off)]
    smaller = [(name, min(fine)) for name, (fine, off) in sides.items() if max(off) < min(fine)]
    if len(larger) + len(smaller) != 1:
        return ""
    name, size = (larger or smaller)[0]
    return f"; wrong just where `{name}` is {'larger' if larger else 'smaller'} than {shown(size)}"
