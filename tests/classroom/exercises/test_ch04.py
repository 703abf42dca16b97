"""The checks of chapter 04: right answers pass, wrong ones get the right cause."""

from __future__ import annotations

import math

import pytest

import microgpt
from classroom.exercises import ch04, evaluate
from classroom.exercises.again import fresh_question
from classroom.exercises.kit.registry import find
from classroom.exercises.shared import pairs
from microgpt import Value


def my_softmax(logits):
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    exp_sum = sum(exps)
    return [e / exp_sum for e in exps]


def my_cross_entropy(logits, target_id):
    return -my_softmax(logits)[target_id].log()


def my_cross_entropy_by_differences(logits, target_id):
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    return microgpt.total(exps).log() + largest - logits[target_id]


def joined_with_marks(names):
    text = "·" + "·".join(names) + "·"
    found = list(zip(text, text[1:]))
    return {pair: found.count(pair) for pair in found}


RIGHT = {
    "4.1": (1.386, 4),
    "4.2": (pairs.count_pairs,),
    "4.3": ("same", "sharper", "flatter"),
    "4.4": (my_softmax,),
    "4.5": (my_cross_entropy,),
    "4.6": (ch04.smoothed, 0.3),
}
ALSO_RIGHT = [
    ("4.1", (Value(math.log(4)), 4.0)),
    ("4.1", (1.39, math.exp(1.386))),
    ("4.2", (joined_with_marks,)),
    ("4.3", (" Same", "SHARPER", "flatter ")),
    ("4.5", (my_cross_entropy_by_differences,)),
]


def with_a_plain_sum(logits):
    exps = [(x - max(y.data for y in logits)).exp() for x in logits]
    return [e / sum(f.data for f in exps) for e in exps]


def strings(names):
    return {"".join(pair): count for pair, count in pairs.count_pairs(names).items()}


def with_dots(names):
    counts = pairs.count_pairs(names).items()
    return {(a.replace("·", "."), b.replace("·", ".")): count for (a, b), count in counts}


def naive(logits):
    exps = [logit.exp() for logit in logits]
    return [e / sum(exps) for e in exps]


def shifted(logits):
    largest = max(logit.data for logit in logits)
    return [(logit - largest).exp() for logit in logits]


def in_floats(logits):
    return [p.data for p in my_softmax(logits)]


def cut_off(logits):
    return [Value(p.data) for p in my_softmax(logits)]


def by_the_largest(logits):
    exps = [logit.exp() for logit in logits]
    return [e / max(e.data for e in exps) for e in exps]


def prob(logits, target_id):
    return my_softmax(logits)[target_id]


def by_the_smallest(logits):
    smallest = min(logit.data for logit in logits)
    exps = [(logit - smallest).exp() for logit in logits]
    return [e / sum(exps) for e in exps]


def by_the_first(logits):
    exps = [(x - logits[0].data).exp() for x in logits]
    return [e / sum(exps) for e in exps]


def changing_the_logits(logits):
    largest = max(logit.data for logit in logits)
    for logit in logits:
        logit.data -= largest
    return my_softmax(logits)


def of_compared_values(logits):
    largest = max(logits)
    return [(x - largest).exp() for x in logits]


def by_power(logits):
    exps = [math.e**x for x in logits]
    return [e / sum(exps) for e in exps]


def borrowed_softmax(logits):
    return microgpt.softmax(logits)


def borrowed_loss(logits, target_id):
    return microgpt.cross_entropy(logits, target_id)


def on_a_stub(logits, target_id):
    return -stub_of_softmax(logits)[target_id].log()


def stub_of_softmax(logits):
    raise NotImplementedError


def of_ids(names):
    places = {char: i for i, char in enumerate("abcdefghijklmnopqrstuvwxyz·")}
    return {(places[a], places[b]): n for (a, b), n in pairs.count_pairs(names).items()}


def without_a_start(names):
    found = {}
    for name in names:
        for pair in zip("·" + name, name + "·"):
            found[pair] += 1
    return found


def test_what_is_right_with_a_mapping_too():
    from collections import Counter

    assert evaluate("4.2", lambda names: Counter(pairs.count_pairs(names))).status == "right"


@pytest.mark.parametrize(("key", "answers"), [*RIGHT.items(), *ALSO_RIGHT])
def test_the_right_answer(key, answers):
    result = evaluate(key, *answers)
    assert result.status == "right", result


