"""What is seen at each station of a name's way through the machine (chapter 00).

A panel is SVG of 900 by about 230 pixels that shows the numbers of one moment: see
`classroom.viz.journey`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.lab.journey import Moment
from classroom.viz.kit.cells import label, rect, share_cell, signed_cell, two_digits
from classroom.viz.kit.style import COLOURS, INK, TEXT, TINT
from classroom.viz.sampling import die

LEFT, WIDTH = 170, 700
"""Where rows of numbers begin, and how wide they may be."""


def tokenizer_panel(moment: Moment) -> str:
    """The alphabet with its ids; the token's own is lit."""
    parts = [label(36, 40, "The alphabet, numbered. This token's number:", 14, "start")]
    parts += [label(372, 41, str(moment.token_id), 22, "start", INK["accent"], bold=True)]
    step = 828 / len(moment.names)
    for token_id, name in enumerate(moment.names):
        lit = token_id == moment.token_id
        shown = "BOS" if token_id == len(moment.names) - 1 else name
        look = TINT["accent" if lit else "constant"], COLOURS["accent" if lit else "constant"]
        x = 36 + token_id * step
        style = f'rx="4" fill="{look[0]}" stroke="{look[1]}" stroke-width="{2.5 if lit else 1}"'
        parts.append(rect(x + 1, 80, step - 2, 44, style))
        size = 17 if len(shown) == 1 else 12
        parts.append(label(x + step / 2, 108, shown, size, bold=lit))
        ink = TEXT if lit else INK["constant"]
        parts.append(label(x + step / 2, 142, str(token_id), 12, fill=ink, bold=lit))
    note = "BOS begins a name and ends it: it comes before the first letter and after the last."
    parts.append(label(36, 190, note, 13, "start", INK["constant"]))
    return "".join(parts)


def embedding_panel(moment: Moment) -> str:
    """Two learned rows and what enters the first layer."""
    token = moment.weights["wte"][moment.token_id]
    place = moment.weights["wpe"][moment.position]
    rows = (
        (f"of the token {moment.label}", token, "+"),
        (f"of position {moment.position}", place, "="),
        ("the sum, evened out", moment.found.embedded[moment.position], ""),
    )
    parts = [
        label(36, 34, "Two learned rows of numbers are added; no number has a name.", 14, "start")
    ]
    for index, (words, values, sign) in enumerate(rows):
        y = 56 + index * 56
        parts.append(label(LEFT - 12, y + 23, words, 13, "end", bold=index == 2))
        parts.append(_vector(values, LEFT, y, 38, 2.0))
        parts.append(label(LEFT + WIDTH / 2 - 8, y + 51, sign, 18, bold=True))
    return "".join(parts)


def attention_panel(moment: Moment) -> str:
    """A row of weights for each head, over everything read so far."""
    heads = moment.found.layers[-1].attn_weights
    labels = moment.found.labels[: moment.position + 1]
    words = f"What {moment.label} asks of everything before it: each head's weights add up to 1."
    parts = [label(36, 34, words, 14, "start")]
    wide = min(100.0, WIDTH / len(labels))
    for where, name in enumerate(labels):
        parts.append(label(LEFT + (where + 0.5) * wide, 64, name, 15, bold=True))
    for head, rows in enumerate(heads):
        y = 74 + head * 34
        parts.append(label(LEFT - 12, y + 20, f"head {head}", 13, "end"))
        for where, weight in enumerate(rows[moment.position]):
            x = LEFT + where * wide
            parts.append(share_cell(x, y, wide, 30, weight, two_digits(weight), min(14, wide / 3)))
    return "".join(parts)


