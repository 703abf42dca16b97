"""Every line of the whole script as a stroke, in the colour of its chapter. Chapter 10."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from classroom.lab.script import Block, blocks_of, lines_by_chapter
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TINT, figure, to_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HUE = dict(
    zip(
        (0, 3, 1, 2, 5, 4, 6, 7, 8, 9),
        ("constant", "data", "second", "gradient", "third", "accent", "parameter") * 2,
    )
)
"""Colour of each chapter's lines; blocks that follow one another differ."""
COLUMN = 100  # lines in one column of the picture


def draw_line_map(source: str) -> Picture:
    """Draw every line of a script as a stroke of its length, in the colour of its chapter.

    Its alt text has the lines of code of each chapter.

    Parameters
    ----------
    source : str
        A script with chapter comments.
    """
    lines = source.rstrip().split("\n")
    blocks = blocks_of(source)
    with figure(9, 5.2, layout="none") as fig:
        count = -(-len(lines) // COLUMN)
        for column in range(count):
            ax = fig.add_axes((0.01 + column / count, 0.01, 1 / count - 0.02, 0.98))
            first = column * COLUMN + 1
            _column(ax, lines, blocks, first, min(first + COLUMN - 1, len(lines)))
        return to_picture(fig, _in_words(source, len(lines)))


def _column(ax: Axes, lines: list[str], blocks: tuple[Block, ...], first: int, last: int) -> None:
    ax.set(xlim=(-2, 150), ylim=(first + COLUMN - 0.4, first - 0.6))
    ax.axis("off")
    for block in blocks:
        top, bottom = max(block.first, first), min(block.last, last)
        if top > bottom:
            continue
        hue = HUE[block.chapter]
        ax.axhspan(top - 0.45, bottom + 0.45, color=TINT[hue], lw=0)
        _strokes(ax, lines, [n for n in block.code if top <= n <= bottom], COLOURS[hue])
        words = _label(block) if top == block.first else f"{block.chapter} · (continued)"
        ax.text(79, top - 0.2, words, va="top", fontsize=8.5, color=INK[hue])


def _strokes(ax: Axes, lines: list[str], numbers: list[int], colour: str) -> None:
    starts = [len(lines[n - 1]) - len(lines[n - 1].lstrip()) for n in numbers]
    ends = [len(lines[n - 1]) for n in numbers]
    ax.hlines([float(n) for n in numbers], starts, ends, colors=colour, lw=2.4)


def _label(block: Block) -> str:
    chapter = f"{block.chapter} · " if block.chapter else ""
    return "\n".join(wrap(f"{chapter}{block.title}: {len(block.code)}", 27))


def _in_words(source: str, total: int) -> str:
    counted = lines_by_chapter(source)
    told = [f"chapter {chapter}: {lines}" for chapter, lines in counted.items() if chapter]
    return (
        f"Line map of the script, {total} lines, {sum(counted.values())} of them code. "
        f"Lines of code by chapter: {', '.join(told)}; before the first block: {counted.get(0, 0)}."
    )
