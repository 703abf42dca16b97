"""Check a backward walk that a reader wrote, on graphs that each catch one known mistake (2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microgpt.autograd import Value, topological_sort

Walk = Callable[[Any], None]

DEEP = 5_000
"""Additions in a row: far more than Python allows nested calls."""


class Graph:
    """A graph over a = 2 and b = 3: shown as the lines that make it, called it makes the root."""

    def __init__(self, code: str) -> None:
        self.code = code

    @property
    def __name__(self) -> str:  # what a check prints; it can be pasted
        return f"a, b = Value(2), Value(3); {self.code}"

    def __call__(self, a: Value, b: Value) -> Value:
        """The root, made from the two leaves."""
        space = {"a": a, "b": b}
        exec(self.code, space)  # one of ours
        root = space["L"]
        if not isinstance(root, Value):
            raise TypeError(f"{self.code!r} makes no Value")
        return root


GRAPHS = tuple(
    map(
        Graph,
        (
            "L = a * b",
            "L = a + a",
            "L = a * b * b",
            "L = a * b + a",
            "L = a.exp() * b",
            "L = (a - b).relu() * b + a",
            "c = a * b; L = c * c + c",
            "c = a * b; L = c + c * c",
            "L = (a / b).log() - a * -0.3",
            "c = a + b; d = c * a; L = (d + c) * (d * b) + c.relu()",
            "c = a - b; d = c * a; L = (c + d) * c - d * d / b + a",
        ),
    )
)
"""Chains, a leaf used twice, a shut ReLU, a shared node in both orders, fractions, signs."""


def without_order(root: Value) -> None:
    """Hand gradients on in the order in which a plain stack gives the nodes: wrong."""
    root.grad = 1
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            stack.append(child)


def overwriting(root: Value) -> None:
    """The right order, but ``=`` where ``+=`` is needed: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad = local_grad * node.grad


def forwards(root: Value) -> None:
    """Children before parents, the order not reversed: wrong."""
    root.grad = 1
    for node in topological_sort(root):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def breadth_first(root: Value) -> None:
    """Nearest nodes first, whether they have all their shares or not: wrong."""
    root.grad = 1
    queue, seen = [root], {root}
    for node in queue:
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            if child not in seen:
                seen.add(child)
                queue.append(child)


def again_and_again(root: Value) -> None:
    """Hand on at every visit all that was collected so far, so some of it twice: wrong."""
    root.grad = 1
    queue = [root]
    for node in queue:
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            queue.append(child)


def again_in_depth(root: Value) -> None:
    """The same mistake, each child at once: what a recursive walk without `seen` does."""
    root.grad = 1
    stack = [(root, 0)]
    while stack:
        node, place = stack.pop()
        if place < len(node._children):
            child = node._children[place]
            child.grad += node._local_grads[place] * node.grad
            stack += [(node, place + 1), (child, 0)]


def every_path(root: Value) -> None:
    """Hand on one path at a time: right, but the number of paths may double with every node."""
    root.grad = 0
    stack: list[tuple[Value, float]] = [(root, 1)]
    while stack:
        node, grad = stack.pop()
        node.grad += grad
        for child, local_grad in zip(node._children, node._local_grads):
            stack.append((child, local_grad * grad))


def beginning_anew(root: Value) -> None:
    """Call itself on each child, whose grad it sets to 1 again: wrong."""
    root.grad = 1
    for child, local_grad in zip(root._children, root._local_grads):
        child.grad += local_grad * root.grad
        beginning_anew(child)


def forwards_on_a_stack(root: Value) -> None:
    """Hand on in the order of a stack that takes the first child first: wrong."""
    root.grad = 1
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
        stack += reversed(node._children)


Share = Callable[[Value, Value, float], float]


def in_order(share: Share, start: Callable[[Value], float] = lambda root: 1) -> Walk:
    """The right order, with another share: a function of child, node and slope."""

    def walk(root: Value) -> None:
        root.grad = start(root)
        for node in reversed(topological_sort(root)):
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad += share(child, node, local_grad)

    return walk


def slopes_swapped(root: Value) -> None:
    """Each child gets the slope of the other: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(reversed(node._children), node._local_grads):
            child.grad += local_grad * node.grad


def two_children_only(root: Value) -> None:
    """Nodes with one child hand nothing on: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        if len(node._children) == 2:
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad += local_grad * node.grad


def first_child_only(root: Value) -> None:
    """Hand on to the first child of each node: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children[:1], node._local_grads):
            child.grad += local_grad * node.grad


def all_pairs(root: Value) -> None:
    """Each child gets each slope: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child in node._children:
            for local_grad in node._local_grads:
                child.grad += local_grad * node.grad


def all_begin_with_one(root: Value) -> None:
    """Every node's grad is set to 1 first: wrong."""
    order = topological_sort(root)
    for node in order:
        node.grad = 1
    for node in reversed(order):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def largest_share(root: Value) -> None:
    """The largest share is kept, in place of the sum: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad = max(child.grad, local_grad * node.grad)


def zero_becomes_one(root: Value) -> None:
    """A gradient of 0 is taken for one that is missing: wrong."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        grad = node.grad or 1
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * grad


def grads_by(walk: Walk, make: Callable[[Value, Value], Value]) -> list[float]:
    """Gradients of a = 2 and b = 3 after a walk over a new graph."""
    a, b = Value(2), Value(3)
    walk(make(a, b))
    return [a.grad, b.grad]
