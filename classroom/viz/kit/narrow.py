"""The form of a picture for a phone: its windows stand below each other (all chapters)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from classroom.viz.kit.style import FONT, PAPER, PHONE_WIDTH

Rows = Sequence[Any]
"""From top to bottom: boxes (left, top, width, height) that stand beside each other, as a list; or
a box alone, whose words are set anew."""
TAG = re.compile(r"<(/?)[\w:]+[^<>]*?(/?)>")
WORDS = re.compile(r'<text x="([^"]*)" y="([^"]*)" (font-size="([^"]*)")([^>]*)>(.*?)</text>')
NUMBER = r"(-?[\d.]+)"
MOVED = re.compile(rf"translate\({NUMBER}[ ,]+{NUMBER}\)")
SIDES = (
    re.compile(rf'\b(?:x|x1|x2|cx)="{NUMBER}"(?:[^<>]*? width="([\d.]+)")?'),
    re.compile(rf'\b(?:y|y1|y2|cy)="{NUMBER}"(?:[^<>]*? height="([\d.]+)")?'),
)
LINE = re.compile(r'(?:points| d)="([^"]*)"')
PAIR = re.compile(rf"{NUMBER}[ ,]{NUMBER}")
A_CONTROL = re.compile(r' (?:id|data-\w+)="[^"]*"')


def stacked_windows(parts: Sequence[str], rows: Rows) -> str:
    """Return an SVG with windows of a drawing below each other, as wide as a phone.

    Parameters
    ----------
    parts : sequence of str
        The drawing. An element that is seen in two windows is a control in the first alone.
    rows : sequence of boxes or rows of boxes
        What is shown.
    """
    pieces = {
        place: (piece, _reach(piece)) for place, piece in enumerate(_elements("".join(parts)))
    }
    wide = max(PHONE_WIDTH, *(sum(b[2] for b in row) for row in rows if isinstance(row, list)))
    drawn, top, seen = [], 0.0, set()
    for row in rows:
        if isinstance(row, tuple):
            for line in _set_anew(parts, row, wide):
                top += 20
                drawn.append(line.replace("{y}", f"{top - 5:g}"))
            continue
        left = 0.0
        for x, y, width, height in row:
            here = [i for i, (_, reach) in pieces.items() if _meets(reach, (x, y), (width, height))]
            inside = [A_CONTROL.sub("", pieces[i][0]) if i in seen else pieces[i][0] for i in here]
            seen.update(here)
            size = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
            look = f'viewBox="{x:g} {y:g} {width:g} {height:g}"'
            drawn.append(f"<svg {size} {look}>{''.join(inside)}</svg>")
            left += width
        top += max(box[3] for box in row)
    return on_a_phone(wide, top + 4, drawn)


def on_a_phone(width: float, height: float, parts: Sequence[str]) -> str:
    """Return an SVG of such a size that takes the width of a phone."""
    size = f'width="{PHONE_WIDTH}" height="{height * PHONE_WIDTH / width:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:g} {height:g}" '
        'style="width:100%;max-width:460px;height:auto" '
        f'font-family="{FONT}">'
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def _elements(drawn: str) -> Iterator[str]:
    """The outermost elements of a drawing."""
    depth = begin = 0
    for tag in TAG.finditer(drawn):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if not depth:
            yield drawn[begin : tag.end()]
            begin = tag.end()


def _reach(piece: str) -> list[tuple[float, float]]:
    """From where to where an element reaches, across and down, as far as its numbers say."""
    points = [pair.groups() for line in LINE.findall(piece) for pair in PAIR.finditer(line)]
    outer = MOVED.search(piece[: piece.index(">")])
    moves = [move.groups() for move in MOVED.finditer(piece)]
    reach = []
    for axis, side in enumerate(SIDES):
        found = [float(point[axis]) for point in points]
        for start, size in side.findall(piece):
            found += [float(start), float(start) + float(size or 0)]
        begin = float(outer[axis + 1]) if outer else 0.0
        found = [begin + one for one in found] + [float(move[axis]) for move in moves]
        reach.append((min(found, default=0.0), max(found, default=0.0)))
    return reach


def _meets(
    reach: Sequence[tuple[float, float]], at: Sequence[float], size: Sequence[float]
) -> bool:
    return all(
        begin <= low < begin + room or low < begin < high
        for (low, high), begin, room in zip(reach, at, size)
    )


def _set_anew(parts: Sequence[str], box: Any, wide: float) -> Iterator[str]:
    """The texts inside a box as lines that fit, each but for its ``{y}``."""
    for x, y, font, size, look, words in WORDS.findall("".join(parts)):
        if _meets([(float(x),) * 2, (float(y),) * 2], box[:2], box[2:]):
            look = look.replace("middle", "start").replace("end", "start")
            plain = re.sub(r"<[^>]*>", " ", words)
            for line in textwrap.wrap(plain, int((wide - 16) / float(size) / 0.56)):
                yield f'<text x="8" y="{{y}}" {font}{look}>{line}</text>'
