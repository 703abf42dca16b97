"""The backward walk as pictures: one step of it, or several below each other (chapter 02).

The numbers come from `classroom.viz.walk`, which computes beside the graph: neither a node nor its
`grad` is changed by drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classroom.viz.dot import dot_source
from classroom.viz.graph import refuse_large
from classroom.viz.nodes import Node, read_graph
from classroom.viz.picture import SVG, Picture
from classroom.viz.render import graph_picture, stacked
from classroom.viz.style import number
from classroom.viz.walk import BackwardStep, backward_steps, explain_step, product_text, walk_back

__all__ = ["backward_steps", "draw_step", "draw_steps", "draw_walk", "explain_step"]


def draw_step(
    root: Any,
    position: int,
    names: Mapping[str, Any] | None = None,
    parameters: Iterable[Any] = (),
) -> Picture:
    """Draw the graph as it stands after one step of the backward walk.

    Done, current and waiting nodes are told apart by a word, by their border and by their edges.
    The edges of finished nodes keep their products, so the picture shows how each gradient
    came together.

    Parameters
    ----------
    root : Value
        The node whose derivatives are wanted; neither it nor its graph is changed.
    position : int
        The step, from 0 (only the root's gradient is set) to the number of nodes.
    names, parameters
        As in `classroom.viz.draw_graph`.

    Raises
    ------
    ValueError
        If there is no such step, or the graph has more than 150 nodes.
    """
    nodes = read_graph(root, names, parameters)
    refuse_large(nodes)
    return draw_walk(nodes, walk_back(nodes), position)


def draw_steps(
    root: Any,
    positions: Sequence[int],
    names: Mapping[str, Any] | None = None,
    parameters: Iterable[Any] = (),
) -> Picture:
    """Draw several steps of the backward walk, one below the other: the stepper on paper.

    Parameters
    ----------
    root, names, parameters
        As in `draw_step`.
    positions : sequence of int
        The steps to show, from 0 to the number of nodes.
    """
    nodes = read_graph(root, names, parameters)
    refuse_large(nodes)
    steps = walk_back(nodes)
    pictures = [draw_walk(nodes, steps, position) for position in positions]
    captions = [explain_step(nodes, steps, position) for position in positions]
    alt = f"{len(pictures)} steps of the backward walk. " + " ".join(p.alt for p in pictures)
    return Picture(stacked([str(p.data) for p in pictures], captions), SVG, alt)


def draw_walk(nodes: Sequence[Node], steps: Sequence[BackwardStep], position: int) -> Picture:
    """Draw one of the steps that `walk_back` recorded."""
    if position not in range(len(steps)):
        raise ValueError(f"there is no step {position!r}: the walk has steps 0 to {len(steps) - 1}")
    now = steps[position].node
    done = {step.node for step in steps[1:position]}
    waiting = {node.index for node in nodes} - done - {now}
    dot = dot_source(
        nodes,
        _grad_lines(nodes, steps, position),
        _notes(steps),
        _tags(now, done, waiting),
        bold={now} if now else (),
        pale=waiting,
        unwritten=waiting,
        room=_room(nodes, steps),
    )
    goals = {
        step.node: f'data-set="step={place}" data-label="go to {nodes[step.node - 1].label}"'
        for place, step in enumerate(steps)
        if step.node
    }
    return graph_picture(dot, _alt(nodes, steps, position, done, waiting), goals)


def _tags(now: int, done: set[int], waiting: set[int]) -> dict[int, str]:
    """Return the word on each node: done, now or waiting."""
    tags = dict.fromkeys(done, "✓ done") | dict.fromkeys(waiting, "○ waiting")
    return {**tags, now: "▶ now"} if now else tags


def _notes(steps: Sequence[BackwardStep]) -> dict[tuple[int, int], str]:
    """Return the product on each edge."""
    return {
        (step.node, place): f"{product_text(p)} = {number(p.local_grad * p.grad)}"
        for step in steps
        for place, p in enumerate(step.products)
    }


def _grad_lines(
    nodes: Sequence[Node], steps: Sequence[BackwardStep], position: int
) -> dict[int, str]:
    """Return each node's line about its gradient: ``grad 3``, or ``grad 0 → 3`` in this step."""
    step = steps[position]
    lines = {node.index: f"grad {number(step.grads[node.index - 1])}" for node in nodes}
    for child in {p.child for p in step.products}:
        was = number(steps[position - 1].grads[child - 1])
        lines[child] = f"grad {was} → {number(step.grads[child - 1])}"
    return lines


def _room(nodes: Sequence[Node], steps: Sequence[BackwardStep]) -> dict[int, int]:
    """Return the length of the longest line each node will ever show, so that none is moved."""
    walks = [_grad_lines(nodes, steps, position) for position in range(len(steps))]
    return {node.index: max(len(walk[node.index]) for walk in walks) for node in nodes}


def _alt(
    nodes: Sequence[Node],
    steps: Sequence[BackwardStep],
    position: int,
    done: set[int],
    waiting: set[int],
) -> str:
    """Say what the picture of a step shows."""
    grads = steps[position].grads
    known = "; ".join(f"{node.label} {number(grads[node.index - 1])}" for node in nodes)
    groups = [
        f"{word}: {', '.join(node.label for node in nodes if node.index in group) or 'none'}"
        for word, group in (("Done", done), ("Waiting", waiting))
    ]
    words = f"{explain_step(nodes, steps, position)} {'. '.join(groups)}."
    return f"{words} Gradients now: {known}."
