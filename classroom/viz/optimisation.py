"""Ways down a ravine over its contour lines, and Adam's first steps. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classroom.lab.ravine import Point, ravine
from classroom.viz.kit.named import beside
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, MARKERS, TEXT, figure, to_picture
from classroom.viz.rates import COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VIEW = (-1.5, 1.5, -0.6, 0.6)
PATHS = ("data", "accent", "gradient", "third", "parameter")
"""Hues of paths whose own one, that of their optimizer, is taken."""
LEVELS = (0.0002, 0.001, 0.003, 0.007, 0.015, 0.03, 0.06, 0.11, 0.18, 0.26, 0.36)


def draw_paths(paths: Mapping[str, Sequence[Point]]) -> Picture:
    """Draw paths over the contour lines of the ravine.

    `paths` are the points (a, b) of each path, by its label; at most five. The alt text says where
    each begins and ends, at which loss, and how often it crossed the bottom of the ravine.
    """
    with figure(9, 3.4, layout="none") as fig:
        ax = fig.add_axes((0.05, 0.16, 0.93, 0.74))
        ravine_axes(ax)
        for label, hue, points, marker in _told_apart(paths):
            shown = [(max(-9.0, min(9.0, a)), max(-9.0, min(9.0, b))) for a, b in points]
            ax.plot(*zip(*shown), lw=1.3, marker=marker, ms=3.5, color=COLOURS[hue], label=label)
        look: Any = {"prop": {"weight": "bold"}, "handlelength": 1.2, "columnspacing": 1}
        inks, corner = [INK[hue] for _, hue, *_ in _told_apart(paths)], (1, 0.98)
        ax.legend(loc="lower right", bbox_to_anchor=corner, ncols=9, labelcolor=inks, **look)
        words = " ".join(path_in_words(label, points) for label, points in paths.items())
        return to_picture(fig, f"Contour lines of a ravine with its lowest point at 0, 0. {words}")


def draw_weights(paths: Mapping[str, Sequence[Point]]) -> Picture:
    """Draw the paths of `draw_paths` weight by weight over the steps: both weights should be 0."""
    with figure(9, 3.2, layout="none") as fig:
        for which, name in enumerate("ab"):
            ax = fig.add_axes((0.06 + 0.49 * which, 0.16, 0.43, 0.72))
            ax.axhline(0, color=INK["constant"], lw=1)
            for label, hue, points, marker in _told_apart(paths):
                look: Any = {"lw": 1.3, "marker": marker, "ms": 3, "color": COLOURS[hue]}
                ax.plot([point[which] for point in points], **look)
                if which == 0:  # there the lines are far apart
                    last = len(points) - 1, points[-1][0]
                    beside(ax, last, label, INK[hue], (0, -14), va="top", ha="right", weight="bold")
            ax.set(xlabel="step", ylabel=f"weight {name}")
        words = " ".join(path_in_words(label, points) for label, points in paths.items())
        return to_picture(fig, f"Weights a and b, step by step. {words}")


def _told_apart(paths: Mapping[str, Sequence[Point]]) -> list[tuple[str, str, Any, str]]:
    """Each path with its label, a hue, and a marker: its optimizer's hue, if it is free."""
    hues: list[str] = []
    for label in paths:
        own = COLOUR.get(label.split()[0], "")
        hues.append(next(h for h in (own, *PATHS) if h and h not in hues))
    return list(zip(paths, hues, paths.values(), MARKERS))


def path_in_words(label: str, points: Sequence[Point]) -> str:
    """Say in a sentence where a path went."""
    pairs = zip(points, points[1:])
    crossings = sum(p[1] * q[1] < 0 and abs(p[1] - q[1]) > 0.005 for p, q in pairs)
    many = "crossing" if crossings == 1 else "crossings"
    steps = len(points) - 1
    last = points[-1]
    start, end = ravine(*points[0]), ravine(*last)
    if not max(map(abs, last)) < 1e6:
        return f"{label}: out of control, beyond a million after {steps} steps."
    return (
        f"{label}: {steps} steps from loss {start:.4f} to {end:.4f}, ending at "
        f"{_signless(last[0])}, {_signless(last[1])}; {crossings} visible {many} of the bottom."
    )


def _signless(x: float) -> str:
    """Two decimals, never "-0.00"."""
    return f"{x:.2f}" if abs(x) >= 0.005 else "0.00"


def ravine_axes(ax: Axes) -> None:
    """Set up axes with the contour lines of the ravine and its lowest point."""
    left, right, bottom, top = VIEW
    turns = [math.tau * i / 120 for i in range(121)]
    for level in LEVELS:  # the points of one loss are an ellipse
        wide, high = (level / 0.005) ** 0.5, level**0.5
        across, up = [wide * math.cos(t) for t in turns], [high * math.sin(t) for t in turns]
        ax.plot(across, up, color=COLOURS["constant"], alpha=0.5, lw=0.72)
    ax.plot(0, 0, "+", ms=14, mew=2.5, color=TEXT)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="weight a", ylabel="weight b")
    ax.spines[["top", "right"]].set_visible(True)
    ax.grid(False)


def draw_first_steps(
    corrected: Sequence[float], uncorrected: Sequence[float], waking: Sequence[float] = (),
) -> Picture:  # fmt: skip
    """Draw how far Adam moves a weight in its first steps, with and without bias correction.

    They are the distance of each step, in learning rates; `waking` those of a weight that has
    slept. The alt text has them at steps 1, 2, 5, 10, 20, 50 and so on.
    """
    steps = range(1, len(corrected) + 1)
    with figure(9, 3.2) as fig:
        ax = fig.subplots()
        ax.plot(steps, uncorrected, "--", color=COLOURS["gradient"])
        ax.plot(steps, corrected, color=COLOURS["parameter"])
        at = len(steps) // 16
        beside(ax, (at, uncorrected[at - 1]), "without correction", INK["gradient"], (12, 6))
        low: Any = {"va": "top", "ha": "right"}
        beside(ax, (steps[-1], 1), "with bias correction", INK["parameter"], (0, -6), **low)
        if waking:
            ax.plot(steps, waking, ":", lw=2.5, color=COLOURS["data"])
            look: Any = {"ha": "center", "arrowprops": {"arrowstyle": "-", "color": INK["data"]}}
            place, by = (2 * at, waking[2 * at - 1]), (0, -100)
            beside(ax, place, "corrected,\nwaking", INK["data"], by, va="bottom", **look)
        ax.set(xlabel="step with a slope of 1", ylabel="step size / learning rate")
        ax.set_ylim(0, 1.2 * max(*corrected, *uncorrected, *waking))
        shown = [s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if s <= len(corrected)]
        rows = [corrected, uncorrected, *[waking] * bool(waking)]
        told = [", ".join(f"{row[s - 1]:.2f}" for s in shown) for row in rows]
        words = (
            f"Step sizes in learning rates over {len(corrected)} steps, at steps "
            f"{', '.join(map(str, shown))}. With bias correction: {told[0]}. Without: {told[1]}."
        )
        if waking:
            words += f" With it, of a weight that wakes: {told[2]}."
        return to_picture(fig, words)
