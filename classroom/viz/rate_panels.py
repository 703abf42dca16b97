"""The learning-rate explorer's picture: runs of the GPT, loss by rate, a ball in a ravine (07)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from classroom.lab.losses import Floors, window_means
from classroom.lab.ravine import ravine_path
from classroom.lab.runs import Curve, best_curve, rate_text
from classroom.viz.kit.cells import HIT, drawing, label, rect
from classroom.viz.kit.frames import Frame
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.parts import Axis, at, drags, sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT
from classroom.viz.optimisation import LEVELS, VIEW, path_in_words
from classroom.viz.rates import curves_in_words, hue_of

WIDTH, HEIGHT = 900, 420
RATES = (1e-4, 10.0)
TOP_LOSS = 3.7
DASH = {"SGD": "2 4", "momentum": "8 4", "Adam": ""}
MARK = {"SGD": "square", "momentum": "triangle", "Adam": "disc"}
RUNS = Frame(98, 34, 650, 190, (0, 1000), (2.2, TOP_LOSS))
SWEEP = Frame(98, 304, 340, 74, RATES, (2.2, TOP_LOSS), log_x=True)
RAVINE = Frame(520, 304, 364, 90, VIEW[:2], VIEW[2:])


def draw_explorer(
    optimizer: str, learning_rate: float, decay: bool, curves: Sequence[Curve], floor: Floors,
    current: Curve,
) -> Picture:  # fmt: skip
    """Draw the `curves` so far, their losses by rate, and two weights at the same rate.

    `current` is the run of the controls, with its losses so far. The marker of the rate can be
    dragged; a run's mark, clicked, sets the controls back to it.
    """
    points = ravine_path(optimizer, learning_rate, decay)
    name = f"{optimizer} {rate_text(learning_rate)}"
    others = [
        *_sweep(curves, floor, current, learning_rate),
        *_ravine(points, name, hue_of(learning_rate)),
    ]
    words = f"On the ravine, {path_in_words(name, points)} {curves_in_words(curves)}"
    narrow = replace(RUNS, width=146)
    rows = [[(0, 0, 358, 264)], [(66, 284, 384, 136)], [(510, 284, 384, 136)]]
    return drawing(
        *(WIDTH, HEIGHT, [*_runs(curves, floor, current, RUNS), *others], words),
        lambda: stacked_windows([*_runs(curves, floor, current, narrow), *others], rows),
    )


def _key(curve: Curve) -> str:
    return f"{curve.optimizer}-{rate_text(curve.rate)}-{curve.decay}"


def _runs(curves: Sequence[Curve], floor: Floors, current: Curve, room: Frame) -> list[str]:
    """Loss by step: every run in the colour of its rate, the present one thick and named.

    Where luck decides, its twin is a thin line.
    """
    ticks = [(0, "0"), (500, "500"), (1000, "1,000")]
    parts = [room.axes("the real GPT: 4,192 weights", "step (means of 50)", ticks)]
    parts += [room.level(loss, f"{name} {loss:.2f}") for name, loss in floor.named()]
    best = best_curve(curves)
    ends: dict[str, Curve] = {}
    for curve in [c for c in curves if c != current] + [current]:
        means = [(float(x), y) for x, y in window_means(curve.losses)]
        colour, now = COLOURS[hue_of(curve.rate)], curve == current
        width = 3.6 if now else 1.6
        if means:
            line = room.line(means, colour, f"run-{_key(curve)}", width, DASH[curve.optimizer])
            parts.append(f'<g opacity="{1 if now else 0.6}">{line}</g>')
        if now and curve.twin is not None and curve.by_luck:
            twin = [(float(x), y) for x, y in window_means(curve.twin.losses)]
            parts.append(room.line(twin, TEXT, f"twin-{_key(curve)}", 1.2, "3 3"))
        if curve.trouble:
            x = room.at_x(len(curve.losses) + 1)
            cross = "M-6,-6 L6,6 M-6,6 L6,-6"
            parts.append(
                at(x, room.top + 4, f'<path d="{cross}" stroke="{colour}" stroke-width="3"/>')
            )
        if now or curve == best:
            ends[_key(curve)] = curve
    return parts + _end_labels(list(ends.values()), best, room)


def _end_labels(curves: Sequence[Curve], best: Curve | None, room: Frame) -> list[str]:
    """Beside their ends the present run and the best one, never on each other."""
    parts, free = [], room.top + room.height + 25.0
    for curve in sorted(curves, key=lambda c: c.final):
        height = room.at_y(curve.final) if math.isfinite(curve.final) else room.top + 8
        said = "diverged" if curve.trouble else curve.end if curve.losses else "..."
        said += " best" * (curve == best) + ": luck" * curve.by_luck
        lines = [f"{curve.optimizer} {rate_text(curve.rate)}", *["no decay"] * (not curve.decay)]
        height = min(height, free - 15 * len(lines))
        free = height - 19
        ink, left = INK[hue_of(curve.rate)], room.left + room.width + 6
        for i, words in enumerate([*lines, said]):
            parts.append(label(left, height + 15 * i, words, 12, "start", ink, bold=i < len(lines)))
    return parts


def _sweep(curves: Sequence[Curve], floor: Floors, current: Curve, rate: float) -> list[str]:
    """Last loss by rate: a mark a run; a marker that can be dragged stands at the present rate."""
    ticks = [(10.0**power, f"{10.0**power:g}") for power in range(-4, 2)]
    parts = [SWEEP.axes("last loss by learning rate", "learning rate", ticks)]
    parts += [SWEEP.level(loss, f"{loss:.2f}") for _, loss in floor.named()]
    x = SWEEP.at_x(rate)
    handle = rect(x - 1, SWEEP.top, 2, SWEEP.height, f'id="now-line" fill="{TEXT}"')
    grip = f'<path id="now-grip" d="M{x:.1f},{SWEEP.top + 14} l-9,-14 h18 z" fill="{TEXT}"/>'
    room = rect(x - 14, SWEEP.top, 28, SWEEP.height, HIT)
    axis = Axis("rate", "x", (SWEEP.left, SWEEP.left + SWEEP.width), (-4, 1), log=True)
    parts.append(drags(handle + grip + room, "the learning rate", [axis], math.log10(rate), "now"))
    for curve in curves:
        y = SWEEP.at_y(curve.final) if math.isfinite(curve.final) else SWEEP.top + 4
        mark = _mark(curve, SWEEP.at_x(curve.rate), y, curve == current)
        if curve != current:  # easy to hit
            mark += rect(SWEEP.at_x(curve.rate) - 14, y - 14, 28, 28, HIT)
        again = {"rate": curve.rate, "optimizer": curve.optimizer, "decay": curve.decay}
        parts.append(sets(mark, f"show {curve.label} again", f"mark-{_key(curve)}", **again))
    return parts


def _mark(curve: Curve, x: float, y: float, now: bool) -> str:
    """A run's mark: its shape says the optimiser, its colour the rate, hollow without decay."""
    colour, r = COLOURS[hue_of(curve.rate)], 7 if now else 5.5
    fill = colour if curve.decay else PAPER
    look = f'fill="{fill}" stroke="{TEXT if now else colour}" stroke-width="2"'
    if MARK[curve.optimizer] == "square":
        return rect(x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2, look)
    if MARK[curve.optimizer] == "triangle":
        return f'<path d="M{x:.1f},{y - r:.1f} l{r},{1.8 * r} h{-2 * r} z" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {look}/>'


