"""What one attention head looks at, as numbers and bars (chapter 05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classroom.lab.tracing import Trace
from classroom.viz.kit.cells import WIDTH, drawing, label, outline, rect, triangle
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK
from microgpt.inference import Floats


def attention_picture(
    traces: Mapping[str, Trace], position: int, layer: int = 0, head: int = 0, least_height: int =
    0,
) -> Picture:  # fmt: skip
    """Draw one head's weights for a name in two models, and those of one query as bars.

    `traces` are what the models computed, by title (see `classroom.lab.tracing.trace`), `position`
    is the query's: ValueError, if the name has none such. The picture is `least_height` units high
    at least, so that it does not jump in an explorer.
    """
    labels, rows = labels_and_rows(traces, position, layer, head)
    size = min(34.0, 300 / len(labels))
    parts = []
    for place, (title, weights) in enumerate(rows.items()):
        left = 50 + place * 345
        parts.append(label(left, 22, f"{title}, head {head}", 14, "start", bold=True))
        parts.append(triangle(left, 66, size, weights, labels))
        parts.append(outline(left, 66 + position * size, (position + 1) * size, size))
    parts += _query_bars(labels, position, rows)
    height = max(least_height, 66 + max(len(labels) * size, (position + 1) * 19 + 40) + 10)
    narrow = [[(left, 0, 342, height)] for left in (12, 357, 702)]
    alt = query_in_words(labels, position, head, rows)
    return drawing(WIDTH, round(height), parts, alt, narrow)


def labels_and_rows(
    traces: Mapping[str, Trace], position: int, layer: int, head: int
) -> tuple[list[str], dict[str, list[Floats]]]:
    """What is read at each position, and one head's weights by title; a position must be there."""
    for found in traces.values():
        found.must_have(position)
        labels = found.labels
    return labels, {title: one.layers[layer].attn_weights[head] for title, one in traces.items()}


def _query_bars(labels: Sequence[str], position: int, rows: dict[str, list[Floats]]) -> list[str]:
    """The weights of one query, a pair of bars for each position that it can see."""
    left, room = 770, 110
    parts = [
        label(720, 22, f"position {position} ({labels[position]}) looks at", 14, "start", bold=True)
    ]
    looks = ["constant", "data"]
    for look, (title, x) in zip(looks, zip(rows, (left, left + 95))):
        parts.append(label(x, 50, title, 12, "start", fill=INK[look]))
    for t in range(position + 1):
        y = 60 + t * 19
        parts.append(label(left - 8, y + 13, f"{t}: {labels[t]}", 12, "end"))
        for place, weights in enumerate(rows.values()):
            weight = weights[position][t]
            x = left + place * 95
            bar = f'fill="{COLOURS[looks[place]]}"'
            parts.append(rect(x, y + 2, max(weight * (room - 55), 1), 13, bar))
            parts.append(label(x + weight * (room - 55) + 4, y + 13, f"{weight:.2f}", 12, "start"))
    return parts


def query_in_words(
    labels: Sequence[str], position: int, head: int, rows: dict[str, list[Floats]]
) -> str:
    """The alt text: every weight of the query, in both models."""
    seen = ", ".join(f"{t} {char}" for t, char in enumerate(labels[: position + 1]))
    weights = "; ".join(
        f"{title}: {', '.join(f'{w:.2f}' for w in weights[position])}"
        for title, weights in rows.items()
    )
    return (
        f"Attention weights of head {head} for {''.join(labels[1:])!r}. Position {position} "
        f"({labels[position]}) looks at {seen} with the weights {weights}."
    )
