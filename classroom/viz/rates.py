"""What the learning rate does to the real GPT: runs over the floors, losses by rate. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classroom.lab.losses import Floors, window_means
from classroom.lab.runs import Curve, best_curve, rate_text
from classroom.lab.written import number
from classroom.viz.kit.named import beside, name_ends
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TEXT, figure, to_picture
from classroom.viz.training import axes_of_losses

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE = {"SGD": ":", "momentum": "--", "Adam": "-"}
COLOUR = {"SGD": "gradient", "momentum": "third", "Adam": "parameter"}
HUES = ("data", "second", "parameter", "accent", "gradient")
"""From a small rate to a large one, a hue for each power of ten."""


def hue_of(rate: float) -> str:
    """The colour's name for a rate: blue is small, vermilion large."""
    return HUES[min(max(math.floor(math.log10(rate) + 4.0001), 0), len(HUES) - 1)]


def draw_curves(curves: Sequence[Curve], floor: Floors) -> Picture:
    """Draw runs of the real GPT over the floors of chapter 04, named where they end.

    Its alt text has each run's last window mean, or why it stopped, and names the best.
    """
    with figure(9, 4.4, layout="none") as fig:
        ax = fig.add_axes((0.05, 0.13, 0.7, 0.79))
        ends = axes_of_losses(ax, floor, 1000)
        ax.set_ylim(2.2, 3.7)
        best = best_curve(curves)
        for curve in curves:
            hue = hue_of(curve.rate)
            x, y = zip(*(window_means(curve.losses) or [(0, 9.0)]))
            ax.plot(x, y, LINE[curve.optimizer], color=COLOURS[hue])
            if curve.trouble:
                look: Any = {"ms": 11, "mew": 3, "color": COLOURS[hue], "clip_on": False}
                ax.plot(len(curve.losses) + 1, 3.66, "x", **look)
            end = 3.7 if curve.trouble else min(max(y[-1], 2.2), 3.7)
            ends.append((end, _end_text(curve, best), INK[hue]))
        name_ends(ax, ends, 0.07)
        return to_picture(fig, curves_in_words(curves))


def curves_in_words(curves: Sequence[Curve]) -> str:
    """Say how each run ended, and which was best."""
    told = [
        f"{c.label} {'stopped:' if c.trouble else 'ended at'} {c.end}" + " (luck)" * c.by_luck
        for c in curves
    ]
    best = best_curve(curves)
    words = f"Loss of the real GPT over 1,000 steps, means of 50 names. {'; '.join(told)}."
    if best is None:
        return words + " None came to its end." * all(math.isinf(c.final) for c in curves)
    return f"{words} Best: {best.label}, {best.end}."


def _end_text(curve: Curve, best: Curve | None) -> str:
    if curve.trouble:
        return f"{curve.label}: diverged"
    return f"{curve.label}: {curve.end}" + (" ← best" if curve == best else "")


def draw_rates(table: Mapping[str, Mapping[float, Sequence[float]]], floor: Floors) -> Picture:
    """Draw the last window's loss by learning rate: mean and range over seeds, by optimiser.

    Its alt text has the best rate of each optimiser with mean and range.

    Parameters
    ----------
    table : dict of optimizer to (dict of rate to list of final losses)
        A loss of ``inf`` stands for a run that diverged; such a rate is marked at the top.
    floor : Floors
        The bigram floor is drawn.
    """
    with figure(9, 4, layout="none") as fig:
        ax = fig.add_axes((0.05, 0.14, 0.92, 0.77))
        ax.set(xscale="log", xlabel="learning rate", ylabel="loss, steps 951-1000")
        ax.set_ylim(2.25, 3.5)
        ax.axhline(floor.bigram, color=INK["constant"], lw=1)
        words = f"bigram {floor.bigram:.4f}"
        beside(ax, (1, floor.bigram), words, INK["constant"], (0, 12), ha="right")
        told = []
        for name, marker in zip(table, ("o", "s", "^")):
            told.append(_rates_of(ax, name, table[name], marker))
        beside(ax, (1, 3.4), "× diverged", TEXT, (8, 0), ha="right")
        return to_picture(fig, f"Last loss by learning rate. {' '.join(told)}")


def _rates_of(ax: Axes, name: str, losses_at: Mapping[float, Sequence[float]], marker: str) -> str:
    means = {r: sum(ls) / len(ls) for r, ls in losses_at.items() if all(map(math.isfinite, ls))}
    colour = COLOURS[COLOUR[name]]
    rate = sorted(means)[: 2 if name == "Adam" else 3][-1]
    up = 24 if name == "SGD" else 10  # its points lie below those of momentum
    beside(ax, (rate, means[rate]), name, INK[COLOUR[name]], (8, up), weight="bold")
    low = [means[r] - min(losses_at[r]) for r in means]
    high = [max(losses_at[r]) - means[r] for r in means]
    look: Any = {"marker": marker, "ls": LINE[name], "color": colour, "capsize": 3}
    if name == "SGD":  # a broad line with large discs: momentum's runs on top of it
        look |= {"ls": "-", "lw": 5, "ms": 11, "capsize": 6}
    ax.errorbar(list(means), list(means.values()), yerr=[low, high], **look)
    lost = [rate for rate in losses_at if rate not in means]
    height = {"SGD": 3.28, "momentum": 3.32}.get(name, 3.36)  # crosses of one rate stay apart
    ax.plot(lost, [height] * len(lost), "x", ms=8, mew=2, color=colour)
    best = min(means, key=lambda rate: means[rate])
    first = f", diverged from {number(min(lost))} on" if lost else ""
    return f"{name}: best at {rate_text(best)} with {means[best]:.4f}{first}."
