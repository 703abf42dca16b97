"""A name travels through the machine, letter by letter, forward and back (chapter 00)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ipywidgets as ipw

from classroom.viz.journey import Journey, journey, journey_in_words, journey_picture
from classroom.viz.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import int_slider
from microgpt.checkpoint import load

MILLISECONDS_PER_STEP = 1400


class NameJourney(Explorer):
    """The shipped model writes one name; you walk with each letter from station to station.

    Press a station to take the token there, a letter to go back to it, or play.

    Parameters
    ----------
    dice : int
        Which dice: other dice, another name.
    step : int
        Where to begin.

    Examples
    --------
    >>> NameJourney().set(step=5).result
    'Step 6 of 36, sample: the die shows 0.57 and falls on k.'
    """

    lines = 1

    def __init__(self, dice: int = 10, step: int = 0) -> None:
        self._model = load()
        way = _journey(dice)
        slider = int_slider(
            "step", step, 0, way.steps - 1, tooltip="stations and letters, in order"
        )
        slider.layout.width = "min(100%, 440px)"
        other = int_slider("dice", dice, 1, 40, tooltip="other dice, another name")
        other.layout.width = "240px"
        self.play = ipw.Play(
            value=step,
            min=0,
            max=way.steps - 1,
            interval=MILLISECONDS_PER_STEP,
            description="play",
            tooltip="walk through all stations",
        )
        ipw.link((self.play, "value"), (slider, "value"))
        super().__init__(
            step=slider,
            dice=other,
            extras=[self.play],
        )

    def draw(self, step: int, dice: int) -> tuple[Picture, str]:
        """Draw one step of the name that these dice give."""
        way = _journey(dice)
        return journey_picture(way, step), journey_in_words(way, step)

    def _assign(self, values: Mapping[str, Any]) -> None:
        """Choose the name first: how far the slider goes depends on it."""
        for part in ("dice", "step"):
            if part in values:
                super()._assign({part: values[part]})

    def _changed(self, change: Any = None) -> None:
        """Fit the slider to the name, go back to its beginning if the name is another one."""
        if not self._held and not self._drawing and hasattr(self, "play"):
            last = _journey(self.controls["dice"].value).steps - 1
            if last != self.controls["step"].max:
                self._held = True
                self.controls["step"].value = min(self.controls["step"].value, last)
                self.controls["step"].max = self.play.max = last
                self._held = False
        super()._changed(change)


@lru_cache(maxsize=64)
def _journey(dice: int) -> Journey:
    return journey(load(), dice)
