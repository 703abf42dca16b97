"""The map of the whole machine, each block numbered with the chapter that builds it (all chapters).

Drawn by hand as SVG: no renderer is needed, and the picture is the same everywhere. The weights are
those of the shipped model, a square each: today's matrices shine, what is not built yet is grey.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from classroom.chapters import find
from classroom.viz.kit.cells import label, rect
from classroom.viz.kit.links import Link, LinkedPicture
from classroom.viz.kit.narrow import on_a_phone
from classroom.viz.kit.picture import SVG, Picture
from classroom.viz.kit.style import COLOURS, FONT, INK, PAGE_WIDTH, PAPER, TEXT, TINT
from classroom.viz.map_blocks import (
    BLOCKS,
    BUILT,
    FRAME,
    FRAME_CHAPTERS,
    HEIGHT,
    LAYER,
    LOOP,
    PHONE,
    PHONE_BLOCKS,
    PHONE_LOOP,
    WEIGHTS,
    WIDTH,
    Area,
    Block,
)
from classroom.viz.squares import levels, squares
from microgpt.checkpoint import load
from microgpt.inference import float_weights


def machine_map(chapter: int | None = None) -> Picture:
    """Draw the way from text to the next character, the training loop and what they stand on.

    The blocks of a `chapter`, from 0 to 11, get a thick border and a pointer; another one is a
    ValueError. The alt text names the blocks, their chapters and the highlighted ones. In a
    notebook a block is a link to its chapter.

    >>> machine_map(7).alt.rpartition("Highlighted")[2]
    ', chapter 7: Adam.'
    """
    if chapter is not None:
        find(chapter)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE_WIDTH}" '
        f'height="{HEIGHT * PAGE_WIDTH // WIDTH}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{FONT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        _frame(chapter, FRAME),
        _loop_frame(chapter == 8, LOOP, 682),
        _layer_frame(LAYER, 137),
        *_arrows(chapter == 6),
        _weights(chapter),
        *(_block(block, block.chapter == chapter) for block in BLOCKS),
        "</svg>",
    ]
    return LinkedPicture(
        *("".join(parts), SVG, _in_words(chapter)),
        small=lambda: _for_phone(chapter),
        links=_links(BLOCKS, LOOP, WIDTH, HEIGHT),
        small_links=_links(PHONE_BLOCKS, PHONE_LOOP, *PHONE),
    )


def _links(blocks: Sequence[Block], loop: Area, width: int, height: int) -> tuple[Link, ...]:
    """Each block, the training loop's number and words, and the frame's lead to their chapter."""
    places = [(b.chapter, b.title, b.x, b.y, b.width, b.height) for b in blocks]
    places += [(8, "training", loop[0] - 10, loop[1] - 10, 30, 30)]
    places += [(8, "training", loop[0] + loop[2] - 299, loop[1] + loop[3] - 18, 190, 18)]
    places += [(10, "all", 8, 8, 170, 30)]
    return tuple(
        Link(find(n).file, f"chapter {n}: {title}", x / width, y / height, w / width, h / height)
        for n, title, x, y, w, h in places
    )


def _for_phone(chapter: int | None) -> str:
    """The same from top to bottom: the way of a character at the left, training at the right."""
    green, red, grey = INK["parameter"], INK["gradient"], INK["constant"]
    down = [(62, 76), (122, 140), (186, 204), (250, 278), (324, 328), (348, 352), (398, 402)]
    down += [(422, 450), (496, 514), (560, 578)]
    way = _arrow("M46,601 L16,601 L16,52 L86,52", "right")
    lit = chapter == 6
    return on_a_phone(
        *PHONE,
        [
            _frame(chapter, (4, 4, 350, 752)),
            _loop_frame(chapter == 8, PHONE_LOOP, 70),
            *(_arrow(f"M106,{start} L106,{end}", "down") for start, end in down),
            *(way, _plus(106, 338, lit), _plus(106, 412, lit)),
            _layer_frame((30, 258, 152, 181), 76),
            _arrow("M106,264 L38,264 L38,338 L96,338", "right"),
            _arrow("M106,349 L176,349 L176,412 L116,412", "left"),
            _arrow("M166,537 L212,537", "right"),
            *(_arrow(f"M274,{y} L274,{y - 36}", "up", red) for y in (514, 432)),
            _arrow("M274,350 L274,306", "up", green),
            f'<path d="M196,163 V473 M232,276 H196" stroke="{green}" stroke-width="1.6"/>',
            *(_arrow(f"M196,{y} L166,{y}", "left", green) for y in (163, 301, 375, 473)),
            label(106, 57, "text", 14, bold=True),
            label(244, 56, "the new character joins the text", 12, fill=grey),
            label(278, 282, "4,192 weights", 14, fill=green, bold=True),
            label(278, 297, "what it knows", 12, fill=grey),
            *(_block(block, block.chapter == chapter, False) for block in PHONE_BLOCKS),
        ],
    )


def _in_words(chapter: int | None) -> str:
    """Say what the map shows, and which blocks are highlighted."""
    named = [f"{block.title} ({block.chapter})" for block in BLOCKS]
    words = (
        "Map of the machine, with the chapter of each block. From text to the next character: "
        f"{', '.join(named[:3])}, then for every layer {named[3]} and {named[4]}, each added to "
        f"what came in, then {', '.join(named[5:8])}; the character joins the text and it starts "
        f"again. Training (8), round and round: {', '.join(named[8:11])}, new weights for "
        "embeddings, attention, MLP and lm_head. "
        f"Underneath: {' and '.join(named[11:])}. All of it on one page: chapter 10."
    )
    if chapter is None:
        return words
    lit = [block.title for block in BLOCKS if block.chapter == chapter]
    lit += ["the two additions"] * (chapter == 6)
    lit += ["the training loop"] * (chapter == 8) + [FRAME_CHAPTERS.get(chapter, "")]
    return f"{words} Highlighted, chapter {chapter}: {', '.join(filter(None, lit))}."


def _badge(x: float, y: float, chapter: int, lit: bool) -> str:
    """Return a disc with a chapter's number: dark on a highlighted block, white elsewhere."""
    fill, ink = (TEXT, PAPER) if lit else (PAPER, TEXT)
    disc = f'<circle cx="{x}" cy="{y}" r="10.5" fill="{fill}" stroke="{TEXT}" stroke-width="1.2"/>'
    return disc + label(x, y + 4.2, str(chapter), 12, fill=ink, bold=True)


