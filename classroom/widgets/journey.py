"""A name travels through the machine, letter by letter, forward and back (chapter 00)."""

from __future__ import annotations

from functools import lru_cache

from classroom.lab.journey import Journey, journey
from classroom.viz.journey import journey_in_words, journey_picture
from classroom.viz.kit.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import int_slider, play
from microgpt.checkpoint import load

MILLISECONDS_PER_STEP = 1400
TELLING = 22
"""Where it begins: three letters, 27 probabilities, and the die not thrown yet."""


class NameJourney(Explorer):
    """The shipped model writes one name; you walk with each letter from station to station.

    Press a station to take the token there, a letter to go back to it, or play.

    Parameters
    ----------
    dice : int
        Which dice: other dice, another name.
    step : int, optional
        Where to begin; in the midst of it, before the die is thrown, if left out.

    Examples
    --------
    >>> NameJourney().set(step=5).result
    'Step 6 of 36, sample: the die shows 0.57 and falls on k.'
    """

    lines = 1

    def __init__(self, dice: int = 10, step: int | None = None) -> None:
        last = _journey(dice).steps - 1
        said, begin = "stations and letters, in order", TELLING if step is None else step
        slider = int_slider("step", min(begin, last), 0, last, tooltip=said)
        other = int_slider("dice", dice, 1, 40, tooltip="other dice, another name")
        self.play = play(slider, MILLISECONDS_PER_STEP, tooltip="walk through all stations")
        super().__init__(step=slider, dice=other, extras=[self.play])

    def draw(self, step: int, dice: int) -> tuple[Picture, str]:
        """Draw one step of the name that these dice give."""
        way = _journey(dice)
        return journey_picture(way, step), journey_in_words(way, step)

    def fit(self, step: int, dice: int) -> None:
        """Let slider and play button end where the name ends."""
        last = _journey(dice).steps - 1
        self.controls["step"].value = min(step, last)
        self.controls["step"].max = self.play.max = last


@lru_cache(maxsize=64)
def _journey(dice: int) -> Journey:
    return journey(load(), dice)
