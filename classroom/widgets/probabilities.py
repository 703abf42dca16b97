"""The softmax explorer: logits and temperature in, probabilities out (chapter 04)."""

from __future__ import annotations

from collections.abc import Sequence

from classroom.lab.softmax import softmax_steps
from classroom.lab.written import number
from classroom.viz.kit.picture import Picture
from classroom.viz.softmax import probabilities_in_words, softmax_table
from classroom.widgets.base import Explorer
from classroom.widgets.controls import checkbox, float_slider

NAMES = "abcdefgh"


class SoftmaxExplorer(Explorer):
    """A slider for each logit, one for the temperature, one that moves all logits together.

    Parameters
    ----------
    logits : sequence of float
        Where the sliders stand at the beginning, each from -5 to 5; at most 8.

    Raises
    ------
    ValueError
        If there are no logits or too many.

    Examples
    --------
    >>> SoftmaxExplorer([2, 1]).set(all=100)
    SoftmaxExplorer(a=2, b=1, T=1, all=100, max=True): a 0.7311, b 0.2689; largest logit 102
    """

    def __init__(self, logits: Sequence[float] = (2.0, 1.0, 0.5, 0.0, -1.0)) -> None:
        if not 1 <= len(logits) <= len(NAMES):
            raise ValueError(f"the explorer has room for 1 to {len(NAMES)} logits: {logits}")
        sliders = {
            name: float_slider(f"logit {name}", logit, -5, 5, tooltip=f"the score of {name}")
            for name, logit in zip(NAMES, logits)
        }
        for slider in sliders.values():
            slider.add_class("mg-in-picture")
        super().__init__(
            **sliders,
            T=float_slider(
                "temperature T", 1, 0.1, 5, tooltip="every logit is divided by it before exp"
            ),
            all=float_slider(
                "add to all", 0, -1000, 1000, 10, tooltip="the same number added to every logit"
            ),
            max=checkbox("subtract the largest", True, tooltip="off: exp of the bare logits"),
        )

    def draw(self, T: float, all: float, max: bool, **logits: float) -> tuple[Picture, str]:
        """The table of the softmax, and its probabilities in words."""
        moved = [logit + all for logit in logits.values()]
        steps = softmax_steps(moved, T, max)
        words = probabilities_in_words(steps)
        return softmax_table(
            steps, knobs=list(logits.values())
        ), f"{words}; largest logit {number(sorted(moved)[-1])}"
