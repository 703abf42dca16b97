"""A computation graph read into records: the ground for every picture of one (01, 02).

It reads the package's `Value` and, equally, a class that a reader wrote: all it asks of a node is
``data``, ``grad``, ``_children`` and ``_local_grads``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classroom.lab.written import number
from microgpt.autograd import topological_sort

ATTRIBUTES = ("data", "grad", "_children", "_local_grads")


@dataclass(frozen=True)
class Node:
    """One node of a graph, in words and numbers.

    Attributes
    ----------
    index : int
        Its place in topological order, from 1: a node's children have smaller numbers.
    name : str
        Its name, or "" if it has none.
    data, grad : float
        Its value and its gradient.
    op : str
        The operation that made it ("?" if it is not known); "" for a leaf.
    kind : str
        "operation", "input" (a leaf with a name), "parameter" (a leaf declared as one) or
        "constant" (a leaf without a name, as the 2 in ``a * 2``).
    children : tuple of int
        Index of each child, in the operation's order; one that is used twice stands twice.
    slopes : tuple
        The local derivative with respect to each child; None where the node does not give it.
    value : Value
        The node itself.
    """

    index: int
    name: str
    data: Any
    grad: Any
    op: str
    kind: str
    children: tuple[int, ...]
    slopes: tuple[Any, ...]
    value: Any = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """The name; without one, the number of a constant or ``#index`` of an operation."""
        if self.name:
            return self.name
        return number(self.data) if self.kind == "constant" else f"#{self.index}"


def read_graph(
    root: Any, names: Mapping[str, Any] | None = None, parameters: Iterable[Any] = ()
) -> list[Node]:
    """List the nodes of a graph in topological order, the root last.

    Parameters
    ----------
    root : Value or sequence of Values
        The node (or nodes) whose graph is wanted.
    names : mapping of str to Value or list of Values, optional
        Names for nodes: ``{"a": a, "w": [w0, w1]}``, a ``state_dict``, or ``globals()``. What is
        no Value is passed over, and so is a name that begins with an underscore. A node with
        several names keeps the first; a name of its own goes before a place in a list (``w[0]``).
    parameters : iterable of str or Value, optional
        The leaves that training may change, by name (``"w"`` covers ``w[0]``, ``w[1]``, too) or
        as nodes.

    Returns
    -------
    list of Node
        Children before parents.

    Raises
    ------
    TypeError
        If something in the graph is not a node.
    """
    roots = list(root) if isinstance(root, (list, tuple)) else [root]
    order = _sorted_nodes(roots)
    place = {id(node): index for index, node in enumerate(order, 1)}
    name_of = _names_by_id(names or {}, set(place))
    wanted = [parameters] if isinstance(parameters, str) else list(parameters)
    return [_read_node(node, place, name_of, wanted) for node in order]


def is_node(thing: Any) -> bool:
    """Say whether a thing can be a node of a graph: a `Value`, or a reader's own."""
    return all(hasattr(thing, attribute) for attribute in ATTRIBUTES)


def formula(node: Node, nodes: Sequence[Node]) -> str:
    """Write how a node was made from its children, as in ``a * b`` or ``log(#3)``."""
    parts = [nodes[child - 1].label for child in node.children]
    if node.op in ("+", "*") and len(parts) == 2:
        return f"{parts[0]} {node.op} {parts[1]}"
    if node.op.startswith("**") and len(parts) == 1:
        return f"{parts[0]}{node.op}"
    inside = ", ".join(parts) if len(parts) <= 4 else f"{len(parts)} nodes"
    return f"{node.op}({inside})"


def _sorted_nodes(roots: Sequence[Any]) -> list[Any]:
    """Return all nodes below the roots, each once, children first."""
    if not roots:
        raise TypeError("there is no graph to draw: the list of roots is empty")
    order: dict[int, Any] = {}
    for root in roots:
        try:
            for node in topological_sort(root):
                order.setdefault(id(node), node)
        except AttributeError as error:
            raise TypeError(f"{_NODE_WANTED}: {error}") from None
    for node in order.values():
        if not is_node(node):
            missing = [name for name in ATTRIBUTES if not hasattr(node, name)]
            raise TypeError(f"{_NODE_WANTED}: this {type(node).__name__} has no {missing[0]}")
    return list(order.values())


