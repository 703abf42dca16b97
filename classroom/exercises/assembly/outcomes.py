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
    """What a part made of an example.

    Attributes
    ----------
    shape : str
        The lists of the result, such as ``[3]`` or ``([2], [3])``.
    data : tuple of float
        The numbers in the result.
    slopes : tuple of float
        The slope of a sum of the results, each with a factor of its own, for every input.
    error : str
        What was raised, with the line; then the rest is empty.
    kind : str
        The name of the exception's class.
    changed : bool
        Whether the inputs were changed.
    """

    shape: str = ""
    data: tuple[float, ...] = ()
    slopes: tuple[float, ...] = ()
    error: str = ""
    kind: str = ""
    changed: bool = field(default=False, compare=False)

    def like(self, other: Outcome, slopes: bool = True) -> bool:
        """Whether two outcomes are the same to the last few digits, their slopes too."""
        if self.kind or other.kind:
            return self.kind == other.kind
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
    """Call a part on an example.

    Parameters
    ----------
    function : callable
        The part.
    example : tuple
        Its arguments. Floats, in lists too, become leaves; ints and others stay.
    make : type
        The class of the leaves.
    """
    leaves: list[Any] = []
    args = [_with_leaves(argument, make, leaves) for argument in example]
    before = [leaf.data for leaf in leaves], [_shape(argument) for argument in args]
    try:
        result = function(*args)
        shape, nodes = _shape(result), _nodes(result)
        changed = before != ([leaf.data for leaf in leaves], [_shape(a) for a in args])
        if not all(hasattr(node, "data") or hasattr(node, "__float__") for node in nodes):
            return Outcome(shape, changed=changed)
        data = tuple(float(getattr(node, "data", node)) for node in nodes)
        slopes = _slopes(nodes, leaves)
    except Exception as error:
        text = ", ".join(filter(None, [error_name(error), error_line(error)]))
        return Outcome(error=text, kind=type(error).__name__)
    return Outcome(shape, data, slopes, changed=changed)


def _with_leaves(thing: Any, make: Any, leaves: list[Any]) -> Any:
    if isinstance(thing, list):
        return [_with_leaves(each, make, leaves) for each in thing]
    if isinstance(thing, dict):
        return {key: _with_leaves(each, make, leaves) for key, each in thing.items()}
    if isinstance(thing, float):
        leaves.append(make(thing))
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
    return "1" if hasattr(thing, "data") or hasattr(thing, "__float__") else type(thing).__name__


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
