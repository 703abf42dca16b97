"""Which lines of the whole script belong to which chapter. Chapter 10.

Everything is read off the script's own source. A comment line like ``# --- Adam, chapter 7 ---``
begins a block; what stands before the first one is the block without a chapter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HEADER = re.compile(r"^ *# -+ (.+), chapter (\d+) -+$")


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
