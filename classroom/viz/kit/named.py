"""Lines that are named where they end or turn, in place of a legend (02, 04, 07, 08, 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from classroom.viz.kit.style import PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

End = tuple[float, str, str]
"""How high a line ends, its name, the colour of the name."""


def name_ends(ax: Axes, ends: Iterable[End], gap: float) -> None:
    """Name lines right of the axes: where they end, or near it, so that no name is on another.

    `gap` is a share of the height of the axes.
    """
    scale = ax.yaxis.get_transform()  # of a logarithmic axis: the logarithm
    low, high = map(float, scale.transform(ax.get_ylim()))
    placed = sorted((float(scale.transform([y])[0]), words, c) for y, words, c in ends)
    look: Any = {"va": "center", "annotation_clip": False}
    look |= {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    for y, words, colour in apart(placed, gap * (high - low), high):
        height = float(scale.inverted().transform([y])[0])
        ax.annotate(words, (1, height), (5, 0), color=colour, **look)


def apart(ends: Sequence[End], gap: float, limit: float) -> list[End]:
    """Move sorted names apart that would overlap, from the lowest up, then down from the limit."""
    placed: list[End] = []
    for y, words, colour in ends:
        placed.append((max(y, placed[-1][0] + gap) if placed else y, words, colour))
    for i in range(len(placed) - 1, -1, -1):
        y, words, colour = placed[i]
        placed[i] = (min(y, limit), words, colour)
        limit = placed[i][0] - gap
    return placed


def beside(
    ax: Axes, point: Sequence[float], words: str, colour: str, by: tuple[float, float], **look: Any
) -> None:
    """Write words so many points right of and above a point of a line; no line crosses them."""
    look |= {"color": colour, "textcoords": "offset points"}
    look["bbox"] = {"fc": PAPER, "ec": "none", "alpha": 0.75, "pad": 1}
    ax.annotate(words, (point[0], point[1]), by, **look)
