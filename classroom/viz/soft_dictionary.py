"""A dictionary that answers softly: queries and keys of two numbers, a picture of chapter 05."""

from __future__ import annotations

import math
from collections.abc import Sequence

from classroom.lab.soft_dictionary import VOWELS, SoftLookup
from classroom.lab.written import number
from classroom.viz.kit.cells import HIT, drawing, label, rect
from classroom.viz.kit.palette import GRID
from classroom.viz.kit.parts import Axis, at, drags
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TINT
from classroom.viz.sampling import die

WIDTH, HEIGHT = 900, 392
UNIT, ORIGIN_X, ORIGIN_Y = 26, 174, 250
"""Pixels of 1 in the plane, and where its zero is."""
ROWS, HEAD, ROWS_X, FOOT = 256, 48, 330, 326
"""Pixels of all rows, where they begin, and where the answer stands below them."""


def shares_in_words(found: SoftLookup) -> str:
    """The answer on one line, what rounds to nothing left out: ``0.98 i + 0.02 o``."""
    told = [f"{share:.2f} {char}" for char, share in found.shares.items() if share >= 0.005]
    return " + ".join(told)


def soft_dictionary_picture(found: SoftLookup) -> Picture:
    """Draw the keys and the query in the plane, and the arithmetic of each entry beside it.

    Its parts keep their ids from one state to the next.

    Parameters
    ----------
    found : SoftLookup
        From `soft_lookup`.
    """
    parts = [*_plane(found), *_heads()]
    for place in range(len(found.name)):
        parts += _row(found, place)
    answer = f"answer: {shares_in_words(found)}"
    parts.append(label(ROWS_X, FOOT, answer, 15, "start", bold=True))
    parts += die(zip(found.name, found.weights), FOOT + 8, way=(ROWS_X, 556))
    top, high = HEAD - 34, 42 + _step(found) * len(found.name)
    letters, sums, bars = ((x, top, wide, high) for x, wide in ((326, 46), (326, 346), (660, 230)))
    rows = [[(14, 0, 310, HEIGHT)], [sums], [letters, bars], (ROWS_X, FOOT - 10, 9, 20)]
    return drawing(WIDTH, HEIGHT, parts, _in_words(found), rows)


def _step(found: SoftLookup) -> float:
    """From one row to the next: few letters have more room."""
    return min(58.0, ROWS / len(found.name))


def _point(key: Sequence[float]) -> tuple[float, float]:
    return ORIGIN_X + UNIT * key[0], ORIGIN_Y - UNIT * key[1]


def _plane(found: SoftLookup) -> list[str]:
    """Axes and a thin grid, a dot for each key, an arrow for the query."""
    left, right = ORIGIN_X - 4.6 * UNIT, ORIGIN_X + 4.6 * UNIT
    top, bottom = ORIGIN_Y - 8.6 * UNIT, ORIGIN_Y + 4.4 * UNIT
    parts = [
        label(ORIGIN_X, top - 7, "second number: place", 12, fill=INK["constant"]),
        label(ORIGIN_X, bottom + 14, "first number: kind", 12, fill=INK["constant"]),
    ]
    for kind in (-4, 0, 4):
        x = _point((kind, 0))[0]
        parts.append(_line(x, top, x, bottom, GRID if kind else COLOURS["constant"]))
        if kind:
            parts.append(label(x, bottom + 14, number(kind), 12, fill=INK["constant"]))
    for place in (-4, 0, 4, 8):
        y = _point((0, place))[1]
        parts.append(_line(left, y, right, y, GRID if place else COLOURS["constant"]))
        parts.append(label(left - 8, y + 4, number(place), 12, "end", INK["constant"]))
    parts += [_key(found, place) for place in range(len(found.name))]
    return [*parts, *_arrow(found.query)]


def _line(x1: float, y1: float, x2: float, y2: float, ink: str) -> str:
    look = f'stroke="{ink}" stroke-width="1"'
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" {look}/>'


def _key(found: SoftLookup, place: int) -> str:
    """A key's dot, larger the more it weighs; it can be dragged to the left and right."""
    char, key, weight = found.name[place], found.keys[place], found.weights[place]
    x, y = _point(key)
    look = f'fill="{COLOURS["data"]}" stroke="{INK["data"]}" stroke-width="1"'
    dot = f'<circle cx="0" cy="0" r="{4 + 8 * weight:.3g}" {look}/>'
    dot += label(16, 5, char, 15, "start", INK["data"], bold=True)
    dot += rect(-14, -14, 44, 28, HIT)  # easy to grab
    control = "vowel" if char in VOWELS else "consonant"
    return drags(at(x, y, dot, f"key{place}"), f"the key of {char}", [_across(control)], key[0])


