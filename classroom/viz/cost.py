"""What training costs on each rung of the ladder, beside times that one can feel (chapter 11)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from classroom.viz.efficiency import duration
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.frames import Frame
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK

WIDTH, ROW, TOP = 900, 27, 70
LANDMARKS = (
    (1.0, "a heartbeat"),
    (60.0, "a minute"),
    (2700.0, "a lesson"),
    (28_800.0, "a night"),
    (604_800.0, "a week"),
    (31_557_600.0, "a year"),
    (2.5e9, "a lifetime"),
    (1.4e11, "since the pyramids"),
)
"""Seconds, and what lasts as long."""
RANGE = (0.1, 1e12)


def cost_picture(costs: Sequence[tuple[str, float]], tokens: int) -> Picture:
    """Draw how long each engine, by name, needs for so many tokens, on a logarithmic axis.

    `costs` are in seconds; ValueError if there are none. Beside them stand times that one can feel.
    """
    if not costs:
        raise ValueError("there are no costs to draw: give at least one (name, seconds)")
    height = TOP + ROW * len(costs)
    frame = Frame(130, TOP, 690, ROW * len(costs), RANGE, (0, 1), log_x=True)
    parts = [label(130, 24, f"time to train on {tokens:,} tokens", 15, "start", bold=True)]
    for index, (seconds, told) in enumerate(LANDMARKS):
        x, y = frame.at_x(seconds), 46 + 16 * (index % 2)
        look = f'fill="{COLOURS["constant"]}" opacity="0.45"'
        parts.append(rect(x, y + 4, 1, height - y - 4, look))
        parts.append(label(x, y, told, 12, fill=INK["constant"]))
    for row, (name, seconds) in enumerate(costs):
        y, end = TOP + ROW * row + 6, frame.at_x(seconds)
        parts.append(label(122, y + 14, name, 13, "end"))
        look = f'id="cost-{name}" rx="3" fill="{COLOURS["data"]}"'
        parts.append(rect(frame.left, y, max(end - frame.left, 2), ROW - 8, look))
        place = {"name": f"time-{name}", "anchor": "start"}
        parts.append(label(end + 8, y + 14, duration(seconds), 13, **place, bold=True, halo=True))
    told = ", ".join(f"{name} {duration(seconds)}" for name, seconds in costs)
    alt = f"Time to train on {tokens:,} tokens: {told}."
    high = height - 24
    cuts = [[(32, 30, 96, high), (x, 30, 288, high)] for x in (128, 416, 704)]
    return drawing(WIDTH, height + 8, parts, alt, [(128, 0, 9, 30), *cuts])


def as_long_as(seconds: float) -> str:
    """The landmark that comes nearest to a time.

    >>> as_long_as(40_000.0), as_long_as(2.0)
    ('a night', 'a heartbeat')
    """
    return min(LANDMARKS, key=lambda mark: abs(math.log(max(seconds, 1e-9) / mark[0])))[1]
