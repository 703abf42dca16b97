"""The computation graph of any `Value`, drawn from left to right (chapters 01 and 02).

How to read it: a box with a dark sign on its left is a computed node, a rounded box an input, a
double-edged box a parameter, a dashed box a constant. Each says its name, its data and, after
`backward`, its gradient; on demand each edge says the local derivative (the slope).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classroom.lab.nodes import Node, formula, read_graph
from classroom.lab.written import number
from classroom.viz.dot import dot_source
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.render import graph_picture

MAX_NODES = 150
"""More nodes than this cannot be read; `draw_graph` refuses them."""
LETTERS = 11
"""Of a number and its name, such as ``slope -3.7``."""
ALL_IN_WORDS = 40  # nodes; in a larger graph the alt text lists only those with a name


def draw_graph(
    root: Any, names: Mapping[str, Any] | None = None, *, local_grads: bool = False, grads: bool |
    None = None, parameters: Iterable[Any] = (), handles: Mapping[str, str] | None = None,
) -> Picture:  # fmt: skip
    """Draw the computation graph of a node, leaves on the left, the node itself on the right.

    Its alt text states the nodes and edges and, for each node (in a large graph for each node
    with a name), its data and gradient.

    Parameters
    ----------
    root : Value or list of Values
        What to draw: the package's `Value` or any class with ``data``, ``grad``, ``_children``
        and ``_local_grads``. If it has no ``_op`` the operation is inferred where value and
        slopes leave no doubt, else it is "?".
    names : mapping of str to Value or list of Values, optional
        Names for nodes, for example ``{"a": a, "w": weights}`` or ``globals()``; see
        `classroom.lab.nodes.read_graph` for the rules.
    local_grads : bool
        Write on each edge the local derivative, as ``slope 3``.
    grads : bool, optional
        Show the gradients; by default they are shown if any is not zero.
    parameters : iterable of str or Value, optional
        The leaves that training may change. Of the other leaves, one with a name is an input and
        one without a name is a constant.
    handles : mapping of str to str, optional
        For a name, the attributes that make its node a control (`classroom.viz.kit.parts`).

    Raises
    ------
    ValueError
        If the graph has more than `MAX_NODES` nodes.
    TypeError
        If something in the graph is not a node.

    >>> from microgpt import Value
    >>> a, b = Value(2), Value(3)
    >>> print(draw_graph(a * b, {"a": a, "b": b}))
    Computation graph with 3 nodes and 2 edges. Inputs: a = 2; b = 3. Result: #3 = a * b = 6.
    """
    nodes = read_graph(root, names, parameters)
    refuse_large(nodes)
    if grads is None:
        grads = any(node.grad != 0 for node in nodes)
    shown = {node.index: f"grad {number(node.grad)}" for node in nodes} if grads else {}
    room = {n.index: LETTERS for n in nodes} if handles else None  # an explorer's stay in place
    notes = {(n.index, i): _slope(s) for n in nodes for i, s in enumerate(n.slopes)}
    unwritten = () if local_grads else [n.index for n in nodes]
    notes = notes if local_grads or handles else {}
    goals = {n.index: handles[n.name] for n in nodes if handles and n.name in handles}
    grips = dict.fromkeys(goals, "◂ input ▸")
    wide = 7 * LETTERS if handles else 0
    dot = dot_source(nodes, shown, notes, grips, unwritten=unwritten, room=room, note_width=wide)
    return graph_picture(dot, describe(nodes, grads, local_grads), goals)


def refuse_large(nodes: Sequence[Node]) -> None:
    """Raise ValueError, with two ways out, if a graph is too large to be read."""
    if len(nodes) > MAX_NODES:
        raise ValueError(
            f"this graph has {len(nodes):,} nodes, more than the {MAX_NODES} that can be read: "
            "draw a part of it (call this with an inner node as root), or build it from fewer "
            "inputs (a shorter list, one token; `dot` makes one node of a whole sum of products)"
        )


def describe(nodes: Sequence[Node], grads: bool, local_grads: bool = False) -> str:
    """Say in words what a drawn graph shows: the alt text."""
    edges = sum(len(node.children) for node in nodes)
    used = {child for node in nodes for child in node.children}
    groups: dict[str, list[str]] = {}
    left_out: Counter[str] = Counter()
    for node in nodes:
        if len(nodes) > ALL_IN_WORDS and not node.name and node.index in used:
            left_out[f'"{node.op}"' if node.op else "constant"] += 1
            continue
        group = "result" if node.index not in used else node.kind
        groups.setdefault(group, []).append(_in_words(node, nodes, grads, local_grads))
    words = [f"Computation graph with {_count(len(nodes), 'node')} and {_count(edges, 'edge')}."]
    for kind in ("input", "parameter", "constant", "operation", "result"):
        if kind in groups:
            plural = "s" if len(groups[kind]) > 1 else ""
            words.append(f"{kind.capitalize()}{plural}: {'; '.join(groups[kind])}.")
    if left_out:
        rest = ", ".join(f"{count} {op}" for op, count in sorted(left_out.items()))
        words.append(f"Nodes without a name: {rest}.")
    return " ".join(words)


def _in_words(node: Node, nodes: Sequence[Node], grads: bool, local_grads: bool) -> str:
    """Say one node's name, formula, data, gradient and slopes."""
    parts = [node.label] if node.name or node.kind == "operation" else []
    parts += [formula(node, nodes)] if node.children else []
    words = " = ".join([*parts, number(node.data)])
    extra = [f"gradient {number(node.grad)}"] if grads else []
    if local_grads and node.slopes:
        listed = ", ".join(_slope(slope).partition(" ")[2] for slope in node.slopes[:4])
        extra.append(f"{'slopes' if len(node.slopes) > 1 else 'slope'} {listed}")
    return f"{words} ({'; '.join(extra)})" if extra else words


def _slope(slope: Any) -> str:
    """Return an edge's text about the local derivative."""
    return "slope ?" if slope is None else f"slope {number(slope)}"


def _count(amount: int, noun: str) -> str:
    """Return ``1 node``, ``2 nodes``."""
    return f"{amount} {noun}{'' if amount == 1 else 's'}"
