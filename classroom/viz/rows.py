"""Karpathy's script beside ours, block by block; his text too, where it is at hand. Chapter 10."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from classroom.chapters import find
from classroom.lab.reference import HIS_SCRIPT, THEIRS, his_lines
from classroom.lab.script import Block, blocks_of
from classroom.viz.kit.style import TEXT

WHOLE = 'style="white-space:nowrap"'


@dataclass(frozen=True)
class Beside:
    """Blocks of our script beside his; shows itself as a table. `his` may be empty."""

    blocks: tuple[Block, ...]
    ours: tuple[str, ...]
    his: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The table as text."""
        rows = [
            f"{block.chapter or '-':>7}  {block.first:>3}-{block.last:<3} {len(block.code):>5}  "
            f"{_ranges(block):<24} {THEIRS[block.chapter].code:>4}\n"
            f"         {THEIRS[block.chapter].differs}"
            for block in self.blocks
        ]
        head = f"chapter  ours     code  {'his lines':<24} code\n         what differs"
        return "\n".join([head, *rows, "    sum          {:>5}  {:29}".format(*self.sums())])

    def sums(self) -> tuple[int, int]:
        """Lines of code in all, ours and his."""
        his = sum(THEIRS[block.chapter].code for block in self.blocks)
        return sum(len(block.code) for block in self.blocks), his

    def _repr_html_(self) -> str:
        """The same in four columns, lines above lines of code; his text where it is at hand."""
        look = f'style="text-align:left;color:{TEXT}"'
        heads = ("block", "our lines", "his lines", "what differs")
        top = "".join(f'<th scope="col" {look}>{head}</th>' for head in heads)
        rows = "".join(
            "<tr>" + "".join(f"<td {look}>{words}</td>" for words in _row(block)) + "</tr>"
            for block in self.blocks
        )
        ours, his = (f"{code} of code" for code in self.sums())
        foot = "".join(f"<th {look}>{words}</th>" for words in ("sum", ours, his, ""))
        table = f"<table><thead><tr>{top}</tr></thead><tbody>{rows}<tr>{foot}</tr></tbody></table>"
        return table + "".join(map(self._texts, self.blocks)) * bool(self.his)

    def _texts(self, block: Block) -> str:
        """Ours and his text of a block, folded."""
        pieces = (self.his[first - 1 : last] for first, last in THEIRS[block.chapter].lines)
        columns = (self.ours[block.first - 1 : block.last], [x for piece in pieces for x in piece])
        pres = "".join(
            f'<pre style="flex:1;overflow-x:auto;margin:4px">{escape(chr(10).join(lines))}</pre>'
            for lines in columns
        )
        title = f"<summary>{escape(block.title)}: ours and his</summary>"
        return f'<details>{title}<div style="display:flex">{pres}</div></details>'


def _ranges(block: Block) -> str:
    return ", ".join(f"{first}-{last}" for first, last in THEIRS[block.chapter].lines)


def _row(block: Block) -> tuple[str, ...]:
    """The cells of a block's row in HTML."""
    title, theirs = escape(block.title), THEIRS[block.chapter]
    if block.chapter:
        title = f'<a href="{find(block.chapter).file}">{title} (chapter {block.chapter})</a>'
    his = ", ".join(
        f'<a {WHOLE} href="{HIS_SCRIPT}#file-microgpt-py-L{first}-L{last}">{first}-{last}</a>'
        for first, last in theirs.lines
    )
    ours = f"<span {WHOLE}>{block.first}-{block.last}</span><br>{len(block.code)} of code"
    return title, ours, f"{his}<br>{theirs.code} of code", escape(theirs.differs)


def beside(source: str, his: str | Path = "karpathy.py") -> Beside:
    """Lay the blocks of our script beside those of Karpathy's.

    Parameters
    ----------
    source : str
        Our script, with its chapter comments.
    his : str or Path
        Where his script may have been saved; if it is there, its text is shown beside ours.

    Raises
    ------
    ValueError
        If that file is not the version whose lines are known here.
    """
    return Beside(blocks_of(source), tuple(source.splitlines()), his_lines(his))
