"""A small frame for plots as SVG: where numbers lie, axes, lines (the explorers of 07, 08 and 11).

Plots in an explorer are written as text: a few milliseconds instead of matplotlib's hundred, and
whatever keeps its name glides to its new place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.viz.kit.cells import label, rect
from classroom.viz.kit.palette import GRID
from classroom.viz.kit.style import INK, TEXT


@dataclass(frozen=True)
class Frame:
    """A rectangle with a scale along each side.

    `x` are the values at left and right, powers of ten if `log_x`; `y` those at bottom and top.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    log_x: bool = False

    def at_x(self, value: float) -> float:
        """The place of a value along x, inside the frame."""
        low, high = self.x
        if self.log_x:
            low, high, value = math.log10(low), math.log10(high), math.log10(max(value, 1e-300))
        return self.left + self.width * min(max((value - low) / (high - low), 0.0), 1.0)

    def at_y(self, value: float) -> float:
        """The place of a value along y, inside the frame."""
        low, high = self.y
        part = min(max((value - low) / (high - low), 0.0), 1.0)
        return self.top + self.height * (1 - part)

    def axes(self, title: str, x_label: str, ticks_x: Sequence[tuple[float, str]]) -> str:
        """A title, two lines, ticks and a label below."""
        bottom = self.top + self.height
        parts = [
            label(self.left, self.top - 10, title, 14, "start", bold=True),
            rect(self.left, bottom, self.width, 1, f'fill="{INK["constant"]}"'),
            rect(self.left, self.top, 1, self.height, f'fill="{INK["constant"]}"'),
            label(self.left + self.width / 2, bottom + 34, x_label, 12, fill=INK["constant"]),
        ]
        for value, words in ticks_x:
            x = self.at_x(value)
            parts.append(rect(x, bottom, 1, 5, f'fill="{INK["constant"]}"'))
            parts.append(label(x, bottom + 18, words, 12, fill=TEXT))
        return "".join(parts)

    def level(self, value: float, words: str) -> str:
        """A line across at a value of y, named outside at the left: no curve crosses the name."""
        y = self.at_y(value)
        return rect(self.left, y, self.width, 1, f'fill="{GRID}"') + label(
            self.left - 6, y + 4, words, 12, "end", INK["constant"]
        )

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, name: str = "", width: float =
        2.0, dash: str = "",
    ) -> str:  # fmt: skip
        """A line through points; values outside are drawn at the edge."""
        path = " ".join(f"{self.at_x(x):.1f},{self.at_y(y):.1f}" for x, y in points)
        named = f' id="{name}"' if name else ""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        return (
            f'<polyline{named} points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed} stroke-linejoin="round"/>'
        )
