"""Who looks at whom, as arcs over a name: the attention explorer and all heads (chapter 05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from classroom.lab.tracing import Trace
from classroom.viz.attention import labels_and_rows, query_in_words
from classroom.viz.kit.cells import drawing, label, rect, two_digits
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.parts import sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT, TINT
from microgpt.inference import Floats

WIDTH, HEIGHT = 900, 400
LETTERS = 236
"""Top of the letters."""
TILE = 54
THICKEST = 22.0
"""Width of an arc of weight 1."""


def arcs_picture(
    traces: Mapping[str, Trace], position: int, layer: int = 0, head: int = 0
) -> Picture:
    """Draw what one position looks at: an arc to each letter, as thick as its weight.

    The arguments are those of `classroom.viz.attention_picture`; the arcs are the second model's.
    Letters set a control named ``position``.
    """
    labels, rows = labels_and_rows(traces, position, layer, head)
    told = f"head {head}: position {position} ({labels[position]}) looks back"
    trained = list(rows.values())[-1][position]

    def drawn(left: float, room: float) -> list[str]:
        step = min(160.0, room / len(labels))
        places = [left + (at + 0.5) * step for at in range(len(labels))]
        return [
            label(left / 4, 30, told, 16, anchor="start", bold=True),
            *_arcs(places, position, trained),
            *(_letter(places, labels, at, position) for at in range(len(labels))),
            *_numbers(left, places, position, rows),
        ]

    alt, cut = query_in_words(labels, position, head, rows), LETTERS + TILE + 84
    narrow = [[(0.0, 0.0, 358.0, cut)], (70.0, cut, 9.0, 90.0)]
    return drawing(
        *(WIDTH, HEIGHT, drawn(150, 730), alt), lambda: stacked_windows(drawn(76, 280), narrow)
    )


def _arcs(places: Sequence[float], position: int, weights: Floats) -> list[str]:
    """The arcs, thick ones on top; at their letter side by side, its own loop on the right."""
    drawn = []
    for at in sorted(range(position + 1), key=weights.__getitem__):
        weight, beside = weights[at], (position - 1 - at) / max(1, position - 1)
        ends = places[position] + TILE * (0.5 * beside - 0.36), places[at]
        high = min(150.0, 34 + 0.42 * (places[position] - places[at]))
        if at == position:  # a loop: it looks at itself
            right, room = places[at] + 0.46 * TILE, 0.24 * TILE + THICKEST * weight
            ends, high = (right - room, right), 46
        look = f'stroke="{COLOURS["data"]}" opacity="{0.3 + 0.7 * weight:.2f}"'
        drawn.append(arc(f"arc-{at}", *ends, LETTERS - 6, high, THICKEST * weight, look))
    return drawn


def arc(
    name: str, start: float, end: float, base: float, high: float, width: float, look: str
) -> str:
    """An arc from one place on a line to another; `look` is its stroke, as SVG attributes."""
    top = base - 4 - high / 0.75  # a curve reaches three quarters of the way to its handles
    path = f"M{start:.1f},{base:g} C{start:.1f},{top:.1f} {end:.1f},{top:.1f} {end:.1f},{base:g}"
    drawn = f'd="{path}" fill="none" stroke-width="{max(0.8, width):.1f}" {look}'
    return f'<path id="{escape(name)}" {drawn}/>'


def _letter(places: Sequence[float], labels: Sequence[str], at: int, position: int) -> str:
    """A letter on its tile: the one that asks stands out, what it cannot see yet is pale."""
    wide = min(TILE, places[1] - places[0] - 4 if len(places) > 1 else TILE)
    kind, ink = ("data", TEXT) if at <= position else ("constant", INK["constant"])
    fill = TINT["accent"] if at == position else TINT["data"] if at < position else PAPER
    edge = COLOURS["accent"] if at == position else COLOURS[kind]
    width = 3.5 if at == position else 1.4
    dashed = ' stroke-dasharray="3 3"' if at > position else ""
    look = f'id="tile-{at}" rx="8" fill="{fill}" stroke="{edge}" stroke-width="{width}"{dashed}'
    inside = rect(places[at] - wide / 2, LETTERS, wide, TILE, look)
    size = min(30.0, wide * 0.62) if len(labels[at]) == 1 else min(15.0, wide * 0.32)
    inside += label(
        places[at], LETTERS + TILE / 2 + size * 0.36, labels[at], size, fill=ink, bold=True
    )
    inside += label(places[at], LETTERS + TILE + 16, str(at), 12, fill=INK["constant"])
    says = f"ask position {at}, {labels[at]}"
    return sets(inside, says, f"ask-{at}", position=at).replace("<g ", '<g data-point="" ', 1)


def _numbers(
    left: float, places: Sequence[float], position: int, rows: dict[str, list[Floats]]
) -> list[str]:
    """The weights of both models below the letters, and an even share to compare with."""
    parts, y = [label(left - 8, LETTERS + TILE + 16, "position", 12, "end", INK["constant"])], 0.0
    for line, (title, weights) in enumerate(reversed(list(rows.items()))):
        y = LETTERS + TILE + 44 + line * 24
        look = {"fill": INK["data"], "bold": True} if line == 0 else {"fill": INK["constant"]}
        parts.append(label(left - 8, y, title, 14, "end", **look))
        for at in range(position + 1):
            told = two_digits(weights[position][at])
            parts.append(label(places[at], y, told, 14, name=f"w{line}-{at}", **look))
    share = f"an even share would be {1 / (position + 1):.2f}; what comes later cannot be seen"
    parts.append(label(left, y + 28, share, 13, "start", INK["constant"]))
    return parts
