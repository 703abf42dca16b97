"""Ways down a ravine: SGD, momentum, Adam, and Adam's first steps. Chapter 07."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, DPI, TEXT, figure, to_picture
from microgpt.optim import linear_decay

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OPTIMIZERS = ("SGD", "momentum", "Adam")
START = (-1.2, 0.35)
"""Where every path on the ravine begins."""
SURFACE_STEPS = 200
VIEW = (-1.5, 1.5, -0.6, 0.6)
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
        ravine_axes(ax)
        looks = zip(("gradient", "third", "parameter", "data", "accent"), ("o", "s", "^", "D", "v"))
        for (label, points), (colour, marker) in zip(paths.items(), looks):
            plot_path(ax, points, COLOURS[colour], marker, label)
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


def ravine_axes(ax: Axes) -> None:
    """Set up axes with the contour lines of the ravine and its lowest point."""
    left, right, bottom, top = VIEW
    turns = [math.tau * i / 120 for i in range(121)]
    for level in LEVELS:  # the points of one loss are an ellipse
        wide, high = (level / 0.005) ** 0.5, level**0.5
        across, up = [wide * math.cos(t) for t in turns], [high * math.sin(t) for t in turns]
        ax.plot(across, up, color="#B9B9B9", lw=1)
    ax.plot(0, 0, "+", ms=14, mew=2.5, color=TEXT)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="weight a", ylabel="weight b")
    ax.grid(False)


def plot_path(ax: Axes, points: Sequence[Point], colour: str, marker: str, label: str) -> None:
    """Draw a path; points far outside are drawn at the edge of what can be seen."""
    shown = [(max(-9.0, min(9.0, a)), max(-9.0, min(9.0, b))) for a, b in points]
    ax.plot(*zip(*shown), lw=1.3, marker=marker, ms=3.5, color=colour, label=label)


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
        Its alt text has the sizes at steps 1, 2, 5, 10, 20, 50 and so on.
    """
    steps = range(1, len(corrected) + 1)
    with figure(9, 3.2) as fig:
        ax = fig.subplots()
        ax.plot(steps, uncorrected, "--", color=COLOURS["gradient"], label="without correction")
        ax.plot(steps, corrected, color=COLOURS["parameter"], label="with bias correction")
        ax.set(xlabel="step", ylabel="step size / learning rate")
        ax.set_ylim(0, 1.2 * max(*corrected, *uncorrected))
        ax.legend(loc="upper right")
        shown = [s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if s <= len(corrected)]
        told = [", ".join(f"{row[s - 1]:.2f}" for s in shown) for row in (corrected, uncorrected)]
        words = (
            f"Step sizes in learning rates over {len(corrected)} steps, at steps "
            f"{', '.join(map(str, shown))}. With bias correction: {told[0]}. Without: {told[1]}."
        )
        return to_picture(fig, words, dpi=dpi)
