"""Small experiments on one part of the machine, for faults that training hides. Chapter 10.

A softmax without the maximum and a walk without an order train as if nothing were wrong, for a
while or for good. Each probe puts one question to the part and words the likely cause of a wrong
answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.errors import error_line, error_name
from classroom.exercises.kit.timeout import TimeLimit, time_limit
from microgpt import layers
from microgpt.autograd import Value

Probe = Callable[[Any, Any], "str | None"]


def probe(name: str, part: Any, make: Any = Value) -> str:
    """What is wrong with a part, in one sentence, or an empty string.

    Parameters
    ----------
    name, part
        One of the names that `assemble` knows, and what the reader gave for it.
    make : type
        The class of the numbers that the part is tried on: the reader's own `value`, if any.
    """
    question = PROBES.get(name)
    if question is None:
        return ""
    try:
        with time_limit(2.0):
            return question(part, make) or ""
    except TimeLimit as limit:
        return ", ".join(filter(None, ["it did not come to an end within 2 seconds", limit.line]))
    except (Exception, SystemExit) as error:
        return ", ".join(filter(None, ["it raised " + error_name(error), error_line(error)]))


def _value(make: Any, _: Any) -> str | None:
    a = make(2.0)
    (a + a).backward()
    if a.grad == 1:
        return "the gradient of a + a came out 1, not 2: looks like `=` where `+=` is needed"
    slope = _crossing_slope(make)
    if slope == 3:
        return (
            "with c = a*b and L = c*c + c at a=2, b=3 the gradient of a came out 3, not 39: a node "
            "passes its gradient on before it has all of it; walk in reverse topological order"
        )
    if not _close(slope, 39):
        return (
            f"with c = a*b and L = c*c + c at a=2, b=3 the gradient of a came out {slope:g}, not 39"
        )
    return _operation_fault(make) or _depth_fault(make)


def _crossing_slope(make: Any) -> float:
    a, b = make(2.0), make(3.0)
    c = a * b
    (c * c + c).backward()
    return float(a.grad)


def _operation_fault(make: Any) -> str | None:
    for text, function in OPERATIONS.items():
        for number in (0.5, 2.0):
            own, reference = make(number), Value(number)
            own_result, result = function(own), function(reference)
            own_result.backward()
            result.backward()
            if not _close(own_result.data, result.data):
                return f"{text} at x={number} is {result.data:.4f}, yours gave {own_result.data}"
            if not _close(own.grad, reference.grad):
                return f"the slope of {text} at x={number} is {reference.grad:.4f}, not {own.grad}"
    return None


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "x + 3": lambda x: x + 3,
    "x * 3": lambda x: x * 3,
    "x - 3": lambda x: x - 3,
    "x / 4": lambda x: x / 4,
    "x ** -0.5": lambda x: x**-0.5,
    "exp(x)": lambda x: x.exp(),
    "log(x)": lambda x: x.log(),
    "relu(x)": lambda x: x.relu(),
    "relu(x - 1)": lambda x: (x - 1).relu(),
}


def _depth_fault(make: Any) -> str | None:
    x = make(1.0)
    y = x
    for _ in range(3000):
        y = y + x
    try:
        y.backward()
    except RecursionError:
        return (
            "a chain of 3,000 additions raised RecursionError: the search calls itself once a "
            "node; keep a stack of your own. Longer names or more layers would end the training"
        )
    return (
        None if _close(x.grad, 3001) else f"3,000 additions of x gave the slope {x.grad}, not 3001"
    )


def _softmax(softmax: Any, make: Any) -> str | None:
    try:
        probs = [p.data for p in softmax([make(1000.0), make(1000.0), make(0.0)])]
    except OverflowError:
        return (
            "logits of 1000 made exp overflow: subtract the largest logit first. Training agrees "
            "until a logit passes 709"
        )
    if not all(map(_close, probs, [0.5, 0.5, 0.0])):
        return f"of the logits 1000, 1000, 0 it made {probs}, not [0.5, 0.5, 0.0]"
    return None


def _rmsnorm(rmsnorm: Any, make: Any) -> str | None:
    try:
        normed = [x.data for x in rmsnorm([make(0.0)] * 4)]
    except ZeroDivisionError:
        return "a vector of zeros divides by zero: add 1e-5 to the mean square"
    if normed != [0.0] * 4:
        return f"of four zeros it made {normed}, not zeros"
    return _example_fault("rmsnorm([3, 4])", rmsnorm, layers.rmsnorm, make, [3.0, 4.0])


def _linear(linear: Any, make: Any) -> str | None:
    text = "linear([1, 2], [[3, 4], [5, 6], [7, 8]])"
    rows = [[3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]
    return _example_fault(text, linear, layers.linear, make, [1.0, 2.0], rows)


def _cross_entropy(cross_entropy: Any, make: Any) -> str | None:
    def own(logits: Any) -> list[Any]:
        return [cross_entropy(logits, 2)]

    def right(logits: Any) -> list[Any]:
        return [layers.cross_entropy(logits, 2)]

    return _example_fault("cross_entropy([0, 1, 3], 2)", own, right, make, [0.0, 1.0, 3.0])


def _example_fault(
    text: str, own: Any, right: Callable[..., Any], make: Any, *numbers: Any
) -> str | None:
    """Compare the reader's function with the package's on one small example."""
    got = [x.data for x in own(*[_wrapped(n, make) for n in numbers])]
    expected = [x.data for x in right(*[_wrapped(n, Value) for n in numbers])]
    if len(got) == len(expected) and all(map(_close, got, expected)):
        return None
    return f"{text} is {_rounded(expected)}, yours gave {_rounded(got)}"


def _wrapped(numbers: Any, make: Any) -> Any:
    if isinstance(numbers, list):
        return [_wrapped(number, make) for number in numbers]
    return make(numbers)


def _rounded(numbers: list[float]) -> list[float]:
    return [round(number, 4) for number in numbers]


def _adam(make: Any, _: Any) -> str | None:
    param = Value(1.0)
    adam = make([param])
    moves = []
    for grad in (2.0, 2.0):
        before, param.grad = param.data, grad
        adam.step(0.01)
        moves.append(before - param.data)
    if all(_close(move, 0.01, 1e-6) for move in moves):
        if param.grad != 0:
            return f"after a step the gradient is still {param.grad}: set every grad back to 0"
        return None
    if moves[0] < 0:
        return "the weight moved with its gradient, not against it: subtract the step"
    if _close(moves[0], 0.01 * 0.15 / 0.1, 1e-4):
        return (
            f"the first step is {moves[0]:.4f} long, not 0.0100: the bias correction is missing; "
            "divide the moments by 1 - beta ** t, with t counted from 1"
        )
    return f"two steps with a gradient of 2 are {moves[0]:.4f} and {moves[1]:.4f} long, not 0.0100"


def _linear_decay(decay: Any, _: Any) -> str | None:
    rates = [decay(0.01, step, 4) for step in range(4)]
    if all(map(_close, rates, [0.01, 0.0075, 0.005, 0.0025])):
        return None
    return f"from 0.01 over 4 steps the rates are 0.01, 0.0075, 0.005, 0.0025; yours are {rates}"


def _close(got: Any, expected: float, tolerance: float = 1e-9) -> bool:
    return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)


PROBES: dict[str, Probe] = {
    "value": _value,
    "linear": _linear,
    "softmax": _softmax,
    "rmsnorm": _rmsnorm,
    "cross_entropy": _cross_entropy,
    "adam": _adam,
    "linear_decay": _linear_decay,
}
