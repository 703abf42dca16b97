"""Thousands of small squares, one a number: where they are and how they shine. Chapter 00.

In a stored picture they are a few dozen paths, one for each shade. A live explorer takes their
shades from ``data-squares`` and paints them itself, so that they glide (see ``page/squares.js``).
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from classroom.viz.kit.palette import ABOVE, BELOW, COLOURS

LEVELS = 15
"""Shades of each hue; more are not told apart on so small a square."""
GAP = 1
Numbers = Mapping[str, Sequence[Sequence[float]]]
Places = tuple["Field", ...]


@dataclass(frozen=True)
class Field:
    """Where the squares of one matrix are: its name, size, corner, and from square to square.

    If it is `turned`, the rows of the matrix are columns of the picture. After `group` squares
    across there is a little more room.
    """

    key: str
    rows: int
    columns: int
    x: int
    y: int
    pitch: int
    turned: bool
    group: int = 99

    def place(self, row: int, column: int) -> tuple[int, int]:
        """The corner of the square of a weight."""
        across, down = (row, column) if self.turned else (column, row)
        more = 2 * (across // self.group)
        return self.x + across * self.pitch + more, self.y + down * self.pitch

    @property
    def size(self) -> tuple[int, int]:
        """How wide and high the matrix is drawn."""
        x, y = self.place(self.rows - 1, self.columns - 1)
        return x - self.x + self.pitch - GAP, y - self.y + self.pitch - GAP


def levels(numbers: Numbers, fields: Places, scale: float, power: float) -> list[int]:
    """The shade of each square, from ``-LEVELS`` to ``LEVELS``: field by field, row by row.

    A number of the size of `scale` gets the deepest shade; with a `power` below 1, small numbers
    are seen more. A matrix that is not among the numbers is 0.
    """
    edges = [scale * ((n + 0.5) / LEVELS) ** (1 / power) for n in range(LEVELS)]
    found: list[int] = []
    for field in fields:
        for row in numbers.get(field.key) or [[0.0] * field.columns] * field.rows:
            found += [bisect(edges, x) if x >= 0 else -bisect(edges, -x) for x in row]
    return found


def squares(
    fields: Places, shades: Sequence[int], lights: Sequence[int] = (), hue: str = ""
) -> str:
    """Draw all squares: `fields` say where, `shades` (from `levels`) how deep.

    With `lights`, 0 to `LEVELS`, all that have none are dim; `hue`, a key of `COLOURS`, is the
    colour of the light, by default each one's own.
    """
    said = f'class="mg-squares" data-squares="{_letters(shades)}" data-fields="' + ";".join(
        f"{f.x} {f.y} {f.pitch} {f.rows} {f.columns} {f.turned:d} {f.group}" for f in fields
    )
    if lights:
        said += f'" data-lights="{_letters(lights)}" data-hue="{hue}'
    side = fields[0].pitch - GAP
    width = f'stroke-width="{side}" transform="translate(0 {side / 2:g})"'
    return f'<g {said}" {width}>{"".join(_paths(fields, shades, lights, hue))}</g>'


def _paths(fields: Places, shades: Sequence[int], lights: Sequence[int], hue: str) -> list[str]:
    """A path for each look that a square can have."""
    drawn: dict[tuple[str, float], list[tuple[int, int]]] = defaultdict(list)
    for place, look in zip(_corners(fields), map(_look(hue), shades, lights or repeat(None))):
        if look[1]:
            drawn[look].append(place)
    side = fields[0].pitch - GAP
    flat = f' stroke-width="{side - 2}"' if side > 3 else ""  # a dash, as a minus is one
    return [
        f'<path stroke="{colour}"{flat if colour == BELOW else ""} '
        f'stroke-opacity="{strength:.2g}" d="{_dashes(places, side)}"/>'
        for (colour, strength), places in sorted(drawn.items())
    ]


@lru_cache(maxsize=4)
def _corners(fields: Places) -> tuple[tuple[int, int], ...]:
    """The corner of each square."""
    return tuple(
        field.place(*divmod(index, field.columns))
        for field in fields
        for index in range(field.rows * field.columns)
    )


def _dashes(places: list[tuple[int, int]], side: int) -> str:
    """A path of thick dashes, each a square: the shortest way to write down thousands."""
    drawn, here = [], (0, 0)
    for x, y in sorted(places, key=lambda place: place[::-1]):
        drawn.append(f"m{x - here[0]} {y - here[1]}h{side}")
        here = x + side, y
    return "".join(drawn).replace(" -", "-")


def _look(hue: str) -> Callable[[int, int | None], tuple[str, float]]:
    """How a square of a shade looks in a light: colour and strength; unlit, it is a pale grey."""

    @lru_cache(maxsize=None)
    def look(shade: int, light: int | None) -> tuple[str, float]:
        own = ABOVE if shade > 0 else BELOW
        if light is None:
            return own, round(abs(shade) / LEVELS, 2)
        if light:
            return COLOURS[hue] if hue else own, round(light / LEVELS, 2)
        return COLOURS["constant"], round(abs(shade) / LEVELS * 4) / 4 * 0.2

    return look


def _letters(shades: Sequence[int]) -> str:
    """A letter for each shade: ``P`` is 0, ``A`` the lowest."""
    return bytes(80 + shade for shade in shades).decode("ascii")
