"""Chapter 07: right answers pass, plausible wrong ones are told their cause."""

import random
import re

import pytest

import microgpt
from classroom.exercises import ch07, evaluate
from classroom.exercises.shared import flawed
from classroom.exercises.shared.adam_slips import ADAM_SLIPS, adam_path
from classroom.exercises.shared.means_slips import MEANS_SLIPS, means_like
from classroom.exercises.shared.step_slips import DECAYS, SCALES, STEPS
from microgpt import Value


def adam_with(**changes):
    """A reader's Adam, with lines replaced."""
    lines = {
        "count": "self.t += 1",
        "m": "self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad",
        "v": "self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad**2",
        "m_hat": "m_hat = self.m[i] / (1 - 0.85**self.t)",
        "v_hat": "v_hat = self.v[i] / (1 - 0.99**self.t)",
        "move": "p.data -= lr * m_hat / (v_hat**0.5 + 1e-8)",
        "zero": "p.grad = 0",
    }
    lines.update(changes)
    body = "\n            ".join(lines[name] for name in list(lines)[1:])
    space = {}
    source = f"""
class MyAdam:
    def __init__(self, params):
        self.params, self.t = params, 0
        self.m, self.v = [0.0] * len(params), [0.0] * len(params)

    def step(self, lr):
        {lines["count"]}
        for i, p in enumerate(self.params):
            {body}
"""
    exec(source, space)
    return space["MyAdam"]


COUNTED_PER_WEIGHT = adam_with(
    count="pass", m="self.t += 1; self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad"
)


class OF_THE_CLASS:
    m, v, t = [0.0, 0.0], [0.0, 0.0], [0]

    def __init__(self, params):
        self.params = params

    def step(self, lr):
        self.t[0] += 1
        for i, p in enumerate(self.params):
            self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad
            self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad**2
            size = (self.v[i] / (1 - 0.99 ** self.t[0])) ** 0.5 + 1e-8
            p.data -= lr * self.m[i] / (1 - 0.85 ** self.t[0]) / size
            p.grad = 0


def each(one):
    return lambda w, s, lr: [one(a, b, lr) for a, b in zip(w, s)]


def scaled(one):
    return lambda slopes, eps=1e-8: [one(s, eps) for s in slopes]


def replaying(slip):
    """An optimiser whose weights are, after each step, where an Adam with this slip leaves them."""

    class Replay:
        def __init__(self, params):
            self.params, self.path = params, iter(adam_path(slip))

        def step(self, learning_rate):
            for p, data in zip(self.params, next(self.path)):
                p.data, p.grad = data, 0

    return Replay


RIGHT = {
    "7.1": (ch07.sgd_step,),
    "7.2": (0.01, 0.01),
    "7.3": (ch07.running_means,),
    "7.4": (ch07.right_scale,),
    "7.5": (microgpt.Adam,),
    "7.6": (microgpt.linear_decay,),
}

