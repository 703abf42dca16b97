"""The temperature explorers: the real model, one slider (chapter 00) or everything (chapter 09)."""

from __future__ import annotations

from functools import cache
from typing import Any

from classroom.lab.runs import run_start
from classroom.lab.sampling import next_character, ten_names
from classroom.lab.stepwise import NumpyRun
from classroom.viz.kit.picture import Picture
from classroom.viz.temperature import certainty, in_the_data, temperature_picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import choice, float_slider, text
from classroom.widgets.words import letters_only
from microgpt.checkpoint import load
from microgpt.data import load_docs
from microgpt.inference import Weights, float_weights

STAGES = {
    "untrained, 0 steps": 0,
    "a tenth, 100 steps": 100,
    "half-trained, 500 steps": 500,
    "trained, 1,000 steps": 1000,
}
"""Names of the weights to choose, and how many steps of the reference run they have made."""


@cache
def weights_after(num_steps: int) -> Weights:
    """Weights of the reference run as they were after some of its 1,000 steps.

    After 1,000 they are the shipped ones. The others are made here and now, by the NumPy engine,
    from the same seed, the same shuffled names and the same falling learning rate.

    Parameters
    ----------
    num_steps : int
        From 0 to 1,000.

    Returns
    -------
    dict of str to rows of float
    """
    state_dict, *_ = load()
    if num_steps < 1000:
        docs, tokenizer, config, state_dict = run_start()
        run = NumpyRun(docs, tokenizer, config, state_dict)
        while run.index < num_steps:
            run.step()
        run.hand_back()
    return float_weights(state_dict)


class NamesExplorer(Explorer):
    """The temperature of the shipped model, and ten names that follow it.

    Parameters
    ----------
    T : float
        The temperature at first, from 0.05 to 3.
    beginning : str
        How the names begin at first; click a letter, and they begin with it.

    Attributes
    ----------
    names : list of str
        The ten names that are shown.

    Examples
    --------
    >>> NamesExplorer().set(T=0.05).result
    '3 of 10 names are in the data'
    """

    lines = 1

    def __init__(self, T: float = 0.5, beginning: str = "", **more: Any) -> None:
        _, self._config, self._tokenizer = load()
        self._known, last = frozenset(load_docs()), self._config.block_size - 1
        words = "low: sure of itself; high: adventurous"
        letters = f"up to {last} small letters; names are completed from here"
        judge = letters_only(self._tokenizer, last, "em")
        super().__init__(
            T=float_slider("temperature T", T, 0.05, 3, 0.05, tooltip=words),
            beginning=text("beginning", beginning, tooltip=letters, judge=judge),
            **more,
        )

    def draw(self, T: float, beginning: str) -> tuple[Picture, str]:
        """The next character's bars and ten names."""
        return self._draw(weights_after(1000), T, 0, beginning, False)

    def _draw(
        self, weights: Weights, T: float, top_k: int, beginning: str, arithmetic: bool
    ) -> tuple[Picture, str]:
        model = weights, self._config, self._tokenizer, beginning
        guess = next_character(*model, T, top_k or None)
        self.names = names = ten_names(*model, T, top_k or None)
        picture = temperature_picture(
            guess, guess.at(1.0), names, self._known, beginning, arithmetic
        )
        sure = f"{certainty(guess)}; " * arithmetic
        return picture, sure + in_the_data(names, self._known)


class TemperatureExplorer(NamesExplorer):
    """Temperature, top-k, a beginning and a choice of weights; the arithmetic is written out.

    Parameters
    ----------
    beginning : str
        How the names begin at first.
    T : float
        The temperature at first.
    """

    def __init__(self, beginning: str = "", T: float = 0.5) -> None:
        for num_steps in STAGES.values():
            weights_after(num_steps)  # now, so that no move of a control has to wait
        ranks = [("all", 0), *((str(k), k) for k in (1, 2, 3, 5, 10, 20))]
        learned, stages = "how long the model has learned", list(STAGES.items())
        super().__init__(
            T,
            beginning,
            top_k=choice("top-k", 0, ranks, tooltip="draw among the k most probable only"),
            weights=choice("weights", 1000, stages, tooltip=learned),
        )

    def draw(self, T: float, beginning: str, top_k: int, weights: int) -> tuple[Picture, str]:  # type: ignore[override]
        """Bars, arithmetic and ten names for these settings."""
        return self._draw(weights_after(weights), T, top_k, beginning, True)
