"""The backward walk as pictures: one step of it, or several below each other (chapter 02).

The numbers come from `classroom.lab.walk`, which computes beside the graph: neither a node nor its
`grad` is changed by drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from classroom.lab.nodes import Node, read_graph
from classroom.lab.walk import BackwardStep, early, explain_step, product_text, walk_back
from classroom.lab.written import number
from classroom.viz.dot import dot_source
from classroom.viz.graph import refuse_large
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.render import graph_picture, stacked_picture

Steps = Sequence[BackwardStep]


def draw_steps(
    root: Any, positions: Sequence[int], names: Mapping[str, Any] | None = None,
    parameters: Iterable[Any] = (), walk: Callable[[Any], Any] | None = None,
) -> Picture:  # fmt: skip
    """Draw several steps of a backward walk, one below the other: the stepper on paper.

    Parameters
    ----------
    root : Value
        The node whose derivatives are wanted; neither it nor its graph is changed.
    positions : sequence of int
        The steps to show, from 0 (only the root's gradient is set) to the number of nodes.
    names, parameters
        As in `classroom.viz.draw_graph`.
    walk : callable, optional
        A walk of the reader's, as in `walk_back`: below each of its steps stands the right walk
        at the turn of the same node.

    Raises
    ------
    ValueError
        If there is no such step, or the graph has more than 150 nodes.
    """
    nodes = read_graph(root, names, parameters)
    refuse_large(nodes)
    right = walk_back(nodes)
    shown = [("", right, position) for position in positions]
    if walk is not None:
        steps, turns = walk_back(nodes, walk), [step.node for step in right]
        below = [turns.index(steps[position].node) for position in positions]
        theirs = [(f"{walk.__name__}: ", steps, position) for position in positions]
        ours = [("backward: ", right, position) for position in below]
        shown = [each for pair in zip(theirs, ours) for each in pair]
    pictures = [draw_walk(nodes, steps, position) for _, steps, position in shown]
    captions = [who + explain_step(nodes, steps, position) for who, steps, position in shown]
    alts = [who + picture.alt for (who, *_), picture in zip(shown, pictures)]
    alt = f"{len(pictures)} steps of the backward walk. {' '.join(alts)}"
    return stacked_picture(pictures, captions, alt)


def draw_walk(nodes: Sequence[Node], steps: Steps, position: int) -> Picture:
    """Draw one of the steps that `walk_back` recorded.

    Done, current and waiting nodes are told apart by a word, by their border and by their edges.
    The edges of finished nodes keep their products, so the picture shows how each gradient
    came together. A node that hands on too early says so.
    """
    if position not in range(len(steps)):
        raise ValueError(f"there is no step {position!r}: the walk has steps 0 to {len(steps) - 1}")
    now = steps[position].node
    done = {step.node for step in steps[1:position]}
    waiting = {node.index for node in nodes} - done - {now}
    dot = dot_source(
        nodes,
        _grad_lines(nodes, steps, position),
        _notes(steps),
        _tags(now, done, waiting, bool(early(steps, position))),
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
    return graph_picture(dot, _alt(nodes, steps, position, Done=done, Waiting=waiting), goals)


def _tags(now: int, done: set[int], waiting: set[int], too_early: bool) -> dict[int, str]:
    """Return the word on each node: done, now (or too early) or waiting."""
    tags = dict.fromkeys(done, "✓ done") | dict.fromkeys(waiting, "○ waiting")
    return {**tags, now: "✗ early" if too_early else "▶ now"} if now else tags


def _notes(steps: Steps) -> dict[tuple[int, int], str]:
    """Return the product on each edge."""
    return {
        (step.node, place): f"{product_text(p)} = {number(p.local_grad * p.grad)}"
        for step in steps
        for place, p in enumerate(step.products)
    }


def _grad_lines(nodes: Sequence[Node], steps: Steps, position: int) -> dict[int, str]:
    """Return each node's line about its gradient: ``grad 3``, or ``grad 0 → 3`` in this step."""
    step = steps[position]
    lines = {node.index: f"grad {number(step.grads[node.index - 1])}" for node in nodes}
    for child in {p.child for p in step.products}:
        was = number(steps[position - 1].grads[child - 1])
        lines[child] = f"grad {was} → {number(step.grads[child - 1])}"
    return lines


def _room(nodes: Sequence[Node], steps: Steps) -> dict[int, int]:
    """Return the length of the longest line each node will ever show, so that none is moved."""
    walks = [_grad_lines(nodes, steps, position) for position in range(len(steps))]
    return {node.index: max(len(walk[node.index]) for walk in walks) for node in nodes}


def _alt(nodes: Sequence[Node], steps: Steps, position: int, **groups: set[int]) -> str:
    """Say what the picture of a step shows."""
    grads = steps[position].grads
    known = "; ".join(f"{node.label} {number(grads[node.index - 1])}" for node in nodes)
    said = [
        f"{word}: {', '.join(node.label for node in nodes if node.index in group) or 'none'}"
        for word, group in groups.items()
    ]
    words = f"{explain_step(nodes, steps, position)} {'. '.join(said)}."
    return f"{words} Gradients now: {known}."
