"""A wrong answer that one edit makes right is told where that edit is."""

from __future__ import annotations

import ast

import pytest
from classroom.exercises.kit.edits import KINDS, edits
from looked_at import typed
from told import told, wrong

from classroom.exercises import evaluate
from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.sources import source_of

ABOVE = """
def above(numbers, border):
    found = []
    for number in numbers:
        if number > border:
            found.append(number * 2)
    return found
"""
above = typed(ABOVE)  # those above the border, doubled
kept: list[int] = []


def mistaken(old, new):
    """`above` with a mistake in it, as a cell of a notebook in which ``limit`` is 5."""
    assert ABOVE.count(old) == 1
    return typed(ABOVE.replace(old, new), limit=5, kept=kept)


@pytest.fixture(autouse=True)
def one_exercise(no_exercises):
    @exercise("2.1", "above", difficulty=1, minutes=5)
    def check_above(answer):
        cases = [([], 1), ([1, 5, 2], 2), ([7, 3, 9, 4], 3), ([2, 3], 9)]
        expect_calls(answer, above, cases)


BEGIN, LOOP = "    found = []\n", "    for number in numbers:\n"
IF, STOP = "        if number > border:\n", "            break\n        if True:\n"
TWICE = "    both = zip(numbers)\n    numbers = list(both) and [n for n, in both]\n"
MISTAKES = [
    ("    return found", "        return found", "`return found` stands inside the loop"),
    ("> border", ">= border", "should equal values count here, in `number >= border`?"),
    ("> border", "> limit", "`limit` is no name of your function's own; it has `border`"),
    ("return found", "print(found)", "the result is printed, not returned"),
    ("    return found\n", "", "`found` is computed but never returned"),
    (BEGIN + LOOP, LOOP + "    " + BEGIN, "`found = []` stands inside the loop and begins anew"),
    (".append(number * 2)", " = [number * 2]", "replaces what was there; `+=` adds to it"),
    ("in numbers", "in numbers[1:]", "`numbers[1:]` begins too late"),
    ("):\n" + BEGIN, ", found=[]):\n", "default of `found` is made once and shared by all calls"),
    (LOOP, "    numbers.sort()\n" + LOOP, "work on a copy"),
    ("    return found", "        return [*found, 0]", "so only its first round is run"),
    ("if number > border", "if number", "your function never uses its `border`"),
    (BEGIN, "    border = 7\n" + BEGIN, "`border = …` overwrites what your function was"),
    ("number * 2", "number ** 2 ** 0.5", "`number ** 2 ** 0.5` is `number ** (2 ** 0.5)`"),
    ("number * 2", "number + 3 * 2 - 6", "`*` comes before `+`, in `number + 3 * 2`"),
    (BEGIN, BEGIN + TWICE, "once"),
    (IF, IF.replace(">", "<=") + STOP, "`break` ends the loop, with all rounds that are left"),
]


@pytest.mark.parametrize(("old", "new", "cause"), MISTAKES)
def test_the_mistake_and_its_place_are_told(old, new, cause):
    assert cause in told("2.1", mistaken(old, new))


def test_what_no_single_edit_mends_is_left_alone():
    hopeless = typed("def above(numbers, border):\n    return sorted(numbers, key=str)[border:]")
    assert "line" not in wrong("2.1", hopeless).told


def test_what_is_kept_between_calls_is_found_and_not_spoiled_by_the_search():
    wrong("2.1", mistaken("found = []", "found = kept"))
    assert len(kept) <= 20  # the check's own calls; the search works on copies


def test_an_edited_tree_is_as_before_afterwards():
    source = source_of(mistaken("in numbers", "in numbers[1:]"))
    assert source is not None
    before = ast.dump(source.tree)
    made = [(line, cause, ast.dump(tree)) for line, cause, tree in edits(source.tree, KINDS)]
    assert ast.dump(source.tree) == before
    assert len(made) > 5 and len(set(made)) == len(made)


def test_lambdas_builtins_and_values_have_no_source():
    assert [source_of(thing) for thing in (lambda x: x, len, 3, "x", list)] == [None] * 5


def grows_tired(numbers, border):
    grows_tired.calls = getattr(grows_tired, "calls", 0) + 1
    return above(numbers, border) if grows_tired.calls < 2 else []


def test_what_is_right_when_it_is_made_anew_keeps_something_between_calls():
    @exercise("2.2", "above", difficulty=1, minutes=5, own=("softmax",))
    def check_above(answer):
        expect_calls(answer, above, [([1, 5, 2], 2), ([7, 3, 9, 4], 3)])

    assert "kept from one call to the next" in evaluate("2.2", grows_tired).cause
