"""The explorer of chapter 06 that shows the guess as it forms."""

from __future__ import annotations

from functools import lru_cache

from classroom.lab.lens import logit_lens
from classroom.viz.kit.picture import Picture
from classroom.viz.lens import lens_in_words, lens_picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import int_slider, text
from classroom.widgets.words import letters_only
from microgpt.checkpoint import load


class LogitLens(Explorer):
    """What `lm_head` would guess after each part of the model, on a name you type.

    Parameters
    ----------
    name : str
        The name at first.
    position : int
        Whose guesses are drawn as bars; 0 is BOS.
    """

    def __init__(self, name: str = "olivia", position: int = 6) -> None:
        state_dict, config, tokenizer = load()
        self._lens = lru_cache(maxsize=1)(  # while only the position changes
            lambda name: logit_lens(name, state_dict, config, tokenizer)
        )
        last = config.block_size - 1
        judge = letters_only(tokenizer, last, "olivia")
        super().__init__(
            name=text("name", name, tooltip=f"up to {last} small letters", judge=judge),
            position=int_slider("position", position, 0, len(name), tooltip="0 is BOS"),
        )

    def fit(self, name: str, position: int) -> None:
        """Let the slider end where the name ends."""
        self.controls["position"].max = len(name)

    def draw(self, name: str, position: int) -> tuple[Picture, str]:
        """Draw the table of guesses, and those at the position."""
        lens = self._lens(name)
        return lens_picture(lens, position), lens_in_words(lens, position)
