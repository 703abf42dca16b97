"""A graph whose gradients the reader fills in by hand, each of them judged (chapter 02).

The picture is the graph of `draw_graph` with the reader's own numbers in the place of the
gradients; below it stands, for each number that is wrong, what probably went wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from classroom.viz.dot import dot_source
from classroom.viz.graph import refuse_large
from classroom.viz.nodes import Node, read_graph
from classroom.viz.picture import SVG, Picture
from classroom.viz.render import ADVICE, render_svg, text_card
from classroom.viz.style import PAPER, TEXT, number
from classroom.viz.walk import walk_back

SHOWN = 4
"""So many wrong numbers are explained at once; the others wait."""
Step = tuple[Node, float, float]  # a user of the node, the slope of that step, the user's gradient


def fill_in(root: Any, names: Mapping[str, Any], mine: Mapping[str, Any]) -> Picture:
    """Draw a graph with the gradients that the reader worked out, right ones and wrong ones.

    Parameters
    ----------
    root : Value
        The node whose derivatives are asked for; its own gradient, 1, is given.
    names : mapping of str to Value
        Names for nodes, as in `classroom.viz.draw_graph`.
    mine : mapping of str to float
        The reader's gradient for each name; ``...`` stands for one that is not filled in yet.

    Returns
    -------
    Picture
        An SVG; its alt text says which gradients are right, wrong and open, and why.

    Raises
    ------
    ValueError
        If `mine` has a name that no node of the graph has, or something that is no number.

    Examples
    --------
    >>> from microgpt import Value
    >>> a, b = Value(2), Value(3)
    >>> print(fill_in(a * b, {"a": a, "b": b}, {"a": 3, "b": ...}))
    Filled in: 1 of 2, right: 1. b ?; a 3 ✓.
    """
    nodes = read_graph(root, names)
    refuse_large(nodes)
    grads = walk_back(nodes)[-1].grads
    asked = {node.name: node for node in nodes[::-1] if node.name in mine}
    _require_answers(mine, nodes)
    right = {name: _close(mine[name], grads[node.index - 1]) for name, node in asked.items()}
    wrong = [node for name, node in asked.items() if not right[name] and mine[name] is not ...]
    said = [_explain(node, nodes, grads, mine) for node in wrong[:SHOWN]]
    filled = sum(mine[name] is not ... for name in asked)
    head = f"Filled in: {filled} of {len(asked)}, right: {sum(right.values())}."
    marks = {name: _mark(mine[name], right[name]) for name in asked}
    lines = {asked[name].index: f"grad {mark}" for name, mark in marks.items()}
    dot = dot_source(nodes, {nodes[-1].index: "grad 1", **lines}, {}, {})
    alt = " ".join([head, "; ".join(f"{n} {m}" for n, m in marks.items()) + ".", *said])
    drawing = render_svg(dot) or text_card(alt, ADVICE)
    return Picture(_captioned(drawing, [head, *said]), SVG, alt)


def _require_answers(mine: Mapping[str, Any], nodes: Sequence[Node]) -> None:
    known = [node.name for node in nodes if node.name]
    for name, value in mine.items():
        if name not in known:
            raise ValueError(f"no node is called {name!r}; the names are: {', '.join(known)}")
        if value is not ... and not isinstance(value, (int, float)):
            raise ValueError(f"the gradient of {name} must be a number, not {value!r}")


def _close(got: Any, wanted: float) -> bool:
    return got is not ... and math.isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-9)


def _mark(value: Any, right: bool) -> str:
    return "?" if value is ... else f"{number(value)} {'✓' if right else '✗'}"


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
    steps = _steps_from(node, nodes, grads)
    got, users = mine[node.name], " and ".join(dict.fromkeys(s[0].label for s in steps))
    for value, reason in _reasons(node, steps, grads[node.index - 1], mine):
        if _close(got, value):
            return f"{node.name} = {number(got)}: {reason}"
    return f"{node.name} = {number(got)}: multiply what {users} got by the slope of the step."


def _reasons(
    node: Node, steps: Sequence[Step], right: float, mine: Mapping[str, Any]
) -> list[tuple[Any, str]]:
    user, slope, grad = steps[0]
    theirs = mine.get(user.name, grad)
    reasons = []
    if theirs is not ... and not _close(theirs, grad):
        follows = sum(each for _, each, _ in steps) * theirs
        reasons.append((follows, f"right, if {user.label} were right: mend that one first."))
    if len(steps) > 1:
        reasons.append((slope * grad, f"one share only; {len(steps)} arrows leave it: add."))
    others = sum(node.data * g for u, _, g in steps if u.op == "*")
    return [
        *reasons,
        (-right, "the sign is turned round."),
        (sum(each for _, each, _ in steps), f"the slope alone; times what {user.label} got."),
        (grad, f"that is what {user.label} got; it still has to be multiplied by the slope."),
        (others, "the slope of a product is the *other* factor, not the node's own number."),
        (slope + grad, "the slope and the gradient are multiplied, not added."),
        (node.data, "that is its number, `data`; the gradient is asked for."),
    ]


def _captioned(drawing: str, lines: Sequence[str]) -> str:
    """Put lines of text below a drawing."""
    found = re.search(r'\bwidth="([\d.]+)" height="([\d.]+)"', drawing)
    if found is None:
        raise ValueError(f"a drawing has no size: {drawing[:60]!r}")
    across, down = (float(length) for length in found.groups())
    wide, high = max(across, 7.2 * max(map(len, lines))), down + 22 * (SHOWN + 1) + 12
    plain = re.sub(r' (role|aria-label|style)="[^"]*"|<(title|desc)>.*?</\2>', "", drawing)
    placed = plain.replace("<svg", '<svg x="0" y="0"', 1)
    text = "".join(
        f'<text x="6" y="{down + 22 * (row + 1):.0f}" font-size="14" fill="{TEXT}">'
        f"{escape(line)}</text>"
        for row, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="0 0 {wide:.0f} {high:.0f}" font-family="Helvetica,Arial,sans-serif">'
        f'<rect width="{wide:.0f}" height="{high:.0f}" fill="{PAPER}"/>'
        f"{placed}{text}</svg>"
    )
