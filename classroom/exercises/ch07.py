"""Exercises of chapter 07: a step down, running means, Adam, epsilon, decay."""

from __future__ import annotations

import math  # noqa: F401 - for slips
import random
from typing import Any

from classroom.exercises.kit.checking import require
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import Asked, prediction, solution
from microgpt import Value

ROUNDED = "the result is rounded: leave every digit."


@solution(
    "7.1", "One step down", difficulty=1, minutes=5,
    cases=lambda draw: [
        ([1.0], [4.0], 0.5),
        *((draw.numbers(n), draw.numbers(n, -9, 9), draw.number(0, 1, 2)) for n in (2, 3, 4)),
        ([3, 0.7], [-4, 0], 0.1), ([1.5, 1.5, -0.3], [2.0, -1.0, 0.4], 0.5),
    ],
    slips={
        "w - step -> w + step": "you go up: the slope points where the loss grows, subtract it.",
        "w - step for -> -step for": "that is the way to go; the answer is where the weight is then.",
        "* s for -> * abs(s) for": "`abs` takes the sign off: a negative slope means up.",
        "learning_rate * s -> s / learning_rate": "the slope is divided by the learning rate; multiply them.",
        "w - step -> w * (1 - step)": "the step is taken off the weight; yours is multiplied with it.",
        "w - step for -> w for": "the weights came back as they were: `w -= ...` in a loop changes the loop's own name `w`, not the list. Collect the new ones.",
        **{f"* s for -> * {of} for": "each weight has a slope of its own: walk through both lists with `zip`." for of in ("slopes[0]", "sum(slopes)", "(sum(slopes) / len(slopes))")},
        "zip(weights, steps)] -> zip(weights, steps)][:1]": "only the first weight is there: `return` is inside the loop.",
    },
    then=lambda answer: require(
        not any(hasattr(w, "grad") for w in answer([1.0], [4.0], 0.5)),
        "sgd_step returns nodes.",
        "plain numbers came in; plain numbers go out.",
    ),
)  # fmt: skip
def sgd_step(weights, slopes, learning_rate):
    steps = [learning_rate * s for s in slopes]  # the learning rate times each slope
    return [w - step for w, step in zip(weights, steps)]  # each weight minus its own step


def _first_step(slope: float) -> Asked:
    """One of the two distances of 7.2."""
    return Asked(
        0.01,
        {
            0.01
            * slope: "that is learning rate times slope, SGD's step; Adam divides the slope by its own size.",
            0.015: "that is without bias correction: 0.15 of the slope over 0.1 of its size.",
            0.0015: "0.15 rates is a step with m uncorrected; in the first step bias correction brings m back to the whole slope.",
            0.0015
            * slope: "that is m without bias correction, and not yet divided by the root of v.",
            0.1: "that is 10 learning rates; the slope over its own size is 1, so it is one.",
            0.01 * slope**0.5: "that is the rate times the root of the slope; Adam divides by the "
            "root of its *square*, which is its size.",
            0.01 / slope: "that is the rate divided by the slope; the slope over its own "
            "size is 1.",
            0.02: "that is the way of two steps; the first alone is asked for.",
            0: "the weight does move: m and v begin at 0, but take the slope in first. (Its `grad` is 0 after the step.)",
            **dict.fromkeys(
                (0.99, -0.01), "that is where the weight is then; how far did it move?"
            ),
            slope: "that is the slope itself; Adam divides it by its own size.",
            1.0: "the slope over its own size is 1; the learning rate still multiplies it.",
        },
        tolerance=1e-5,
        first="in the first step the corrected m is the slope, and the root of the corrected v its "
        "size: what is one over the other?",
    )


def fresh_step(rng: random.Random) -> Fresh:
    """Another learning rate and another slope."""
    rate, slope = rng.choice([0.001, 0.02, 0.05, 0.3]), rng.choice([250.0, 0.004, 17.0, 0.6])
    question = f"The learning rate is {rate:g}, a weight's first slope is {slope:g}. How far does `microgpt.Adam` move the weight in its first step?"
    way = (
        f"{slope:g} over the root of its square is 1, after bias correction of both; times the "
        f"learning rate that is {rate:g}."
    )
    return Fresh(question, rate, way, tolerance=1e-3 * rate)


