"""Choose the size of a model; see what training it costs on each rung. Chapter 11."""

from __future__ import annotations

from typing import Any

from classroom.lab.figures import count_params, estimate, stored_figures
from classroom.lab.growth import SIZES
from classroom.viz.cost import as_long_as, cost_picture
from classroom.viz.efficiency import duration
from classroom.viz.kit.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import steps_slider
from microgpt.model import Config

TOKENS = 1_000_000
WIDER = {"n_embd": (256, 512), "n_layer": (12,), "block_size": (256, 512)}
"""Sizes beyond those that were measured: the fitted exponents carry on."""


class CostExplorer(Explorer):
    """Width, depth and length of a model; the time that each engine needs for a million tokens.

    A dot that is dragged changes the width.

    The figures are stored ones, measured on one machine (`classroom.lab.figures`), so the
    result is the same everywhere.
    """

    lines = 1

    def __init__(self) -> None:
        self.figures = stored_figures()
        self.names = [row["name"] for row in self.figures["ladder"] if row["peak_mb"]]
        tooltips = {
            "n_embd": "length of the vector that stands for a token",
            "n_layer": "number of blocks of attention and MLP",
            "block_size": "longest sequence of tokens",
        }
        controls = {
            what: steps_slider(what, SIZES[what][0], [*SIZES[what], *WIDER[what]], tooltip=tooltip)
            for what, tooltip in tooltips.items()
        }
        super().__init__(**controls)

    def draw(self, *_: Any, **sizes: int) -> tuple[Picture, str]:
        """Return the bars, and parameters, work a token and the two ends of the ladder in words."""
        costs = self.costs(**sizes)
        params = count_params(Config(vocab_size=27, **sizes))
        fastest = min(costs, key=lambda cost: cost[1])
        words = (
            f"{params:,} parameters, {6 * params:,} operations a token; {costs[0][0]} needs "
            f"{duration(costs[0][1])} (about {as_long_as(costs[0][1])}), {fastest[0]} "
            f"{duration(fastest[1])}"
        )
        widths = self.controls["n_embd"].options
        reach = {n: [cost for _, cost in self.costs(**{**sizes, "n_embd": n})] for n in widths}
        return cost_picture(costs, TOKENS, reach, sizes["n_embd"]), words

    def costs(self, **sizes: int) -> list[tuple[str, float]]:
        """Seconds that each engine needs for `TOKENS` tokens at these sizes."""
        config = Config(vocab_size=27, **sizes)
        return [(name, TOKENS * estimate(self.figures, name, config)) for name in self.names]
