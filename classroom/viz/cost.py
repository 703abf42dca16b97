"""What training costs on each rung of the ladder, beside times that one can feel (chapter 11)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from classroom.viz.efficiency import duration
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.frames import Frame
from classroom.viz.kit.narrow import on_a_phone
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, GRID, INK, PHONE_WIDTH

ROW, TOP = 27, 70
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
ON_A_PHONE = (1, 3, 6)
"""Those for which a phone has room."""
RANGE = (0.1, 1e12)


def cost_picture(costs: Sequence[tuple[str, float]], tokens: int) -> Picture:
    """Draw how long each engine, by name, needs for so many tokens, on a logarithmic axis.

    `costs` are in seconds; ValueError if there are none. Beside them stand times that one can feel.
    """
    if not costs:
        raise ValueError("there are no costs to draw: give at least one (name, seconds)")
    told = ", ".join(f"{name} {duration(seconds)}" for name, seconds in costs)
    alt = f"Time to train on {tokens:,} tokens: {told}."
    title, high = f"time to train on {tokens:,} tokens", TOP + ROW * len(costs) + 8
    parts = _drawn(costs, title, Frame(130, TOP, 690, high - TOP - 8, RANGE, (0, 1), log_x=True))
    frame = Frame(108, TOP, 160, high - TOP - 8, RANGE, (0, 1), log_x=True)
    small = _drawn(costs, title, frame, [LANDMARKS[i] for i in ON_A_PHONE], 4)
    return drawing(900, high, parts, alt, lambda: on_a_phone(PHONE_WIDTH, high, small))


def _drawn(
    costs: Sequence[tuple[str, float]],
    title: str,
    frame: Frame,
    landmarks: Sequence[tuple[float, str]] = LANDMARKS,
    left: float = 130.0,
) -> list[str]:
    """A row for each engine: its name, a dot at its time, and the time in words."""
    parts = [label(left, 24, title, 15, "start", bold=True)]
    for index, (seconds, words) in enumerate(landmarks):
        x, y = frame.at_x(seconds), 46 + 16 * (index % 2)
        look = f'fill="{COLOURS["constant"]}" opacity="0.45"'
        parts.append(rect(x, y + 4, 1, TOP + frame.height - y - 4, look))
        parts.append(label(x, y, words, 12, fill=INK["constant"]))
    for row, (name, seconds) in enumerate(costs):
        x, middle = frame.at_x(seconds), TOP + ROW * (row + 0.5)
        parts.append(rect(frame.left, middle - 0.5, frame.width, 1, f'fill="{GRID}"'))
        parts.append(label(frame.left - 8, middle + 5, name, 13, "end"))
        disc = f'cx="{x:.1f}" cy="{middle:g}" r="7" fill="{COLOURS["data"]}"'
        parts.append(f'<circle id="cost-{name}" {disc}/>')
        told: Any = {"name": f"time-{name}", "bold": True, "halo": True}
        parts.append(label(x + 13, middle + 5, duration(seconds), 13, "start", **told))
    return parts


def as_long_as(seconds: float) -> str:
    """The landmark that comes nearest to a time.

    >>> as_long_as(40_000.0), as_long_as(2.0)
    ('a night', 'a heartbeat')
    """
    return min(LANDMARKS, key=lambda mark: abs(math.log(max(seconds, 1e-9) / mark[0])))[1]
