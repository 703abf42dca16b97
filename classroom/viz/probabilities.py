"""Tables of probabilities, surprise and the losses to remember, as pictures (chapter 04)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.named import beside, name_ends
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, GRID, INK, LINE_STYLES, MARKERS, figure, to_picture

WIDE, NARROW, CELL_HEIGHT = 31, 11, 17
LEFT, TOP = 60, 42
LARGEST = 13.0
"""Radius of the dot of a share of 1."""
MARK = "BOS"
VOWELS = "aeiou"


def token_names(chars: str) -> list[str]:
    """A name for each id: the characters, then BOS."""
    return [*chars, MARK]


def bigram_heatmap(counts: Sequence[Sequence[int]], chars: str) -> Picture:
    """Draw what follows what: a row for each character, a dot for each follower.

    The area of a dot is the share of its row, and where nothing was ever counted there is none.
    Vowels come first, so that columns are seen; shares of a half have their number.

    Parameters
    ----------
    counts : sequence of rows of int, shape (len(chars) + 1, len(chars) + 1)
        How often the column's token came after the row's; BOS is last.
    chars : str
        The vocabulary.
    """
    names = token_names(chars)
    order = sorted(range(len(names)), key=lambda i: (names[i] == MARK, names[i] not in VOWELS, i))
    foot = TOP + len(names) * CELL_HEIGHT
    said = "... comes this: the area of a dot is its share of the row"

    def drawn(wide: float) -> tuple[float, list[str]]:
        right = LEFT + len(names) * wide
        parts = [label((LEFT + right) / 2, 15, said, 14, bold=True)]
        parts.append(label(14, (TOP + foot) / 2, "after this ...", 14, bold=True, rotate=True))
        for place, token in enumerate(order):
            x, y = LEFT + (place + 0.5) * wide, TOP + (place + 0.5) * CELL_HEIGHT
            above = label(x, TOP - 7, names[token][: int(wide // 8)], min(14, wide))
            parts += [above, label(LEFT - 8, y + 5, names[token], 14, "end")]
            parts.append(rect(LEFT, y - 0.5, right - LEFT, 1, f'fill="{GRID}"'))
            parts += _dots([counts[token][follower] for follower in order], y, wide)
        return right + wide / 2, parts

    right, narrow = drawn(NARROW)
    rows = [(0.0, 0.0, WIDE * 30.0, 20.0), [(0.0, 20.0, right, foot - 16.0)]]
    right, parts = drawn(WIDE)
    alt = _in_words(counts, names)
    return drawing(round(right), foot + 4, parts, alt, lambda: stacked_windows(narrow, rows))


def _dots(row: Sequence[int], y: float, wide: float) -> list[str]:
    """The dots of one row; a large one has its share in percent on it."""
    dots, total = [], sum(row) or 1
    for column, share in enumerate(count / total for count in row):
        x, radius = LEFT + (column + 0.5) * wide, LARGEST * wide / WIDE * share**0.5
        if share:
            look = f'fill="{COLOURS["data"]}" opacity="0.9"'
            dots.append(f'<circle cx="{x:g}" cy="{y:g}" r="{max(radius, 0.7):.1f}" {look}/>')
        if share >= 0.5 and wide == WIDE:
            dots.append(label(x, y + 3.5, f"{100 * share:.0f}", 11, fill="#FFF", bold=True))
    return dots


def _in_words(counts: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    """Say the table's key numbers: frequent pairs, the surest rows, what never came."""
    pairs = [(n, a, b) for a, row in enumerate(counts) for b, n in enumerate(row)]
    frequent = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:3]
    sure = sorted((-max(row) / sum(row), a) for a, row in enumerate(counts) if sum(row))[:2]
    listed = ", ".join(f"{names[b]} after {names[a]} ({n:,})" for n, a, b in frequent)
    best = [(a, max(range(len(names)), key=counts[a].__getitem__)) for _, a in sure]
    surest = ", ".join(
        f"after {names[a]} comes {names[b]} in {counts[a][b] / sum(counts[a]):.1%}" for a, b in best
    )
    never = sum(n == 0 for n, _, _ in pairs)
    return (
        f"Dots for {len(names)} x {len(names)} pairs, row: a character, column: what follows it, "
        f"as large as the share of its row. {sum(n for n, _, _ in pairs):,} pairs counted; most "
        f"often {listed}. Surest: {surest}. Never seen: {never} of {len(pairs)} pairs."
    )


