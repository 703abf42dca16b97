"""What every attention head looks at: a triangle of discs for each head (chapter 05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.lab.tracing import trace
from classroom.viz.kit.cells import drawing, label, rect, two_digits
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, GRID, INK
from microgpt.inference import Floats
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer

WIDTH, EDGE = 900, 10
TOP, FOOT, CELL = 36, 24, 22.0
"""Above and below the discs of a panel, and the most room of one of them."""
STRONG = 2
"""A disc with so many times an even share stands out."""
LEGEND = (
    "a row: a letter that asks; a disc: its weight on the letter below, which it sees; "
    "blue: at least twice an even share"
)


def heads_picture(
    name: str, models: dict[str, StateDict], config: Config, tokenizer: CharTokenizer, layer: int =
    0,
) -> Picture:  # fmt: skip
    """Draw what every head of some models looks at in one name.

    A row has a disc for each position that its letter sees, its area is the weight; one of at
    least twice an even share is blue, and its number is at the end of the row, if there is room.
    `classroom.viz.attention_picture` has all numbers of one head.

    Parameters
    ----------
    name : str
        What they read.
    models : dict of str to state dict
        By title, such as ``{"untrained": ..., "trained": ...}``: a row of panels each.
    config, tokenizer
        The same for all.
    layer : int
        Which layer.
    """
    across = (WIDTH - 2 * EDGE) / config.n_head
    cell = min(CELL, (across - 40) / (len(name) + 1))
    high, parts, said = round(TOP + FOOT + cell * (len(name) + 1)), [], []
    for row, (title, state_dict) in enumerate(models.items()):
        found = trace(name, state_dict, config, tokenizer)
        for head, weights in enumerate(found.layers[layer].attn_weights):
            place = EDGE + head * across + 30, row * high + TOP, cell
            parts += _panel(f"{title}, head {head}", *place, found.labels, weights)
            said.append(f"{title.capitalize()} head {head}: {_strongest(weights, found.labels)}")
    alt = f"Attention weights for {name!r}: who looks at whom. {'. '.join(said)}."
    height = len(models) * high + 30
    parts.append(label(EDGE + 8, height - 12, LEGEND, 14, "start", INK["constant"]))
    pairs = [(at, 2 * across) for at in range(0, config.n_head, 2)]
    rows: list[Any] = [
        [(EDGE + head * across, row * high, wide, high)]
        for head, wide in pairs
        for row in range(len(models))
    ]
    return drawing(WIDTH, height, parts, alt, [*rows, (EDGE, height - 20, 9, 20)])


def _panel(
    title: str, left: float, top: float, cell: float, labels: Sequence[str], rows: Sequence[Floats]
) -> list[str]:
    """A row a letter, a disc a weight; letters at the left and, once more, below.

    Row q has the weights of position q on the positions 0 to q.
    """
    parts, size = [label(left - 22, top - 12, title, 14, "start", bold=True)], min(14, cell)
    for q, (char, row) in enumerate(zip(labels, rows)):
        y, x = top + (q + 0.5) * cell, left + (q + 0.5) * cell
        parts.append(rect(left, y - 0.5, x - left, 1, f'fill="{GRID}"'))
        font, below = (size if len(char) == 1 else 11, top + len(rows) * cell + 14)
        parts.append(label(left - 3, y + size / 3, char, font, "end", bold=True))
        place = (x, "middle") if len(char) == 1 else (x + 8, "end")  # the mark has room at its left
        parts.append(label(place[0], below, char, font, place[1], bold=True))
        strong = [weight for weight in row if weight * (q + 1) >= STRONG]
        for t, weight in enumerate(row):
            kind = "data" if weight in strong else "constant"
            look = f'r="{0.52 * cell * weight**0.5:.1f}" fill="{COLOURS[kind]}"'
            at = f'cx="{left + (t + 0.5) * cell:g}" cy="{y:g}"'
            parts.append(f'<circle id="{title}: {q} to {t}" {at} {look}/>')
        if strong and cell > 15:
            words = " ".join(map(two_digits, strong))
            parts.append(label(x + cell / 2 + 2, y + 4, words, 12, "start", INK["data"], bold=True))
    return parts


def _strongest(rows: Sequence[Floats], labels: Sequence[str]) -> str:
    """The weights of at least twice an even share, in words; if there is none, the largest."""
    found = []
    for q, row in enumerate(rows):
        weight, t = max((weight, -t) for t, weight in enumerate(row))
        found.append((weight * len(row), q, f"{q} {labels[q]} at {-t} {labels[-t]} {weight:.2f}"))
    strong = [told for share, _, told in found if share >= STRONG]
    if strong:
        return f"position {', '.join(strong)}; otherwise less than twice an even share"
    return f"no weight reaches twice an even share, the nearest is position {max(found)[2]}"
