"""A graph whose gradients the reader fills in by hand, each of them judged (chapter 02).

The picture is the graph of `draw_graph` with the reader's own numbers in the place of the
gradients; below it stands, for each number that is wrong, what probably went wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from classroom.lab.nodes import Node, read_graph
from classroom.lab.walk import walk_back
from classroom.lab.written import number
from classroom.viz.dot import dot_source
from classroom.viz.graph import refuse_large
from classroom.viz.kit.picture import SVG, Picture
from classroom.viz.kit.render import graph_picture, stacked_picture

SHOWN = 4  # so many wrong numbers are explained at once; the others wait
Step = tuple[Node, float, float]  # a user of the node, the slope of that step, the user's gradient


def fill_in(root: Any, names: Mapping[str, Any], mine: Mapping[str, Any]) -> Picture:
    """Draw a graph with the gradients that the reader worked out, right ones and wrong ones.

    Its alt text says which gradients are right, wrong and open, and why.

    Parameters
    ----------
    root : Value
        The node whose derivatives are asked for; its own gradient, 1, is given.
    names : mapping of str to Value
        Names for nodes, as in `classroom.viz.draw_graph`.
    mine : mapping of str to float
        The reader's gradient for each name; ``...`` stands for one that is not filled in yet.

    Raises
    ------
    ValueError
        If `mine` has a name that no node of the graph has.

    >>> from microgpt import Value
    >>> a, b = Value(2), Value(3)
    >>> print(fill_in(a * b, {"a": a, "b": b}, {"a": 3, "b": ...}))
    Filled in: 1 of 2, right: 1. b ?; a 3 ✓.
    """
    nodes = read_graph(root, names)
    refuse_large(nodes)
    grads = walk_back(nodes)[-1].grads
    known = {node.name: node for node in nodes[::-1] if node.name}
    if unknown := [name for name in mine if name not in known]:
        raise ValueError(f"no node is called {unknown[0]!r}; there are {', '.join(known)}")
    asked = {name: node for name, node in known.items() if name in mine}
    right = {name: _close(mine[name], grads[node.index - 1]) for name, node in asked.items()}
    wrong = [node for name, node in asked.items() if not right[name] and mine[name] is not ...]
    said = [_explain(node, nodes, grads, mine) for node in wrong[:SHOWN]]
    filled = sum(mine[name] is not ... for name in asked)
    head = f"Filled in: {filled} of {len(asked)}, right: {sum(right.values())}."
    marks = {name: _mark(mine[name], right[name]) for name in asked}
    lines = {asked[name].index: f"grad {mark}" for name, mark in marks.items()}
    dot = dot_source(nodes, {nodes[-1].index: "grad 1", **lines}, {}, {})
    alt = " ".join([head, "; ".join(f"{n} {m}" for n, m in marks.items()) + ".", *said])
    foot = Picture('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>', SVG, alt)
    return stacked_picture([graph_picture(dot, alt), foot], [head, "\n".join(said)], alt)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _close(got: Any, wanted: float) -> bool:
    return _is_number(got) and math.isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-9)


def _mark(value: Any, right: bool) -> str:
    shown = number(value) if _is_number(value) else repr(value)[:12]
    return "?" if value is ... else f"{shown} {'✓' if right else '✗'}"


def _steps_from(node: Node, nodes: Sequence[Node], grads: Sequence[float]) -> list[Step]:
    """Each arrow that leaves a node: who uses it, the slope of the step, the user's gradient."""
    return [
        (user, slope, grads[user.index - 1])
        for user in nodes
        for child, slope in zip(user.children, user.slopes)
        if child == node.index
    ]


def _explain(
    node: Node, nodes: Sequence[Node], grads: Sequence[float], mine: Mapping[str, Any]
) -> str:
    """Say what probably went wrong at a node: the first reason that gives the reader's number."""
    steps, got = _steps_from(node, nodes, grads), mine[node.name]
    users = " and ".join(dict.fromkeys(user.label for user, _, _ in steps))
    if not _is_number(got):
        return f"{node.name}: a number is wanted, not {got!r}."
    for value, reason in _reasons(node, steps, users, grads[node.index - 1], mine):
        if _close(value, got):
            return f"{node.name} = {number(got)}: {reason}"
    return f"{node.name} = {number(got)}: multiply what {users} got by the slope of the step."


def _reasons(
    node: Node, steps: Sequence[Step], users: str, right: float, mine: Mapping[str, Any]
) -> Iterator[tuple[float, str]]:
    theirs = [mine[u.name] if _is_number(mine.get(u.name)) else grad for u, _, grad in steps]
    wrong = [u.label for (u, _, grad), own in zip(steps, theirs) if not _close(own, grad)]
    if wrong:
        follows = sum(slope * own for (_, slope, _), own in zip(steps, theirs))
        yield follows, f"right, if {wrong[0]} were right: mend that one first."
    if len(steps) > 1:
        for _, slope, grad in steps:
            yield slope * grad, f"one share only; {len(steps)} arrows leave it: add."
    yield -right, "the sign is turned round."
    yield sum(slope for _, slope, _ in steps), f"the slope alone; times what {users} got."
    for user, slope, grad in steps:
        yield grad, f"that is what {user.label} got; it still has to be multiplied by the slope."
        if user.op == "*":
            own = "the slope of a product is the *other* factor, not the node's own number."
            yield sum(node.data * each for _, _, each in steps), own
        yield slope + grad, "the slope and the gradient are multiplied, not added."
    yield node.data, "that is its number, `data`; the gradient is asked for."
