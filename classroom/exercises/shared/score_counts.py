"""How many scores a head computes, counted rightly and in the ways that go wrong: exercise 5.1."""

from __future__ import annotations

import math
import re

from classroom.exercises.kit.causes import Cause, gives


def scores_needed(name: str) -> int:
    """Scores that one head computes while it reads the mark and a name."""
    return _triangle(len(name) + 1)


def _triangle(n: int) -> int:
    return n * (n + 1) // 2


def count_causes(code: str) -> list[Cause]:
    """Causes for a wrong `scores_needed`, given its source without blanks."""
    return [*_of_the_code(code), *_other_counts(), *_one_too_few(), *_other_machines()]


def _other_counts() -> list[Cause]:
    return [
        gives(
            lambda name: scores_needed(name) if name else 0,
            "the empty name: BOS is there, and looks at itself, one score.",
        ),
        gives(
            lambda name: 2 * scores_needed(name),
            "twice too many: 1 + 2 + ... + n is *half* of n times n + 1.",
        ),
        gives(lambda name: 2 * len(name) + 1, "each position asks *every* position so far."),
        gives(lambda name: len(name) + 1, "each position asks *every* position so far."),
        gives(
            lambda name: 2 ** (len(name) + 1),
            "doubled at each position; yet each position adds only one more than the one before.",
        ),
        gives(
            lambda name: math.factorial(len(name) + 1),
            "the numbers 1, 2, 3, ... are added up, not multiplied.",
        ),
        gives(lambda name: len(name), "those are the letters; count who asks whom."),
        gives(
            lambda name: (len(name) + 1) ** 2,
            "you let each position look at all positions, the later ones too.",
        ),
        gives(
            lambda name: len(name) ** 2,
            "each letter asks all letters, the later ones too, and BOS is left out.",
        ),
    ]


def _one_too_few() -> list[Cause]:
    return [
        gives(
            lambda name: _triangle(len(name)),
            "one is missing at each position: BOS is a position, too, and each position looks "
            "at itself, too.",
        ),
        gives(
            lambda name: _triangle(len(name) - 1) if name else 0,
            "BOS is a position, too, *and* each position looks at itself.",
        ),
    ]


def _other_machines() -> list[Cause]:
    return [
        gives(
            lambda name: _triangle(len(name) + 2),
            "the second mark is only a target; the model never reads it.",
        ),
        gives(
            lambda name: _triangle(len(name)) + 1,
            "BOS is not only one more score: every letter asks it, too.",
        ),
        gives(
            lambda name: _triangle(len(name) + 1) - 1,
            "BOS asks as well: it looks at itself, one score.",
        ),
        gives(lambda name: 4 * scores_needed(name), "one head is asked for, not all four."),
        gives(
            lambda name: _triangle(len(set(name)) + 1),
            "a letter that comes twice is two positions: `set` loses one.",
        ),
        gives(
            lambda name: (len(name) + 1) // 2 * (len(name) + 2),
            "multiply before you divide: `//` cuts off a half when it comes first.",
        ),
        gives(
            lambda name: len(name) // 2 * (len(name) + 1),
            "BOS is a position, too; and multiply before `//`, or it cuts off a half.",
        ),
    ]


def _of_the_code(code: str) -> list[Cause]:
    """What the source of a `scores_needed` tells for certain."""
    told = []
    if re.search(r"[+-]1//2", code):
        told.append("`//` binds more tightly than `+`: put the sum into parentheses.")
    if code and "name" not in code.partition("):")[2]:
        told.append("the answer does not look at `name`; it has to fit any name.")
    return [Cause(text, lambda _: True) for text in told]
