"""What the learning rate does to the real GPT: runs over the floors, losses by rate. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from classroom.lab.losses import Floors, window_means
from classroom.lab.runs import Curve, best_curve, rate_text
from classroom.lab.written import number
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, figure, to_picture
from classroom.viz.training import at_right, axes_of_losses

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE = {"SGD": ":", "momentum": "--", "Adam": "-"}
COLOUR = {"SGD": "gradient", "momentum": "third", "Adam": "parameter"}
HUES = ("data", "accent", "constant")
"""Of runs that are neither the best nor the current one: those have their optimizer's colour."""


def draw_curves(curves: Sequence[Curve], floor: Floors, current: Curve | None = None) -> Picture:
    """Draw runs of the real GPT over the floors; earlier ones grey, the current one in colour.

    Its alt text has each run's last window mean, or why it stopped, and names the best.

    Parameters
    ----------
    curves : sequence of Curve
        The runs; `current` may be among them.
    floor : Floors
        The floors of chapter 04.
    current : Curve, optional
        The run to show in colour; without it, all runs are.
    """
    with figure(9, 4.4, layout="none") as fig:
        ax = fig.add_axes((0.085, 0.13, 0.65, 0.83))
        _curves(ax, curves, floor, current)
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
        hue = COLOUR[curve.optimizer] if current is not None or curve == best else hue
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
    return f"{curve.label}: {curve.end}" + (" ← best" if curve == best else "")


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
        ax = fig.add_axes((0.085, 0.14, 0.9, 0.83))
        ax.set(
            xscale="log", ylim=(2.25, 3.5), xlabel="learning rate", ylabel="loss, steps 951-1000"
        )
        ax.axhline(floor.bigram, color=INK["constant"], lw=1.4, ls="--")
        ax.text(1e-4, floor.bigram + 0.02, f"bigram {floor.bigram:.4f}", fontsize=9)
        told = []
        for name, marker in zip(table, ("o", "s", "^")):
            told.append(_rates_of(ax, name, table[name], marker))
        ax.legend(loc="upper center", ncols=3)
        return to_picture(fig, f"Last loss by learning rate. {' '.join(told)}")


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
