"""Nodes of the package or of a reader's own, and slopes read off any graph: chapter 01."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import Wrong
from microgpt.autograd import Value, topological_sort

TOLD = (
    "a node must have `data`, `grad`, `_children` and `_local_grads`, "
    "and each child must be a node, a constant too."
)


@dataclass(frozen=True)
class Expression:
    """What makes a node, as a reader writes it: shown as its text, called it makes one anew."""

    text: str

    @property
    def __name__(self) -> str:  # what a check prints
        return self.text

    def __call__(self, make: Any = Value) -> Any:
        """The node, with nodes below it of any class, or what makes those."""
        return eval(self.text, {"Value": make, "MyValue": make})  # one of ours


def slopes(root: Any, leaves: Sequence[Any]) -> list[float]:
    """Derivatives of `root`, of any class of nodes, by each leaf; no `grad` is read or written.

    ``Wrong`` if the graph is not made of nodes, or a node's children and slopes differ in number.
    """
    grads: dict[int, float] = {id(root): 1.0}
    for node in reversed(nodes_of(root)):
        grad = grads.get(id(node), 0.0)
        children, local_grads = listed(node, "_children"), listed(node, "_local_grads")
        if len(children) != len(local_grads):
            found = f"a node has {len(children)} children but {len(local_grads)} local slopes."
            raise Wrong(found, cause="each child needs one number in `_local_grads`.")
        for child, local_grad in zip(children, local_grads):
            grads[id(child)] = grads.get(id(child), 0.0) + local_grad * grad
    return [grads.get(id(leaf), 0.0) for leaf in leaves]


def nodes_of(root: Any) -> list[Any]:
    """Every node below `root`, children first; ``Wrong`` if something there is no node."""
    if hasattr(root, "_children"):
        listed(root, "_children")
    try:
        nodes = topological_sort(root)
        for node in nodes:
            node.data, node.grad, node._children, node._local_grads  # noqa: B018
    except (AttributeError, TypeError) as error:
        raise Wrong(f"the graph cannot be walked: {error}.", cause=TOLD) from None
    return nodes


def listed(node: Any, field: str) -> list[Any]:
    """The parts of a node's ``_children`` or ``_local_grads``; ``Wrong`` if it has no parts."""
    parts = getattr(node, field)
    if isinstance(parts, (tuple, list)):
        return list(parts)
    cause = "a tuple of one needs the comma, `(child,)`; a leaf has an empty tuple: `()`."
    if isinstance(parts, (set, dict)):
        cause = "a set forgets order and repetition; a tuple keeps both."
    yours = f"{'the node ' if hasattr(parts, 'grad') else ''}{show(parts)}"
    raise Wrong(f"`{field}` must be a tuple or a list, yours is {yours}.", cause=cause)


def by_name(thing: Any, names: Mapping[int, str], other: str) -> Any:
    """A thing with names, found by their ids, in place of the nodes in it, or another word."""
    if isinstance(thing, (list, tuple)):
        return [by_name(each, names, other) for each in thing]
    return names.get(id(thing), other) if isinstance(thing, Value) else thing
