"""The backward stepper: the walk of `backward` with a slider and a play button (chapter 02).

`classroom.lab.walk` computes the steps, `classroom.viz.backward` draws them; this is the shell.
Without a kernel, `classroom.viz.backward.draw_steps` shows the same on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from classroom.lab.nodes import read_graph
from classroom.lab.walk import explain_step, walk_back
from classroom.viz.backward import draw_walk
from classroom.viz.graph import refuse_large
from classroom.viz.kit.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import choice, int_slider, play

MILLISECONDS_PER_STEP = 1500
RIGHT = "backward"
"""What the right walk is called in the menu."""


class BackwardStepper(Explorer):
    """The backward walk over a graph, one node at a time.

    The current node has a thick border, the products ``local_grad * grad`` stand on its edges,
    each child shows what its gradient was and becomes, and every node says whether it is done,
    current or waiting. The graph itself is not changed: gradients are computed beside it.

    Parameters
    ----------
    root : Value
        The node whose derivatives are wanted.
    names : mapping of str to Value or list of Values, optional
        Names for nodes, for example ``globals()``; see `classroom.viz.draw_graph`.
    parameters : iterable of str or Value, optional
        The leaves that training may change.
    walk : callable, optional
        A walk of the reader's, right or wrong. It is run on a copy of the graph, and a menu
        changes between it and the right one, at the same step.
    step : int
        The step to begin with: 0, before the first node's turn.

    Raises
    ------
    ValueError
        If the graph has more than 150 nodes, or the walk does not add up shares.

    Examples
    --------
    >>> from microgpt import Value
    >>> a, b = Value(2), Value(3)
    >>> BackwardStepper(a * b, {"a": a, "b": b}).set(step=1)
    BackwardStepper(step=1): Step 1 of 3: #3 hands on its gradient 1. droot/da: 0 + 3 * 1 = 3; ...
    """

    def __init__(
        self,
        root: Any,
        names: Mapping[str, Any] | None = None,
        *,
        parameters: Iterable[Any] = (),
        walk: Callable[[Any], Any] | None = None,
        step: int = 0,
    ) -> None:
        self._nodes = read_graph(root, names, parameters)
        refuse_large(self._nodes)
        self._walks = {RIGHT: walk_back(self._nodes)}
        menu = {}
        if walk is not None:
            name = getattr(walk, "__name__", "walk")
            name += " (yours)" if name == RIGHT else ""
            self._walks[name] = walk_back(self._nodes, walk)
            menu["walk"] = choice("walk", name, [*self._walks], tooltip="who walks: compare both")
        last = max(map(len, self._walks.values())) - 1
        said = f"step of the backward walk, from 0 to {last}"
        slider = int_slider("step", step, 0, last, tooltip=said)
        self.play = play(slider, MILLISECONDS_PER_STEP, tooltip="walk through the steps")
        self.telling = {"step": step or 1}
        super().__init__(step=slider, **menu, extras=[self.play])

    def draw(self, step: int, walk: str = RIGHT) -> tuple[Picture, str]:
        """Draw one step and spell out its arithmetic; a shorter walk stays at its end."""
        steps = self._walks[walk]
        step = min(step, len(steps) - 1)
        return draw_walk(self._nodes, steps, step), explain_step(self._nodes, steps, step)