def _pointer(x: float, y: float) -> str:
    """Return the triangle that points down at a highlighted block."""
    return f'<path d="M{x - 9},{y - 17} h18 l-9,14 z" fill="{TEXT}"/>'


def _block(block: Block, lit: bool, pointed: bool = True) -> str:
    """Return a block with its title, note and chapter, highlighted or not."""
    x, y, width, height = block.x, block.y, block.width, block.height
    look = f'rx="7" fill="{PAPER}" stroke="{COLOURS["data"]}" stroke-width="1.4"'
    if lit:
        look = f'rx="7" fill="{TINT["accent"]}" stroke="{TEXT}" stroke-width="4"'
    middle = x + width / 2
    words = label(middle, y + height / 2 - 1, block.title, 14, bold=True)
    words += label(middle, y + height / 2 + 15, block.note, 12, fill=INK["constant"])
    badge = _badge(x + 3, y + 2, block.chapter, lit)
    return (
        rect(x, y, width, height, look)
        + words
        + badge
        + (_pointer(middle, y) if lit and pointed else "")
    )


def _frame(chapter: int | None, frame: Area) -> str:
    """Return the frame around everything: chapter 10, and the whole map in chapter 0."""
    lit = chapter in FRAME_CHAPTERS
    ink, width = (TEXT, 4) if lit else (COLOURS["constant"], 1.2)
    look = f'rx="7" fill="none" stroke="{ink}" stroke-width="{width}"'
    words = label(114, 28, "all of it on one page", 12, fill=INK["constant"])
    return rect(*frame, look) + _badge(24, 24, 10, chapter == 10) + words


def _loop_frame(lit: bool, loop: Area, middle: int) -> str:
    """Return the dashed frame around the training loop: chapter 8."""
    x, y, width, height = loop
    look = f'rx="7" fill="none" stroke="{TEXT}" stroke-width="{4 if lit else 1.2}" '
    look += 'stroke-dasharray="7 5"'
    if lit:
        look = look.replace('"none"', f'"{TINT["accent"]}"')
    said, grey = "training: round and round", INK["constant"]
    words = label(x + middle, y + height - 6, said, 12 if width > 200 else 11, fill=grey)
    parts = rect(x, y, width, height, look) + words + _badge(x + 3, y + 2, 8, lit)
    return parts + (_pointer(x + 60, y) if lit else "")