prediction(
    "7.2", "How far is the first step?", difficulty=1, minutes=5, again=fresh_step,
    asked={"steep": _first_step(1000.0), "flat": _first_step(0.001)},
)  # fmt: skip


@solution(
    "7.3", "A mean that forgets", difficulty=2, minutes=10,
    cases=lambda draw: [
        ([4.0], 0.5), ([4.0, 4.0], 0.9),
        *((draw.numbers(n, -9, 9), beta) for n, beta in ((3, 0.9), (5, 0.6), (4, 0.85))),
    ],
    slips={
        "mean / part -> mean": "the bias is not corrected: divide each mean by `1 - beta**count`.",
        "found.append(mean / part) -> mean = mean / part⏎        found.append(mean)": "the corrected mean is carried on; correct a copy, carry on the mean itself.",
        "(1 - beta) * number -> beta * number\nbeta * mean -> (1 - beta) * mean": "`beta` and `1 - beta` are swapped: beta is what the old mean keeps.",
        "(1 - beta) * number -> beta * number\nbeta * mean -> (1 - beta) * mean\nbeta**count -> (1 - beta) ** count": "`beta` and `1 - beta` are swapped: beta is what the old mean keeps.",
        "beta**count -> beta": "every mean is divided by the same `1 - beta`; the divisor grows with the count, `1 - beta**count`.",
        "mean = beta * mean + share -> mean = mean + number\nmean / part -> mean / count": "that is the plain mean, in which all numbers count alike; `beta` is not used.",
        "mean, found = 0.0, [] -> mean, found = numbers[0], []\nmean / part -> mean": "you begin at the first number, which then weighs too much; begin at 0 and divide.",
        "beta**count -> beta ** len(numbers)": "every mean is divided as if all numbers had been seen: count along, `1 - beta**count`.",
        "numbers, 1) -> numbers)": "the first divisor is 0: the first number has the count 1, and its divisor is `1 - beta**1`.",
        "return found -> return [sum(beta**i * x for i, x in enumerate(numbers[:t])) / sum(beta**i for i in range(t)) for t in range(1, len(numbers) + 1)]": "the oldest number counts most in yours; the newest counts most, and each older one beta times as much.",
        "return found -> return found[-1]": "that is the last mean alone; the mean after *each* number is asked for, as a list.",
    },
)  # fmt: skip
def running_means(numbers, beta):
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        share = (1 - beta) * number  # 1 - beta of the new number
        mean = beta * mean + share  # added to beta of the mean so far
        part = 1 - beta**count  # the share that it has seen, 1 - beta**count
        found.append(mean / part)  # each mean divided by its own share, into the list
    return found


@solution(
    "7.4", "The weight that stands still", difficulty=2, minutes=10, kind="find the bug",
    extra=True, tolerance=1e-6,
    cases=lambda draw: [
        ([2.0, -3.0],), ([-0.00001, 4.0],), ([3.0, -0.0001, 0.0],), ([0.0000001, -6.0],), ([1.0, -0.25], 0.75),
        (draw.numbers(3), 0.1), (draw.numbers(4, -1, 1, 2), 0.03),
    ],
    slips={
        **{f"(s**2) ** 0.5 -> (s**2 + {eps}) ** 0.5\nr + eps for -> r for": "eps is added under the root: add it behind the root, as it is." for eps in ("eps", "eps**2", "1e-8", "1e-16")},
        "r + eps for r in roots -> s**2 + eps for s in slopes": "the root is gone: the scale is the root of the square.",
        "[s / b for s, b in zip(slopes, below)] -> [s / r + eps for s, r in zip(slopes, roots)]": "eps is added to the quotient: put the root and eps into one pair of parentheses.",
        "[s / b for -> [abs(s) / b for": "the sign of the slope is lost.",
        "(s**2) ** 0.5 -> s": "the scale must not be negative: square first, then the root.",
        "zip(slopes, below)] -> zip(slopes, below) if s]": "slopes of 0 are left out; each slope has its step, and that of 0 is 0.",
    },
)  # fmt: skip
def first_steps(slopes, eps=1e-8):
    roots = [(s**2) ** 0.5 for s in slopes]  # the root of each slope's square
    below = [r + eps for r in roots]  # eps added behind the root
    return [s / b for s, b in zip(slopes, below)]  # each slope divided by that


