"""Tables of shaded cells as SVG (chapters 00, 05 and 06).

Written as text rather than plotted, so that an explorer can redraw them in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from classroom.viz.kit.narrow import Rows, stacked_windows
from classroom.viz.kit.picture import SVG, Picture
from classroom.viz.kit.style import ABOVE, BELOW, COLOURS, FONT, GRID, INK, PAGE_WIDTH, PAPER, TEXT

WIDTH = 960
"""Units across."""
HIT = 'fill="#000" fill-opacity="0"'
"""The look of a rectangle that is there to be hit."""
Phone = Rows | Callable[[], str]


def label(
    x: float, y: float, words: str, size: float = 13, anchor: str = "middle", fill: str = TEXT,
    bold: bool = False, *, rotate: bool = False, name: str = "", halo: bool = False,
) -> str:  # fmt: skip
    """A line of text; `y` is its base line. `rotate` turns it to be read from below.

    With a `name` it glides to where it is next time. With `halo`, no line crosses it.
    """
    place = f'x="{x:g}" y="{y:g}"'
    if name:
        place = f'id="{escape(name)}" transform="translate({x:.5g} {y:.5g})"'
    look = f'font-size="{size:g}" text-anchor="{anchor}" fill="{fill}"'
    look += ' font-weight="bold"' * bold
    look += f' transform="rotate(-90 {x:g} {y:g})"' * rotate
    look += f' paint-order="stroke" stroke="{PAPER}" stroke-width="5"' * halo
    return f"<text {place} {look}>{escape(words)}</text>"


def rect(x: float, y: float, width: float, height: float, look: str) -> str:
    """A rectangle; `look` is its fill, stroke and the like, as SVG attributes."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {look}/>'


def share_cell(
    x: float, y: float, width: float, height: float, share: float, words: str, size: float
) -> str:
    """A cell for a share of 1: the more it is, the bluer, with words that can be read on it."""
    look = f'stroke="{GRID}" fill="{COLOURS["data"]}" fill-opacity="{0.6 * share**0.5:.2f}"'
    drawn = rect(x, y, width, height, look)
    return drawn + label(x + width / 2, y + height / 2 + size * 0.36, words, size) * bool(words)


def signed_cell(x: float, y: float, width: float, height: float, value: float, most: float) -> str:
    """A cell with a number above or below 0 in it: the larger, the deeper is its hue."""
    look = f'stroke="{GRID}" fill="{ABOVE if value >= 0 else BELOW}"'
    drawn = rect(x, y, width, height, f'{look} fill-opacity="{min(1, abs(value) / most) / 2:.2f}"')
    words = f"{value:.1f}".replace("-0.0", "0.0").replace("-", "\u2212")
    return drawn + label(x + width / 2, y + height / 2 + 4.3, words, 12)


def two_digits(weight: float) -> str:
    """A weight in [0, 1] in the least room: ``.07``, or ``1.0``."""
    text = f"{weight:.2f}"
    return "1.0" if text.startswith("1") else text[1:]


def triangle(
    x: float, y: float, size: float, rows: Sequence[Sequence[float]], labels: Sequence[str]
) -> str:
    """Attention weights: row q has the weights of query q on the positions 0 to q.

    What lies right of the diagonal is the future: it is left empty.
    """
    parts = []
    words = size >= 26
    for row, weights in enumerate(rows):
        for column, weight in enumerate(weights):
            shown = two_digits(weight) if words else ""
            place = x + column * size, y + row * size
            parts.append(share_cell(*place, size, size, weight, shown, min(12, size * 0.36)))
    letter = min(13, size * 0.62)
    for index, words_of in enumerate(labels):
        middle = index * size + size / 2
        parts.append(label(x - 5, y + middle + letter * 0.36, words_of, letter, "end"))
        turned = len(words_of) > 1
        anchor = "start" if turned else "middle"
        along = x + middle + (letter * 0.36 if turned else 0)
        parts.append(label(along, y - 5, words_of, letter, anchor, rotate=turned))
    return "".join(parts)


def outline(x: float, y: float, width: float, height: float, ink: str = INK["gradient"]) -> str:
    """A thick frame around something to look at."""
    return rect(x, y, width, height, f'fill="none" stroke="{ink}" stroke-width="3"')


def drawing(width: int, height: int, parts: Sequence[str], alt: str, phone: Phone = ()) -> Picture:
    """Put parts together to a Picture of `width` by `height` units on the page's ground.

    It is shown as large as that, but not wider than `PAGE_WIDTH` pixels. For a `phone`, windows of
    it, or what draws another form.
    """
    scale = min(1.0, PAGE_WIDTH / width)
    small = phone if callable(phone) else lambda: stacked_windows(parts, phone)
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.0f}" '
        f'height="{height * scale:.0f}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>',
        SVG,
        alt,
        small=small if phone else None,
    )
