"""Answers of several parts, borrowed work, and remarks on right answers."""

import math

import pytest
from looked_at import typed

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.predictions import expect_prediction, expect_predictions
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.solutions import Asked
from classroom.exercises.kit.state import now, remark, start_afresh

ASKED = {
    "first": Asked(4, {5: "one too many."}),
    "second": Asked("no", {"yes": "look again."}),
}


PARTS = [
    ("No ", "second: right", "one too many."),
    ("yes", "second: your answer 'yes' is not right.", "first: one too many. second: look again."),
]


@pytest.mark.parametrize(("second", "line", "cause"), PARTS)
def test_each_part_is_judged_by_itself(second, line, cause):
    with pytest.raises(Wrong) as caught:
        expect_predictions(ASKED, [5, second])
    assert caught.value.lines == ["first: your answer 5 is too large.", line]
    assert caught.value.cause == cause


def test_a_nudged_slope_is_right_and_told_the_exact_one():
    start_afresh()
    expect_prediction(Asked(90), 90.0000089)
    assert now.remarks == ["exactly it is 90; a nudge comes near it."]
    with pytest.raises(Wrong):
        expect_prediction(Asked(90), 90.01)


@pytest.fixture
def own_softmax(no_exercises):
    @exercise("4.4", "softmax", difficulty=1, minutes=5, own=("softmax", "finished"))
    def check_softmax(answer):
        right = microgpt.softmax
        expect_calls(answer, right, [([microgpt.Value(1.0), microgpt.Value(3.0)],)])
        remark("well done is not worth a sentence, this is.")


def borrowed(logits):
    return microgpt.softmax(logits)


def softmax(logits):
    largest = max(logit.data for logit in logits)
    exps = [math.exp(logit.data - largest) for logit in logits]
    return [each / sum(exps) for each in exps]


def through_a_helper(logits):
    return softmax(logits)


def test_borrowed_work_is_told_so(own_softmax):
    assert "the work is the package's" in evaluate("4.4", microgpt.softmax).cause
    assert "the work is done by `softmax`" in evaluate("4.4", borrowed).cause
    finished = typed("def finished(logits):\n    return microgpt.softmax(logits)")
    mine = typed("def mine(logits):\n    return finished(logits)", finished=finished)
    assert "the work is done by `finished`" in evaluate("4.4", mine).cause


def test_ones_own_function_of_the_same_name_is_not_borrowed(own_softmax):
    for mine in (softmax, through_a_helper):
        text = str(evaluate("4.4", mine))
        assert text == "✓ 4.4 softmax, and: well done is not worth a sentence, this is."