def _ravine(points: Sequence[tuple[float, float]], name: str, hue: str) -> list[str]:
    """The ravine from above, the path, and the ball at its end: in an explorer it rolls there."""
    left, top, width, height = RAVINE.left, RAVINE.top, RAVINE.width, RAVINE.height
    seen = [(RAVINE.at_x(a), RAVINE.at_y(b)) for a, b in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in seen)
    line = f'<polyline points="{path}" fill="none" stroke="{COLOURS[hue]}" stroke-width="1.6"/>'
    ball = f'<circle r="7" fill="{COLOURS[hue]}" stroke="{TEXT}" stroke-width="2"/>'
    clip = rect(left, top, width, height, 'rx="4"')
    title = f"two weights: {name}, {len(points) - 1} steps"
    words = "from above; the cross is the lowest point"
    return [
        label(left, top - 10, title, 14, "start", bold=True),
        f'<clipPath id="ravine">{clip}</clipPath>',
        f'<g clip-path="url(#ravine)">{_rings()}{line}</g>',
        rect(left, top, width, height, f'rx="4" fill="none" stroke="{INK["constant"]}"'),
        f'<g data-roll="{path}">{at(*seen[-1], ball)}</g>',
        label(left, top + height + 18, words, 12, "start", INK["constant"]),
    ]


def _rings() -> str:
    """The lines of equal loss, ellipses, and a cross at the lowest point."""
    wide, high = RAVINE.width / (VIEW[1] - VIEW[0]), RAVINE.height / (VIEW[3] - VIEW[2])
    x, y = RAVINE.at_x(0), RAVINE.at_y(0)
    rings = "".join(
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{(level / 0.005) ** 0.5 * wide:.1f}" '
        f'ry="{level**0.5 * high:.1f}" fill="none" stroke="{COLOURS["constant"]}" opacity="0.5"/>'
        for level in LEVELS
    )
    cross = f'<path d="M-7,0 h14 M0,-7 v14" stroke="{TEXT}" stroke-width="2"/>'
    return rings + at(x, y, cross)