def _layer_frame(layer: Area, middle: int) -> str:
    """Return the frame around what every layer repeats, with the two additions in it."""
    x, y, width, height = layer
    look = (
        f'rx="7" fill="none" stroke="{INK["constant"]}" stroke-width="1.2" stroke-dasharray="2 3"'
    )
    words = label(x + middle, y + height - 5, "again in every layer", 12, halo=True)
    return rect(x, y, width, height, look) + words


@lru_cache(maxsize=16)
def _weights(chapter: int | None) -> str:
    """Return the weights: what was built earlier is pale, what is to come grey."""
    shades = levels(float_weights(load()[0]), WEIGHTS, 0.45, 0.6)
    lights: list[int] = []
    for field in WEIGHTS:
        name = field.key.rpartition(".")[2]
        built = next(number for number, names in BUILT.items() if name.startswith(names))
        strength = 0.0 if built > (chapter or 11) else 0.35 if chapter in range(built + 1, 7) else 1
        here = shades[len(lights) : len(lights) + field.rows * field.columns]
        lights += [round(abs(shade) * strength) for shade in here]
    drawn = re.sub(r' data-\w+="[^"]*"', "", squares(WEIGHTS, shades, lights))  # for live ones
    return (
        f'<g class="weights" transform="translate(66 206) scale(0.5)">{drawn}</g>'
        + label(442, 226, "4,192 weights", 14, fill=INK["parameter"], bold=True)
        + label(442, 241, "what it knows", 12, fill=INK["constant"])
    )


def _arrow(path: str, head: str, ink: str = TEXT) -> str:
    """Return a line along an SVG path with a triangle at its end, facing right, left, up, down."""
    x, y = path.split()[-1].lstrip("LHVM").split(",")
    turn = {"right": 0, "down": 90, "left": 180, "up": 270}[head]
    return (
        f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1.6"/>'
        f'<path d="M0,0 l-8,-4.5 v9 z" fill="{ink}" transform="translate({x},{y}) rotate({turn})"/>'
    )


def _plus(x: int, y: int, lit: bool) -> str:
    """Return the circle of an addition: the residual stream, chapter 6."""
    fill, border = (TINT["accent"], 4) if lit else (PAPER, 1.4)
    disc = f'<circle cx="{x}" cy="{y}" r="10" fill="{fill}" stroke="{TEXT}" '
    cross = f'<path d="M{x - 5},{y} h10 M{x},{y - 5} v10" stroke="{TEXT}" stroke-width="1.6"/>'
    return f'{disc}stroke-width="{border}"/>{cross}'


def _arrows(residual: bool) -> list[str]:
    """Return the ways of the data (dark), of the gradients (vermilion) and of the weights."""
    red, green = INK["gradient"], INK["parameter"]
    straight = [(52, 72), (164, 186), (296, 318), (400, 446), (536, 548), (568, 588)]
    straight += [(674, 684), (704, 736), (820, 842)]
    parts = [_arrow(f"M{start},127 L{end},127", "right") for start, end in straight]
    parts += [_plus(558, 127, residual), _plus(694, 127, residual)]
    parts += [_arrow("M434,127 L434,166 L558,166 L558,138", "up")]
    parts += [_arrow("M577,127 L577,166 L694,166 L694,138", "up")]
    parts += [label(33, 132, "text", 14, bold=True)]
    parts += [_arrow("M890,100 L890,64", "up"), _arrow("M842,48 L33,48 L33,114", "down")]
    parts += [label(570, 42, "the new character joins the text", 12, fill=INK["constant"])]
    parts += [_arrow("M890,154 L890,222", "down")]
    parts += [_arrow("M828,249 L788,249", "left", red), _arrow("M680,249 L640,249", "left", red)]
    parts += [
        f'<path d="M442,211 V191 M241,191 H778" fill="none" stroke="{green}" stroke-width="1.6"/>'
    ]
    parts += [_arrow(f"M{x},191 L{x},154", "up", green) for x in (241, 491, 631, 778)]
    return [*parts, _arrow("M544,249 L498,249", "left", green)]
