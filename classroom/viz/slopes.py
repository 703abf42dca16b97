"""Curves with their slopes, and a straight line on its way to the points (chapters 01 and 02).

The slopes are found by nudging, to the left and to the right, as the chapters do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from classroom.lab.written import number
from classroom.viz.kit.named import name_ends
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, LINE_STYLES, MARKERS, TEXT, figure, to_picture

NUDGE = 1e-6
DOTS = 161


def side_slopes(f: Callable[[float], float], x: float) -> tuple[float, float]:
    """Slope of `f` at `x` by a small nudge to the left and one to the right.

    Examples
    --------
    >>> side_slopes(lambda x: max(0, x), 0)
    (0.0, 1.0)
    """
    return (f(x) - f(x - NUDGE)) / NUDGE, (f(x + NUDGE) - f(x)) / NUDGE


def draw_slopes(
    f: Callable[[float], float], points: Sequence[float], low: float, high: float, name: str =
    "f(x)", along: str = "x",
) -> Picture:  # fmt: skip
    """Draw a curve and, at some of its points, how steep it is.

    Its alt text states value and slope at each point.

    Parameters
    ----------
    f : callable
        A function of one number.
    points : sequence of float
        Where the slope is drawn, as a straight piece through the point. Where the curve has a
        kink, so that the slopes to the left and to the right differ, both are drawn.
    low, high : float
        The curve is drawn between these two.
    name : str
        What the curve is, such as ``"x * x"``.
    along : str
        What the input is called.

    Raises
    ------
    ValueError
        If `low` is not below `high`, or a point lies outside.
    """
    if not low < high:
        raise ValueError(f"low must be below high, got {low} and {high}")
    for x in points:
        if not low <= x <= high:
            raise ValueError(f"the point {x} lies outside {low} to {high}")
    said = []
    with figure(9, 3.4) as fig:
        ax = fig.subplots()
        xs = [low + (high - low) * i / (DOTS - 1) for i in range(DOTS)]
        ax.plot(xs, [f(x) for x in xs], color=COLOURS["data"], label=name)
        for x in points:
            said.append(f"At {along} = {_draw_slope(ax, f, x, (high - low) / 7)}")
        ax.set(xlabel=along, ylabel=name)
        ax.margins(y=0.18)
        ax.locator_params(axis="y", nbins=6)
        ends = f"{along} from {number(low)} to {number(high)}"
        alt = f"Curve of {name} for {ends}. {' '.join(said)}"
        return to_picture(fig, alt)


def _draw_slope(ax: Any, f: Callable[[float], float], x: float, reach: float) -> str:
    """Draw the slope at one point, both sides if they differ; say it in words."""
    left, right = (round(slope, 4) for slope in side_slopes(f, x))
    y = f(x)
    for step, slope in ((-reach, left), (reach, right)):
        ends = [x, x + step], [y, y + step * slope]
        ax.plot(*ends, color=COLOURS["gradient"])
    ax.plot([x], [y], marker=MARKERS[0], color=TEXT)
    words = sentence = f"slope {number(left)}"
    place, side = (10, -20 if left >= 0 else 10), "left"
    if left != right:
        words = f"slope {number(left)} left, {number(right)} right"
        sentence = f"slope {number(left)} to the left and {number(right)} to the right, a kink"
        place, side = (-2, 14), "right"
    look = {"textcoords": "offset points", "ha": side, "color": INK["gradient"]}
    ax.annotate(words, (x, y), xytext=place, **look)
    return f"{number(x)} it is {number(y)} with {sentence}."


def draw_lines(
    xs: Sequence[float], ys: Sequence[float], lines: Mapping[str, tuple[float, float]]
) -> Picture:
    """Draw points and straight lines: a fit on its way.

    Its alt text states each line and its mean squared error.

    Parameters
    ----------
    xs, ys : sequence of float, shape (n,)
        The points.
    lines : mapping of str to (float, float)
        Label of each line, and its w and b: ``y = w * x + b``.

    Raises
    ------
    ValueError
        If there are no points, or not as many `xs` as `ys`.
    """
    if not xs or len(xs) != len(ys):
        raise ValueError(f"each point needs an x and a y, got {len(xs)} and {len(ys)} numbers")
    ends = [min(xs), max(xs)]
    said = []
    with figure(9, 3.8) as fig:
        ax = fig.subplots()
        hues, names = ("constant", "accent", "second", "parameter"), []
        for i, (label, (w, b)) in enumerate(lines.items()):
            equation = f"y = {number(round(w, 4))} x {'-' if b < 0 else '+'} {number(abs(b))}"
            last = i == len(lines) - 1
            hue, style = (hues[-1], "-") if last else (hues[i % 3], LINE_STYLES[1 + i % 4])
            ax.plot(ends, [w * x + b for x in ends], linestyle=style, color=COLOURS[hue])
            words = f"{label}:\n{w:.2f} x {'-' if b < 0 else '+'} {abs(b):.2f}"
            names.append((w * ends[1] + b, words, INK[hue]))
            loss = sum((w * x + b - y) ** 2 for x, y in zip(xs, ys)) / len(xs)
            said.append(f"{label}: {equation}, mean squared error {number(loss)}.")
        ax.plot(xs, ys, linestyle="none", marker="o", color=COLOURS["data"])
        ax.set(xlabel="x", ylabel="y")
        name_ends(ax, names, 0.17)
        return to_picture(fig, f"{len(xs)} points and {len(lines)} lines. {' '.join(said)}")