@pytest.mark.parametrize(
    ("key", "answers", "cause"),
    [
        ("4.1", (0.25, 4), "that is the probability"),
        ("4.1", (math.log10(4), 4), "to base 10"),
        ("4.1", (1.4, 4), "three digits"),
        ("4.1", (math.log(4) / 4, 4), "nothing to divide"),
        ("4.1", (math.inf, 4), "one of the four"),
        ("4.1", (1.386, math.exp(2)), "not in bits"),
        ("4.2", (pairs.marked_ends_only,), "one mark before all names"),
        ("4.2", (pairs.marked_between,), "the first name has no beginning"),
        ("4.2", (pairs.overwritten,), "a later name overwrites"),
        ("4.2", (lambda names: dict.fromkeys(pairs.count_pairs(names), 1),), "every count is 1"),
        ("4.2", (pairs.without_overlaps,), "does not see pairs that overlap"),
        ("4.2", (pairs.shares,), "counts are asked for"),
        ("4.2", (of_ids,), "not of ids"),
        ("4.2", (without_a_start,), "no count yet"),
        ("4.3", ("sharp", "flat", "flat"), "one of the words"),
        ("4.4", (by_the_smallest,), "the smallest logit is subtracted"),
        ("4.4", (by_the_first,), "the first logit is subtracted"),
        ("4.4", (changing_the_logits,), "leave the input alone"),
        ("4.4", (of_compared_values,), "cannot be compared"),
        ("4.4", (by_power,), "`x.exp()`"),
        ("4.4", (borrowed_softmax,), "the work is done by `softmax`"),
        ("4.4", (lambda x: [v * v / sum(u * u for u in x) for v in x],), "lose the sign"),
        ("4.4", (lambda x: [1 / (1 + math.exp(-v.data)) for v in x],), "a sigmoid"),
        ("4.5", (borrowed_loss,), "the work is done by `cross_entropy`"),
        ("4.5", (on_a_stub,), "solve 4.4 first"),
        ("4.5", (lambda x, t: -x[t].log(),), "softmax before the log"),
        ("4.5", (lambda x, t: -prob(x, t).log() / len(x),), "one guess, one surprise"),
        ("4.5", (lambda x, t: -(prob(x, t) + 1e-3).log(),), ""),
        ("4.5", (lambda x, t: -prob(x, (t + 1) % len(x)).log(),), ""),
        ("4.5", (lambda x, t: -sum(p * p.log() for p in my_softmax(x)),), "entropy"),
        ("4.6", (lambda row, k: [n / (sum(row) + k * len(row)) for n in row], 0.3), "needs it"),
        ("4.6", (lambda row, k: [(n + 1) / (sum(row) + len(row)) for n in row], 0.3), "add `k`"),
        ("4.6", (ch04.smoothed, 2), "not its place"),
        ("4.1", (2, 4), "in bits"),
        ("4.1", (-math.log(4), 4), "is negative"),
        ("4.1", (1.3863, 1.3863), "that is the loss"),
        ("4.1", (1.3863, 27), "here are four"),
        ("4.2", (pairs.joined,), "run into each other"),
        ("4.2", (pairs.without_ends,), "the last letter and the mark"),
        ("4.2", (pairs.without_beginnings,), "the mark and the first letter"),
        ("4.2", (pairs.bare,), "the marks are missing"),
        ("4.2", (pairs.with_double_marks,), "two marks is no guess"),
        ("4.2", (lambda names: pairs.count_pairs(sorted(set(names))),), "each repeat"),
        ("4.1", (math.log(27), 27), "weighs four only"),
        ("4.1", (4 * math.log(4), 4), "its surprise alone"),
        ("4.1", (math.log(4), 23), "no choices"),
        ("4.2", (lambda names: pairs.count_pairs(names[:1]),), "indented too far"),
        ("4.4", (with_a_plain_sum,), "add up the nodes"),
        ("4.4", (lambda x: [math.exp(v) for v in x],), "plain numbers"),
        ("4.5", (lambda x, t: -(1 - prob(x, t)).log(),), "had *not* come"),
        ("4.5", (lambda x, t: -prob(x, t - 1).log(),), "the index itself"),
        ("4.5", (lambda x, t: [-p.log() for p in my_softmax(x)],), "one is asked for"),
        ("4.5", (lambda x, t: -math.log(prob(x, t)),), "plain numbers"),
        ("4.6", (lambda row, k: [(n + k) / (sum(row) + 27 * k) for n in row], 0.3), "`len(row)`"),
        ("4.6", (ch04.smoothed, 3), "look at all five again"),
        ("4.6", (ch04.smoothed, 2.4554), "not its loss"),
        ("4.2", (strings,), "two characters, not one string"),
        ("4.2", (with_dots,), "another character than `·`"),
        ("4.3", ("sharper", "sharper", "flatter"), "only differences count"),
        ("4.3", ("same", "same", "flatter"), "squared"),
        ("4.3", ("same", "sharper", "same"), "square root"),
        ("4.4", (naive,), "subtract the largest"),
        ("4.4", (shifted,), "divide each by their sum"),
        ("4.4", (in_floats,), "leave the graph"),
        ("4.4", (cut_off,), "the graph is cut"),
        ("4.4", (by_the_largest,), "divide each by their sum"),
        ("4.4", (lambda x: [v / sum(w.data for w in x) for v in x],), "exp comes first"),
        ("4.5", (lambda x, t: prob(x, t).log(),), "the minus is missing"),
        ("4.5", (prob,), "that is the probability"),
        ("4.5", (lambda x, t: -x[t],), "softmax first"),
        ("4.5", (lambda x, t: -prob(x, t).log() / math.log(2),), "bits"),
        ("4.5", (lambda x, t: min(-p.log().data for p in my_softmax(x)),), "not the largest"),
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
    assert "'same', 'sharper', 'flatter'" in result.cause


def test_each_of_several_answers_is_judged_by_itself():
    result = evaluate("4.1", 2, 4)
    assert result.lines == (
        "loss_of_four: your answer 2 is too large.",
        "perplexity_of_four: right",
    )
    assert evaluate("4.3", "same", "flatter", "flatter").lines[0] == "plus_100: right"


def test_four_doors_again():
    for turn in range(1, 6):
        fresh = fresh_question(find("4.1"), turn)
        loss, perplexity = fresh.expected
        assert math.exp(loss) == pytest.approx(perplexity)
        assert f" {perplexity} of the 27" in fresh.question and f"{loss:.4f}" in fresh.solution


@pytest.mark.parametrize("key", ["4.1", "4.3"])
def test_one_open_prediction_leaves_the_exercise_open(key):
    answers = (..., *RIGHT[key][1:])
    assert evaluate(key, *answers).status == "not attempted"
