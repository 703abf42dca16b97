"""Pairs of neighbours, counted rightly and in the ways that go wrong: exercise 4.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MARK = "·"


def count_pairs(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """How often each character follows each, every name between two marks."""
    counts: Counter[tuple[str, str]] = Counter()
    for name in names:
        marked = MARK + name + MARK
        counts.update(zip(marked, marked[1:]))
    return dict(counts)


def joined(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """What the notebook's broken function answers: the names run into each other."""
    text = MARK + "".join(names)
    return dict(Counter(zip(text, text[1:])))


def without_ends(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Mark the beginning of each name only."""
    return dict(Counter(pair for name in names for pair in zip(MARK + name, name)))


def without_beginnings(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Mark the end of each name only."""
    return dict(Counter(pair for name in names for pair in zip(name, name[1:] + MARK)))


def bare(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """No marks at all."""
    return dict(Counter(pair for name in names for pair in zip(name, name[1:])))


def with_double_marks(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Join names that are marked at both ends, and count the two marks between them."""
    text = "".join(MARK + name + MARK for name in names)
    return dict(Counter(zip(text, text[1:])))


def of_the_first(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return from inside the loop, after one name."""
    return count_pairs(names[:1])
