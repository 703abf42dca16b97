"""What is seen in the code of a wrong answer, and what it keeps between calls, is told."""

from __future__ import annotations

import ast

import pytest
from looked_at import typed
from told import told, wrong

from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.seen import misled
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
    """`above` with a mistake in it, as a cell of a notebook."""
    assert ABOVE.count(old) == 1
    return typed(ABOVE.replace(old, new), kept=kept)


@pytest.fixture(autouse=True)
def one_exercise(no_exercises):
    @exercise("2.1", "above", difficulty=1, minutes=5)
    def check_above(answer):
        cases = [([], 1), ([1, 5, 2], 2), ([7, 3, 9, 4], 3), ([2, 3], 9)]
        expect_calls(answer, above, cases)


BEGIN, LOOP = "    found = []\n", "    for number in numbers:\n"
MISTAKES = [
    ("    return found", "        return found", "`return found` stands inside the loop"),
    ("return found", "print(found)", "the result is printed, not returned"),
    ("):\n" + BEGIN, ", found=[]):\n", "default of `found` is made once and shared by all calls"),
    (LOOP, "    numbers.sort()\n" + LOOP, "work on a copy"),
    ("    return found", "        return [*found, 0]", "so only its first round is run"),
    ("if number > border", "if number", "your function never uses its `border`"),
    (BEGIN, "    border = 7\n" + BEGIN, "`border = …` overwrites what your function was"),
    (BEGIN, "    found, sorted = [], sorted(numbers)\n", "`sorted` gets a value in this function"),
]


@pytest.mark.parametrize(("old", "new", "cause"), MISTAKES)
def test_the_mistake_and_its_place_are_told(old, new, cause):
    assert cause in told("2.1", mistaken(old, new))


def test_what_is_kept_between_calls_is_not_filled_by_looking():
    wrong("2.1", mistaken("found = []", "found = kept"))
    assert len(kept) <= 20  # the check's own calls


def test_lambdas_builtins_and_values_have_no_source():
    assert [source_of(thing) for thing in (lambda x: x, len, 3, "x", list)] == [None] * 5


def grows_tired(numbers, border):
    grows_tired.calls = getattr(grows_tired, "calls", 0) + 1
    return above(numbers, border) if grows_tired.calls <= 2 else []


class Tires:
    made = []

    def __init__(self):
        self.made.append(self)

    def found(self, *case):
        return above(*case) if len(self.made) <= 2 else []


def made_anew(answer, *case):
    return answer().found(*case) if isinstance(answer, type) else answer(*case)


KEEPS = [(grows_tired, "kept from one call to the next"), (Tires, "it belongs to the class")]


@pytest.mark.parametrize(("answer", "cause"), KEEPS)
def test_what_is_right_once_keeps_something_between_calls(answer, cause):
    with pytest.raises(Wrong) as caught:
        expect_calls(answer, above, [([1, 5, 2], 2), ([7, 3, 9, 4], 3)], run=made_anew)
    assert cause in caught.value.cause


RIGHT_WAYS = [
    "def f(x):\n    steps = iter(x)\n    first = next(steps)\n    return [first, *steps]",
    "def f(x):\n    def add(y, to=[]):\n        to.append(y)\n        return to\n    return add(x)",
    "def f(x):\n    return {1, 2} ^ {x}",
]


@pytest.mark.parametrize("source", RIGHT_WAYS)
def test_what_only_looks_like_a_mistake_is_not_named(source):
    assert list(misled(ast.parse(source).body[0])) == []
