"""Parts of a picture that are controls, or glide to their places: for the pictures of explorers.

In a stored notebook they are plain SVG; in a live explorer the view listens to them (see
`classroom.widgets.view`). Give what stays the same from state to state the same `name`: it then
moves to its new place instead of being replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

APART = re.compile(r"[%;=\x00-\x1f]")
"""What stands between the values of a part, or is no letter: written as in an address."""


def sets(inside: str, says: str, name: str = "", /, **values: Any) -> str:
    """A part that gives controls these values when it is clicked, or reached and pressed Enter.

    `says` is what a screen reader calls it and the pointer shows, `name` the part's id.

    >>> sets("<rect/>", "ask the letter v", position=2)
    '<g data-set="position=2" data-label="ask the letter v"><rect/></g>'
    >>> sets("<rect/>", "type ;", text="a;")
    '<g data-set="text=a%3B" data-label="type ;"><rect/></g>'
    """
    told = {name: APART.sub(lambda f: f"%{ord(f[0]):02X}", str(v)) for name, v in values.items()}
    pairs = ";".join(f"{control}={value}" for control, value in told.items())
    return f'<g{_id(name)} data-set="{escape(pairs)}" data-label="{escape(says)}">{inside}</g>'


@dataclass(frozen=True)
class Axis:
    """How a handle moves a control along ``"x"`` or ``"y"``.

    `pixels` are two places, `values` the control's values there: powers of ten, if `log`.
    """

    control: str
    along: str
    pixels: tuple[float, float]
    values: tuple[float, float]
    log: bool = False

    def __str__(self) -> str:
        """As the page reads it."""
        numbers = " ".join(f"{number:g}" for number in (*self.pixels, *self.values))
        return f"{self.control} {self.along} {numbers}" + " log" * self.log


def drags(inside: str, says: str, axes: Sequence[Axis], now: float, name: str = "") -> str:
    """A handle: dragged, or moved with the arrow keys, it moves one control or two.

    `says` is what a screen reader calls it, `now` the present value of the first axis.
    """
    return f"<g{_id(name)} {handle(says, axes, now)}>{inside}</g>"


def handle(says: str, axes: Sequence[Axis], now: float, by: bool = False) -> str:
    """The attributes of a handle; `by`: it counts how far it is dragged, not where to."""
    told = f'data-drag="{"; ".join(map(str, axes))}" data-now="{now:g}"'
    return f'{told} data-label="{escape(says)}"' + ' data-by=""' * by


def at(x: float, y: float, inside: str, name: str = "") -> str:
    """SVG moved to a place; if it has a name, it glides there from where it was."""
    return f'<g{_id(name)} transform="translate({x:.5g} {y:.5g})">{inside}</g>'


def _id(name: str) -> str:
    return f' id="{escape(name)}"' if name else ""