def weights_after(
    optimizer: Any, starts: list[float], slopes: list[list[float]], rate: float
) -> list[list[float]]:
    """Let an optimiser class make a step for each row of slopes; the weights after each."""
    weights = [Value(start) for start in starts]
    made, path = optimizer(list(weights)), []
    for row in slopes:
        for weight, slope in zip(weights, row):
            weight.grad = slope
        made.step(rate)
        path.append([weight.data for weight in weights])
    return path


def _require_class(answer: Any) -> None:
    if not isinstance(answer, type):
        made = "your object" if hasattr(answer, "step") else "what was given"
        message = f"the check needs your class itself, {made} is no class."
        raise Wrong(message, cause="pass its name, `MyAdam`, without parentheses after it.")
    if not hasattr(answer, "step"):
        raise Wrong("your class has no method `step`.", cause="the method must be called `step`.")


def _require_zeroed(answer: Any) -> None:
    """After a step every gradient is 0, and the weights hold plain numbers."""
    weights = [Value(1.0), Value(3.0)]
    made = answer(weights)
    for weight in weights:
        weight.grad = 2.0
    made.step(0.1)
    require(
        not any(hasattr(weight.data, "grad") for weight in weights),
        "after a step a weight's `data` is itself a node.",
        "moments are plain numbers, made of `p.grad` and `p.data`: begin them with 0.0.",
    )
    left = [weight.grad for weight in weights]
    require(
        left == [0, 0],
        f"after a step, the gradients are {left}, expected [0, 0].",
        "gradients add up: set each back to 0, or the next backward adds to the old one.",
    )


BETAS = "beta1 and beta2 are other numbers here: 0.85 and 0.99."
NO_M_PART, NO_V_PART = " / (1 - self.beta1**self.t) -> ", " / (1 - self.beta2**self.t) -> "


