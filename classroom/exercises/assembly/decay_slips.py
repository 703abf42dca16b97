"""A learning rate that falls in another way, and the sentence that says how. Chapter 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.exercises.assembly.faults import Fault
from microgpt.optim import linear_decay


def decay_fault(decay: Any) -> Fault | None:
    """What is wrong with a function like `microgpt.linear_decay`."""
    steps = [(0.01, 0, 4), (0.01, 1, 4), (0.01, 3, 4), (0.02, 2, 5)]
    got = [decay(*each) for each in steps]
    expected = [linear_decay(*each) for each in steps]
    same = [isinstance(g, (int, float)) and abs(g - e) < 1e-12 for g, e in zip(got, expected)]
    if all(same):
        return None
    place = same.index(False)
    words = f"linear_decay{steps[place]} gave {got[place]!r}, expected {expected[place]:g}"
    for slip, cause in DECAY:
        if all(_near(g, slip, each) for g, each in zip(got, steps)):
            return Fault(words, cause)
    return Fault(words, "nothing is returned." if got[place] is None else "")


def _near(got: Any, slip: Callable[..., float], each: tuple[float, int, int]) -> bool:
    return isinstance(got, (int, float)) and abs(got - slip(*each)) < 1e-12


DECAY: tuple[tuple[Callable[..., float], str], ...] = (
    (
        lambda rate, step, n: rate,
        "the rate stays; it falls to 0 in a straight line. (`step // num_steps` is always 0.)",
    ),
    (lambda rate, step, n: rate * step / n, "it rises: `1 - step / num_steps` is the factor."),
    (
        lambda rate, step, n: rate * (1 - step / (n - 1)),
        "step n is the one after the last: divide by `num_steps`, not by one less.",
    ),
    (
        lambda rate, step, n: rate * (1 - (step + 1) / n),
        "steps are counted from 0 here: at step 0 the rate is whole.",
    ),
    (
        lambda rate, step, n: rate * (1 - (step - 1) / n),
        "steps are counted from 0 here, not from 1.",
    ),
    (
        lambda rate, step, n: step * (1 - rate / n),
        "the arguments are `learning_rate, step, num_steps`.",
    ),
    (lambda rate, step, n: rate * (1 - step / 1000), "1000 is hard-coded; use `num_steps`."),
    (lambda rate, step, n: rate - step / n, "the fraction is subtracted; the rate is multiplied."),
    (lambda rate, step, n: 1 - step / n, "the factor is right; multiply the learning rate by it."),
    (lambda rate, step, n: rate * (n - step), "divide by `num_steps`: the rate has to fall to 0."),
)
