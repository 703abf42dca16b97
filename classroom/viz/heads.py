"""What every attention head looks at: a name with arcs for each head (chapter 05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.lab.tracing import trace
from classroom.viz.arcs import arc
from classroom.viz.kit.cells import drawing, label, two_digits
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK
from microgpt.inference import Floats
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer

WIDTH, EDGE = 900, 10
HIGH, HIGHEST = 200, 104
"""A panel, and the highest arc in it."""
THICKEST = 9.0
"""Width of an arc of weight 1."""
STRONG = 2
"""An arc with so many times an even share stands out."""
LEGEND = (
    "an arc runs back from the letter that asks, as thick as the weight; "
    "blue: at least twice an even share"
)


def heads_picture(
    name: str,
    models: dict[str, StateDict],
    config: Config,
    tokenizer: CharTokenizer,
    layer: int = 0,
) -> Picture:
    """Draw what every head of some models looks at in one name.

    An arc goes from a letter to one that it sees and is as thick as the weight; one of at least
    twice an even share is blue and has its number, if there is room for it.
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
    parts, said = [], []
    for row, (title, state_dict) in enumerate(models.items()):
        found = trace(name, state_dict, config, tokenizer)
        for head, weights in enumerate(found.layers[layer].attn_weights):
            place = EDGE + head * across, row * HIGH, across
            parts += _arcs(f"{title}, head {head}", *place, found.labels, weights)
            said.append(f"{title.capitalize()} head {head}: {_strongest(weights, found.labels)}")
    alt = f"Attention weights for {name!r}: who looks at whom. {'. '.join(said)}."
    height = len(models) * HIGH + 34
    parts.append(label(EDGE + 8, height - 12, LEGEND, 14, "start", INK["constant"]))
    pairs = [(at, 2 * across) for at in range(0, config.n_head, 2)]
    rows: list[Any] = [
        [(EDGE + head * across, row * HIGH, wide, HIGH)]
        for head, wide in pairs
        for row in range(len(models))
    ]
    return drawing(WIDTH, height, parts, alt, [*rows, (EDGE, height - 20, 9, 20)])


def _arcs(
    title: str,
    left: float,
    top: float,
    width: float,
    labels: Sequence[str],
    rows: Sequence[Floats],
) -> list[str]:
    """The letters of a panel, an arc for each weight, the numbers of the strong ones on top.

    Row q has the weights of position q on the positions 0 to q.
    """
    step = (width - 16) / len(labels)
    places = [left + 8 + (at + 0.5) * step for at in range(len(labels))]
    weighed = [(w, q, t) for q, row in enumerate(rows) for t, w in enumerate(row)]
    base = top + HIGH - 40
    parts = [label(left + 8, top + 24, title, 14, "start", bold=True)]
    spots = []
    for weight, q, t in sorted(weighed):  # thick ones last, on top
        strong = weight * (q + 1) >= STRONG
        high = 14 + (HIGHEST - 14) * (q - t) / max(len(places) - 1, 1)
        loop = min(13.0, step / 4)  # a letter that looks at itself
        ends = (places[q], places[t]) if t < q else (places[q] - loop, places[q] + loop)
        ink = COLOURS["data"] if strong else COLOURS["constant"]
        look = f'stroke="{ink}" opacity="{0.9 if strong else 0.25}"'
        parts.append(arc(f"{title}: {q} to {t}", *ends, base, high, THICKEST * weight, look))
        if strong:
            spots.append((weight, sum(ends) / 2, base - high))
    return [*parts, *_numbers(spots), *_letters(labels, places, step, base)]


def _numbers(spots: Sequence[tuple[float, float, float]]) -> list[str]:
    """Weights on the tops of their arcs, as many as there is room for, the largest first."""
    told: list[tuple[float, float]] = []
    drawn = []
    for weight, x, y in sorted(spots, reverse=True):
        if all(abs(x - u) > 26 or abs(y - v) > 14 for u, v in told):
            told.append((x, y))
            number, ink = two_digits(weight), INK["data"]
            drawn.append(label(x, y + 4, number, 14, fill=ink, bold=True, halo=True))
    return drawn


def _letters(labels: Sequence[str], places: Sequence[float], step: float, base: float) -> list[str]:
    """The name as large letters below the arcs."""
    drawn = []
    for char, x in zip(labels, places):
        if len(char) == 1:
            drawn.append(label(x, base + 24, char, min(26.0, step * 1.1), bold=True))
        else:  # the mark, which has room on its left
            drawn.append(label(x + step / 2, base + 24, char, 14, "end", bold=True))
    return drawn


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
