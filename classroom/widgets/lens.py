"""Two explorers of chapter 06: the guess as it forms, and the model with a part knocked out."""

from __future__ import annotations

from typing import Any

from classroom.viz.knockout import knock_out, knockout_in_words, knockout_picture
from classroom.viz.lens import lens_in_words, lens_picture, logit_lens
from classroom.viz.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import choice, int_slider, text
from microgpt.checkpoint import load


class LogitLens(Explorer):
    """What `lm_head` would guess after each part of the model, on a name you type.

    Parameters
    ----------
    name : str
        The name at first.
    position : int
        Whose guesses are drawn as bars; 0 is the mark.
    model : tuple of (state_dict, config, tokenizer), optional
        By default the shipped one.
    """

    def __init__(self, name: str = "olivia", position: int = 6, model: Any = None) -> None:
        self.model = model or load()
        last = self.model[1].block_size - 1
        super().__init__(
            name=text("name", name, tooltip=f"up to {last} small letters", slow=False),
            position=int_slider("position", position, 0, len(name), tooltip="0 is the mark"),
        )

    def draw(self, name: str, position: int) -> tuple[Picture, str]:
        """Draw the table of guesses, and those at the position."""
        self.controls["position"].max = len(name)
        lens, position = logit_lens(name, *self.model), min(position, len(name))
        return lens_picture(lens, position), lens_in_words(lens, position)

    def set(self, **values: Any) -> LogitLens:
        """Give controls new values: the name first, which says how many positions there are."""
        if "name" in values:
            super().set(name=values.pop("name"))
        super().set(**values)
        return self


class KnockOuts(Explorer):
    """Take heads and detectors of the first layer out, and see what each letter costs then.

    Parameters
    ----------
    name : str
        The name at first.
    head, detector : int or str
        What is out at first: a number, ``"none"`` or ``"all"``.
    model : tuple of (state_dict, config, tokenizer), optional
        By default the shipped one; it is never changed.
    """

    lines = 3

    def __init__(
        self, name: str = "jayden", head: Any = "none", detector: Any = "none", model: Any = None
    ) -> None:
        self.model = model or load()
        config = self.model[1]
        self._all = {"head": config.n_head, "detector": 4 * config.n_embd}
        last = config.block_size - 1
        super().__init__(
            name=text("name", name, tooltip=f"up to {last} small letters", slow=False),
            head=self._choice("head", head),
            detector=self._choice("detector", detector),
        )

    def _choice(self, what: str, value: Any) -> Any:
        """None, all, or one of them."""
        options = ["none", "all", *range(self._all[what])]
        named = [(str(option), option) for option in options]
        return choice(f"{what} out", value, named, tooltip=f"which {what} is taken out")

    def draw(self, name: str, head: Any, detector: Any) -> tuple[Picture, str]:
        """Draw the letters' losses with and without."""
        out = [self._chosen("head", head), self._chosen("detector", detector)]
        found = knock_out(name, *self.model, *out)
        return knockout_picture(found), knockout_in_words(found)

    def _chosen(self, what: str, value: Any) -> list[int]:
        if value == "all":
            return list(range(self._all[what]))
        return [] if value == "none" else [value]
