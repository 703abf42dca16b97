"""Chapter 04: other right ways pass, and what no slip of its tables says is told as well."""

import math
from fractions import Fraction

from told import chapter_tests

import microgpt
from classroom.exercises import ch04, evaluate
from microgpt import Value

my_softmax = ch04.my_softmax


RIGHT = [
    ("4.1", (Value(math.log(4)), 4.0)),
    ("4.1", (1.39, Fraction(4, 1))),
    ("4.2", "return counts -> from collections import Counter⏎    return Counter(counts)"),
    ("4.3", (" Same", "SHARPER", "flatter ")),
    ("4.4", "max(logit.data for logit in logits) -> max(logits, key=lambda logit: logit.data)"),
    ("4.5", (lambda logits, t: (1 / microgpt.softmax(logits)[t]).log(),)),
    ("4.6", (lambda row, k: tuple((n + k) / (sum(row) + k * len(row)) for n in row), 0.3)),
]


WRONG = [
    ("4.1", (1.4, 4), "three digits"),
    ("4.1", (1.3863, 1.39), "that is the loss"),
    ("4.1", (math.log2(4) + 1e-4, 4), "in bits"),
    ("4.2", "return counts -> return {a + b: n for (a, b), n in counts.items()}", "not one st"),
    ("4.2", "return counts -> return {(ord(a), ord(b)): 1 for a, b in counts}", "not of ids"),
    ("4.2", '"·" + name + "·" -> "<" + name + ">"', "another sign than `·`"),
    ("4.2", "counts.get(pair, 0) -> counts[pair]", "no count yet"),
    ("4.3", ("equal", "sharper", "flatter"), "'same', 'sharper', 'flatter'"),
    ("4.3", ("same", "FLATTER", "flatter"), "squared"),
    ("4.4", "max(logit.data for logit in logits) -> max(logits)", "cannot be compared"),
    ("4.4", "(logit - largest).exp() -> math.e**logit", "`x.exp()`"),
    ("4.4", lambda x: [math.exp(v) for v in x], "plain numbers"),
    ("4.4", "e / exp_sum for -> (e / exp_sum).data for", "leave the graph"),
    ("4.4", "sum(exps) -> sum(e.data for e in exps)", "add up the nodes"),
    ("4.4", "e / exp_sum for -> Value((e / exp_sum).data) for", "No gradient reaches `logits`"),
    ("4.4", lambda logits: microgpt.softmax(logits), "the work is done by `softmax`"),
    ("4.5", "prob.log() -> math.log(prob)", "plain numbers"),
    ("4.5", "prob.log() -> math.log(prob.data)", "leave the graph"),
    ("4.5", lambda x, t: -my_softmax(x)[t].log, "call it"),
    ("4.5", "return -log -> loss = -log⏎    loss.backward()⏎    return loss", "leave it out"),
    ("4.6", (lambda row, k: [row + k for _ in row], 0.3), "a list plus a number"),
    ("4.6", (lambda row, k: [n / sum(row) * (1 + k) for n in row], 0.3), "still has the k"),
    ("4.6", (ch04.smoothed, 2.4554), "not its loss"),
    ("4.6", (ch04.smoothed, 0.1), "one of the five"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_the_function_is_looked_at_though_a_value_is_asked_for_as_well():
    result = evaluate("4.6", lambda row, k: [n + k for n in row], 0.3)
    assert result.done == 1 and result.missing == "the sum of the raised counts"
    assert evaluate("4.6", ch04.smoothed, ...).status == "not attempted"