_NODE_WANTED = (
    "a graph is made of Values, each with data, grad, _children and _local_grads "
    "(a constant, too, must become one)"
)


def _names_by_id(names: Mapping[str, Any], wanted: set[int]) -> dict[int, str]:
    """Return the name of each wanted node: own names first, then places in lists."""
    found: dict[int, str] = {}
    public = [(name, thing) for name, thing in list(names.items()) if name[:1] != "_"]
    for name, thing in public:
        if id(thing) in wanted:
            found.setdefault(id(thing), name)
    for name, thing in public:
        for place, node in _listed(name, thing):
            if id(node) in wanted:
                found.setdefault(id(node), place)
    return found


def _listed(name: str, thing: Any) -> Iterable[tuple[str, Any]]:
    """Yield ``name[i]`` (or ``name[i][j]``) and the item, for lists of nodes."""
    if isinstance(thing, (list, tuple)):
        for i, item in enumerate(thing):
            if isinstance(item, (list, tuple)):
                yield from _listed(f"{name}[{i}]", item)
            else:
                yield f"{name}[{i}]", item


def _read_node(
    node: Any, place: Mapping[int, int], name_of: Mapping[int, str], parameters: Sequence[Any]
) -> Node:
    """Turn one node into its record."""
    name = name_of.get(id(node), "")
    children = tuple(node._children)
    slopes = (*node._local_grads, *[None] * len(children))[: len(children)]
    kind = "operation" if children else "input" if name else "constant"
    if not children and any(thing is node or _covers(thing, name) for thing in parameters):
        kind = "parameter"
    op = (getattr(node, "_op", "") or _guessed_op(node, children, slopes)) if children else ""
    places = tuple(place[id(child)] for child in children)
    return Node(place[id(node)], name, node.data, node.grad, op, kind, places, slopes, node)


def _covers(wanted: Any, name: str) -> bool:
    """Say whether a parameter's name, or the list it stands in, was asked for."""
    return isinstance(wanted, str) and bool(name) and wanted in (name, name.partition("[")[0])


def _guessed_op(node: Any, children: Sequence[Any], slopes: Sequence[Any]) -> str:
    """Name the operation of a node that does not say it; "?" unless value and slopes both fit.

    A sum and a product of the same numbers have different slopes, so the guess is safe; a node
    with a wrong slope gets a "?", which is a hint in itself.
    """
    try:
        if len(children) == 2:
            a, b = children[0].data, children[1].data
            rules = {"+": (a + b, (1, 1)), "*": (a * b, (b, a))}
            fits = [op for op, rule in rules.items() if rule == (node.data, tuple(slopes))]
        else:
            (child,), (slope,) = children, slopes
            fits = [op for op, rule in _rules_of_one(child.data, slope, node.data) if rule]
    except (ValueError, TypeError, ArithmeticError):
        return "?"
    return fits[0] if len(fits) == 1 else "?"


def _rules_of_one(x: float, slope: float, data: float) -> Iterable[tuple[str, bool]]:
    """Yield each operation on one number, and whether value and slope are what it would give."""
    yield "relu", data == max(0, x) and slope == float(x > 0) and x != 0
    yield "exp", x < 700 and data == math.exp(x) == slope
    yield "log", x > 0 and data == math.log(x) and slope == 1 / x
    exponent = round(2 * slope * x / data) / 2 if data else 0  # from slope = k * data / x
    text = number(int(exponent) if exponent == int(exponent) else exponent)
    if exponent not in (0, 1):
        power = x**exponent
        close = math.isclose(power, data) and math.isclose(exponent * power / x, slope)
        yield f"**{text}", close
