"""A wrong answer that one edit makes right is told where that edit is."""

from __future__ import annotations

import ast

import pytest

from classroom.exercises import evaluate
from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.edits import KINDS, edits
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.sources import source_of

limit = 5
kept: list[int] = []


def above(numbers, border):
    """The right answer: those above the border, doubled, and how many."""
    found = []
    for number in numbers:
        if number > border:
            found.append(number * 2)
    return found


def returns_early(numbers, border):
    found = []
    for number in numbers:
        if number > border:
            found.append(number * 2)
        return found


def includes_the_border(numbers, border):
    return [number * 2 for number in numbers if number >= border]


def the_notebooks_name(numbers, border):
    return [number * 2 for number in numbers if number > limit]


def prints_it(numbers, border):
    print([number * 2 for number in numbers if number > border])


def leaves_it(numbers, border):
    found = [number * 2 for number in numbers if number > border]  # noqa: F841


def begins_anew(numbers, border):
    for number in numbers:
        found = []
        if number > border:
            found.append(number * 2)
    return found


def overwrites(numbers, border):
    found = []
    for number in numbers:
        if number > border:
            found = [number * 2]
    return found


def misses_the_first(numbers, border):
    return [number * 2 for number in numbers[1:] if number > border]


def shared_default(numbers, border, found=[]):  # noqa: B006
    for number in numbers:
        if number > border:
            found.append(number * 2)
    return found


def changes_its_argument(numbers, border):
    numbers.sort(key=lambda number: number <= border)
    while numbers and numbers[-1] <= border:
        numbers.pop()
    return [number * 2 for number in numbers]


def keeps_it_outside(numbers, border):
    for number in numbers:
        if number > border:
            kept.append(number * 2)
    return kept


def helped(numbers, border):
    return [twice(number) for number in numbers if number > border]


def twice(number):
    return number * 3


def hopeless(numbers, border):
    return sorted(numbers, key=str)[border:]


@pytest.fixture(autouse=True)
def one_exercise(no_exercises):
    @exercise("2.1", "above", difficulty=1, minutes=5)
    def check_above(answer):
        cases = [([], 1), ([1, 5, 2], 2), ([7, 3, 9, 4], 3), ([2, 3], 9)]
        expect_calls(answer, above, cases)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (returns_early, "`return found` stands inside the loop"),
        (includes_the_border, "should equal values count here, in `number >= border`?"),
        (the_notebooks_name, "`limit` is a name from the notebook; your function has `border`"),
        (prints_it, "the result is printed, not returned"),
        (leaves_it, "`found` is computed but never returned"),
        (begins_anew, "`found = []` stands inside the loop and begins anew each round"),
        (overwrites, "`found = [number * 2]` replaces what was there; `+=` adds to it"),
        (misses_the_first, "`numbers[1:]` begins too late"),
        (shared_default, "the default of `found` is made once and shared by all calls"),
        (changes_its_argument, "work on a copy"),
    ],
)
def test_the_place_of_the_mistake_is_told(answer, cause):
    result = evaluate("2.1", answer)
    assert result.status == "wrong"
    assert cause in str(result)


def test_what_no_single_edit_mends_is_left_alone():
    result = evaluate("2.1", hopeless)
    assert result.status == "wrong" and "line" not in result.told


def test_what_is_kept_between_calls_is_found_and_not_spoiled_by_the_search():
    before = list(kept)
    result = evaluate("2.1", keeps_it_outside)
    assert result.status == "wrong"
    grown = len(kept) - len(before)
    assert grown <= 20  # the check's own calls; the search works on copies


def test_the_right_answer_is_right():
    assert evaluate("2.1", above).status == "right"


def test_an_edited_tree_is_as_before_afterwards():
    source = source_of(begins_anew)
    assert source is not None
    before = ast.dump(source.tree)
    made = [(line, cause, ast.dump(tree)) for line, cause, tree in edits(source.tree, KINDS)]
    assert ast.dump(source.tree) == before
    assert len(made) > 5 and len(set(made)) == len(made)


def test_lambdas_builtins_and_values_have_no_source():
    assert [source_of(thing) for thing in (lambda x: x, len, 3, "x", list)] == [None] * 5


def first_round_only(numbers, border):
    for number in numbers:
        return [number * 2] if number > border else []


def blind(numbers, border):
    return [number * number for number in numbers]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (first_round_only, "so only its first round is run"),
        (blind, "your function never uses its `border`"),
    ],
)
def test_what_is_seen_in_the_source_is_told(answer, cause):
    assert cause in evaluate("2.1", answer).told


def grows_tired(numbers, border):
    grows_tired.calls = getattr(grows_tired, "calls", 0) + 1
    return above(numbers, border) if grows_tired.calls < 2 else []


def test_what_is_right_when_it_is_made_anew_keeps_something_between_calls():
    @exercise("2.2", "above", difficulty=1, minutes=5, own=("softmax",))
    def check_above(answer):
        expect_calls(answer, above, [([1, 5, 2], 2), ([7, 3, 9, 4], 3)])

    assert "kept from one call to the next" in evaluate("2.2", grows_tired).cause
