"""The whole script on one page: which of its lines belongs to which chapter. Chapter 10.

Everything is read off the script's own source. A comment line like ``# --- Adam, chapter 7 ---``
begins a block; what stands before the first one is the block without a chapter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, DPI, INK, TEXT, TINT, figure, to_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEADER = re.compile(r"^ *# -+ (.+), chapter (\d+) -+$")
NOTEBOOKS = {
    1: "01_value",
    2: "02_backward",
    3: "03_tokenizer",
    4: "04_next_token",
    5: "05_attention",
    6: "06_mlp",
    7: "07_adam",
    8: "08_training",
    9: "09_sampling",
}
HUE = dict(
    zip(
        (0, 3, 1, 2, 5, 4, 6, 7, 8, 9),
        ("constant", "data", "second", "gradient", "third", "accent", "parameter") * 2,
    )
)
"""Colour of each chapter's lines; blocks that follow one another differ."""
COLUMN = 100  # lines in one column of the picture


@dataclass(frozen=True)
class Block:
    """A run of lines that belongs to one chapter.

    Attributes
    ----------
    chapter : int
        The chapter, or 0 for what stands before the first one.
    title : str
        What the comment says it is.
    first, last : int
        Its lines, counted from 1.
    code : tuple of int
        Those of them that carry code: no comments, no blank lines.
    """

    chapter: int
    title: str
    first: int
    last: int
    code: tuple[int, ...]


def blocks_of(source: str) -> tuple[Block, ...]:
    """Divide a script at its chapter comments.

    Raises
    ------
    ValueError
        If there is no such comment: it is not the script.

    Examples
    --------
    >>> script = chr(10).join(["x = 1", "# --- Adam, chapter 7 ---", "y = 2"])
    >>> [(block.chapter, block.first, block.last) for block in blocks_of(script)]
    [(0, 1, 1), (7, 2, 3)]
    """
    lines = source.rstrip().split("\n")
    starts = [(0, "imports, seed, settings", 1)]
    for place, line in enumerate(lines, 1):
        if found := HEADER.match(line):
            starts.append((int(found[2]), found[1], place))
    if len(starts) == 1:
        raise ValueError("this is not the script: no line like '# --- Adam, chapter 7 ---' in it")
    ends = [start - 1 for _, _, start in starts[1:]] + [len(lines)]
    return tuple(
        Block(chapter, title, first, last, _code(lines, first, last))
        for (chapter, title, first), last in zip(starts, ends)
        if last >= first
    )


def _code(lines: list[str], first: int, last: int) -> tuple[int, ...]:
    numbered = ((n, lines[n - 1].strip()) for n in range(first, last + 1))
    return tuple(n for n, text in numbered if text and not text.startswith("#"))


def lines_by_chapter(source: str) -> dict[int, int]:
    """Lines of code of each chapter in a script, in order of the chapters; 0 holds the rest."""
    counted: dict[int, int] = {}
    for block in blocks_of(source):
        counted[block.chapter] = counted.get(block.chapter, 0) + len(block.code)
    return dict(sorted(counted.items()))


@dataclass(frozen=True)
class Contents:
    """The blocks of a script as a table, each with a link to its chapter.

    Attributes
    ----------
    blocks : tuple of Block
        In the order of the script.
    """

    blocks: tuple[Block, ...]

    def __repr__(self) -> str:
        """The table as text."""
        rows = [
            f"{block.first:>4}-{block.last:<4} {len(block.code):>4}  "
            f"{block.chapter or '-':>7}  {block.title}"
            for block in self.blocks
        ]
        total = sum(len(block.code) for block in self.blocks)
        last = f"{'sum':>9} {total:>4}  lines of code (no comments, no blank lines)"
        return "\n".join([f"{'lines':>9} {'code':>4}  chapter  what it is", *rows, last])

    def _repr_html_(self) -> str:
        """The same as an HTML table with links."""
        look = f'style="text-align:left;color:{TEXT}"'
        cell, head = f"<td {look}>", f'<th scope="col" {look}>'
        rows = "".join(
            f"<tr>{cell}{block.first}-{block.last}</td>{cell}{len(block.code)}</td>{cell}"
            f"{_link(block)}</td></tr>"
            for block in self.blocks
        )
        total = sum(len(block.code) for block in self.blocks)
        top = f"{head}lines</th>{head}of code</th>{head}block</th>"
        foot = f"<th {look}>sum</th><th {look}>{total}</th><th></th>"
        return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}<tr>{foot}</tr></tbody></table>"


def _link(block: Block) -> str:
    if not block.chapter:
        return escape(block.title)
    words = f"{escape(block.title)} (chapter {block.chapter})"
    return f'<a href="{NOTEBOOKS[block.chapter]}.ipynb">{words}</a>'


def contents(source: str) -> Contents:
    """List the blocks of a script, each with a link to its chapter."""
    return Contents(blocks_of(source))


def draw_line_map(source: str, *, dpi: int = DPI) -> Picture:
    """Draw every line of a script as a stroke of its length, in the colour of its chapter.

    Parameters
    ----------
    source : str
        A script with chapter comments.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text has the lines of code of each chapter.
    """
    lines = source.rstrip().split("\n")
    blocks = blocks_of(source)
    with figure(9, 5.6, layout="none") as fig:
        count = -(-len(lines) // COLUMN)
        for column in range(count):
            ax = fig.add_axes((0.01 + column / count, 0.01, 1 / count - 0.02, 0.98))
            first = column * COLUMN + 1
            _column(ax, lines, blocks, first, min(first + COLUMN - 1, len(lines)))
        return to_picture(fig, _in_words(source, len(lines)), dpi=dpi)


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
    return "\n".join(wrap(f"{chapter}{block.title}: {len(block.code)}", 32))


def _in_words(source: str, total: int) -> str:
    counted = lines_by_chapter(source)
    told = [f"chapter {chapter}: {lines}" for chapter, lines in counted.items() if chapter]
    return (
        f"Line map of the script, {total} lines, {sum(counted.values())} of them code. "
        f"Lines of code by chapter: {', '.join(told)}; before the first block: {counted.get(0, 0)}."
    )