WRONG = [
    ("7.1", (lambda w, s, lr: w,), "came back as they were"),
    ("7.2", (-0.01, -0.01), "a positive number"),
    ("7.3", (flawed.from_the_first,), "begin at 0"),
    ("7.3", (flawed.plain_means,), "`beta` is not used"),
    ("7.3", (flawed.multiplied,), "divide by it"),
    ("7.4", (lambda slopes, eps=1e-8: [(s > 0) - (s < 0) for s in slopes],), "eps has no effect"),
    (
        "7.5",
        (COUNTED_PER_WEIGHT,),
        "once a step",
    ),
    (
        "7.5",
        (adam_with(move="p.data -= m_hat / (v_hat**0.5 + 1e-8)"),),
        "learning rate is not used",
    ),
    ("7.5", (adam_with(move="p.data -= lr * p.grad / (v_hat**0.5 + 1e-8)"),), "goes along m"),
    ("7.5", (adam_with(move="p.data -= lr * m_hat"),), "division by the root"),
    ("7.5", (adam_with(move="p -= lr * m_hat / (v_hat**0.5 + 1e-8)"),), "no weight has moved"),
    ("7.5", (adam_with(move="p.data -= lr * m_hat / (v_hat + 1e-8) ** 0.5"),), "behind the root"),
    ("7.6", (lambda lr, step, n: lr * 1 - step / n,), "in parentheses"),
    ("7.6", (lambda lr, step, n: lr * (n - step),), "divide by num_steps"),
    ("7.1", (lambda w, s, lr: [a + lr * b for a, b in zip(w, s)],), "you go up"),
    ("7.1", (lambda w, s, lr: [a - b for a, b in zip(w, s)],), "learning rate is not used"),
    ("7.1", (lambda w, s, lr: [lr * b for b in s],), "how far to go"),
    ("7.2", (10.0, 0.01), "SGD's step"),
    ("7.2", (0.01, 0.00001), "SGD's step"),
    ("7.2", (0.015, 0.015), "without bias correction"),
    ("7.2", (1.0, 1.0), "learning rate still multiplies"),
    ("7.3", (flawed.uncorrected,), "not corrected"),
    ("7.3", (flawed.corrected_in_place,), "carried on"),
    ("7.3", (flawed.swapped,), "swapped"),
    ("7.3", (flawed.same_correction,), "the divisor grows"),
    ("7.3", (lambda ns, b: [n / (1 - b**i) for i, n in enumerate(ns)],), "count the first"),
    ("7.4", (lambda ss, eps=1e-8: [s / (s**2 + 1e-8) ** 0.5 for s in ss],), "inside the root"),
    ("7.4", (lambda ss, eps=1e-8: [s / (s**2) ** 0.5 for s in ss],), "eps has no effect"),
    ("7.4", (lambda ss, eps=1e-8: [s / (s**2 + 1e-8) for s in ss],), "root is gone"),
    (
        "7.5",
        (adam_with(m_hat="m_hat = self.m[i]", v_hat="v_hat = self.v[i]"),),
        "bias correction is",
    ),
    ("7.5", (adam_with(v="self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad"),), "*squared* slopes"),
    ("7.5", (adam_with(move="p.data -= lr * m_hat / (v_hat + 1e-8)"),), "root is missing"),
    ("7.5", (adam_with(move="p.data += lr * m_hat / (v_hat**0.5 + 1e-8)"),), "weights go up"),
    ("7.5", (adam_with(zero="pass"),), "gradients add up"),
    ("7.5", (adam_with(count="pass"),), "must count as 1"),
    (
        "7.5",
        (
            adam_with(
                m_hat="m_hat = self.m[i] = self.m[i] / (1 - 0.85**self.t)",
                v_hat="v_hat = self.v[i] = self.v[i] / (1 - 0.99**self.t)",
            ),
        ),
        "carried on",
    ),
    *(("7.1", (each(one),), text) for one, text in STEPS),
    *(("7.3", (means_like(*how),), text) for how, text in MEANS_SLIPS.items()),
    *(("7.4", (scaled(one),), text) for one, text in SCALES),
    *(("7.5", (replaying(slip),), text) for slip, text in ADAM_SLIPS.items()),
    *(("7.6", (wrong,), text) for wrong, text in DECAYS),
    ("7.1", (lambda w, s, lr: [w[0] - lr * s[0]],), "inside the loop"),
    ("7.1", (lambda w, s, lr: [a - lr * s[0] for a in w],), "first slope"),
    ("7.1", (lambda w, s, lr: [Value(a - lr * b) for a, b in zip(w, s)],), "plain numbers"),
    ("7.2", (0.01, 0.001), "slope itself"),
    ("7.2", (0.01, 0.02), "divided by its own"),
    ("7.2", (1000, 0.001), "the slope itself"),
    ("7.2", (0.0015, 0.0015), "brings it back"),
    ("7.4", (lambda slopes, eps=1e-16: [s / (s**2 + eps) ** 0.5 for s in slopes],), "no way out"),
    ("7.5", (adam_with(move="p.data -= lr * m_hat / v_hat**0.5"),), "eps is missing"),
    ("7.5", (adam_with(move="p.data -= lr * m_hat / (v_hat**0.5 + 1e-6)"),), "1e-8"),
    ("7.5", (OF_THE_CLASS,), "belong to the class"),
    ("7.5", (adam_with(zero="self.params[0].grad = 0"),), "gradients add up"),
    ("7.6", (lambda lr, step, n: lr * step / n,), "grows from 0"),
    ("7.6", (lambda lr, step, n: lr * (1 - (step + 1) / n),), "counted from 0"),
    ("7.6", (lambda lr, step, n: lr * (1 - step / (n - 1)),), "0 at the last step"),
    ("7.6", (lambda lr, step, n: lr * (1 - step // n),), "`//`"),
    ("7.6", (lambda lr, step, n: 1 - step / n,), "learning rate itself"),
]


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answers_pass(exercise):
    result = evaluate(exercise, *RIGHT[exercise])
    assert result.status == "right", str(result)


def test_a_readers_own_adam_passes():
    assert evaluate("7.5", adam_with()).status == "right"


@pytest.mark.parametrize("exercise, answers, cause", WRONG)
def test_wrong_answers_are_told_why(exercise, answers, cause):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong"
    assert cause in result.cause, str(result)


def test_one_mean_for_all_weights_is_recognised():
    class Shared:
        def __init__(self, params):
            self.params, self.t, self.m, self.v = params, 0, 0.0, 0.0

        def step(self, lr):
            self.t += 1
            for p in self.params:
                self.m = 0.85 * self.m + 0.15 * p.grad
                self.v = 0.99 * self.v + 0.01 * p.grad**2
                scale = (self.v / (1 - 0.99**self.t)) ** 0.5 + 1e-8
                p.data -= lr * self.m / (1 - 0.85**self.t) / scale
                p.grad = 0

    assert "share one m" in evaluate("7.5", Shared).cause


def test_an_instance_in_place_of_the_class_is_told_so():
    assert "class itself" in str(evaluate("7.5", microgpt.Adam([])))


@pytest.mark.parametrize("exercise", RIGHT)
def test_stubs_are_open(exercise):
    def stub(*arguments):
        raise NotImplementedError

    class Stub:
        def __init__(self, params):
            self.params = params

        def step(self, learning_rate):
            raise NotImplementedError

    answers = {"7.2": (..., ...), "7.5": (Stub,)}.get(exercise, (stub,))
    result = evaluate(exercise, *answers)
    assert result.status == "not attempted" and not result.lines


def test_each_of_two_predictions_is_judged_by_itself():
    said = str(evaluate("7.2", 0.01, 0.00001))
    assert "steep: right" in said and "flat" in said


def test_a_value_for_a_distance_is_taken_for_what_it_is():
    assert evaluate("7.2", Value(0.01), Value(0.01)).status == "right"


@pytest.mark.parametrize("seed", range(6))
def test_the_same_question_with_fresh_numbers_has_its_answer(seed):
    fresh = ch07.fresh_step(random.Random(seed))
    rate, slope = map(
        float, re.findall(r"rate is ([\d.]+).*slope is ([\d.]+)\.", fresh.question)[0]
    )
    weight = Value(1.0)
    adam = microgpt.Adam([weight])
    weight.grad = slope
    adam.step(rate)
    assert 1.0 - weight.data == pytest.approx(fresh.expected, rel=1e-3)
