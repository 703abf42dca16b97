"""Checks of chapter 02: chain rule, nudging, the wrong walk, a backward of one's own, a fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.checking import (
    expect_calls,
    expect_value,
    gives,
    raises,
    when,
)
from classroom.exercises.kit.comparing import is_number
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared import sorts, walks
from classroom.exercises.shared.graphs import expect_prediction, slopes
from microgpt.autograd import Value


@exercise("2.1", "Along one path", difficulty=1, minutes=3, kind="predict")
def check_one_path(dz_dx: Any) -> None:
    """Check dz/dx of ``y = 3 * x; z = y ** 2`` at x = 5."""
    x = Value(5)
    y = 3 * x
    z = y**2
    first, second = slopes(y, [x])[0], slopes(z, [y])[0]
    expect_value(
        dz_dx,
        slopes(z, [x])[0],
        causes=[
            gives(second, "that is the last step alone, from y to z; x is one step further back."),
            gives(first, "that is the first step alone, from x to y."),
            gives(first + second, "slopes along one path are multiplied; paths are added."),
            gives(z.data, "that is z itself; how fast it grows is asked."),
            gives(first * y.data, "the slope of y ** 2 is 2 * y, not y."),
            gives(2 * 5, "the slope of the square is taken where y is, at 15, and then times 3."),
        ],
    )


@exercise("2.2", "Children first", difficulty=2, minutes=15, own=("topological_sort",))
def check_sort(answer: Any) -> None:
    """Check ``sort_nodes(root)`` on graphs in which each known mistake shows."""
    sorts.check_sort(answer)


def nudged(f: Callable[..., float], inputs: Sequence[float]) -> list[float]:
    """Slope of ``f(*inputs)`` with respect to each input, by a nudge to both sides."""
    h, result = 1e-5, []
    for i in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[i] += h
        down[i] -= h
        result.append((f(*up) - f(*down)) / (2 * h))
    return result


def _all_at_once(f: Callable[..., float], inputs: Sequence[float]) -> list[float]:
    h = 1e-5
    slope = (f(*[x + h for x in inputs]) - f(*[x - h for x in inputs])) / (2 * h)
    return [slope] * len(inputs)


def _pile_up(f: Callable[..., float], inputs: Sequence[float]) -> list[float]:
    h, moved, result = 1e-5, list(inputs), []
    before = f(*moved)
    for i in range(len(moved)):
        moved[i] += h
        result.append((f(*moved) - before) / h)
    return result


def _shrunk(got: Sequence[float], expected: Sequence[float], factor: float) -> bool:
    return all(0 < abs(g) < factor * abs(e) for g, e in zip(got, expected))


def running_example(a: float, b: float) -> float:
    """L of both chapters."""
    return a * b + a


def parabola(x: float) -> float:
    """A function of one number."""
    return x * x


def weighted(x: float, y: float, z: float) -> float:
    """A function of three numbers."""
    return 2 * x - 3 * y + x * y * z


@exercise("2.3", "All slopes by nudging", difficulty=2, minutes=10, extra=True)
def check_nudged(answer: Any) -> None:
    """Check ``nudged(f, inputs)``."""
    expect_calls(
        answer,
        nudged,
        cases=[(parabola, [3.0]), (running_example, [2.0, 3.0]), (weighted, [1.0, -2.0, 0.5])],
        tolerance=1e-3,
        causes=[
            gives(
                lambda f, inputs: [2 * s for s in nudged(f, inputs)],
                "the two nudges lie `2 * h` apart.",
            ),
            gives(
                lambda f, inputs: [s / 2 for s in nudged(f, inputs)],
                "one nudge, of size h: divide by `h`, not by `2 * h`.",
            ),
            gives(
                lambda f, inputs: [-s for s in nudged(f, inputs)],
                "the nudged value comes first: `f(x + h) - f(x)`.",
            ),
            gives(_all_at_once, "all inputs are nudged together; nudge one, leave the others."),
            gives(_pile_up, "put each input back before you nudge the next."),
            when(
                lambda got, _: got and not any(got),
                "nothing changed: `up = inputs` is a second name for the same list; copy it with "
                "`list(inputs)`.",
            ),
            when(
                lambda got, expected: len(got) == len(expected) and _shrunk(got, expected, 1e-7),
                "`/ 2 * h` divides by 2 and multiplies by h: write `/ (2 * h)`.",
            ),
            when(
                lambda got, expected: (
                    len(got) == len(expected)
                    and all(abs(g) < 1e-2 < abs(e) for g, e in zip(got, expected, strict=True))
                ),
                "the change has to be divided by the size of the nudge.",
            ),
            when(
                lambda got, expected: (
                    len(got) == len(expected)
                    and all(abs(g - e) < 0.5 * abs(e) for g, e in zip(got, expected))
                ),
                "near, but the nudge is too coarse or too fine: `h = 1e-5` is a good one.",
            ),
            raises(TypeError, "f takes its inputs one by one, as numbers: `f(*inputs)`."),
        ],
    )


@exercise("2.4", "Who handed on too early?", difficulty=2, minutes=8, kind="find the bug")
def check_too_early(node: Any, had: Any, complete: Any) -> None:
    """Check the diagnosis of the walk without an order on ``c = a * b; L = c * c + c``."""
    a, b = Value(2), Value(3)
    c = a * b
    square = c * c
    loss = square + c
    expect_value(
        node,
        "c",
        causes=[
            gives("a", "a is a leaf: it hands nothing on. Its grad is wrong, but not its fault."),
            gives("b", "b is a leaf: it hands nothing on."),
            gives("L", "L is the first, and nothing uses it: it has all of its 1."),
            gives("square", "only L uses it, and L came first: its 1 is complete."),
            when(lambda got, _: True, "name one of the nodes: a, b, c, square, L."),
        ],
    )
    whole = slopes(loss, [c])[0]
    in_time = slopes(loss, [square])[0]
    expect_prediction(
        "grad of c when it handed on",
        had,
        in_time,
        {
            0: "L had already given it its share: the last `+` has slope 1.",
            whole: "that is what it ends with, when it is too late.",
            3: "that is what a received: the grad c handed on, times the slope b = 3.",
        },
    )
    expect_prediction(
        "grad of c when it is complete",
        complete,
        whole,
        {
            whole - 1: "that is the share from `c * c`; `+ c` adds one more.",
            7: "`c * c` uses c twice, and each use has the slope 6.",
            6: "`c * c` uses c twice, and `+ c` once more.",
            39: "that is a's; c's own is asked for.",
        },
    )


@exercise("2.5", "Your own backward", difficulty=3, minutes=15)
def check_backward(answer: Any) -> None:
    """Check ``my_backward(root)`` on graphs that catch each known mistake."""
    walks.check_walk(answer)


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
        when(lambda got, _: got <= 0, "a step against the slope needs a rate above 0."),
        when(lambda got, _: got > 1, "far beyond: print the first few losses."),
    ]
    if 0 < got <= 1:
        first, last = fit_losses(got, 60)[0], fit_losses(got, 60)[-1]
        causes += [
            when(lambda got, _: round(got, 2) != got, "two decimals are asked for, such as 0.05."),
            when(lambda got, _: got > right, f"the loss grows from {first:.4g} to {last:.4g}."),
            when(lambda got, _: got < right, "it learns, but a larger one still does."),
        ]
    expect_value(learning_rate, right, causes=causes)
