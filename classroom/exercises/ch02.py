"""Checks of chapter 02: chain rule, a sort, nudging, the wrong walk, a backward, a fit."""

from __future__ import annotations

import random
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect_parts, expect_value, gives, when
from classroom.exercises.kit.comparing import is_number
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared import nudging, own_walk, sorts
from classroom.exercises.shared.graphs import expect_prediction, slopes
from microgpt.autograd import Value

TWO_STEPS = (
    "two steps, two slopes: that of `3 * x`, and that of `y ** 2` where y is. One of them, or how "
    "they are joined, is off."
)


def fresh_path(rng: random.Random) -> Fresh:
    """Other numbers for the path of 2.1."""
    factor, x, power = rng.randint(2, 6), rng.randint(2, 5), rng.choice((2, 3))
    y = factor * x
    right = factor * power * y ** (power - 1)
    question = f"y = {factor} * x; z = y ** {power}, at x = {x}. What is dz/dx?"
    steps = f"y is {y}; the slopes are {factor} and {power} * {y} ** {power - 1}"
    return Fresh(question, right, f"{steps}: together {right}.")


@exercise("2.1", "Along one path", difficulty=1, minutes=3, kind="predict", again=fresh_path)
def check_one_path(dz_dx: Any) -> None:
    """Check dz/dx of ``y = 3 * x; z = y ** 2`` at x = 5."""
    x = Value(5)
    y = 3 * x
    z = y**2
    right = slopes(z, [x])[0]
    steps = slopes(y, [x])[0], slopes(z, [y])[0]
    expect_value(dz_dx, right, causes=_path_causes(y.data, z.data, right, *steps))


def _path_causes(y: float, z: float, right: float, first: float, second: float) -> list[Cause]:
    square = "the slope of y ** 2 is 2 * y, not "
    place = "the slope of the square is taken where y is, at 15"
    return [
        gives(second, "that is the last step alone, from y to z; x is one step further back."),
        gives(first, "that is the first step alone, from x to y."),
        gives(first + second, "slopes along one path are multiplied; paths are added."),
        gives(z, "that is z itself; how fast it grows is asked."),
        gives(y, "that is y itself; slopes are asked for."),
        gives(first * y, square + "y."),
        gives(first * z, square + "y ** 2: that is its value."),
        gives(2 * 5, place + ", and then times 3."),
        gives(2 * first * first, place + ", not at 3."),
        gives(2 * first, place + "; the 15 is missing."),
        gives(2 * 5 * y, "the slope of `3 * x` is 3, wherever x is; not 5."),
        gives(5 * y, "the slope of `3 * x` is 3, and that of y ** 2 is 2 * y."),
        gives(second * second, "the slope of `3 * x` is 3; the one of the square comes once."),
        gives(2 * z, square + "2 * y ** 2."),
        gives(-right, "the sign is turned round: if x grows, so does z."),
        gives(right / 2, square + "y."),
        gives(2 * right, "too much by a factor of 2: y is 15, and its square has the slope 30."),
        gives(right + first, "nothing is added: the slopes of one path are multiplied."),
        when(
            lambda got, _: 0 < abs(got - right) < 1,
            "a nudge that is too large, or to one side; on paper it is exact.",
        ),
        when(lambda got, _: got != got or got in (float("inf"), -float("inf")), TWO_STEPS),
        when(lambda got, _: is_number(got), TWO_STEPS),
    ]


@exercise(
    "2.2",
    "Children first",
    difficulty=2,
    minutes=15,
    own=("topological_sort", "recursive_sort"),
)
def check_sort(answer: Any) -> None:
    """Check ``sort_nodes(root)`` on graphs in which each known mistake shows."""
    sorts.check_sort(answer)


@exercise(
    "2.3",
    "All slopes by nudging",
    difficulty=2,
    minutes=10,
    extra=True,
    own=("backward", "gradient_check", "Value"),
)
def check_nudged(answer: Any) -> None:
    """Check ``nudged(f, inputs)``."""
    nudging.check_nudged(answer)


