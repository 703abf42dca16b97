"""The attention explorer of chapter 05: type a name, choose a head, see who looks at whom."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

from classroom.lab.tracing import Trace, trace
from classroom.viz.arcs import arcs_picture
from classroom.viz.attention import attention_picture
from classroom.viz.kit.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import checkbox, choice, int_slider, text
from classroom.widgets.words import letters_only
from microgpt.checkpoint import load
from microgpt.model import init_params


class AttentionExplorer(Explorer):
    """One head's attention weights for a name that you type: point at a letter to ask it.

    Parameters
    ----------
    name : str
        What stands in the field at first.
    head, position : int
        What is chosen at first.
    """

    lines = 1

    def __init__(self, name: str = "ava", head: int = 0, position: int = 2) -> None:
        state_dict, self.config, self.tokenizer = load()
        untrained = init_params(self.config, random.Random(42))
        self.models = {"untrained": untrained, "trained": state_dict}
        self._traces = lru_cache(maxsize=1)(self._trace)  # while head and position change
        last = self.config.block_size - 1
        judge, letters = letters_only(self.tokenizer, last, "anna"), f"up to {last} small letters"
        who = "0 is BOS, 1 a first letter"
        super().__init__(
            name=text("name", name, tooltip=f"{letters}; repeat some", judge=judge),
            head=choice("head", head, range(self.config.n_head), tooltip="which head to look at"),
            layer=choice("layer", 0, range(self.config.n_layer), tooltip="which layer"),
            position=int_slider("position that asks", position, 0, last, tooltip=who),
            numbers=checkbox("all numbers", tooltip="the weights of every position as a triangle"),
        )

    def fit(self, name: str, **_: Any) -> None:
        """Let the slider end where the name ends."""
        self.controls["position"].max = min(max(len(name), 1), self.config.block_size - 1)

    def _trace(self, name: str) -> dict[str, Trace]:
        """What both models compute for a name, by title."""
        return {
            title: trace(name, model, self.config, self.tokenizer)
            for title, model in self.models.items()
        }

    def draw(
        self, name: str, head: int, layer: int, position: int, numbers: bool
    ) -> tuple[Picture, str]:
        """Draw the head's weights; a position behind the name's end means the last one."""
        shown = min(position, len(name))
        traces = self._traces(name)
        asked = traces, shown, layer, head
        picture = attention_picture(*asked, least_height=426) if numbers else arcs_picture(*asked)
        found = traces["trained"]
        weights = found.layers[layer].attn_weights[head][shown]
        best = max(range(shown + 1), key=weights.__getitem__)
        words = (
            f"position {shown} ({found.labels[shown]}) of {name!r} looks most at position {best} "
            f"({found.labels[best]}): {weights[best]:.2f} trained, an even share is "
            f"{1 / (shown + 1):.2f}"
        )
        if not name:
            words = "an empty name: BOS is alone and can look only at itself, weight 1.00"
        return picture, words
