"""What the learning rate does to the real GPT: runs over the floors, losses by rate. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, DPI, INK, figure, number, to_picture
from classroom.viz.training import Floors, at_right, axes_of_losses, window_mean, window_means

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE = {"SGD": ":", "momentum": "--", "Adam": "-"}
COLOUR = {"SGD": "gradient", "momentum": "third", "Adam": "parameter"}
HUES = ("data", "gradient", "parameter", "third", "accent")


@dataclass(frozen=True)
class Curve:
    """One training run of the real GPT.

    Attributes
    ----------
    optimizer, rate, decay
        How it was trained.
    losses : tuple of float
        Loss of each step, in nats a token.
    trouble : str
        If the run diverged: at which step and why; else empty.
    """

    optimizer: str
    rate: float
    decay: bool
    losses: tuple[float, ...]
    trouble: str = ""

    @property
    def label(self) -> str:
        """Short name: optimiser, rate, and whether the rate stayed."""
        return f"{self.optimizer} {rate_text(self.rate)}" + ("" if self.decay else " no decay")

    @property
    def final(self) -> float:
        """Mean loss of the last 50 steps; infinite if the run diverged or was shorter."""
        if self.trouble or len(self.losses) < 50:
            return math.inf
        return window_mean(self.losses, len(self.losses) - 49, len(self.losses))


def rate_text(rate: float) -> str:
    """A learning rate with two significant digits.

    >>> [rate_text(rate) for rate in (0.0001, 10**-1.9, 0.5, 10.0)]
    ['0.0001', '0.013', '0.5', '10']
    """
    return f"{rate:.2g}"


def best_curve(curves: Sequence[Curve]) -> Curve | None:
    """The run with the lowest last window; None if none came to its end."""
    finished = [curve for curve in curves if math.isfinite(curve.final)]
    return min(finished, key=lambda curve: curve.final, default=None)


def draw_curves(
    curves: Sequence[Curve], floor: Floors, current: Curve | None = None, *, dpi: int = DPI
) -> Picture:
    """Draw runs of the real GPT over the floors; earlier ones grey, the current one in colour.

    Parameters
    ----------
    curves : sequence of Curve
        The runs; `current` may be among them.
    floor : Floors
        The floors of chapter 04.
    current : Curve, optional
        The run to show in colour; without it, all runs are.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text has each run's last window mean, or why it stopped, and names the best.
    """
    with figure(9, 4.4, layout="none") as fig:
        ax = fig.add_axes((0.085, 0.13, 0.65, 0.83))
        _curves(ax, curves, floor, current)
        return to_picture(fig, curves_in_words(curves), dpi=dpi)


def curves_in_words(curves: Sequence[Curve]) -> str:
    """Say how each run ended, and which was best."""
    told = [
        f"{c.label} stopped: {c.trouble}" if c.trouble else f"{c.label} ended at {c.final:.4f}"
        for c in curves
    ]
    best = best_curve(curves)
    words = f"Loss of the real GPT over 1,000 steps, means of 50 names. {'; '.join(told)}."
    return words + (f" Best: {best.label}, {best.final:.4f}." if best else " None came to its end.")


def _curves(
    ax: Axes, curves: Sequence[Curve], floor: Floors, current: Curve | None, steps: int = 1000
) -> None:
    """Draw the runs into axes and label each at the right."""
    axes_of_losses(ax, floor, steps, top=3.7)
    for text in list(ax.texts):  # the floors' labels stand among those of the runs
        text.remove()
    ax.set_ylim(2.2, 3.7)
    best = best_curve(curves)
    ends = [(loss, f"{name} {loss:.4f}", INK["constant"]) for name, loss in floor.named()]
    for curve, hue in zip(curves, HUES * len(curves)):
        hue = hue if current is None else COLOUR[curve.optimizer]
        faded = current is not None and curve != current
        colour, ink = ("#9A9A9A", INK["constant"]) if faded else (COLOURS[hue], INK[hue])
        x, y = zip(*(window_means(curve.losses) or [(0, 9.0)]))
        ax.plot(x, y, LINE[curve.optimizer], lw=1.2 if faded else 2.4, color=colour)
        if curve.trouble:
            ax.plot(len(curve.losses) + 1, 3.66, "x", ms=11, mew=3, color=colour, clip_on=False)
        end = 3.7 if curve.trouble else min(max(y[-1], 2.2), 3.7)
        ends.append((end, _end_text(curve, best), ink))
    for end, words, ink in _spread(ends):
        at_right(ax, end, words, ink)


def _end_text(curve: Curve, best: Curve | None) -> str:
    if curve.trouble:
        return f"{curve.label}: diverged"
    if not curve.losses:
        return f"{curve.label} ..."
    return f"{curve.label}: {curve.final:.4f}" + (" ← best" if curve == best else "")


def _spread(ends: list[tuple[float, str, str]], gap: float = 0.105) -> list[tuple[float, str, str]]:
    """Move labels apart that would overlap, from the lowest up, then down from the top."""
    placed: list[tuple[float, str, str]] = []
    for y, words, ink in sorted(ends):
        placed.append((max(y, placed[-1][0] + gap) if placed else y, words, ink))
    limit = 3.68
    for i in range(len(placed) - 1, -1, -1):
        y, words, ink = placed[i]
        placed[i] = (min(y, limit), words, ink)
        limit = placed[i][0] - gap
    return placed


def draw_rates(
    table: Mapping[str, Mapping[float, Sequence[float]]], floor: Floors, *, dpi: int = DPI
) -> Picture:
    """Draw the last window's loss by learning rate: mean and range over seeds, by optimiser.

    Parameters
    ----------
    table : dict of optimizer to (dict of rate to list of final losses)
        A loss of ``inf`` stands for a run that diverged; such a rate is marked at the top.
    floor : Floors
        The bigram floor is drawn.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text has the best rate of each optimiser with mean and range.
    """
    with figure(9, 4, layout="none") as fig:
        ax = fig.add_axes((0.085, 0.14, 0.9, 0.83))
        ax.set(
            xscale="log", ylim=(2.25, 3.4), xlabel="learning rate", ylabel="loss, steps 951-1000"
        )
        ax.axhline(floor.bigram, color=INK["constant"], lw=1.4, ls="--")
        ax.text(1e-4, floor.bigram + 0.02, f"bigram {floor.bigram:.4f}", fontsize=9)
        told = []
        for name, marker in zip(table, ("o", "s", "^")):
            told.append(_rates_of(ax, name, table[name], marker))
        ax.legend(loc="upper center", ncols=3)
        return to_picture(fig, f"Last loss by learning rate. {' '.join(told)}", dpi=dpi)


def _rates_of(ax: Axes, name: str, losses_at: Mapping[float, Sequence[float]], marker: str) -> str:
    means = {r: sum(ls) / len(ls) for r, ls in losses_at.items() if all(map(math.isfinite, ls))}
    colour = COLOURS[COLOUR[name]]
    low = [means[r] - min(losses_at[r]) for r in means]
    high = [max(losses_at[r]) - means[r] for r in means]
    ax.errorbar(
        list(means),
        list(means.values()),
        yerr=[low, high],
        marker=marker,
        ls=LINE[name],
        color=colour,
        capsize=3,
        label=name,
    )
    lost = [rate for rate in losses_at if rate not in means]
    height = {"SGD": 3.28, "momentum": 3.32}.get(name, 3.36)  # crosses of one rate stay apart
    ax.plot(lost, [height] * len(lost), "x", ms=8, mew=2, color=colour)
    best = min(means, key=lambda rate: means[rate])
    first = f", diverged from {number(min(lost))} on" if lost else ""
    return f"{name}: best at {rate_text(best)} with {means[best]:.4f}{first}."
