"""Slopes by nudging, rightly and in the ways that go wrong: exercise 2.3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, Raised, outcome
from classroom.exercises.kit.checking import expect_calls, gives, raises, remark, when
from classroom.exercises.kit.comparing import is_number, plain
from classroom.exercises.kit.verdicts import require_function

Function = Callable[..., float]
H = 1e-5
TOLERANCE = 2e-3
"""A nudge of 0.001 to both sides, or of 0.0001 to one, is good enough."""


def parabola(x: float) -> float:
    """A function of one number."""
    return x * x


def fourth_power(x: float) -> float:
    """A function on which a nudge of 0.1 to both sides is seen to be too coarse."""
    return x**4


def running_example(a: float, b: float) -> float:
    """L of both chapters."""
    return a * b + a


def once_and_twice(a: float, b: float) -> float:
    """A function whose slopes differ where its inputs are equal."""
    return a * b * b


def weighted(x: float, y: float, z: float) -> float:
    """A function of three numbers."""
    return 2 * x - 3 * y + x * y * z


CASES: tuple[tuple[Function, list[float]], ...] = (
    (parabola, [3.0]),
    (fourth_power, [1.5]),
    (running_example, [2.0, 3.0]),
    (once_and_twice, [2.0, 2.0]),
    (weighted, [1.0, -2.0, 0.5]),
    (weighted, [0.0, -2.0, 0.5]),
)


def nudged(f: Function, inputs: Sequence[float]) -> list[float]:
    """Slope of ``f(*inputs)`` with respect to each input, by a nudge to both sides."""
    return _nudged_at(f, inputs, range(len(inputs)))


def _nudged_at(f: Function, inputs: Sequence[float], places: Sequence[int]) -> list[float]:
    result = []
    for i in places:
        up, down = list(inputs), list(inputs)
        up[i] += H
        down[i] -= H
        result.append((f(*up) - f(*down)) / (2 * H))
    return result


def all_at_once(f: Function, inputs: Sequence[float]) -> list[float]:
    """All inputs moved together: wrong."""
    slope = (f(*[x + H for x in inputs]) - f(*[x - H for x in inputs])) / (2 * H)
    return [slope] * len(inputs)


def pile_up(f: Function, inputs: Sequence[float]) -> list[float]:
    """No input put back: wrong."""
    moved, result = list(inputs), []
    before = f(*moved)
    for i in range(len(moved)):
        moved[i] += H
        result.append((f(*moved) - before) / H)
    return result


def by_first_place(f: Function, inputs: Sequence[float]) -> list[float]:
    """The place of an input looked up by its number: wrong where two are equal."""
    result = []
    for x in inputs:
        up = list(inputs)
        up[inputs.index(x)] += H
        result.append((f(*up) - f(*inputs)) / H)
    return result


def _moved(inputs: Sequence[float], place: int, h: float) -> list[float]:
    return [x + h * (i == place) for i, x in enumerate(inputs)]


def _of(change: Callable[[float, float], float]) -> Callable[..., list[float]]:
    """The right slopes, each changed in the same way: a function of slope and input."""
    return lambda f, inputs: [change(s, x) for s, x in zip(nudged(f, inputs), inputs)]


def check_nudged(answer: Any) -> None:
    """Raise ``Wrong`` unless ``answer(f, inputs)`` gives the slopes."""
    require_function(answer, CASES)
    expect_calls(
        answer, nudged, cases=CASES, tolerance=TOLERANCE, causes=[*_nothing(answer), *CAUSES]
    )
    worst = max(
        abs(got - right)
        for f, inputs in CASES
        for got, right in zip(plain(answer(f, list(inputs))), nudged(f, inputs))
    )
    if worst > 1e-7:
        remark("a nudge to both sides, 1e-5 up and 1e-5 down, comes a thousand times closer.")


def _nothing(answer: Any) -> list[Cause]:
    """What it means that every slope is 0: tried with a list and a function that watch."""
    calls: list[tuple[float, ...]] = []

    def watched(*args: float) -> float:
        calls.append(args)
        return parabola(*args)

    inputs = [3.0]
    if isinstance(outcome(answer, (watched, inputs)), Raised):
        return []
    if not calls:
        text = "f is never called: its slopes show only in what it gives."
    elif inputs != [3.0]:
        text = "nothing changed: `up = inputs` is a second name for the same list; copy it with "
        text += "`list(inputs)`."
    elif set(calls) == {(3.0,)}:
        text = "f was called at the inputs as they are, never beside them: the nudge is lost in "
        text += "rounding (far below 1e-15), taken back, or made on another list than f gets."
    elif len(set(calls)) == 1:
        text = "both calls of f are at the same nudged place: one up, the other down or not at all."
    else:
        text = "the two results are not compared: the difference is divided by the nudge."
    return [when(lambda got, expected: len(got) == len(expected) and not any(got), text)]


def _below(got: Sequence[float], expected: Sequence[float], factor: float) -> bool:
    return len(got) == len(expected) and all(
        abs(g) < factor * abs(e) for g, e in zip(got, expected) if abs(e) > 0.1
    )


def _mentions(attempt: Attempt, *words: str) -> bool:
    error = attempt.got.error if isinstance(attempt.got, Raised) else None
    return isinstance(error, TypeError) and any(word in str(error) for word in words)


CAUSES: list[Cause] = [
    gives(_of(lambda s, x: 2 * s), "the two nudges lie `2 * h` apart."),
    gives(_of(lambda s, x: s / 2), "one nudge, of size h: divide by `h`, not by `2 * h`."),
    gives(
        lambda f, inputs: [
            f(*_moved(inputs, i, H)) - f(*_moved(inputs, i, -H)) / (2 * H)
            for i in range(len(inputs))
        ],
        "the division takes the second term only: put brackets round the difference.",
    ),
    *(
        gives(
            lambda f, inputs, h=h, low=low: [
                (f(*_moved(inputs, i, h)) - f(*_moved(inputs, i, low))) / (h - low)
                for i in range(len(inputs))
            ],
            "the nudge is far too large: `h = 1e-5` is a good one.",
        )
        for h, low in ((1, -1), (1, 0), (0.5, -0.5), (0.5, 0))
    ),
    gives(_of(lambda s, x: -s), "the nudged value comes first: `f(x + h) - f(x)`."),
    gives(_of(lambda s, x: s * x), "the input is multiplied, not nudged: add `h` to it."),
    gives(lambda f, inputs: nudged(f, inputs)[::-1], "the last slope comes first: keep the order."),
    gives(lambda f, inputs: [f(*inputs)] * len(inputs), "that is f itself; its change is asked."),
    gives(lambda f, inputs: f(*inputs), "that is f itself; its change is asked for."),
    gives(all_at_once, "all inputs are nudged together; nudge one, leave the others."),
    gives(pile_up, "put each input back before you nudge the next."),
    gives(
        by_first_place,
        "two inputs may be equal: `index` finds the first; count places with `range`.",
    ),
    gives(
        lambda f, inputs: sum(nudged(f, inputs)),
        "one number came out, the slopes of all inputs "
        "together; a list is asked for, one for each.",
    ),
    when(
        lambda got, expected: is_number(got),
        "one number came out; a list is asked for, a slope for each input.",
    ),
    when(lambda got, expected: isinstance(got, dict), "a dict came out; a list in order is asked."),
    when(
        lambda got, expected: all(isinstance(part, str) for part in got) and got,
        "those are texts; the numbers themselves are asked for.",
    ),
    when(
        lambda got, expected: any(got) and _below(got, expected, 1e-7),
        "`/ 2 * h` divides by 2 and multiplies by h: write `/ (2 * h)`.",
    ),
    when(
        lambda got, expected: any(got) and _below(got, expected, 1e-2),
        "the change has to be divided by the size of the nudge.",
    ),
    when(
        lambda got, expected: (
            len(got) == len(expected)
            and all(abs(g - e) < 0.2 + 0.1 * abs(e) for g, e in zip(got, expected))
        ),
        "near, but the nudge is too coarse or too fine: `h = 1e-5` is a good one.",
    ),
    raises(
        TypeError,
        "`i` is one of the numbers, not its place: `for i in range(len(inputs))`.",
        "indices must be integers",
    ),
    raises(
        ValueError, "there may be one input or three: go through all their places.", "to unpack"
    ),
    raises(
        IndexError, "there may be one input or three: go through all their places.", "out of range"
    ),
    raises(
        ZeroDivisionError,
        "an input may be 0, and then a nudge that is a share of it is 0, too: keep `h` fixed.",
    ),
    Cause(
        "f takes its inputs one by one, as numbers: `f(*inputs)`.",
        lambda attempt: _mentions(
            attempt, "sequence", "positional argument", "unsupported operand"
        ),
    ),
]
