"""Chapter 00: other right ways pass; what no slip says is told as well."""

import pytest
from told import told

from classroom.exercises import evaluate


def one_by_one(name):
    letters = []
    for place, letter in enumerate(name):
        if place > 0:
            letters.append(letter)
    return letters


def popped(name):
    letters = list(name)
    letters.pop(0)
    return letters


def unpacked(name):
    _, *rest = name
    return rest


@pytest.mark.parametrize(
    "answer",
    [
        one_by_one,
        popped,
        unpacked,
        lambda name: [*name][1:],
        lambda n: [b for _, b in zip(n, n[1:])],
    ],
)
def test_other_right_ways_pass(answer):
    assert evaluate("0.1", answer).status == "right"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda name: [*name[1:], "end"], "follows the last letter"),
        (lambda name: name.rest(), "no such method"),
        (lambda name: None, "Nothing is returned"),
    ],
)
def test_what_no_slip_says_is_told(answer, cause):
    assert cause in told("0.1", answer)
