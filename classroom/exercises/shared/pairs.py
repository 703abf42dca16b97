"""Pairs of neighbours, counted rightly and in the ways that go wrong: exercise 4.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause, gives, raises, when

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


def marked_ends_only(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """One mark before all names, one after them."""
    text = MARK + "".join(names) + MARK
    return dict(Counter(zip(text, text[1:])))


def marked_between(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """A mark between the names, none at the ends."""
    text = MARK.join(names)
    return dict(Counter(zip(text, text[1:])))


def overwritten(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Each name's own counts, the last name's winning."""
    counts: dict[tuple[str, str], int] = {}
    for name in names:
        counts |= count_pairs([name])
    return counts


def without_overlaps(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Count with `str.count`, which never looks at a character twice."""
    texts = [MARK + name + MARK for name in names]
    return {pair: sum(text.count("".join(pair)) for text in texts) for pair in count_pairs(names)}


def shares(names: Sequence[str]) -> dict[tuple[str, str], float]:
    """Each count divided by the number of all pairs."""
    counts = count_pairs(names)
    return {pair: count / sum(counts.values()) for pair, count in counts.items()}


def pair_causes() -> list[Cause]:
    """Causes for a wrong `count_marked`."""
    return [
        gives(joined, "the names still run into each other: mark both ends of each one."),
        gives(marked_ends_only, "one mark before all names and one after: the names still run into "
              "each other; mark both ends of each one."),
        gives(marked_between, "the first name has no beginning and the last no "
              "end: mark those, too."),
        gives(without_ends, "the pair of the last letter and the mark is missing."),
        gives(without_beginnings, "the pair of the mark and the first letter is missing."),
        gives(bare, "the marks are missing: nothing says where a name begins and ends."),
        gives(with_double_marks, "the pair of two marks is no guess: count name by name."),
        gives(lambda names: count_pairs(sorted(set(names))), "each repeat of a name counts."),
        gives(of_the_first, "only one name is counted: the `return` is indented too far."),
        gives(lambda names: dict.fromkeys(count_pairs(names), 1), "every count is 1: add 1 to what "
              "is there already."),
        gives(overwritten, "a later name overwrites the counts of an earlier one: add to them."),
        gives(without_overlaps, "`count` does not see pairs that overlap, as in `aaa`: go from "
              "place to place."),
        gives(shares, "these are shares; counts are asked for."),
        raises(KeyError, "a pair that comes for the first time has no count yet: "
               "`counts.get(pair, 0)`."),
        when(lambda got, _: got and all(isinstance(key, str) for key in got),
             "the keys are pairs, as `zip` makes them: two characters, not one string."),
        when(lambda got, _: got and all(isinstance(key[0], int) for key in got),
             "the keys are pairs of characters, not of ids."),
        when(_another_mark, "the counts are right; your mark is another character than `·`."),
    ]  # fmt: skip


def _another_mark(got: Any, right: Any) -> bool:
    """Whether one other sign stands wherever the mark should be."""
    signs = {char for pair in got for char in pair} - {char for pair in right for char in pair}
    if len(signs) != 1:
        return False
    (sign,) = signs
    return right == {
        tuple(MARK if char == sign else char for char in pair): count for pair, count in got.items()
    }
