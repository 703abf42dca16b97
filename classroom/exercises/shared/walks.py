"""Check a backward walk that a reader wrote, on graphs that each catch one known mistake (2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect, gives, raises, require
from classroom.exercises.kit.verdicts import require_function
from microgpt.autograd import Value, topological_sort

Walk = Callable[[Any], None]

DEEP = 5_000
"""Additions in a row: far more than Python allows nested calls."""


def _square_plus(a: Value, b: Value) -> Value:
    c = a * b
    return c * c + c


def _crossing(a: Value, b: Value) -> Value:
    c = a + b
    d = c * a
    return (d + c) * (d * b) + c.relu()


GRAPHS: tuple[tuple[str, Callable[[Value, Value], Value]], ...] = (
    ("L = a * b", lambda a, b: a * b),
    ("L = a + a", lambda a, b: a + a),
    ("L = a * b * b", lambda a, b: a * b * b),
    ("L = a * b + a", lambda a, b: a * b + a),
    ("c = a * b; L = c * c + c", _square_plus),
    ("c = a + b; d = c * a; L = (d + c) * (d * b) + c.relu()", _crossing),
)


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


def grads_by(walk: Walk, make: Callable[[Value, Value], Value]) -> list[float]:
    """Gradients of a = 2 and b = 3 after a walk over a new graph."""
    a, b = Value(2), Value(3)
    walk(make(a, b))
    return [a.grad, b.grad]


def check_walk(walk: Any) -> None:
    """Raise ``Wrong`` unless ``walk(root)`` does what ``root.backward()`` does.

    Parameters
    ----------
    walk : callable
        Takes the root; adds to the `grad` of every node below.
    """
    require_function(walk, [(Value(2.0),)])
    for text, make in GRAPHS:
        expect(
            f"[a.grad, b.grad] of {text} with a=2, b=3",
            lambda make=make: grads_by(walk, make),  # type: ignore[misc]
            grads_by(Value.backward, make),
            causes=_causes(make),
        )
    _check_root_and_inner(walk)
    _check_adds(walk)
    _check_doubling(walk)
    _check_deep(walk)


def _causes(make: Callable[[Value, Value], Value]) -> list[Cause]:
    return [
        gives([0, 0], "nothing arrived: `root.grad` must be 1 before the walk begins."),
        gives(
            lambda: grads_by(overwriting, make),
            "looks like `=` where `+=` is needed: a node that is used twice keeps one share only.",
        ),
        gives(lambda: grads_by(forwards, make), "the walk goes from the root down: reverse it."),
        gives(
            lambda: grads_by(without_order, make),
            "a node handed its grad on before it had all of it: the stack has no order.",
        ),
        gives(
            lambda: grads_by(breadth_first, make),
            "a node handed its grad on before it had all of it: near the root is not enough.",
        ),
        *(
            gives(
                lambda walk=walk: grads_by(walk, make),  # type: ignore[misc]
                "a node handed on more than once, the old part of its grad again each time.",
            )
            for walk in (again_and_again, again_in_depth)
        ),
        gives(
            lambda: [float(g) for g in grads_by(_ones, make)],
            "the product is missing: `local_grad * node.grad`.",
        ),
    ]


def _ones(root: Value) -> None:
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad


def _check_root_and_inner(walk: Walk) -> None:
    a, b = Value(2), Value(3)
    c = a * b
    loss = c + a
    walk(loss)
    expect("L.grad", loss.grad, 1, causes=[gives(2, "the root is visited twice.")])
    expect("c.grad of c = a * b; L = c + a", c.grad, 1)


def _check_adds(walk: Walk) -> None:
    """A second graph over the same leaves: the gradients accumulate."""
    a, b = Value(2), Value(3)
    walk(a * b + a)
    walk(a * b + a)
    expect(
        "a.grad after L = a * b + a was built and walked twice",
        a.grad,
        8,
        causes=[
            gives(4, "grads were emptied; `backward` adds, and emptying is the caller's business.")
        ],
    )


def _check_doubling(walk: Walk) -> None:
    """``x = x + x``, 40 times: 41 nodes, but a path for each of 2**40 ways."""
    a = Value(1.0)
    x = a
    for _ in range(40):
        x = x + x
    expect(
        "a.grad after x = x + x, 40 times (a walk along every single path never ends)",
        lambda: _grad_after(walk, x, a),
        2.0**40,
    )


def _check_deep(walk: Walk) -> None:
    """A chain too deep for recursion."""
    a = Value(1.0)
    x = a
    for _ in range(DEEP):
        x = x + 1
    cause = f"a chain of {DEEP:,} additions is too deep for a function that calls itself."
    expect(
        f"a.grad after a chain of {DEEP:,} additions",
        lambda: _grad_after(walk, x, a),
        1,
        causes=[raises(RecursionError, f"{cause} Keep a stack of your own.")],
    )
    require(x.grad == 1, "the root of a deep chain has no grad of 1.")


def _grad_after(walk: Walk, root: Value, leaf: Value) -> float:
    walk(root)
    return leaf.grad
