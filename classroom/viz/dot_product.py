"""The graph of a dot product: two columns of numbers that meet in one sum (chapter 05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.viz.cells import drawing, label, rect
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK, PAPER, TEXT, TINT

WIDTH = 760
ROW, HEAD = 46, 54
A, B, PRODUCT, SUM = 150, 330, 480, 664
"""Middles of the two columns, of the products, of the sum."""
BOX = (96, 34)
LONGEST = 8


def dot_product_picture(
    a: Sequence[Any], b: Sequence[Any], names: tuple[str, str] = ("a", "b")
) -> Picture:
    """Draw how two vectors become one number: multiply pair by pair, then add.

    Parameters
    ----------
    a, b : sequence of Value or float
        Two vectors of the same length, at most eight numbers.
    names : tuple of two str
        What stands above the columns.

    Returns
    -------
    Picture
        An SVG, 760 pixels wide. A line into the sum is as thick as its product is large, dashed
        if it is negative; the frame is what `microgpt.dot` makes one node of.

    Raises
    ------
    ValueError
        If the lengths differ, or there is nothing, or too much, to draw.

    Examples
    --------
    >>> print(dot_product_picture([1, 2], [3, -4], ("q", "k")))
    The dot product of q and k: 1.00 × 3.00 = 3.00, 2.00 × -4.00 = -8.00; their sum is -5.00.
    """
    if len(a) != len(b) or not 1 <= len(a) <= LONGEST:
        raise ValueError(f"two vectors of the same 1 to {LONGEST} numbers, not {len(a)}, {len(b)}")
    pairs = [(_data(x), _data(y)) for x, y in zip(a, b)]
    products = [x * y for x, y in pairs]
    acc = 0.0
    for product in products:
        acc += product
    middle, height = HEAD + len(pairs) * ROW / 2, HEAD + len(pairs) * ROW + 20
    parts = [*_heads(names), *_frame(height)]
    largest = max(map(abs, products)) or 1.0
    for place, product in enumerate(products):
        parts.append(_line(place, product / largest, middle))
    for place, (x, y) in enumerate(pairs):
        parts += _pair(place, x, y, products[place])
    parts += _sum(acc, middle)
    told = ", ".join(f"{x:.2f} × {y:.2f} = {x * y:.2f}" for x, y in pairs)
    alt = f"The dot product of {names[0]} and {names[1]}: {told}; their sum is {acc:.2f}."
    return drawing(WIDTH, height, parts, alt)


def _data(x: Any) -> float:
    return float(getattr(x, "data", x))


def _heads(names: tuple[str, str]) -> list[str]:
    titles = (A, names[0], "gradient"), (B, names[1], "data")
    drawn = [label(x, 34, name, 15, fill=INK[role], bold=True) for x, name, role in titles]
    return [
        *drawn,
        label(PRODUCT, 34, "product", 15, bold=True),
        label(SUM, 34, "sum", 15, bold=True),
    ]


def _frame(height: float) -> list[str]:
    """What `dot` makes one node of."""
    left, look = PRODUCT - 62, f'fill="none" stroke="{INK["constant"]}" stroke-dasharray="5 4"'
    right = WIDTH - 12
    drawn = rect(left, 10, right - left, height - 20, f'rx="10" {look}')
    return [drawn, label(right - 12, height - 22, "one node: dot", 13, "end", INK["constant"])]


def _box(x: float, y: float, value: float, role: str, name: str, width: float = BOX[0]) -> str:
    """A number in a box; `y` is its middle."""
    look = f'id="{name}" rx="5" fill="{TINT[role]}" stroke="{COLOURS[role]}" stroke-width="1.4"'
    drawn = rect(x - width / 2, y - BOX[1] / 2, width, BOX[1], look)
    return drawn + label(x, y + 6, f"{value:.2f}", 16)


def _pair(place: int, x: float, y: float, product: float) -> list[str]:
    """One row: two factors, and their product."""
    at = HEAD + (place + 0.5) * ROW
    return [
        label(A - BOX[0] / 2 - 12, at + 5, str(place), 13, "end", INK["constant"]),
        _box(A, at, x, "gradient", f"a{place}"),
        label((A + B) / 2, at + 7, "×", 20, bold=True),
        _box(B, at, y, "data", f"b{place}"),
        label((B + PRODUCT) / 2, at + 7, "=", 20, bold=True),
        _box(PRODUCT, at, product, "constant", f"product{place}", 84),
    ]


def _line(place: int, share: float, middle: float) -> str:
    """From a product to the sum."""
    at, start, end = HEAD + (place + 0.5) * ROW, PRODUCT + 42, SUM - 52
    bend = (start + end) / 2
    path = f"M{start:g},{at:g} C{bend:g},{at:g} {bend:g},{middle:g} {end:g},{middle:g}"
    dashed = ' stroke-dasharray="6 4"' if share < 0 else ""
    look = f'fill="none" stroke="{COLOURS["constant"]}" stroke-width="{1 + 9 * abs(share):.1f}"'
    return f'<path id="line{place}" d="{path}" {look}{dashed}/>'


def _sum(value: float, middle: float) -> list[str]:
    """The number in which all lines meet, with the sign of the operation before it."""
    left, top = SUM - 52, middle - 24
    return [
        rect(
            left, top, 120, 48, f'id="sum" rx="6" fill="{PAPER}" stroke="{TEXT}" stroke-width="2"'
        ),
        rect(left, top, 32, 48, f'rx="6" fill="{TEXT}"'),
        label(left + 16, middle + 8, "+", 22, fill=PAPER, bold=True),
        label(left + 76, middle + 7, f"{value:.2f}", 19, bold=True),
    ]
