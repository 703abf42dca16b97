"""Checks of chapter 07: a step down, running means, Adam, epsilon, decay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.flawed import (
    adam_path,
    corrected_in_place,
    drive,
    from_the_first,
    multiplied,
    plain_means,
    same_correction,
    swapped,
    uncorrected,
)
from microgpt.autograd import Value
from microgpt.optim import Adam, linear_decay

Floats = list[float]


def sgd_step(weights: Sequence[float], slopes: Sequence[float], learning_rate: float) -> Floats:
    """Every weight one step against its slope."""
    return [w - learning_rate * slope for w, slope in zip(weights, slopes)]


@exercise("7.1", "One step down", difficulty=1, minutes=5)
def check_sgd_step(answer: Any) -> None:
    """Check ``sgd_step(weights, slopes, learning_rate)``."""
    expect_calls(
        answer,
        sgd_step,
        cases=[([1.0], [4.0], 0.5), ([1.0, -2.0], [0.5, -4.0], 0.25)],
        causes=[
            gives(
                lambda w, s, lr: [a + lr * b for a, b in zip(w, s)],
                "you go up: the slope points where the loss grows, so subtract it.",
            ),
            gives(
                lambda w, s, lr: [a - b for a, b in zip(w, s)],
                "the learning rate is not used: multiply each slope by it.",
            ),
            gives(
                lambda w, s, lr: [lr * b for b in s],
                "that is how far to go; the answer is where the weight is then.",
            ),
            gives(
                lambda w, s, lr: list(w),
                "the weights came back as they were: `w -= ...` in a loop changes the loop's own "
                "name `w`, not the list. Collect the new ones.",
            ),
        ],
    )


def running_means(numbers: Sequence[float], beta: float) -> Floats:
    """The running mean after each number, with its bias corrected."""
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        mean = beta * mean + (1 - beta) * number
        found.append(mean / (1 - beta**count))
    return found


@exercise("7.3", "A mean that forgets", difficulty=2, minutes=10)
def check_running_means(answer: Any) -> None:
    """Check ``running_means(numbers, beta)``."""
    expect_calls(
        answer,
        running_means,
        cases=[([4.0], 0.5), ([4.0, 4.0], 0.9), ([1.0, 0.0, 2.0, -1.0], 0.85)],
        causes=[
            gives(uncorrected, "the bias is not corrected: divide each mean by `1 - beta**count`."),
            gives(
                corrected_in_place,
                "the corrected mean is carried on; correct a copy, carry on the mean itself.",
            ),
            gives(swapped, "`beta` and `1 - beta` are swapped: beta is what the old mean keeps."),
            gives(
                same_correction,
                "every mean is divided by `1 - beta`; the divisor grows: `1 - beta**count`.",
            ),
            gives(multiplied, "you multiply by the share that the mean has seen; divide by it."),
            gives(
                plain_means,
                "that is the plain mean, in which all numbers count alike; `beta` is not used.",
            ),
            gives(
                from_the_first,
                "you begin at the first number, which then weighs too much; begin at 0 and divide.",
            ),
            raises(
                ZeroDivisionError,
                "`beta**0` is 1, and 1 - 1 divides by zero: count the first number as 1, not 0.",
            ),
        ],
    )


@exercise("7.2", "How far is the first step?", difficulty=1, minutes=5, kind="predict")
def check_first_step(steep: Any, flat: Any) -> None:
    """Check the two predicted distances: slopes 1000 and 0.001, learning rate 0.01."""
    causes = [
        gives(10.0, "that is learning rate times slope, SGD's step; Adam divides by the scale."),
        gives(0.00001, "that is learning rate times slope, SGD's step; Adam divides by the scale."),
        gives(
            0.015,
            "that is the step without bias correction: 0.15 of the slope over 0.1 of its size.",
        ),
        gives(1.0, "the slope over its own size is 1; the learning rate still multiplies it."),
        gives(-0.01, "the way is right, and its length is asked for: a positive number."),
    ]
    for answer in (steep, flat):
        expect_value(answer, 0.01, causes=causes, tolerance=1e-4)


@exercise("7.5", "Your own Adam", difficulty=3, minutes=25)
def check_adam(answer: Any) -> None:
    """Check a class ``MyAdam(params)`` with ``step(learning_rate)`` against `microgpt.Adam`."""
    if not isinstance(answer, type):
        raise Wrong("the check needs your class itself: its name, without parentheses after it.")
    flaws = {
        "uncorrected": "the bias is not corrected: divide by `1 - beta1**t` and `1 - beta2**t`.",
        "shared": "both weights share one m and one v: keep a list with an entry for each weight.",
        "no root": "you divide by v itself: its unit is slope squared, so take the square root.",
        "carried on": "the corrected m and v are stored; correct copies, keep m and v themselves.",
        "uphill": "you go up: subtract the step.",
        "no rate": "the learning rate does not multiply the step.",
        "no momentum": "you step along the slope itself; step along its running mean m.",
        "no scale": "the step is not divided by the root of v.",
        "not squared": "v is the running mean of the *squared* slopes.",
        "counted per weight": "the counter goes up once a step, not once a weight.",
        "other betas": "beta1 and beta2 are other numbers here: 0.85 and 0.99.",
        "swapped betas": "beta1 (0.85) belongs to m and beta2 (0.99) to v: yours are swapped.",
        "stands still": "no weight has moved: subtract the step from `p.data`.",
    }
    causes = [gives(adam_path(flaw), text) for flaw, text in flaws.items()]
    causes.append(
        when(
            lambda got, _: any(isinstance(x, complex) for row in got for x in row),
            "the root of a negative number is complex: v is the mean of the *squared* slopes.",
        )
    )
    causes.append(
        raises(
            ZeroDivisionError,
            "the first step must count as 1: `1 - beta1**0` is zero. (Or is eps missing?)",
        )
    )
    text = "two weights after 3 steps of 0.1"
    expect(text, lambda: drive(answer), drive(Adam), causes=causes, tolerance=1e-9)
    tiny = Value(1.0)
    made = answer([tiny])
    tiny.grad = 1e-5
    made.step(0.1)
    require(
        abs(1.0 - tiny.data - 0.1 / 1.001) < 1e-6,
        f"a slope of 0.00001 moves a weight by {1.0 - tiny.data:.4f}, expected 0.0999.",
        "eps belongs behind the root, not inside it (exercise 7.4).",
    )
    weight = Value(1.0)
    made = answer([weight, Value(3.0)])
    weight.grad = 2.0
    made.step(0.1)
    require(
        weight.grad == 0,
        f"after a step, grad is {weight.grad}, expected 0.",
        "gradients add up: set each back to 0, or the next backward adds to the old one.",
    )


def right_scale(slopes: Sequence[float], eps: float = 1e-8) -> Floats:
    """The first steps of Adam for these slopes, in learning rates."""
    return [slope / ((slope**2) ** 0.5 + eps) for slope in slopes]


@exercise(
    "7.4",
    "The weight that stands still",
    difficulty=2,
    minutes=10,
    kind="find the bug",
    extra=True,
)
def check_scale(answer: Any) -> None:
    """Check ``first_steps(slopes)``, repaired: eps outside the root."""
    expect_calls(
        answer,
        right_scale,
        cases=[([2.0],), ([0.00001],), ([3.0, -0.0001, 0.0],)],
        tolerance=1e-6,
        causes=[
            gives(
                lambda slopes: [s / (s**2 + 1e-8) ** 0.5 for s in slopes],
                "eps stands inside the root, where it counts as its square root, 0.0001: small "
                "slopes drown in it.",
            ),
            gives(
                lambda slopes: [(s > 0) - (s < 0) for s in slopes],
                "eps has no effect: add it to the root, both in one pair of parentheses. (Without "
                "it a slope of 0 divides by 0.)",
            ),
            raises(ZeroDivisionError, "without eps, a slope of 0 divides by 0: keep it, move it."),
            gives(
                lambda slopes: [s / (s**2 + 1e-8) for s in slopes],
                "the root is gone: the scale is the root of the mean square.",
            ),
            gives(
                lambda slopes: [1.0 if s else 0.0 for s in slopes],
                "the sign of the slope is lost.",
            ),
        ],
    )


def _decay_variants() -> list[tuple[Callable[..., float], str]]:
    return [
        (
            lambda lr, step, n: lr * step / n,
            "yours grows from 0; it must start at the full rate and fall.",
        ),
        (
            lambda lr, step, n: lr * (1 - (step + 1) / n),
            "step is counted from 0 already: at step 0 the rate is the full one.",
        ),
        (
            lambda lr, step, n: lr * (1 - step / (n - 1)),
            "yours is 0 at the last step, which would then learn nothing: divide by num_steps.",
        ),
        (lambda lr, step, n: lr * (1 - step // n), "`//` rounds down to 0: use `/`."),
        (lambda lr, step, n: 1 - step / n, "the learning rate itself is missing."),
        (
            lambda lr, step, n: lr - step / n,
            "the share goes off the rate; take it off 1, in parentheses, and multiply the rate.",
        ),
        (lambda lr, step, n: lr * (n - step), "you count the steps ahead; divide by num_steps."),
    ]


@exercise("7.6", "A rate that falls", difficulty=1, minutes=5)
def check_decay(answer: Any) -> None:
    """Check ``my_decay(learning_rate, step, num_steps)``."""
    expect_calls(
        answer,
        linear_decay,
        cases=[(0.01, 0, 4), (0.01, 1, 4), (0.5, 3, 10), (1.0, 999, 1000)],
        causes=[gives(wrong, text) for wrong, text in _decay_variants()],
    )
