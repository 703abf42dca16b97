"""One edit with which a wrong answer is right: found where there is one, and only tried."""

import ast

import pytest
from looked_at import typed

from classroom.exercises.looking.edits import mending
from classroom.exercises.looking.recording import Watched


def middle(numbers, n):
    found = []
    for number in numbers:
        if number < n:
            found.append(2 * number)
    return found


CASES = [([2.5, 3.5, 1.5], 3.0), ([2.5, 0.75, 4.5], 2.5), ([], 1.0)]
HEAD = "def middle(numbers, n):\n    "
EDITS = [
    # taken out
    ("return [2 * x for x in numbers[1:] if x < n]", "line 2: without `[1:]`"),
    ("return [2 * x for x in sorted(numbers) if x < n]", "line 2: without `sorted(...)`"),
    ("return [2 * x + n for x in numbers if x < n]", "line 2: without `+ n` behind `2 * x`"),
    ("return [2 * x for x in numbers if x < n if x > 1]", "line 2: without `if x > 1`"),
    # moved
    ("for x in numbers:\n        out = []\n        if x < n: out.append(2 * x)\n"
     "    return out", ""),
    ("out = []\n    for x in numbers:\n        if x < n: out.append(2 * x)\n        return out",
     "line 5, `return out`: behind the loop of line 3"),
    # changed: the place alone is told
    ("return [2 * x for x in numbers if x <= n]", "one thing in line 2, in `x <= n`: changed,"),
    ("return [3 * x for x in numbers if x < n]", "one thing in line 2, in `3 * x`: changed,"),
    ("return [2 * n for x in numbers if x < n]", "one thing in line 2, in `2 * n`: changed,"),
]  # fmt: skip


ORDER_CASES = [([2.5, 1.5, 2.5],), ([0.5, 0.25],), ([3.5, 4.5, 4.5, 0.5],)]
OF_ORDERS = [
    ("def order(n):\n    return [n.index(x) for x in sorted(n)]",
     "It goes wrong where two numbers are equal: line 2, `n.index(x)`, finds the first"),
    ("def put(x, f=[]):\n    f.append(x)\n    return f\n\ndef order(n):\n    all = [put("
     "i)[-1] + len(put(i)) - 1 for i in range(len(n))]\n    return sorted(all, key=n.__getitem__)",
     "the defaults, which are made once for all calls: made anew inside,"),
    ("def order(n):\n    rows, cells = [], [list()] * len(n)\n    for i in range(len(n)):\n        "
     "cells[i].append(i)\n        rows += cells[i]\n    return sorted(rows, key=n.__getitem__)",
     "in line 2: with `[... for _ in range(...)]`, which makes new ones, for `*` it comes"),
    ("def order(n):\n    left, found = list(n), []\n    for _ in n:\n        at, least = 0, left[0]"
     "\n        for i, x in enumerate(left):\n            if x < least:\n                at = i\n"
     "        left[at] = 99.0\n        found.append(at)\n    return found",
     "in line 6: with `least = x` in this `if` it comes out right"),
    ("def order(n):\n    places = (i for i in range(len(n)))\n    size = len([i for i in places])\n"
     "    return sorted(places, key=lambda i: n[i])[:size]", "can be gone through only once it"),
]  # fmt: skip


def order(numbers):
    return sorted(range(len(numbers)), key=lambda i: numbers[i])


def told(answer, right, cases):
    mine, right = Watched(typed(answer)), Watched(right)
    before = [ast.dump(part.tree) for part in mine.source.parts]
    rights = [right.run(case) for case in cases]
    bad = [i for i, case in enumerate(cases) if mine.run(case).outcome != rights[i].outcome]
    said = mending(mine, right, cases, rights, bad)
    assert bad and [ast.dump(part.tree) for part in mine.source.parts] == before
    return said


@pytest.mark.parametrize(("answer", "said"), OF_ORDERS)
def test_what_is_made_once_forgotten_or_equal(answer, said):
    assert said in told(answer, order, ORDER_CASES)


@pytest.mark.parametrize(("answer", "said"), EDITS)
def test_the_edit_is_told_and_the_tree_is_put_back(answer, said):
    edit = "one edit, in " * said.startswith("line")
    right = said and f"Right so far, but for {edit}{said} it comes out right in every case."
    assert told(HEAD + answer, middle, CASES) == right
