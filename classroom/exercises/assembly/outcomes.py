"""Call a part on a small example: the numbers that come out, and the slopes behind them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from classroom.exercises.kit.errors import error_line, error_name
from microgpt.autograd import Value


@dataclass(frozen=True)
class Outcome:
    """What a part made of an example."""

    shape: str = ""  # the lists of the result, such as ``[3]`` or ``([2], [3])``
    data: tuple[float, ...] = ()  # the numbers in the result
    # the slope of a sum of the results, each with a factor of its own, for every input
    slopes: tuple[float, ...] = ()
    error: str = ""  # what was raised, with the line; then the rest is empty
    kind: str = ""  # the name of the exception's class
    changed: bool = field(default=False, compare=False)  # whether the inputs were changed
    foreign: str = ""  # a class of nodes in the result that is not the one of the leaves

    def like(self, other: Outcome, slopes: bool = True) -> bool:
        """Whether two outcomes are the same to the last few digits, their slopes too."""
        if self.kind or other.kind:
            return self.kind == other.kind
        if self.foreign != other.foreign:
            return False
        numbers = self.data, other.data
        if slopes:
            numbers = (*self.data, *self.slopes), (*other.data, *other.slopes)
        return (
            self.shape == other.shape
            and len(numbers[0]) == len(numbers[1])
            and all(map(close, *numbers))
        )


def close(got: Any, expected: float, tolerance: float = 1e-9) -> bool:
    """Whether two numbers are equal but for rounding; what is no number is not."""
    if isinstance(got, (Value, complex)) or not hasattr(got, "__float__"):
        return False
    return math.isclose(float(got), expected, rel_tol=tolerance, abs_tol=tolerance)


def outcome(function: Callable[..., Any], example: tuple[Any, ...], make: Any = Value) -> Outcome:
    """Call a part on an example, with leaves of a class.

    Floats and Values among its arguments, in lists too, become leaves; ints and others stay.
    """
    leaves: list[Any] = []
    args = [_with_leaves(argument, make, leaves) for argument in example]
    before = [leaf.data for leaf in leaves], _held(args)
    try:
        result = function(*args)
        shape, nodes = _shape(result), _nodes(result)
        changed = before != ([leaf.data for leaf in leaves], _held(args))
        if not all(_shape(node) == "1" for node in nodes):
            return Outcome(shape, changed=changed)
        data = tuple(float(node.data if hasattr(node, "grad") else node) for node in nodes)
        slopes = _slopes(nodes, leaves)
    except Exception as error:
        text = ", ".join(filter(None, [error_name(error), error_line(error)]))
        return Outcome(error=text, kind=type(error).__name__)
    return Outcome(shape, data, slopes, changed=changed, foreign=_foreign(nodes, make))


def _held(thing: Any) -> Any:
    """Which things are in the lists of the arguments: another node in a place is a change."""
    return [_held(part) for part in thing] if isinstance(thing, list) else id(thing)


def _foreign(nodes: list[Any], make: Any) -> str:
    others = (type(n) for n in nodes if hasattr(n, "backward") and not isinstance(n, make))
    return next((other.__name__ for other in others), "") if isinstance(make, type) else ""


def _with_leaves(thing: Any, make: Any, leaves: list[Any]) -> Any:
    if isinstance(thing, list):
        return [_with_leaves(each, make, leaves) for each in thing]
    if isinstance(thing, dict):
        return {key: _with_leaves(each, make, leaves) for key, each in thing.items()}
    if isinstance(thing, (float, Value)):
        leaves.append(make(thing.data if isinstance(thing, Value) else thing))
        return leaves[-1]
    return thing


def _shape(thing: Any) -> str:
    if isinstance(thing, (list, tuple)):
        inner = [_shape(each) for each in thing]
        if all(each == "1" for each in inner):
            return f"[{len(thing)}]"
        return f"({', '.join(inner)})"
    if isinstance(thing, dict):
        return str({key: _shape(each) for key, each in thing.items()})
    if getattr(thing, "ndim", 0):  # an array
        return type(thing).__name__
    return "1" if hasattr(thing, "grad") or hasattr(thing, "__float__") else type(thing).__name__


def _nodes(thing: Any) -> list[Any]:
    if isinstance(thing, (list, tuple)):
        return [node for each in thing for node in _nodes(each)]
    return [thing]


def _slopes(nodes: list[Any], leaves: list[Any]) -> tuple[float, ...]:
    root = None
    for place, node in enumerate(nodes):
        if hasattr(node, "backward"):
            term = node * (1.0 + 0.3 * place)
            root = term if root is None else root + term
    if root is not None:
        root.backward()
    return tuple(float(leaf.grad) for leaf in leaves)
