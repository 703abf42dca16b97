"""Checks of chapter 07: a step down, running means, Adam, epsilon, decay."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    expect_parts,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.comparing import plain
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.adam_slips import ADAM_SLIPS, adam_path, drive
from classroom.exercises.shared.flawed import (
    corrected_in_place,
    from_the_first,
    multiplied,
    plain_means,
    same_correction,
    swapped,
    uncorrected,
)
from classroom.exercises.shared.means_slips import MEANS_SLIPS, means_like
from classroom.exercises.shared.step_slips import DECAYS, SCALES, STEPS
from microgpt.autograd import Value
from microgpt.optim import Adam, linear_decay

Floats = list[float]


def sgd_step(weights: Sequence[float], slopes: Sequence[float], learning_rate: float) -> Floats:
    """Every weight one step against its slope."""
    return [w - learning_rate * slope for w, slope in zip(weights, slopes)]


@exercise("7.1", "One step down", difficulty=1, minutes=5)
def check_sgd_step(answer: Any) -> None:
    """Check ``sgd_step(weights, slopes, learning_rate)``."""
    each = [
        gives(lambda w, s, lr, one=one: [one(a, b, lr) for a, b in zip(w, s)], text)
        for one, text in STEPS
    ]
    same = (
        "the weights came back as they were: `w -= ...` in a loop changes the loop's own name `w`, "
        "not the list. Collect the new ones."
    )
    first = "every weight takes the first slope: walk through both lists with `zip`."
    expect_calls(
        answer,
        sgd_step,
        cases=[([1.0], [4.0], 0.5), ([1.0, -2.0], [0.5, -4.0], 0.25), ([3, 0.7], [1, 2], 0.1)],
        causes=[
            *each,
            gives(lambda w, s, lr: list(w), same),
            gives(lambda w, s, lr: [a - lr * s[0] for a in w], first),
            gives(lambda w, s, lr: [w[0] - lr * s[0]], "only the first weight is there: `return` "
                  "stands inside the loop."),
            gives(lambda w, s, lr: w[0] - lr * s[0], "a list is asked for, with every new weight."),
            gives(lambda w, s, lr: w[-1] - lr * s[-1], "that is the last weight alone: collect "
                  "all of them in a list."),
            raises(TypeError, "a list cannot be multiplied: go through it number by number."),
        ],
    )  # fmt: skip
    got = answer([1.0], [4.0], 0.5)
    plain = not any(hasattr(w, "grad") for w in got)
    require(plain, "sgd_step returns nodes.", "plain numbers came in; plain numbers go out.")


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
        cases=[([4.0], 0.5), ([4.0, 4.0], 0.9), ([1.0, 0.0, 2.0, -1.0], 0.85), ([3.0, 5.0], 0.4)],
        causes=[
            gives(uncorrected, "the bias is not corrected: divide each mean by `1 - beta**count`."),
            gives(
                corrected_in_place,
                "the corrected mean is carried on; correct a copy, carry on the mean itself.",
            ),
            gives(swapped, "`beta` and `1 - beta` are swapped: beta is what the old mean keeps."),
            gives(
                same_correction,
                "every mean is too large by 1 / (1 - beta): the new number comes in with the share "
                "`1 - beta`, and the divisor grows, `1 - beta**count`.",
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
            *(gives(means_like(*how), text) for how, text in MEANS_SLIPS.items()),
            raises(
                ZeroDivisionError,
                "`beta**0` is 1, and 1 - 1 divides by zero: count the first number as 1, not 0.",
            ),
        ],
    )


def _first_step(slope: float, sgd: float) -> Callable[[Any], None]:
    """The check of one of the two distances; `sgd` is what plain SGD would go."""
    sgd_text = "that is learning rate times slope, SGD's step; Adam divides by the scale."
    causes = [
        gives(sgd, sgd_text),
        gives(0.015, "that is without bias correction: 0.15 of the slope over 0.1 of its size."),
        gives(0.0015, "m is 0.15 of the slope in the first step, but bias correction brings it "
              "back to the whole of it."),
        gives(0.1, "the root of v is 0.1 of the slope's size before bias correction, but m is "
              "small as well, and both are corrected."),
        gives(0.01 * slope**0.5, "the slope is divided by the root of its *square*: nothing of its "
              "size is left."),
        gives(slope, "that is the slope itself; Adam divides it by its own size."),
        gives(1.0, "the slope over its own size is 1; the learning rate still multiplies it."),
        gives(0.0, "even a tiny slope is divided by its own size: it moves."),
        gives(-0.01, "the way is right, and its length is asked for: a positive number."),
        when(lambda got, _: isinstance(got, (int, float)), "whatever the slope, divided by its own "
             "size it is 1: what is left in the first step?"),
    ]  # fmt: skip
    return lambda answer: expect_value(plain(answer), 0.01, causes=causes, tolerance=1e-4)


@exercise(
    "7.2",
    "How far is the first step?",
    difficulty=1,
    minutes=5,
    kind="predict",
    again=lambda rng: fresh_step(rng),
)
def check_first_step(steep: Any, flat: Any) -> None:
    """Check the two predicted distances: slopes 1000 and 0.001, learning rate 0.01."""
    expect_parts(
        {
            "steep": lambda: _first_step(1000.0, 10.0)(steep),
            "flat": lambda: _first_step(0.001, 0.00001)(flat),
        }
    )


def fresh_step(rng: random.Random) -> Fresh:
    """Another learning rate and another slope."""
    rate, slope = rng.choice([0.001, 0.02, 0.05, 0.3]), rng.choice([250.0, 0.004, 17.0, 0.6])
    question = (
        f"The learning rate is {rate:g}, a weight's first slope is {slope:g}. How far does "
        "`microgpt.Adam` move the weight in its first step?"
    )
    solution = (
        f"{slope:g} over the root of its square is 1, after bias correction of both; times the "
        f"learning rate that is {rate:g}."
    )
    return Fresh(question, rate, solution, tolerance=1e-3 * rate)


@exercise("7.5", "Your own Adam", difficulty=3, minutes=25)
def check_adam(answer: Any) -> None:
    """Check a class ``MyAdam(params)`` with ``step(learning_rate)`` against `microgpt.Adam`."""
    if not isinstance(answer, type):
        made = "your object" if hasattr(answer, "step") else "what was given"
        message = f"the check needs your class itself, {made} is no class."
        raise Wrong(message, cause="pass its name, `MyAdam`, without parentheses after it.")
    causes = [gives(adam_path(slip), text) for slip, text in ADAM_SLIPS.items()]
    rooted = (
        "the root of a negative number is complex: v is the mean of the *squared* slopes, and its "
        "share is 1 - beta2**t, a power."
    )
    causes += [
        when(lambda got, _: any(isinstance(x, complex) for row in got for x in row), rooted),
        raises(ZeroDivisionError, "the first step must count as 1: `1 - beta1**0` is zero."),
        raises(TypeError, "lists cannot be multiplied: go through the weights one by one.", "list"),
        raises(AttributeError, "what must survive a step is set in `__init__`: `self.name = ...`.",
               "object has no attribute"),
    ]  # fmt: skip
    right = drive(Adam)
    expect("two weights after 3 steps of 0.2", lambda: drive(answer), right, causes=causes,
           tolerance=1e-6)  # fmt: skip
    shared = "m and v belong to the class, not to the object: make them in `__init__`."
    expect("the same with a second object of the class", lambda: drive(answer), right,
           causes=[when(lambda got, _: True, shared)], tolerance=1e-6)  # fmt: skip
    _check_small_slopes(answer)
    _check_gradients_are_zeroed(answer)


def _check_small_slopes(answer: Any) -> None:
    """A slope of 0, and one so small that eps shows."""

    def moved(slope: float) -> float:
        weight = Value(1.0)
        made = answer([weight])
        weight.grad = slope
        made.step(0.1)
        return 1.0 - float(weight.data)

    no_eps = "eps is missing: without it a slope of 0 divides by 0."
    expect("how far a slope of 0 moves a weight", lambda: moved(0.0), 0.0,
           causes=[raises(ZeroDivisionError, no_eps)])  # fmt: skip
    expect(
        "how far a slope of 0.0000001 moves a weight at rate 0.1",
        lambda: moved(1e-7),
        0.1 / 1.1,
        tolerance=1e-4,
        causes=[
            gives(0.1, no_eps.replace("a slope of 0 divides by 0", "it is 0.1")),
            gives(0.1 * 1e-7 / (1e-14 + 1e-8) ** 0.5, "eps belongs behind the root, not inside it "
                  "(exercise 7.4)."),
            gives(0.1 / 11, "eps is 1e-8 here."),
            gives(0.1 / 1.01, "eps is 1e-8 here."),
            when(lambda got, _: got != got or True, "look at eps: 1e-8, added behind the root, "
                 "once."),
        ],
    )  # fmt: skip


def _check_gradients_are_zeroed(answer: Any) -> None:
    """After a step every gradient is 0, and the weights are the same nodes."""
    weights = [Value(1.0), Value(3.0)]
    made = answer(weights)
    for weight in weights:
        weight.grad = 2.0
    made.step(0.1)
    left = [weight.grad for weight in weights]
    require(
        left == [0, 0],
        f"after a step, the gradients are {left}, expected [0, 0].",
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
        cases=[([2.0],), ([0.00001],), ([3.0, -0.0001, 0.0],), ([0.0000001],), ([1.0, -0.25], 0.5)],
        tolerance=1e-6,
        causes=[
            *(
                gives(lambda slopes, eps=1e-8, one=one: [one(s, eps) for s in slopes], text)
                for one, text in SCALES
            ),
            gives(
                lambda slopes, eps=1e-16: [s / (s**2 + eps) ** 0.5 for s in slopes],
                "a smaller eps inside the root is no way out: add it behind the root.",
            ),
            raises(ZeroDivisionError, "without eps, a slope of 0 divides by 0: keep it, move it."),
            raises(TypeError, "the check calls it with another `eps`: keep that argument.", "eps"),
        ],
    )


@exercise("7.6", "A rate that falls", difficulty=1, minutes=5)
def check_decay(answer: Any) -> None:
    """Check ``my_decay(learning_rate, step, num_steps)``."""
    expect_calls(
        answer,
        linear_decay,
        cases=[
            (0.01, 0, 4),
            (0.01, 1, 4),
            (0.5, 3, 10),
            (1.0, 999, 1000),
            (0.5, 8, 8),
            (0.03, 1, 7),
        ],
        causes=[gives(wrong, text) for wrong, text in DECAYS]
        + [raises(ZeroDivisionError, "at step 0 yours divides by 0: the share is upside down.")],
    )
