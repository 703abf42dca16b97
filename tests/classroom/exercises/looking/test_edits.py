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
    ("return [2 * x + n for x in numbers if x < n]", "line 2: without `+ n`"),
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


@pytest.mark.parametrize(("answer", "said"), EDITS)
def test_the_edit_is_told_and_the_tree_is_put_back(answer, said):
    mine, right = Watched(typed(HEAD + answer)), Watched(middle)
    before = [ast.dump(part.tree) for part in mine.source.parts]
    rights = [right.run(case) for case in CASES]
    bad = [i for i, case in enumerate(CASES) if mine.run(case).outcome != rights[i].outcome]
    told = mending(mine, CASES, rights, bad)
    assert bad and told == (
        said and f"Right so far, but for {said} it comes out right in every case."
    )
    assert [ast.dump(part.tree) for part in mine.source.parts] == before
