"""Losses read honestly: window means, the floors of chapter 04, curves over them. Chapter 08."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, DPI, INK, TEXT, figure, to_picture
from microgpt.tokenizer import CharTokenizer

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WINDOW = 50
WINDOWS = ((1, 50), (151, 200), (451, 500), (951, 1000))
"""The windows of steps, counted from 1, whose means the course compares."""


@dataclass(frozen=True)
class Floors:
    """What guessing without the model costs, in nats a token.

    Attributes
    ----------
    blind : float
        Every token equally likely: ln of the vocabulary's size.
    unigram : float
        Knowing how often each token occurs.
    bigram : float
        Knowing how often each token follows each other one.
    """

    blind: float
    unigram: float
    bigram: float

    def named(self) -> list[tuple[str, float]]:
        """Name and loss of each floor, from the highest."""
        return [("blind", self.blind), ("unigram", self.unigram), ("bigram", self.bigram)]


def floors(docs: Sequence[str], tokenizer: CharTokenizer) -> Floors:
    """Count the floors on some documents; each document's end counts as a token.

    Parameters
    ----------
    docs : sequence of str
        The documents.
    tokenizer : CharTokenizer
        Must know every character of `docs`.

    Returns
    -------
    Floors
        In nats a token.

    Raises
    ------
    ValueError
        If there are no documents.

    Examples
    --------
    >>> round(floors(["ab", "ab"], CharTokenizer("ab")).unigram, 4)  # a, b and the end: 1/3 each
    1.0986
    """
    if not docs:
        raise ValueError("there are no documents to count: give at least one")
    rows = [tokenizer.document_ids(doc) for doc in docs]
    singles = Counter(chain.from_iterable(row[1:] for row in rows))
    pairs = Counter(chain.from_iterable(pairwise(row) for row in rows))
    firsts = Counter(chain.from_iterable(row[:-1] for row in rows))
    count = singles.total()
    unigram = -math.fsum(n * math.log(n / count) for n in singles.values()) / count
    bigram = -math.fsum(n * math.log(n / firsts[a]) for (a, _), n in pairs.items()) / count
    return Floors(math.log(tokenizer.vocab_size), unigram, bigram)


def window_mean(losses: Sequence[float], first: int, last: int) -> float:
    """The mean loss of the steps `first` to `last`, counted from 1, both included.

    Raises
    ------
    ValueError
        If there are no such steps.

    Examples
    --------
    >>> window_mean([4.0, 2.0, 3.0], 1, 2)
    3.0
    """
    if not 1 <= first <= last <= len(losses):
        raise ValueError(f"steps {first} to {last} are not within 1 to {len(losses)}")
    return math.fsum(losses[first - 1 : last]) / (last - first + 1)


def window_means(losses: Sequence[float], size: int = WINDOW) -> list[tuple[int, float]]:
    """The last step of each full window of `size` steps, counted from 1, and its mean loss.

    Examples
    --------
    >>> window_means([4.0, 2.0, 3.0, 1.0, 9.0], size=2)
    [(2, 3.0), (4, 2.0)]
    """
    ends = range(size, len(losses) + 1, size)
    return [(end, window_mean(losses, end - size + 1, end)) for end in ends]


def draw_losses(
    losses: Sequence[float],
    floor: Floors,
    *,
    size: int = WINDOW,
    held_out: Sequence[tuple[int, float]] = (),
    num_steps: int | None = None,
    dpi: int = DPI,
) -> Picture:
    """Draw the loss of every step as a dot, the window means as a line, the floors behind.

    Parameters
    ----------
    losses : sequence of float, shape (steps,)
        Loss of each step's document, in nats a token.
    floor : Floors
        The floors.
    size : int
        Steps in a window.
    held_out : sequence of (step, loss)
        Mean loss of names held out, measured after some steps.
    num_steps : int, optional
        Length of the whole run, if it has not come to its end.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text has the first, the lowest and the last window mean and the floors.
    """
    means = window_means(losses, size)
    steps = num_steps or max(len(losses), 1)
    with figure(9, 4.2, layout="none") as fig:
        ax = fig.add_axes((0.075, 0.13, 0.78, 0.82))
        axes_of_losses(ax, floor, steps)
        high, low = [loss for _, loss in held_out], [mean for _, mean in means]
        ax.set_ylim(min([1.6, *(mean - 0.2 for mean in low)]), max([4.2, *(x + 0.3 for x in high)]))
        ax.plot(range(1, len(losses) + 1), losses, ".", ms=3, color="#A9C6DA", label="one name")
        if means:
            label = f"mean of {size} names"
            ax.plot(*zip(*means), "o-", ms=4, color=COLOURS["data"], label=label)
        if held_out:
            ax.plot(*zip(*held_out), "s--", ms=5, color=INK["accent"], label="held-out names")
        crowded = bool(high) and max(high) > 4.2
        place: Any = "center right" if crowded else "upper right"
        legend: Any = ax.legend(loc=place, ncols=1 if crowded else 3)
        legend.legend_handles[0].set_markersize(7)  # the dots of single names are small and pale
        return to_picture(fig, losses_in_words(losses, means, floor, size, held_out), dpi=dpi)


def axes_of_losses(ax: Axes, floor: Floors, steps: int, top: float = 4.2) -> None:
    """Set up axes for loss by step, with the floors as labelled lines."""
    ax.set(xlim=(0, steps), ylim=(1.6, top), xlabel="step", ylabel="loss, nats a token")
    for (name, loss), style in zip(floor.named(), (":", "-.", "--")):
        ax.axhline(loss, color=INK["constant"], lw=1.4, ls=style)
        at_right(ax, loss, f"{name} {loss:.4f}", INK["constant"])


def at_right(ax: Axes, y: float, words: str, colour: str = TEXT, **look: Any) -> None:
    """Write words right of the axes at the height `y`."""
    ax.annotate(
        words,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=10,
        color=colour,
        annotation_clip=False,
        **look,
    )


def losses_in_words(
    losses: Sequence[float],
    means: Sequence[tuple[int, float]],
    floor: Floors,
    size: int,
    held_out: Sequence[tuple[int, float]],
) -> str:
    """Say the range of single losses, the window means, the losses held out and the floors."""
    words = f"Loss over {len(losses):,} steps."
    if losses:
        words += f" Single names lie between {min(losses):.2f} and {max(losses):.2f}."
    if means:
        low = min(means, key=lambda mean: mean[1])
        words += (
            f" The mean of {size} names goes from {means[0][1]:.4f} (to step {means[0][0]}) to "
            f"{means[-1][1]:.4f} (to step {means[-1][0]:,}), lowest {low[1]:.4f} (to step "
            f"{low[0]:,})."
        )
    if held_out:
        words += f" Held-out names: {held_out[0][1]:.4f} at first, {held_out[-1][1]:.4f} at last."
    listed = ", ".join(f"{name} {loss:.4f}" for name, loss in floor.named())
    return f"{words} Floors: {listed}."
