"""The backward walk, one node at a time, as numbers and in words (chapter 02).

Everything is computed beside the graph, beginning with gradients of zero: no `grad` of any node
is read or changed, whether `backward` has been called or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.lab.nodes import Node
from classroom.lab.written import number
from microgpt.autograd import topological_sort


@dataclass(frozen=True)
class Product:
    """What one edge adds: ``after = before + local_grad * grad``.

    Attributes
    ----------
    child : int
        Index of the child that receives it.
    local_grad, grad : float
        The local derivative on the edge, and the gradient of the node that passes it on.
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


def walk_back(
    nodes: Sequence[Node], walk: Callable[[Any], Any] | None = None
) -> list[BackwardStep]:
    """Record the steps of the backward walk over nodes that have been read already.

    Parameters
    ----------
    nodes : sequence of Node
        As `read_graph` returns them; neither they nor their graph are changed.
    walk : callable, optional
        A walk of the reader's, right or wrong, that adds shares to ``grad`` from the root down;
        it is run on a copy of the graph. By default the right one.

    Returns
    -------
    list of BackwardStep
        Step 0 sets the root's gradient to 1; each further step is a node's turn.

    Raises
    ------
    ValueError
        If a node has another number of local derivatives than of children, or if the reader's
        walk does something else than to add up shares.
    """
    for node in nodes:
        if len(node.value._local_grads) != len(node.children):
            raise ValueError(
                f"node {node.label} has {len(node.children)} children but "
                f"{len(node.value._local_grads)} local derivatives: each child needs one"
            )
    grads: list[float] = [0] * len(nodes)
    grads[-1] = 1
    steps = [BackwardStep(0, (), tuple(grads))]
    for index, adds in _turns(nodes, walk or _right):
        node, products = nodes[index - 1], []
        for child, slope, share in zip(node.children, node.slopes, adds):
            before, grad = grads[child - 1], grads[index - 1]
            if abs(share - before - slope * grad) > 1e-9:
                raise ValueError(f"{node.label} does not add its share: {before} became {share}")
            grads[child - 1] = share
            products.append(Product(child, slope, grad, before, share))
        steps.append(BackwardStep(index, tuple(products), tuple(grads)))
    return steps


def _right(root: Any) -> None:
    """Hand on from the end of the topological order."""
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, slope in zip(node._children, node._local_grads):
            child.grad += slope * node.grad


class _Traced:
    """A node's stand-in: it notes when its children are asked for and what its gradient becomes."""

    _index: int
    _below: tuple[Any, ...]
    _log: list[Any]

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    @property
    def _children(self) -> tuple[_Traced, ...]:
        self._log.append((self._index, None))
        return self._below

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value
        self._log.append((self._index, value))


def _turns(nodes: Sequence[Node], walk: Callable[[Any], Any]) -> list[tuple[int, list[float]]]:
    """Each turn: whose it is, what its children's gradients become (whoever only looks sorts)."""
    log: list[Any] = []
    copies: list[Any] = []
    for node in nodes:
        its = {"data": node.data, "grad": 0, "_local_grads": node.slopes, "_index": node.index}
        its["_below"] = tuple(copies[child - 1] for child in node.children)
        copies.append(_Traced(_log=log, **its))
    walk(copies[-1])
    turns: list[tuple[int, list[float]]] = []
    now = 0
    for index, grad in log:
        now = index if grad is None else now
        hands_on = grad is not None and now > 0 and index in nodes[now - 1].children
        leaf = grad is None and turns and not nodes[now - 1].children
        if (hands_on or leaf) and (not turns or turns[-1][0] != now):
            turns.append((now, []))
        if hands_on:
            turns[-1][1].append(grad)
    return turns


def early(steps: Sequence[BackwardStep], position: int) -> float:
    """What a node still gets after its turn: 0 if it had all of its gradient by then."""
    place = steps[position].node - 1  # -1 before the first turn: the root, which gets no more
    return steps[-1].grads[place] - steps[position].grads[place]


def explain_step(nodes: Sequence[Node], steps: Sequence[BackwardStep], position: int) -> str:
    """Say in words, with the arithmetic, what happens in a step."""
    step, root = steps[position], nodes[-1].name or "root"
    head = f"Step {position} of {len(steps) - 1}"
    if step.node == 0:
        return f"{head}, start: d{root}/d{root} = 1, every other gradient is 0."
    node = nodes[step.node - 1]
    grad = number(step.grads[step.node - 1])
    if missing := early(steps, position):
        grad += f", too early: {number(missing)} more will come"
    if not step.products:
        return f"{head}: {node.label} ({node.kind}) hands nothing on. Its gradient: {grad}."
    sums = "; ".join(
        f"d{root}/d{nodes[p.child - 1].label}: {number(p.before)} + {product_text(p)}"
        f" = {number(p.after)}"
        for p in step.products
    )
    return f"{head}: {node.label} hands on its gradient {grad}. {sums}."


def product_text(p: Product) -> str:
    """Return ``local_grad * grad`` in numbers."""
    return f"{number(p.local_grad)} * {number(p.grad)}"
