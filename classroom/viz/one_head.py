"""One attention head by hand, every number written out: a picture of chapter 05."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.lab.tracing import HeadSum, head_sum
from classroom.viz.kit.cells import WIDTH, drawing, label, rect
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, TINT
from microgpt.inference import Floats
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer


def qkv_picture(
    name: str, position: int, state_dict: StateDict, config: Config, tokenizer: CharTokenizer,
    layer: int = 0, head: int = 0,
) -> Picture:  # fmt: skip
    """Write one head's arithmetic out: query, keys, scores, weights, values, output.

    A table with a row for each position up to `position`, which asks; the alt text has its numbers.

    Raises
    ------
    ValueError
        If the name cannot be read, or has no such position.
    """
    found = head_sum(name, position, state_dict, config, tokenizer, layer, head)
    parts = _qkv_head(found.query, found.labels[position], position)
    foot = 142 + 40 * len(found.labels) + 12
    for t in range(len(found.labels)):
        parts += _qkv_row(t, 142 + 40 * t, found)
    parts.append(label(736, foot + 22, "sum of weight × value", 14, "end", bold=True))
    parts += _vector(752, foot, found.out, "accent")
    table = [(112, 196), (310, 184), (506, 206), (746, 204)]
    high = foot - 112
    columns = [[(10, 104, 90, high), (x - 4, 104, wide, high)] for x, wide in table]
    ask, total = [(366, 16, 204, 40)], [(748, foot - 4, 204, 40)]
    rows: list[Any] = [(96, 30, 9, 20), ask, *columns, (730, foot, 9, 40), total]
    return drawing(WIDTH, foot + 48, parts, _qkv_words(name, position, head, found), rows)


def _qkv_words(name: str, position: int, head: int, found: HeadSum) -> str:
    """The alt text: every number of the table."""
    root = len(found.query) ** 0.5
    rows = zip(found.labels, found.keys, found.scores, found.weights, found.values)
    told = " ".join(
        f"Position {t} ({char}): key {_listed(key)}, score {score:.2f}, divided by {root:g} "
        f"{score / root:.2f}, weight {weight:.2f}, value {_listed(value)}."
        for t, (char, key, score, weight, value) in enumerate(rows)
    )
    return (
        f"Head {head} by hand for {name!r}: position {position} ({found.labels[position]}) asks "
        f"with query {_listed(found.query)}. {told} "
        f"Output, the weighted sum of the values: {_listed(found.out)}."
    )


def _listed(vector: Sequence[float]) -> str:
    return "[" + ", ".join(f"{x:.2f}" for x in vector) + "]"


def _vector(x: float, y: float, vector: Sequence[float], role: str) -> list[str]:
    """A row of boxes with numbers."""
    width = 192 / len(vector)
    look = f'fill="{TINT[role]}" stroke="{COLOURS[role]}" stroke-width="1"'
    return [
        rect(x + i * width, y, width, 32, look)
        + label(x + (i + 0.5) * width, y + 21, f"{value:.2f}", min(13, width * 0.3))
        for i, value in enumerate(vector)
    ]


def _qkv_head(query: Floats, char: str, position: int) -> list[str]:
    """The query, and the titles of the columns."""
    titles = [
        (112 + 96, "key"), (352, "query · key"), (452, f"÷ √{len(query)}"),
        (592, "softmax: weight"), (752 + 96, "value"),
    ]  # fmt: skip
    ask = f"position {position} ({char}) asks with its query"
    return [
        label(100, 42, ask, 14, "start", bold=True),
        *_vector(370, 20, query, "gradient"),
        *(label(x, 122, words, 14, bold=True) for x, words in titles),
        label(94, 122, "position", 14, "end", bold=True),
    ]


def _qkv_row(t: int, y: float, found: HeadSum) -> list[str]:
    """What one earlier position contributes."""
    score, weight = found.scores[t], found.weights[t]
    scaled = score / len(found.query) ** 0.5
    return [
        label(94, y + 21, f"{t}: {found.labels[t]}", 14, "end"),
        *_vector(112, y, found.keys[t], "data"),
        label(352, y + 21, f"{score:.2f}", 14),
        label(452, y + 21, f"{scaled:.2f}", 14),
        rect(512, y + 6, max(weight * 150, 1), 20, f'fill="{COLOURS["data"]}"'),
        label(518 + weight * 150, y + 21, f"{weight:.2f}", 14, "start", bold=True),
        *_vector(752, y, found.values[t], "parameter"),
    ]
