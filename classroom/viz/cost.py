"""What training costs on each rung of the ladder, beside times that one can feel (chapter 11)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from classroom.viz.efficiency import duration
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.frames import Frame
from classroom.viz.kit.narrow import on_a_phone
from classroom.viz.kit.parts import Axis, handle
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, GRID, INK, PHONE_WIDTH

ROW, TOP = 28, 88
LANDMARKS = (
    (1.0, "a heartbeat"), (60.0, "a minute"), (2700.0, "a lesson"), (28_800.0, "a night"),
    (604_800.0, "a week"), (31_557_600.0, "a year"), (2.5e9, "a lifetime"),
    (1.4e11, "since the pyramids"),
)  # fmt: skip
"""Seconds, and what lasts as long."""
ON_A_PHONE = (1, 3, 6)
"""Those for which a phone has room."""
RANGE = (0.1, 1e12)


def cost_picture(
    costs: Sequence[tuple[str, float]], tokens: int,
    widths: Mapping[int, Sequence[float]] | None = None, width: int = 0,
) -> Picture:  # fmt: skip
    """Draw how long each engine, by name, needs for so many tokens, on a logarithmic axis.

    `costs` are in seconds; ValueError if there are none. Beside them stand times that one can feel.
    `widths`, if given, has what each engine would need at other widths of the model: its dot is
    then a handle, which goes from one to the next. The present one is `width`.
    """
    if not costs:
        raise ValueError("there are no costs to draw: give at least one (name, seconds)")
    told = ", ".join(f"{name} {duration(seconds)}" for name, seconds in costs)
    alt = f"Time to train on {tokens:,} tokens: {told}."
    high = TOP + ROW * len(costs) + 8

    def drawn(
        left: float, across: float, landmarks: Sequence[tuple[float, str]] = LANDMARKS
    ) -> list[str]:
        frame = Frame(left, TOP, across, high - TOP - 8, RANGE, (0, 1), log_x=True)
        broad, title = landmarks is LANDMARKS, f"time to train on {tokens:,} tokens"
        parts = [label(left if broad else 4, 24, title, 15, "start", bold=True)]
        hint = "drag a dot: a wider model" if widths and broad else ""
        parts += [label(820, 24, hint, 12, "end", INK["constant"]), *_landmarks(frame, landmarks)]
        for row, (name, seconds) in enumerate(costs):
            middle = TOP + ROW * (row + 0.5)
            at = {n: frame.at_x(all_of[row]) for n, all_of in (widths or {}).items()}
            parts.append(rect(frame.left, middle - 0.5, across, 1, f'fill="{GRID}"'))
            parts.append(label(frame.left - 8, middle + 5, name, 13, "end"))
            parts += _reach(at, middle, row == 0 and broad)
            parts.append(_dot(name, frame.at_x(seconds), middle, at, width))
            told: Any = {"name": f"time-{name}", "bold": True, "halo": True}
            x = max(frame.at_x(seconds), *at.values()) + 13 if at else frame.at_x(seconds) + 13
            parts.append(label(x, middle + 5, duration(seconds), 13, "start", **told))
        return parts

    few = [LANDMARKS[i] for i in ON_A_PHONE]
    return drawing(
        *(900, high, drawn(130, 690), alt),
        lambda: on_a_phone(PHONE_WIDTH, high, drawn(108, 160, few)),
    )


def _landmarks(frame: Frame, landmarks: Sequence[tuple[float, str]]) -> list[str]:
    """Lines at times that one can feel, each named above."""
    parts = []
    for index, (seconds, words) in enumerate(landmarks):
        x, y = frame.at_x(seconds), 46 + 16 * (index % 2)
        look = f'fill="{COLOURS["constant"]}" opacity="0.45"'
        parts.append(rect(x, y + 4, 1, TOP + frame.height - y - 4, look))
        parts.append(label(x, y, words, 12, fill=INK["constant"]))
    return parts


def _reach(at: Mapping[int, float], y: float, named: bool) -> list[str]:
    """The way of a dot, with a notch at each width that the model can have."""
    if not at:
        return []
    ends, look = (min(at.values()), max(at.values())), f'fill="{COLOURS["second"]}"'
    parts = [rect(ends[0], y - 2, ends[1] - ends[0], 4, look)]
    for width, x in at.items():
        parts.append(rect(x - 1, y - 6, 2, 12, look))
        parts += [label(x, y - 11, str(width), 12, fill=INK["data"], halo=True)] * named
    told = label(ends[0] - 14, y - 11, "n_embd", 12, "end", INK["data"], halo=True)
    return parts + [told] * named


def _dot(name: str, x: float, y: float, at: Mapping[int, float], width: int) -> str:
    """An engine's dot; with other widths to go to, a handle."""
    disc = f'<circle id="cost-{name}" cx="{x:.1f}" cy="{y:g}" r="7" fill="{COLOURS["data"]}"/>'
    if not at:
        return disc
    low, high = min(at), max(at)
    powers = math.log10(low), math.log10(high)
    axis = Axis("n_embd", "x", (at[low], at[high]), powers, log=True)
    says = f"n_embd, by the time of {name}"
    return f"<g {handle(says, [axis], math.log10(width), by=True)}>{disc}</g>"


def as_long_as(seconds: float) -> str:
    """The landmark that comes nearest to a time.

    >>> as_long_as(40_000.0), as_long_as(2.0)
    ('a night', 'a heartbeat')
    """
    return min(LANDMARKS, key=lambda mark: abs(math.log(max(seconds, 1e-9) / mark[0])))[1]
