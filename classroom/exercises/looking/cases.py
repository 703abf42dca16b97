"""What the cases that came out right have in common, and the wrong ones have not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from classroom.exercises.looking.relations import sizes_of
from classroom.exercises.looking.values import flat, kind, plain, shown

Given = tuple[Any, ...]  # the comparable arguments of one case
Test = Callable[..., bool]

_ONE_NUMBER: list[tuple[str, Test]] = [
    ("`{}` is 0", lambda x: x == 0),
    ("`{}` is 1", lambda x: x == 1),
    ("`{}` is below 0", lambda x: x < 0),
    ("`{}` is a whole number", lambda x: x == int(x)),
]
_ONE_LIST: list[tuple[str, Test]] = [
    ("`{}` is empty", lambda x: not x),
    ("`{}` has one part", lambda x: len(x) == 1),
    ("`{}` has the same part twice", lambda x: len({*x}) < len(x)),
    ("`{}` has a number below 0", lambda x: any(v < 0 for v in flat(x))),
    ("`{}` has a 0 in it", lambda x: 0.0 in flat(x)),
    ("all parts of `{}` are equal", lambda x: len({*x}) == 1),
    ("`{}` rises from part to part", lambda x: list(x) == sorted(x)),
    ("`{}` has as many rows as columns", lambda x: {len(row) for row in x} == {len(x)}),
]
_TWO: list[tuple[str, Test]] = [
    ("`{}` and `{}` are equal", lambda x, y: x == y),
    ("`{}` and `{}` are of one length", lambda x, y: len(x) == len(y)),
    ("`{}` is larger than `{}`", lambda x, y: float(x) > y),
]
_SINGLE = ("is empty", "has one part")  # one such case tells enough


def right_where(names: Sequence[str], good: Sequence[Given], bad: Sequence[Given]) -> str:
    """In how many of the cases an answer is right, and what tells them from the others, if seen."""
    if not good:
        return ""
    good, bad = [plain(each) for each in good], [plain(each) for each in bad]
    begin = f"Right in {len(good)} of the {len(good) + len(bad)} cases tried"
    for words, test in _tests(names, good[0]):
        some, other = [_held(test, each) for each in good], [_held(test, each) for each in bad]
        few = 1 if words.endswith(_SINGLE) else 3  # else it may be chance
        if not any(some) and all(other) and len(good) > 2 and len(bad) >= few:
            return f"{begin}; wrong just where {words}."
        if all(some) and other.count(False) == len(bad) > 2 and len(good) >= few:
            return f"{begin}; just where {words}."
    return begin + (_bound(names, good, bad) or ".")


def _bound(names: Sequence[str], good: Sequence[Given], bad: Sequence[Given]) -> str:
    """The number or length from which on all is wrong, if it is one and there are cases enough."""
    every = [sizes_of(list(names), each) for each in (*good, *bad)]
    found = []
    for name in set.intersection(*map(set, every)) if min(len(good), len(bad)) > 2 else ():
        sizes = [each[name] for each in every]
        fine, off = sizes[: len(good)], sizes[len(good) :]
        if max(fine) < min(off):
            found.append(f"; wrong just where `{name}` is larger than {shown(max(fine))}.")
        elif max(off) < min(fine):
            found.append(f"; wrong just where `{name}` is smaller than {shown(min(fine))}.")
    return found[0] if len(found) == 1 else ""


def _tests(names: Sequence[str], one: Given) -> Iterator[tuple[str, Callable[[Given], bool]]]:
    """All that is asked of a case's arguments, in words and as a test."""
    for i, name in enumerate(names[: len(one)]):
        of = _ONE_NUMBER if isinstance(one[i], float) else _ONE_LIST
        for words, test in of if kind(one[i]) in ("a number", "a list", "a text") else ():
            yield words.format(name), lambda given, i=i, test=test: test(given[i])  # type: ignore[misc]
    for i, j in combinations(range(min(len(names), len(one))), 2):
        for words, test in _TWO:
            text = words.format(names[i], names[j])
            yield text, lambda given, i=i, j=j, test=test: test(given[i], given[j])  # type: ignore[misc]


def _held(test: Callable[[Given], bool], given: Given) -> bool | None:
    """Whether a test holds; None where it cannot be asked."""
    try:
        return bool(test(given))
    except Exception:
        return None