def _across(control: str) -> Axis:
    """The first number of a vector, along the page."""
    ends = ORIGIN_X - 4 * UNIT, ORIGIN_X + 4 * UNIT
    return Axis(control, "x", ends, (-4, 4))


def _arrow(query: Sequence[float]) -> list[str]:
    """The query as an arrow from zero, with its end as a handle."""
    (x, y), size = _point(query), math.hypot(*query) * UNIT or 1
    near = max(0, size - 12) / size  # the line ends in the head, whose point is the query's
    end_x, end_y = ORIGIN_X + near * (x - ORIGIN_X), ORIGIN_Y + near * (y - ORIGIN_Y)
    look = f'stroke="{COLOURS["gradient"]}" stroke-width="4"'
    line = (
        f'<line id="query" x1="{ORIGIN_X}" y1="{ORIGIN_Y}" x2="{end_x:g}" y2="{end_y:g}" {look}/>'
    )
    turn = math.degrees(math.atan2(y - ORIGIN_Y, x - ORIGIN_X))
    tip = f'fill="{COLOURS["gradient"]}" opacity="0.7" transform="rotate({turn:.1f})"'
    shape = '<circle cx="0" cy="0" r="14" fill="transparent"/>'
    shape += f'<path d="M 1 0 L -16 -8 L -16 8 Z" {tip}/>' if any(query) else _ring()
    beside = 19 if query[1] < 0 else -9  # where the arrow does not come from
    left, below, words, anchor = -10, beside, "query", "end"
    if not any(query):
        left, below, words, anchor = 14, 20, "query 0: no direction", "start"
    shape += label(left, below, words, 14, anchor, INK["gradient"], bold=True, halo=True)
    up = Axis("q1", "y", (ORIGIN_Y + 4 * UNIT, ORIGIN_Y - 4 * UNIT), (-4, 4))
    return [line, drags(at(x, y, shape, "tip"), "the query", [_across("q0"), up], query[0])]


def _ring() -> str:
    """What is drawn of a query that has no length yet: something to take hold of."""
    return (
        f'<circle cx="0" cy="0" r="9" fill="none" stroke="{COLOURS["gradient"]}" stroke-width="4"/>'
    )


def _heads() -> list[str]:
    titles = ((20, "letter"), (85, "key"), (210, "query · key"), (402, "softmax: weight"))
    return [label(ROWS_X + x, HEAD - 16, title, 14, bold=True) for x, title in titles]


def _row(found: SoftLookup, place: int) -> list[str]:
    """One letter: its key, its score written out, its weight as a bar."""
    (kind, where), (q0, q1) = found.keys[place], found.query
    y, weight, high = HEAD + _step(found) * place, found.weights[place], _step(found) - 8
    boxes = f'fill="{TINT["data"]}" stroke="{COLOURS["data"]}" stroke-width="1"'
    score = f"{_signed(q0)}·{_signed(kind)} + {_signed(q1)}·{number(where)}"
    score += f" = {number(found.scores[place])}"
    bar, base = f'id="bar{place}" fill="{COLOURS["data"]}"', y + 5 + high / 2
    return [
        label(ROWS_X + 20, base, f"{place + 1}: {found.name[place]}", 15),
        rect(ROWS_X + 50, y, 36, high, boxes) + label(ROWS_X + 68, base, number(kind), 14),
        rect(ROWS_X + 86, y, 36, high, boxes) + label(ROWS_X + 104, base, number(where), 14),
        label(ROWS_X + 326, base, score, 14, "end"),
        rect(ROWS_X + 344, y, max(170 * weight, 1), high, bar),
        label(ROWS_X + 350 + 170 * weight, base, f"{weight:.2f}", 14, "start", bold=True),
    ]


def _signed(x: float) -> str:
    """A factor as one writes it in a sum: negative ones in parentheses."""
    return f"({number(x)})" if x < 0 else number(x)


def _in_words(found: SoftLookup) -> str:
    entries = zip(found.name, found.keys, found.scores, found.weights)
    told = "; ".join(
        f"{place} {char}: key [{number(key[0])}, {number(key[1])}], score {number(score)}, "
        f"weight {weight:.2f}"
        for place, (char, key, score, weight) in enumerate(entries, start=1)
    )
    asked = ", ".join(map(number, found.query))
    return (
        f"A soft dictionary over the letters of {found.name!r}, asked with query [{asked}]. "
        f"{told}. Answer: {shares_in_words(found)}."
    )
