"""The backward walk, one node at a time, as numbers and in words (chapter 02).

Everything is computed beside the graph, beginning with gradients of zero: no `grad` of any node
is read or changed, whether `backward` has been called or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classroom.viz.nodes import Node, read_graph
from classroom.viz.style import number


@dataclass(frozen=True)
class Product:
    """What one edge adds: ``after = before + local_grad * grad``.

    Attributes
    ----------
    child : int
        Index of the child that receives it.
    local_grad, grad : float
        The local derivative on the edge, and the gradient of the node that passes it on.
    before, after : float
        The child's gradient before and after.
    """

    child: int
    local_grad: float
    grad: float
    before: float
    after: float


@dataclass(frozen=True)
class BackwardStep:
    """One step of the walk: a node hands its gradient on to its children.

    Attributes
    ----------
    node : int
        Index of the node whose turn it is; 0 before the first, when only the root's gradient
        has been set to 1.
    products : tuple of Product
        What it hands on, in the order of its children; empty for a leaf.
    grads : tuple of float, shape (number of nodes,)
        All gradients after this step, in topological order.
    """

    node: int
    products: tuple[Product, ...]
    grads: tuple[float, ...]


def backward_steps(root: Any) -> list[BackwardStep]:
    """Walk a graph backward and record every step.

    Parameters
    ----------
    root : Value
        The node whose derivatives are wanted; it is not changed.

    Returns
    -------
    list of BackwardStep
        Step 0 sets the root's gradient to 1; step k is the k-th node of the reversed topological
        order. The last step's `grads` are what ``root.backward()`` computes, bit for bit, on a
        graph whose gradients are zero.

    Raises
    ------
    ValueError
        If a node has another number of local derivatives than of children.

    Examples
    --------
    >>> from microgpt import Value
    >>> a, b = Value(2), Value(3)
    >>> backward_steps(a * b)[1].products[0]
    Product(child=1, local_grad=3, grad=1, before=0, after=3)
    """
    return walk_back(read_graph(root))


def walk_back(nodes: Sequence[Node]) -> list[BackwardStep]:
    """Record the steps of the walk over nodes that have been read already."""
    grads: list[float] = [0] * len(nodes)
    grads[-1] = 1
    steps = [BackwardStep(0, (), tuple(grads))]
    for node in reversed(nodes):
        if len(node.value._local_grads) != len(node.children):
            raise ValueError(
                f"node {node.label} has {len(node.children)} children but "
                f"{len(node.value._local_grads)} local derivatives: each child needs one"
            )
        grad, products = grads[node.index - 1], []
        for child, local_grad in zip(node.children, node.slopes):
            before = grads[child - 1]
            grads[child - 1] = after = before + local_grad * grad
            products.append(Product(child, local_grad, grad, before, after))
        steps.append(BackwardStep(node.index, tuple(products), tuple(grads)))
    return steps


def explain_step(nodes: Sequence[Node], steps: Sequence[BackwardStep], position: int) -> str:
    """Say in words, with the arithmetic, what happens in a step."""
    step, root = steps[position], nodes[-1].name or "root"
    head = f"Step {position} of {len(steps) - 1}"
    if step.node == 0:
        return f"{head}, start: d{root}/d{root} = 1, every other gradient is 0."
    node = nodes[step.node - 1]
    grad = number(step.grads[step.node - 1])
    if not step.products:
        article = "an" if node.kind == "input" else "a"
        return f"{head}: {node.label} is {article} {node.kind}, so its gradient {grad} is complete."
    sums = "; ".join(
        f"d{root}/d{nodes[p.child - 1].label}: {number(p.before)} + {product_text(p)}"
        f" = {number(p.after)}"
        for p in step.products
    )
    return f"{head}: {node.label} hands on its gradient {grad}. {sums}."


def product_text(p: Product) -> str:
    """Return ``local_grad * grad`` in numbers."""
    return f"{number(p.local_grad)} * {number(p.grad)}"
