"""The backward stepper: the walk of `backward` with a slider and a play button (chapter 02).

`classroom.viz.walk` computes the steps, `classroom.viz.backward` draws them; this is the shell.
Without a kernel, `classroom.viz.backward.draw_steps` shows the same on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as ipw

from classroom.viz.backward import draw_walk
from classroom.viz.graph import refuse_large
from classroom.viz.nodes import read_graph
from classroom.viz.picture import Picture
from classroom.viz.walk import explain_step, walk_back
from classroom.widgets.base import Explorer
from classroom.widgets.controls import int_slider

MILLISECONDS_PER_STEP = 1500


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
    step : int
        The step to begin with: 0, before the first node's turn.

    Raises
    ------
    ValueError
        If the graph has more than 150 nodes.

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
        step: int = 0,
    ) -> None:
        self._nodes = read_graph(root, names, parameters)
        refuse_large(self._nodes)
        self._steps = walk_back(self._nodes)
        last = len(self._steps) - 1
        slider = int_slider(
            "step", step, 0, last, tooltip=f"step of the backward walk, from 0 to {last}"
        )
        self.play = ipw.Play(
            value=step,
            min=0,
            max=last,
            interval=MILLISECONDS_PER_STEP,
            description="play",
            tooltip="walk through the steps",
        )
        ipw.link((self.play, "value"), (slider, "value"))
        super().__init__(step=slider, extras=[self.play])

    def draw(self, step: int) -> tuple[Picture, str]:
        """Draw one step and spell out its arithmetic."""
        picture = draw_walk(self._nodes, self._steps, step)
        return picture, explain_step(self._nodes, self._steps, step)
