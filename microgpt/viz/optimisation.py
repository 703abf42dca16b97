"""Ways down a ravine, and what the learning rate does to the real GPT. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microgpt.optim import linear_decay
from microgpt.viz.picture import Picture
from microgpt.viz.style import (
    COLOURS,
    CYCLE,
    DPI,
    FAST_DPI,
    INK,
    TEXT,
    figure,
    number,
    to_picture,
)
from microgpt.viz.training import Floors, at_right, axes_of_losses, window_mean, window_means

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OPTIMIZERS = ("SGD", "momentum", "Adam")
START = (-1.2, 0.35)
"""Where every path on the ravine begins."""
SURFACE_STEPS = 200
VIEW = (-1.5, 1.5, -0.6, 0.6)
LINE = {"SGD": ":", "momentum": "--", "Adam": "-"}
COLOUR = {"SGD": "gradient", "momentum": "third", "Adam": "parameter"}
LEVELS = (0.0002, 0.001, 0.003, 0.007, 0.015, 0.03, 0.06, 0.11, 0.18, 0.26, 0.36)

Point = tuple[float, float]


def ravine(a: Any, b: Any) -> Any:
    """The loss surface of the chapter: 200 times as steep along `b` as along `a`.

    Works on numbers and on `Value`.

    >>> ravine(1.0, 1.0)
    1.005
    """
    return 0.005 * a**2 + b**2


def ravine_slopes(a: float, b: float) -> Point:
    """The slope of `ravine` along `a` and along `b`."""
    return 0.01 * a, 2.0 * b


def ravine_path(
    optimizer: str,
    learning_rate: float,
    decay: bool = False,
    num_steps: int = SURFACE_STEPS,
    start: Point = START,
) -> list[Point]:
    """The points that an optimiser visits on the ravine, the start included.

    Parameters
    ----------
    optimizer : str
        "SGD", "momentum" (beta1 0.85) or "Adam" (beta1 0.85, beta2 0.99, eps 1e-8).
    learning_rate : float
        The rate of the first step.
    decay : bool
        Whether the rate falls to 0 over `num_steps`.
    num_steps : int
        Steps to make. The path ends sooner if it leaves for infinity (a coordinate beyond 1e6).
    start : (a, b)
        Where to begin.

    Returns
    -------
    list of (a, b)
    """
    move = _mover(optimizer)
    point, points = start, [start]
    for step in range(num_steps):
        rate = linear_decay(learning_rate, step, num_steps) if decay else learning_rate
        changes = move(ravine_slopes(*point))
        point = (point[0] - rate * changes[0], point[1] - rate * changes[1])
        points.append(point)
        if not max(map(abs, point)) < 1e6:
            break
    return points


def _mover(optimizer: str) -> Callable[[Point], list[float]]:
    """The direction for each slope, as `microgpt.Adam` and the simpler ways would choose it."""
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"no optimizer {optimizer!r}: choose one of {', '.join(OPTIMIZERS)}")
    beta1 = 0.0 if optimizer == "SGD" else 0.85
    beta2, eps = 0.99, 1e-8
    m, v = [0.0, 0.0], [0.0, 0.0]
    count = 0

    def move(slopes: Point) -> list[float]:
        nonlocal count
        count += 1
        for i, slope in enumerate(slopes):
            m[i] = beta1 * m[i] + (1 - beta1) * slope
            v[i] = beta2 * v[i] + (1 - beta2) * slope**2
        if optimizer != "Adam":
            return list(m)
        fix1, fix2 = 1 - beta1**count, 1 - beta2**count
        return [mi / fix1 / ((vi / fix2) ** 0.5 + eps) for mi, vi in zip(m, v)]

    return move


def draw_paths(paths: Mapping[str, Sequence[Point]], *, dpi: int = DPI) -> Picture:
    """Draw paths over the contour lines of the ravine.

    Parameters
    ----------
    paths : dict of str to list of (a, b)
        The points of each path, by its label; at most five.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text says where each path begins and ends, at which loss, and how often it crossed
        the bottom of the ravine.
    """
    with figure(9, 3.4, layout="none") as fig:
        ax = fig.add_axes((0.085, 0.16, 0.9, 0.8))
        _ravine_axes(ax)
        looks = zip(("gradient", "third", "parameter", "data", "accent"), ("o", "s", "^", "D", "v"))
        for (label, points), (colour, marker) in zip(paths.items(), looks):
            _path(ax, points, COLOURS[colour], marker, label)
        ax.legend(loc="upper right", ncols=len(paths))
        words = " ".join(path_in_words(label, points) for label, points in paths.items())
        return to_picture(fig, f"Contour lines of a ravine with its lowest point at 0, 0. {words}")


def path_in_words(label: str, points: Sequence[Point]) -> str:
    """Say in a sentence where a path went."""
    pairs = zip(points, points[1:])
    crossings = sum(p[1] * q[1] < 0 and abs(p[1] - q[1]) > 0.005 for p, q in pairs)
    steps = len(points) - 1
    last = points[-1]
    start, end = ravine(*points[0]), ravine(*last)
    if not max(map(abs, last)) < 1e6:
        return f"{label}: out of control, beyond a million after {steps} steps."
    return (
        f"{label}: {steps} steps from loss {start:.4f} to {end:.4f}, ending at "
        f"{_signless(last[0])}, {_signless(last[1])}; {crossings} crossings of the bottom."
    )


def _signless(x: float) -> str:
    """Two decimals, never "-0.00"."""
    return f"{x:.2f}" if abs(x) >= 0.005 else "0.00"


def _ravine_axes(ax: Axes) -> None:
    left, right, bottom, top = VIEW
    turns = [math.tau * i / 120 for i in range(121)]
    for level in LEVELS:  # the points of one loss are an ellipse
        wide, high = (level / 0.005) ** 0.5, level**0.5
        across, up = [wide * math.cos(t) for t in turns], [high * math.sin(t) for t in turns]
        ax.plot(across, up, color="#B9B9B9", lw=1)
    ax.plot(0, 0, "+", ms=14, mew=2.5, color=TEXT)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="weight a", ylabel="weight b")
    ax.grid(False)


def _path(ax: Axes, points: Sequence[Point], colour: str, marker: str, label: str) -> None:
    shown = [(max(-9.0, min(9.0, a)), max(-9.0, min(9.0, b))) for a, b in points]
    ax.plot(*zip(*shown), lw=1.3, marker=marker, ms=3.5, color=colour, label=label)


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
    for text in list(ax.texts):  # the floors' labels go to the left: the right is for the runs
        text.remove()
    ax.set_ylim(2.2, 3.7)
    for name, loss in floor.named():
        ax.text(4, loss + 0.02, f"{name} {loss:.4f}", fontsize=9, color=INK["constant"])
    best = best_curve(curves)
    ends = []
    for curve, own in zip(curves, CYCLE * len(curves)):
        colour, width = (own if current is None else COLOURS[COLOUR[curve.optimizer]]), 2.4
        if current is not None and curve != current:
            colour, width = "#9A9A9A", 1.2
        shown = window_means(curve.losses) or [(0, 9.0)]
        x, y = zip(*shown)
        ax.plot(x, y, LINE[curve.optimizer], lw=width, color=colour)
        ends.append((min(max(y[-1], 2.2), 3.7) if not curve.trouble else 3.7, curve))
        if curve.trouble:
            ax.plot(len(curve.losses) + 1, 3.66, "x", ms=11, mew=3, color=colour, clip_on=False)
    for height, curve in _spread(ends):
        faded = current is not None and curve != current
        ink = INK["constant"] if faded else INK[COLOUR[curve.optimizer]]
        at_right(ax, height, _end_text(curve, best), TEXT if current is None else ink)


def _end_text(curve: Curve, best: Curve | None) -> str:
    if curve.trouble:
        return f"{curve.label}: diverged"
    return f"{curve.label}: {curve.final:.4f}" + (" ← best" if curve == best else "")


def _spread(ends: list[tuple[float, Curve]], gap: float = 0.105) -> list[tuple[float, Curve]]:
    """Move labels apart that would overlap, from the lowest up, then down from the top."""
    placed: list[tuple[float, Curve]] = []
    for y, curve in sorted(ends, key=lambda end: end[0]):
        placed.append((max(y, placed[-1][0] + gap) if placed else y, curve))
    limit = 3.75
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = (min(placed[i][0], limit), placed[i][1])
        limit = placed[i][0] - gap
    return placed


def draw_explorer(
    optimizer: str,
    learning_rate: float,
    decay: bool,
    curves: Sequence[Curve],
    floor: Floors,
    current: Curve | None,
    *,
    dpi: int = FAST_DPI,
) -> Picture:
    """Draw the path on the ravine above the runs of the real GPT, both at one learning rate."""
    points = ravine_path(optimizer, learning_rate, decay)
    label = f"{optimizer} {rate_text(learning_rate)}"
    with figure(9, 6.4, layout="none") as fig:
        top, bottom = _two_axes(fig)
        _ravine_axes(top)
        _path(top, points, COLOURS[COLOUR[optimizer]], "o", label)
        top.set_title(f"two weights: {label}, {len(points) - 1} steps", fontsize=11)
        _curves(bottom, curves, floor, current)
        bottom.set_title("the real GPT: 4,192 weights, 1,000 steps", fontsize=11)
        words = f"On the ravine, {path_in_words(label, points)} {curves_in_words(curves)}"
        return to_picture(fig, words, dpi=dpi)


def _two_axes(fig: Figure) -> tuple[Axes, Axes]:
    return fig.add_axes((0.085, 0.69, 0.65, 0.265)), fig.add_axes((0.085, 0.085, 0.65, 0.48))


def draw_first_steps(
    corrected: Sequence[float], uncorrected: Sequence[float], *, dpi: int = DPI
) -> Picture:
    """Draw how far Adam moves a weight in its first steps, with and without bias correction.

    Parameters
    ----------
    corrected, uncorrected : sequence of float, shape (steps,)
        Distance of each step, in learning rates.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text lists both rows.
    """
    with figure(9, 3.2) as fig:
        ax = fig.subplots()
        steps = range(1, len(corrected) + 1)
        ax.bar([s - 0.2 for s in steps], corrected, 0.4, color=COLOURS["parameter"], label="with")
        ax.bar(
            [s + 0.2 for s in steps],
            uncorrected,
            0.4,
            color=COLOURS["gradient"],
            hatch="//",
            edgecolor="white",
            label="without bias correction",
        )
        ax.set(xlabel="step", ylabel="step size / learning rate", xticks=list(steps))
        ax.legend(loc="upper left", ncols=2)
        ax.set_ylim(0, 1.3 * max(*corrected, *uncorrected))
        listed = [", ".join(f"{x:.2f}" for x in row) for row in (corrected, uncorrected)]
        words = (
            f"Step sizes in learning rates, steps 1 to {len(corrected)}. With bias correction: "
            f"{listed[0]}. Without: {listed[1]}."
        )
        return to_picture(fig, words, dpi=dpi)


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
    with figure(9, 4) as fig:
        ax = fig.subplots()
        ax.set(xscale="log", ylim=(2.3, 3.4), xlabel="learning rate", ylabel="loss, steps 951-1000")
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
    ax.plot(lost, [3.36] * len(lost), "x", ms=8, mew=2, color=colour)
    best = min(means, key=lambda rate: means[rate])
    first = f", diverged from {number(min(lost))} on" if lost else ""
    return f"{name}: best at {rate_text(best)} with {means[best]:.4f}{first}."
