"""Chapter 07: other right ways pass, and what no slip of its tables says is told as well."""

from decimal import Decimal
from fractions import Fraction

from told import chapter_tests

import microgpt
from classroom.exercises import evaluate
from microgpt import Value

RIGHT = [
    ("7.1", lambda w, s, lr: tuple(a - lr * b for a, b in zip(w, s))),
    ("7.5", microgpt.Adam),
    ("7.6", lambda lr, step, n: lr - lr * step / n),
]
WRONG = [
    ("7.5", "p.grad = 0 -> pass", "gradients add up"),
    ("7.5", microgpt.Adam([]), "pass its name"),
    ("7.5", type("Moves", (), {"__init__": lambda self, params: None}), "called `step`"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_each_of_two_predictions_is_judged_by_itself():
    said = str(evaluate("7.2", 0.01, 0.00001))
    assert said.startswith("✗") and "steep: right" in said and "flat: your answer" in said
    said = str(evaluate("7.2", ..., 0.00001))
    assert said.startswith("✗") and "steep: not attempted yet" in said and "SGD's step" in said
    half = evaluate("7.2", 0.01, ...)
    assert half.lines == ("steep: right", "flat: not attempted yet")
    assert half.status == "not attempted"


def test_any_kind_of_number_is_a_number():
    assert evaluate("7.2", Fraction(1, 100), Decimal("0.01")).status == "right"
    assert evaluate("7.2", Value(0.01), Value(0.01)).status == "right"
