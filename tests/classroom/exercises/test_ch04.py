"""The checks of chapter 04: right answers pass, wrong ones get the right cause."""

from __future__ import annotations

import math

import pytest

import microgpt
from classroom.exercises import ch04, evaluate
from microgpt import Value

RIGHT = {
    "4.1": (1.386, 4),
    "4.2": (ch04.count_pairs,),
    "4.3": ("same", "sharper", "flatter"),
    "4.4": (microgpt.softmax,),
    "4.5": (microgpt.cross_entropy,),
    "4.6": (ch04.smoothed, 0.3),
}


def with_a_plain_sum(logits):
    exps = [(x - max(y.data for y in logits)).exp() for x in logits]
    return [e / sum(f.data for f in exps) for e in exps]


def strings(names):
    return {"".join(pair): count for pair, count in ch04.count_pairs(names).items()}


def with_dots(names):
    counts = ch04.count_pairs(names).items()
    return {(a.replace("·", "."), b.replace("·", ".")): count for (a, b), count in counts}


def naive(logits):
    exps = [logit.exp() for logit in logits]
    return [e / sum(exps) for e in exps]


def shifted(logits):
    largest = max(logit.data for logit in logits)
    return [(logit - largest).exp() for logit in logits]


def in_floats(logits):
    return [p.data for p in microgpt.softmax(logits)]


def cut_off(logits):
    return [Value(p.data) for p in microgpt.softmax(logits)]


def by_the_largest(logits):
    exps = [logit.exp() for logit in logits]
    return [e / max(e.data for e in exps) for e in exps]


def prob(logits, target_id):
    return microgpt.softmax(logits)[target_id]


def test_what_is_right_with_a_mapping_too():
    from collections import Counter

    assert evaluate("4.2", lambda names: Counter(ch04.count_pairs(names))).status == "right"


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    assert evaluate(key, *RIGHT[key]).status == "right"


@pytest.mark.parametrize(
    ("key", "answers", "cause"),
    [
        ("4.1", (0.25, 4), "that is the probability"),
        ("4.1", (2, 4), "in bits"),
        ("4.1", (-math.log(4), 4), "is negative"),
        ("4.1", (1.3863, 1.3863), "that is the loss"),
        ("4.1", (1.3863, 27), "here are four"),
        ("4.2", (ch04.joined,), "run into each other"),
        ("4.2", (ch04.without_ends,), "the last letter and the mark"),
        ("4.2", (ch04.without_beginnings,), "the mark and the first letter"),
        ("4.2", (ch04.bare,), "the marks are missing"),
        ("4.2", (ch04.with_double_marks,), "two marks is no guess"),
        ("4.2", (lambda names: ch04.count_pairs(sorted(set(names))),), "each repeat"),
        ("4.1", (math.log(27), 27), "weighs four only"),
        ("4.1", (4 * math.log(4), 4), "its surprise alone"),
        ("4.1", (math.log(4), 23), "no choices"),
        ("4.2", (lambda names: ch04.count_pairs(names[:1]),), "indented too far"),
        ("4.4", (with_a_plain_sum,), "add up the nodes"),
        ("4.4", (lambda x: [math.exp(v) for v in x],), "plain numbers"),
        ("4.5", (lambda x, t: -(1 - prob(x, t)).log(),), "had *not* come"),
        ("4.5", (lambda x, t: -prob(x, t - 1).log(),), "the index itself"),
        ("4.5", (lambda x, t: [-p.log() for p in microgpt.softmax(x)],), "one is asked for"),
        ("4.5", (lambda x, t: -math.log(prob(x, t)),), "plain numbers"),
        ("4.6", (lambda row, k: [(n + k) / (sum(row) + 27 * k) for n in row], 0.3), "`len(row)`"),
        ("4.6", (ch04.smoothed, 3), "look at all five again"),
        ("4.6", (ch04.smoothed, 2.4554), "not the loss"),
        ("4.2", (strings,), "two characters, not one string"),
        ("4.2", (with_dots,), "another character than `·`"),
        ("4.3", ("sharper", "sharper", "flatter"), "only differences count"),
        ("4.3", ("same", "same", "flatter"), "squared"),
        ("4.3", ("same", "sharper", "same"), "square root"),
        ("4.4", (naive,), "subtract the largest"),
        ("4.4", (shifted,), "divide each by their sum"),
        ("4.4", (in_floats,), "leave the graph"),
        ("4.4", (cut_off,), "the graph is cut"),
        ("4.4", (by_the_largest,), "not by the largest"),
        ("4.4", (lambda x: [v / sum(w.data for w in x) for v in x],), "exp comes first"),
        ("4.5", (lambda x, t: prob(x, t).log(),), "the minus is missing"),
        ("4.5", (prob,), "that is the probability"),
        ("4.5", (lambda x, t: -x[t],), "softmax first"),
        ("4.5", (lambda x, t: -prob(x, t).log() / math.log(2),), "bits"),
        ("4.5", (lambda x, t: min(-p.log().data for p in microgpt.softmax(x)),), "not the largest"),
        ("4.5", (lambda x, t: -naive(x)[t].log(),), "subtracts the largest"),
        ("4.5", (lambda x, t: -math.log(prob(x, t).data),), "leave the graph"),
        ("4.6", (lambda row, k: [(n + k) / sum(row) for n in row], 0.3), "the total grows"),
        ("4.6", (lambda row, k: [(n + k) / (sum(row) + k) for n in row], 0.3), "k times"),
        ("4.6", (lambda row, k: [n / sum(row) for n in row], 0.3), "k is not in it"),
        ("4.6", (ch04.smoothed, 0.003), "that were counted"),
        ("4.6", (ch04.smoothed, 30), "levels all rows"),
    ],
)
def test_wrong_answers_get_their_cause(key, answers, cause):
    result = evaluate(key, *answers)
    assert result.status == "wrong"
    assert cause in result.cause, result


def test_a_word_that_is_no_choice_is_told_the_choices():
    result = evaluate("4.3", "equal", "sharper", "flatter")
    assert result.status == "wrong"
    assert "'same', 'sharper', 'flatter'" in " ".join(result.lines)


@pytest.mark.parametrize("key", ["4.1", "4.3"])
def test_one_open_prediction_leaves_the_exercise_open(key):
    answers = (..., *RIGHT[key][1:])
    assert evaluate(key, *answers).status == "not attempted"
