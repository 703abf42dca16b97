"""A name on its way through the machine, drawn: the text, the line of stations, the numbers (00).

Every letter passes six stations; a slider walks through them.
"""

from __future__ import annotations

from typing import Any

from classroom.lab.journey import STATIONS, Journey, Moment
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.parts import at, sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT, TINT
from classroom.viz.stations import PANELS, panel_rows

WIDTH, HEIGHT = 900, 418
TILE, TILES_AT, TILES_TOP = 46, 84, 26
BLOCK, GAP, BLOCKS_AT, BLOCKS_TOP = 118, 26, 36, 118
HEIGHT_OF_BLOCK = 56


def journey_picture(way: Journey, step: int) -> Picture:
    """Draw one step: the text so far, the station that is reached, its numbers.

    Letters and stations set a control named ``step``.
    """
    moment, station = _place(way, step)
    parts = [
        *_text_so_far(way, moment, station),
        *_line(moment, station),
        at(0, 194, f'<g class="mg-fade" id="panel-{step}">{PANELS[station](moment)}</g>'),
    ]
    lines = range(0, moment.position + 2, 6)
    rows: list[Any] = [[(TILES_AT - 72 + at * TILE, 20, 350, 54)] for at in lines]
    rows += [[(22 + 2 * at * (BLOCK + GAP), 104, 290, 96)] for at in range(3)]
    rows += panel_rows(station, moment, 194)
    return drawing(WIDTH, HEIGHT, parts, journey_in_words(way, step), rows)


def journey_in_words(way: Journey, step: int) -> str:
    """Say where the token is and what happens to it there."""
    moment, station = _place(way, step)
    _, title, _ = STATIONS[station]
    return f"Step {step + 1} of {way.steps}, {title}: {moment.told(station)}."


def _place(way: Journey, step: int) -> tuple[Moment, int]:
    if not 0 <= step < way.steps:
        raise ValueError(f"there is no step {step}: this name takes 0 to {way.steps - 1}")
    return way.moments[step // len(STATIONS)], step % len(STATIONS)


def _text_so_far(way: Journey, moment: Moment, station: int) -> list[str]:
    """Large letters: what was read; the one being read; at the die, the new one."""
    parts = [label(18, TILES_TOP + 30, "text", 15, anchor="start", bold=True)]
    labels = [one.label for one in way.moments[: moment.position + 1]]
    for position, mark in enumerate(labels):
        tile = _tile(mark, "data" if position == moment.position else "constant")
        says = f"go to the letter {mark}" if position else "go to the beginning"
        goal = position * len(STATIONS) + station
        placed = at(TILES_AT + position * TILE, TILES_TOP, tile)
        parts.append(sets(placed, says, f"tile-{position}", step=goal))
    if station == len(STATIONS) - 1:
        place = at(TILES_AT + len(labels) * TILE, TILES_TOP, _tile(moment.drawn, "accent"))
        parts.append(f'<g class="mg-drop" id="new-{moment.position}">{place}</g>')
    return parts


def _tile(mark: str, kind: str) -> str:
    size = 22 if len(mark) == 1 else 13
    look = f'rx="7" fill="{TINT[kind]}" stroke="{COLOURS[kind]}" stroke-width="2"'
    return rect(2, 0, TILE - 4, 44, look) + label(TILE / 2, 22 + size * 0.36, mark, size, bold=True)


def _line(moment: Moment, station: int) -> list[str]:
    """The stations in a row, the way back from the last one to the text, the token on its way."""
    middle = BLOCKS_TOP + HEIGHT_OF_BLOCK / 2
    end = TILES_AT + (moment.position + 1.5) * TILE
    last = BLOCKS_AT + len(STATIONS) * (BLOCK + GAP) - GAP - BLOCK / 2
    lit = station == len(STATIONS) - 1
    look = f'fill="none" stroke="{INK["accent"] if lit else COLOURS["constant"]}"'
    back = f"M{last},{BLOCKS_TOP} V94 H{end:g} V78"
    width = 'stroke-width="3"' if lit else 'stroke-width="1.4" stroke-dasharray="4 4"'
    parts = [f'<path id="back" d="{back}" {look} {width}/>']
    for index in range(len(STATIONS) - 1):
        x = BLOCKS_AT + index * (BLOCK + GAP) + BLOCK
        parts.append(
            f'<path d="M{x},{middle} h{GAP - 2}" stroke="{TEXT}" stroke-width="1.6"/>'
            f'<path d="M{x + GAP},{middle} l-8,-4.5 v9 z" fill="{TEXT}"/>'
        )
    parts += [_block(moment, index, index == station) for index in range(len(STATIONS))]
    centre = BLOCKS_AT + station * (BLOCK + GAP) + BLOCK / 2
    mark = moment.label if not lit else moment.drawn
    size = 15 if len(mark) == 1 else 11.5
    ball = f'<circle r="15" fill="{COLOURS["accent"]}" stroke="{TEXT}" stroke-width="1.5"/>'
    ball += label(0, size * 0.36, mark, size, fill="#000", bold=True)
    parts.append(at(centre, BLOCKS_TOP + HEIGHT_OF_BLOCK + 6, ball, name="token"))
    return parts


def _block(moment: Moment, index: int, lit: bool) -> str:
    """A station of the row; pressed, it takes the token there."""
    chapter, title, note = STATIONS[index]
    x = BLOCKS_AT + index * (BLOCK + GAP)
    fill, width = (TINT["accent"], 3.5) if lit else (PAPER, 1.4)
    stroke = TEXT if lit else COLOURS["data"]
    look = f'id="station-{index}" rx="7" fill="{fill}" stroke="{stroke}" stroke-width="{width}"'
    inside = rect(x, BLOCKS_TOP, BLOCK, HEIGHT_OF_BLOCK, look)
    inside += label(x + BLOCK / 2, BLOCKS_TOP + 23, title, 14, bold=True)
    inside += label(x + BLOCK / 2, BLOCKS_TOP + 38, note, 11.5, fill=INK["constant"])
    inside += f'<circle cx="{x + 3}" cy="{BLOCKS_TOP + 2}" r="10" fill="{PAPER}" stroke="{TEXT}"/>'
    inside += label(x + 3, BLOCKS_TOP + 6.2, str(chapter), 11.5, bold=True)
    goal = moment.position * len(STATIONS) + index
    return sets(inside, f"take the token to: {title}", f"block-{index}", step=goal)