NODES = {
    "a": "a is a leaf: it hands nothing on. Its grad is wrong, but not its fault.",
    "b": "b is a leaf: it hands nothing on.",
    "L": "L is the first, and nothing uses it: it has all of its 1.",
    "square": "only L uses it, and L came first: its 1 is complete.",
}
HAD: dict[float, str] = {
    0: "L had already given it its share: the last `+` has slope 1.",
    13: "that is what it ends with, when it is too late.",
    12: "those are the two shares of `square`, which come too late; L's came in time.",
    7: "one share of `square` is in it, and none had come: `square` was still on the stack.",
    6: "`square` was still on the stack; only L had handed its share on.",
    3: "that is what a received: the grad c handed on, times the slope b = 3.",
    2: "that is the slope of a's other factor, or of b; L gave c one share of 1.",
    39: "that is a's in the end; c's own is asked for.",
}
COMPLETE: dict[float, str] = {
    12: "that is the share from `c * c`; `+ c` adds one more.",
    7: "`c * c` uses c twice, and each use has the slope 6.",
    6: "`c * c` uses c twice, and `+ c` once more.",
    1: "that is what it had; the two shares of `square` are missing.",
    2: "each share is the slope of its step, and `c * c` has the slope 6, twice.",
    3: "there are three shares, but not of 1 each: `c * c` has the slope 6, twice.",
    36: "that is `square`, the number; the slopes of `c * c` are 6 and 6, and they are added.",
    37: "the two shares of `c * c` are added, 6 and 6, not multiplied.",
    42: "that is L, the number; the gradient of c is asked for.",
    39: "that is a's; c's own is asked for.",
    26: "that is b's; c's own is asked for.",
    14: "one too many: 1 from L, and 6 twice from `square`.",
    18: "`c * c` has two arrows from c, of slope 6 each, and L one of slope 1.",
}
SHARES = "a share is the slope of the step times the grad of the user: 1 from L, 6 twice from "


@exercise("2.4", "Who handed on too early?", difficulty=2, minutes=8, kind="find the bug")
def check_too_early(node: Any, had: Any, complete: Any) -> None:
    """Check the diagnosis of the walk without an order on ``c = a * b; L = c * c + c``."""
    a, b = Value(2), Value(3)
    c = a * b
    square = c * c
    loss = square + c
    whole, in_time = slopes(loss, [c])[0], slopes(loss, [square])[0]
    expect_parts(
        {
            "node": lambda: _check_early_node(node),
            "had": lambda: expect_prediction(
                "grad of c when it handed on",
                had,
                in_time,
                HAD,
                otherwise="only L had had its turn before c: what did L hand to it?",
            ),
            "complete": lambda: expect_prediction(
                "grad of c when it is complete",
                complete,
                whole,
                COMPLETE,
                otherwise=SHARES + "`square`.",
            ),
        }
    )


def _check_early_node(node: Any) -> None:
    expect_value(
        node,
        "c",
        causes=[
            *(gives(name, text) for name, text in NODES.items()),
            when(lambda got, _: True, "name one of the nodes: a, b, c, square, L."),
        ],
    )


@exercise(
    "2.5",
    "Your own backward",
    difficulty=3,
    minutes=15,
    own=("backward", "topological_sort", "recursive_sort", "backward_on_a_stack"),
)
def check_backward(answer: Any) -> None:
    """Check ``my_backward(root)`` on graphs that catch each known mistake."""
    own_walk.check_walk(answer)


XS, YS = [0, 1, 2, 3, 4], [1.2, 2.9, 5.1, 6.8, 9.0]
"""The five points of the chapter's straight line."""


def fit_losses(learning_rate: float, steps: int) -> list[float]:
    """Mean squared error of the line before each step of descent from w = b = 0, in floats."""
    w, b, losses, n = 0.0, 0.0, [], len(XS)
    for _ in range(steps):
        errors = [w * x + b - y for x, y in zip(XS, YS)]
        losses.append(sum(e * e for e in errors) / n)
        w -= learning_rate * 2 * sum(e * x for e, x in zip(errors, XS)) / n
        b -= learning_rate * 2 * sum(errors) / n
    return losses


def largest_rate() -> float:
    """The largest learning rate with two decimals whose loss does not grow."""
    learns = [k for k in range(1, 31) if fit_losses(k / 100, 60)[-1] < fit_losses(k / 100, 2)[0]]
    return max(learns) / 100


@exercise("2.6", "How large a step?", difficulty=2, minutes=10, kind="experiment", extra=True)
def check_largest_rate(learning_rate: Any) -> None:
    """Check the largest learning rate (two decimals) with which the line still learns."""
    right = largest_rate()
    got = float(learning_rate) if is_number(learning_rate) else 0.0
    causes = [
        when(lambda got, _: is_number(got) and got <= 0, "a step against the slope needs a rate "
             "above 0."),
        when(lambda got, _: is_number(got) and got > 1, "far beyond: print the first few losses."),
    ]  # fmt: skip
    if 0 < got <= 1:
        first, last = fit_losses(got, 60)[0], fit_losses(got, 60)[-1]
        causes += [
            when(lambda got, _: round(got, 2) != got, "two decimals are asked for, such as 0.05."),
            when(lambda got, _: got > right, f"the loss grows from {first:.4g} to {last:.4g}."),
            when(lambda got, _: got < right, "it learns, but a larger one still does."),
        ]
    expect_value(learning_rate, right, causes=causes)