@solution(
    "7.5", "Your own Adam", difficulty=3, minutes=25,
    cases=lambda draw: [
        ([0.5, -1.5], [[0.5, -3.0], [0.25, 0.7], [-0.9, 1.8]], 0.2),
        ([1.5, -2.5], [[3e-5, 0.0]], 0.1),
        (draw.numbers(3), [draw.numbers(3, -9, 9) for _ in range(4)], 0.05),
        # a weight that coasts on without a slope, and one whose steps are longer than the rate
        ([0.5, -1.5], [[0.7, 0.0], *[[0.0, 0.0]] * 8, *[[0.0, 4.0]] * 8], 0.1),
    ],
    run=weights_after, show_as="weights {0}, slopes {1}, steps of {2}: MyAdam", tolerance=1e-6,
    before=_require_class, then=_require_zeroed,
    slips={
        f"{NO_M_PART}\n{NO_V_PART}": "the bias correction is missing: divide m by 1 - beta1**t, v by 1 - beta2**t.",
        "m_hat = self -> m_hat = self.m[i] = self\nv_hat = self -> v_hat = self.v[i] = self": "the corrected means are carried on: correct copies, keep m and v as they are.",
        "v_hat**0.5 -> v_hat": "the root is missing: divide by the *root* of the corrected v.",
        "p.grad**2 -> abs(p.grad)": "v is the running mean of the *squared* slopes.",
        "enumerate(self.params): -> ((0, p) for p in self.params):": "all weights share one m and v: each needs its own, in a list.",
        "self.t += 1 -> pass\nself.params): -> self.params):⏎            self.t += 1": "the counter goes up once a step, not once a weight.",
        "self.t += 1 -> pass": "t is 0 in the first step, and 1 - beta ** 0 is 0: count from 1.",
        "beta1=0.85, beta2=0.99 -> beta1=0.9, beta2=0.999": BETAS,
        "beta1=0.85 -> beta1=0.9": BETAS,
        "beta1=0.85, beta2=0.99 -> beta1=0.99, beta2=0.85": "beta1 (0.85) belongs to m and beta2 (0.99) to v: yours are swapped.",
        "self.t += 1 -> self.t += 1; self.m = [0.0] * len(self.m); self.v = [0.0] * len(self.v)": "m and v begin at 0 in every step: make them once, in `__init__`, and store there what becomes of them.",
        "p.data -= learning -> data = p.data - learning": "no weight has moved: is the step taken off `p.data` of the nodes themselves, and `grad` read before it is set to 0?",
        " + self.eps -> ": "eps is missing: without it a slope of 0 divides by 0.",
        "v_hat**0.5 + self.eps -> (v_hat + self.eps) ** 0.5": "eps belongs behind the root, not inside it (exercise 7.4).",
    },
)  # fmt: skip
class MyAdam:
    def __init__(self, params, beta1=0.85, beta2=0.99, eps=1e-8):
        self.params, self.t = params, 0
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [0.0] * len(params)
        self.v = [0.0] * len(params)

    def step(self, learning_rate):
        self.t += 1
        for i, p in enumerate(self.params):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * p.grad  # m, mean of the slopes
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * p.grad**2  # v, of their squares
            m_hat = self.m[i] / (1 - self.beta1**self.t)  # m, corrected
            v_hat = self.v[i] / (1 - self.beta2**self.t)  # v, corrected
            below = v_hat**0.5 + self.eps  # the root of the corrected v, and eps
            p.data -= learning_rate * m_hat / below  # the rate times m over that, off each weight
            p.grad = 0


STRAIGHT = "that falls {}; a straight line is asked for."


def steps_ahead(learning_rate, step, num_steps):  # noqa: D103
    ahead = num_steps - step  # the steps that are ahead
    return learning_rate * ahead / num_steps  # the rate times them, over all steps


@solution(
    "7.6", "A rate that falls", difficulty=1, minutes=5, roads=[steps_ahead],
    cases=lambda draw: [
        (0.01, 0, 4), (0.01, 1, 4), (0.5, 3, 10), (1.0, 249, 250), (0.25, 37, 1000),
        *((draw.number(0, 1, 2), draw.whole(3, 9), draw.whole(12, 40)) for _ in range(3)),
    ],
    slips={
        "1 - done -> done": "yours grows from 0; it must start at the full rate and fall.",
        "step / -> (step + 1) /": "step is counted from 0 already: at step 0 the rate is the full one.",
        "/ num_steps -> / (num_steps - 1)": "yours is 0 at the last step, which would then learn nothing: divide by num_steps.",
        "step / num -> step // num": "the rate stays the same: take the share `step / num_steps` off (`//` would round it down to 0).",
        "learning_rate * left -> left": "the learning rate itself is missing.",
        "learning_rate * left -> learning_rate - done": "the share goes off the rate; take it off 1, in parentheses, and multiply the rate.",
        "learning_rate * left -> learning_rate / (1 + step)": STRAIGHT.format("as 1/2, 1/3, ..."),
        "learning_rate * left -> learning_rate / 2**step": "that halves the rate in each step; a straight line is asked for.",
        "learning_rate * left -> learning_rate * (1 + math.cos(math.pi * done)) / 2": STRAIGHT.format("along a cosine"),
        "learning_rate * left -> learning_rate * (1 - 1 / num_steps) ** step": STRAIGHT.format("by a share of what is left, ever less"),
        **{f"learning_rate * left -> round(learning_rate * left, {new})": ROUNDED for new in ("2", "3", "4")},
    },
)  # fmt: skip
def my_decay(learning_rate, step, num_steps):
    done = step / num_steps  # the share of the steps that is done
    left = 1 - done  # the share that is left
    return learning_rate * left  # the learning rate times that