def surprise_curve(points: Mapping[str, float]) -> Picture:
    """Draw minus the logarithm of a probability, with some probabilities pointed out.

    Parameters
    ----------
    points : mapping of str to float
        A name for each probability to point out.
    """
    listed = ", ".join(f"{name}: p {p:.4f}, {_surprise(p):.4f} nats" for name, p in points.items())
    with figure(9, 3.4) as fig:
        ax = fig.subplots()
        grid = [0.002 * 1.0025**step for step in range(2489)]
        ax.plot(grid, [_surprise(p) for p in grid], color=COLOURS["data"])
        for name, p in points.items():
            ax.plot([p], [_surprise(p)], "o", color=COLOURS["gradient"])
            words = f"{name}: {_surprise(p):.2f}"
            look: dict[str, Any] = {"xytext": (9, 4), "textcoords": "offset points"}
            if 0.3 < p < 1:  # where the curve is flat, neighbours are near
                look |= {"xytext": (8, 8), "ha": "center"}
            ax.annotate(words, (p, _surprise(p)), **look)
        ax.set(xlabel="probability of what came", ylabel="surprise, nats", xlim=(0, 1.08))
        ax.set_ylim(0, None)
        return to_picture(fig, f"Curve of surprise, minus ln p, falling to 0 at p = 1. {listed}.")


def _surprise(p: float) -> float:
    """Minus the natural logarithm; 0 and not -0 for a certainty."""
    return 0.0 - math.log(p)


def learning_picture(runs: Mapping[str, Sequence[float]], floors: Mapping[str, float]) -> Picture:
    """Draw the loss of one or more runs, step by step, over the losses to compare with.

    One curve a run, each with its own line style and marker.

    Parameters
    ----------
    runs : mapping of str to sequence of float
        The losses of each run, from step 0.
    floors : mapping of str to float
        Horizontal lines.
    """
    told = [
        f"{name} from {run[0]:.4f} to {run[-1]:.4f} in {len(run) - 1} steps"
        for name, run in runs.items()
    ]
    told += [f"{name} at {loss:.4f}" for name, loss in floors.items()]
    with figure(9, 3.8) as fig:
        ax = fig.subplots()
        ends, right = [], max(map(len, runs.values()))
        for index, (name, run) in enumerate(runs.items()):
            look, sign = LINE_STYLES[index], MARKERS[index]
            hue, steps = ("data", "gradient", "parameter", "third", "accent")[index], len(run) - 1
            ax.plot(run, linestyle=look, marker=sign, markevery=40, color=COLOURS[hue])
            side: Any = "left" if 2 * steps < right else "right"
            up = 8 + 14 * (len(runs) - 1 - index)
            beside(ax, (steps, run[-1]), f"{name}: {steps} steps", INK[hue], (0, up), ha=side)
        for name, loss in floors.items():
            ax.axhline(loss, color=INK["constant"], lw=1)
            ends.append((loss, f"{name} {loss:.4f}", INK["constant"]))
        ax.set(xlabel="step", ylabel="loss, nats a token", xlim=(0, right))
        ax.set_ylim(min(floors.values()) - 0.12, None)
        name_ends(ax, ends, 0.07)
        return to_picture(fig, f"Loss by step: {'; '.join(told)}.")


def row_bars(rows: Mapping[str, Sequence[float]], chars: str, after: str) -> Picture:
    """Draw the probabilities of what follows one token, two or more tables side by side.

    A group of bars for each token; the alt text has the three most probable ones.

    Parameters
    ----------
    rows : mapping of str to sequence of float
        A name for each table, and its row: a probability for each token.
    chars : str
        The vocabulary.
    after : str
        The token whose row it is.
    """
    names, told = token_names(chars), []
    for table, row in rows.items():
        best = sorted(range(len(row)), key=lambda i: (-row[i], i))[:3]
        told.append(f"{table}: " + ", ".join(f"{names[i]} {row[i]:.4f}" for i in best))
    with figure(9, 3.2) as fig:
        ax = fig.subplots()
        width = 0.84 / len(rows)
        for place, (table, row) in enumerate(rows.items()):
            at = [token + (place + 0.5) * width - 0.42 for token in range(len(row))]
            hue, side, edge = (("second", "right", -0.5), ("accent", "left", 0.5))[place % 2]
            ax.bar(at, row, width, color=COLOURS[hue], edgecolor=INK[hue])
            top = max(range(len(row)), key=row.__getitem__)
            beside(
                ax, (top + edge, row[top]), table, INK[hue], (0, -14 - 14 * (place // 2)), ha=side
            )
        ax.set_xticks(range(len(names)), names)
        ax.set(xlabel=f"what comes after {after}", ylabel="probability", xlim=(-0.7, len(names)))
        return to_picture(fig, f"Probabilities after {after}, the highest: {'; '.join(told)}.")
