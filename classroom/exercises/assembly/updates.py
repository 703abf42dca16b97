"""Whether a class like Adam moves weights of any class as the course's does; chapter 10."""

from __future__ import annotations

from typing import Any

from classroom.exercises.assembly.faults import Fault
from classroom.exercises.kit.errors import error_line, error_name
from microgpt.autograd import Value
from microgpt.optim import Adam

GRADIENTS = (
    (2.0, -1.0, 3e-9, 0.0),
    (0.5, 3.0, -2e-9, 0.0),
    (-1.0, 0.0, 4e-9, 0.0),
    (0.25, -0.0004, 1e-9, 0.0),
)
RATES = (0.01, 0.02, 0.005, 0.01)


def path(make: Any, value: Any = Value) -> list[float] | str:
    """Where four weights are after each of four steps; or what was raised."""
    params = [value(1.0), value(-0.5), value(0.25), value(0.0)]
    places: list[float] = []
    try:
        adam = make(params)
        for gradients, rate in zip(GRADIENTS, RATES):
            for param, gradient in zip(params, gradients):
                param.grad = gradient
            adam.step(rate)
            places += [param.data for param in params]
            if any(hasattr(place, "grad") for place in places):
                return "after a step a weight's `data` is itself a node"
            left = [param.grad for param in params]
            for param in params:
                param.grad = 0
    except Exception as error:
        return ", ".join(filter(None, [f"it raised {error_name(error)}", error_line(error)]))
    return [*places, *left]


def adam_fault(make: Any, value: Any = Value) -> Fault | None:
    """What is wrong with a class like Adam, whose weights are of a class like Value."""
    got, expected = path(make, value), path(Adam)
    assert isinstance(expected, list)
    if _alike(got, expected):
        return None
    if isinstance(got, str):
        return Fault(got, _why_raised(got))
    if _alike(got[:-4], expected[:-4]):
        return Fault("after a step the gradients are still there", "set every grad back to 0.")
    return Fault(_in_words(got, expected))


def _alike(got: list[float] | str, other: list[float] | str) -> bool:
    if isinstance(got, str) or isinstance(other, str):
        return (
            isinstance(got, str)
            and isinstance(other, str)
            and got.split(",")[0] == other.split(",")[0]
        )
    return all(abs(a - b) <= 1e-12 * (1 + abs(b)) for a, b in zip(got, other, strict=True))


def _in_words(got: list[float] | str, expected: list[float]) -> str:
    if isinstance(got, str):
        return got
    count = len(GRADIENTS[0])
    for place, (a, b) in enumerate(zip(got[:-count], expected)):
        if not _alike([a], [b]):
            step, which = divmod(place, count)
            seen = ", ".join(f"{row[which]:g}" for row in GRADIENTS[: step + 1])
            rates = ", ".join(f"{rate:g}" for rate in RATES[: step + 1])
            return (
                f"a weight with the gradients {seen} (learning rates {rates}) is {a:.6g} after "
                f"step {step + 1}, expected {b:.6g}"
            )
    return "after a step the gradients are still there"


def _why_raised(text: str) -> str:
    if "'list' object has no attribute" in text or "list indices must be integers" in text:
        return "`Adam(params)` is given one flat list of weights, not a dict of matrices."
    if "no attribute 'step'" in text:
        return "the class needs a method `step(self, learning_rate)`."
    if "__init__() takes" in text or "positional argument" in text:
        return "it is made with `Adam(params)` and called with `step(learning_rate)`."
    if "is itself a node" in text:
        return "moments are plain numbers, made of `p.grad` and `p.data`: begin them with 0.0."
    return ""