def mlp_panel(moment: Moment) -> str:
    """The detectors, and the vector that leaves the layer."""
    layer = moment.found.layers[-1]
    hidden = layer.hidden[moment.position]
    awake = sum(h > 0 for h in hidden)
    words = f"{len(hidden)} detectors look at the vector; {awake} answer, the others give 0."
    parts = [label(36, 34, words, 14, "start")]
    top = max(*hidden, 1e-9)
    half = len(hidden) // 2
    wide = 828 / half
    for index, value in enumerate(hidden):
        x, y = 36 + index % half * wide, 50 + index // half * 40
        fill = TINT["constant"] if value <= 0 else COLOURS["parameter"]
        opacity = 1 if value <= 0 else 0.25 + 0.75 * value / top
        look = f'rx="3" fill="{fill}" fill-opacity="{opacity:.2f}"'
        parts.append(rect(x + 1, y, wide - 2, 34, look))
    parts.append(label(LEFT - 12, 170, "added to the stream", 13, "end"))
    parts.append(_vector(layer.stream[moment.position], LEFT, 146, 38, 6.0))
    return "".join(parts)


def softmax_panel(moment: Moment) -> str:
    """A bar for each token that may come next."""
    parts = [label(36, 34, "What may come next, and how probable it is:", 14, "start")]
    top = max(moment.probs)
    step = 828 / len(moment.names)
    for token_id, (name, prob) in enumerate(zip(moment.names, moment.probs)):
        x, height = 36 + token_id * step, 120 * prob / top
        look = f'fill="{COLOURS["second"]}" stroke="{INK["data"]}"'
        parts.append(rect(x + 3, 182 - height, step - 6, height, look))
        if prob >= 0.01:
            parts.append(label(x + step / 2, 177 - height, f"{100 * prob:.0f}%", 12))
        parts.append(label(x + step / 2, 200, name, 15 if len(name) == 1 else 12, bold=prob == top))
    return "".join(parts)


def die_panel(moment: Moment) -> str:
    """The probabilities end to end, and where the die falls."""
    words = f"The die: a number from 0 to 1, here {moment.die:.2f}. It falls on"
    parts = [label(36, 34, words, 14, "start")]
    parts.append(label(420, 35, moment.drawn, 22, "start", INK["accent"], bold=True))
    parts += die(zip(moment.names, moment.probs), 77, [moment.drawn], (36, 828))
    x = 36 + moment.die * 828
    parts.append(f'<path d="M{x:.1f},136 l-9,18 h18 z" fill="{INK["gradient"]}"/>')
    parts.append(label(x, 174, f"{moment.die:.2f}", 15, fill=INK["gradient"], bold=True))
    on = "It joins the text, and all begins again."
    after = "The name is complete." if moment.drawn == "BOS" else on
    parts.append(label(36, 212, after, 13, "start", INK["constant"]))
    return "".join(parts)


def _vector(values: Sequence[float], x: float, y: float, height: float, most: float) -> str:
    """A row of numbers in shaded cells."""
    wide = WIDTH / len(values)
    return "".join(
        signed_cell(x + index * wide, y, wide, height, value, most)
        for index, value in enumerate(values)
    )


PANELS: tuple[Callable[[Moment], str], ...] = (
    tokenizer_panel,
    embedding_panel,
    attention_panel,
    mlp_panel,
    softmax_panel,
    die_panel,
)
"""One for each station, in the order of the way."""


def panel_rows(station: int, moment: Moment, top: float) -> list[Any]:
    """The windows of a panel for a phone: its words, and some numbers at a time."""

    def strips(
        y: float, high: float, left: float, step: float, count: int, named: float = 0
    ) -> Any:
        """Windows of a row, each behind the names that stand at its left."""
        names = [(LEFT - 8 - named, top + y, named, high)] if named else []
        return [[*names, (left + at * step, top + y, step, high)] for at in range(count)]

    letters = len(moment.found.labels[: moment.position + 1])
    wide = min(100.0, WIDTH / letters)
    few = int(290 // wide)
    stations = (
        [*strips(72, 78, 36, 276, 3), (30, 180, 9, 20)],
        strips(50, 170, LEFT, 175, 4, 134),
        strips(46, 170, LEFT, few * wide, -(-letters // few), 56),
        [*strips(46, 88, 36, 276, 3), (150, 160, 9, 20), *strips(142, 46, LEFT, 350, 2)],
        strips(46, 162, 36, 276, 3),
        [*strips(70, 112, 36, 276, 3), (30, 204, 9, 16)],
    )
    return [(30, 20, 600, 24), *stations[station]]
