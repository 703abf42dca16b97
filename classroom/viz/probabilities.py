"""Tables of probabilities, surprise and the losses to remember, as pictures (chapter 04)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from classroom.viz.cells import cell, drawing, label, shade
from classroom.viz.picture import Picture
from classroom.viz.style import (
    COLOURS,
    HATCHES,
    INK,
    LINE_STYLES,
    MARKERS,
    TEXT,
    figure,
    to_picture,
)

CELL_WIDTH, CELL_HEIGHT = 32, 20
LEFT, TOP = 74, 52
MARK = "BOS"


def token_names(chars: str) -> list[str]:
    """A name for each id: the characters, then the mark."""
    return [*chars, MARK]


def bigram_heatmap(counts: Sequence[Sequence[int]], chars: str) -> Picture:
    """Draw what follows what: a row for each character, shaded by the share of each follower.

    Parameters
    ----------
    counts : sequence of rows of int, shape (len(chars) + 1, len(chars) + 1)
        How often the column's token came after the row's; the mark is last.
    chars : str
        The vocabulary.

    Returns
    -------
    Picture
        An SVG; shares of at least 10 % are also written as a number, and a small 0
        where nothing was ever counted. The shade grows with the
        square root of the share, so that small ones can be told apart.
    """
    names = token_names(chars)
    middle = LEFT + len(names) * CELL_WIDTH / 2
    parts = [
        label(middle, 18, "... comes this", 15, bold=True),
        label(18, TOP + len(names) * CELL_HEIGHT / 2, "after this ...", 15, bold=True, rotate=True),
    ]
    for place, (name, row) in enumerate(zip(names, counts)):
        x, y = LEFT + (place + 0.5) * CELL_WIDTH, TOP + place * CELL_HEIGHT
        parts += [label(x, TOP - 8, name, 14), label(LEFT - 8, y + 15, name, 14, "end")]
        parts += _shares(row, y)
    y = TOP + len(names) * CELL_HEIGHT
    parts += _legend(y + 10)
    return drawing(LEFT + len(names) * CELL_WIDTH + 8, y + 40, parts, _in_words(counts, names))


def _shares(row: Sequence[int], y: float) -> list[str]:
    """The cells of one row: each follower's share, in percent if it is at least 10."""
    total = sum(row) or 1
    cells = []
    for column, count in enumerate(row):
        share = count / total
        words = f"{100 * share:.0f}" if share >= 0.1 else "" if count else "0"
        x = LEFT + column * CELL_WIDTH
        size = 12 if share else 8
        cells.append(cell(x, y, CELL_WIDTH, CELL_HEIGHT, shade(share**0.5), words, size))
    return cells


def _legend(y: float) -> list[str]:
    """What the shades mean."""
    parts = [label(LEFT, y + 16, "share of the row, in % (small 0: never seen):", 13, "start")]
    for place, percent in enumerate((0, 1, 5, 10, 25, 50, 100)):
        x = LEFT + 300 + place * 46
        parts.append(cell(x, y, 40, 22, shade((percent / 100) ** 0.5), str(percent), 12))
    return parts


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
        f"Heatmap of {len(names)} x {len(names)} pairs, row: a character, column: what follows it, "
        f"shaded by the share of its row. {sum(n for n, _, _ in pairs):,} pairs counted; most "
        f"often {listed}. Surest: {surest}. Never seen: {never} of {len(pairs)} pairs."
    )


def floors_picture(losses: Mapping[str, float]) -> Picture:
    """Draw mean losses as bars, each with its perplexity.

    Parameters
    ----------
    losses : mapping of str to float
        A name for each way of guessing, and its mean loss in nats a character.

    Returns
    -------
    Picture
        Horizontal bars in the given order.
    """
    alt = "Bars of the mean loss in nats a character: " + ", ".join(
        f"{name} {loss:.4f} (perplexity {math.exp(loss):.2f})" for name, loss in losses.items()
    )
    with figure(9.6, 0.9 + 0.75 * len(losses)) as fig:
        ax = fig.subplots()
        for place, (loss, hatch) in enumerate(zip(losses.values(), HATCHES * len(losses))):
            colour = ("constant", "second", "data")[place % 3]
            ax.barh(-place, loss, 0.6, color=COLOURS[colour], hatch=hatch, edgecolor=TEXT)
            words = f"{loss:.4f} nats · like {math.exp(loss):.2f} equal choices"
            ax.annotate(words, (loss, -place), (6, -4), textcoords="offset points")
        ax.set_yticks([-place for place in range(len(losses))], list(losses))
        ax.set_xlim(0, max(losses.values()) * 1.55)
        ax.set_xlabel("mean loss, nats a character")
        ax.grid(False)  # the numbers are there; a line would cross them
        return to_picture(fig, alt + ".")


def surprise_curve(points: Mapping[str, float]) -> Picture:
    """Draw minus the logarithm of a probability, with some probabilities pointed out.

    Parameters
    ----------
    points : mapping of str to float
        A name for each probability to point out.

    Returns
    -------
    Picture
        A curve that falls from infinity at 0 to 0 at 1.
    """
    listed = ", ".join(f"{name}: p {p:.4f}, {_surprise(p):.4f} nats" for name, p in points.items())
    with figure(9.6, 3.6) as fig:
        ax = fig.subplots()
        grid = [0.002 * 1.0025**step for step in range(2489)]
        ax.plot(grid, [_surprise(p) for p in grid], color=COLOURS["data"])
        for name, p in points.items():
            ax.plot([p], [_surprise(p)], "o", color=COLOURS["gradient"])
            words = f"{name}: {_surprise(p):.2f}"
            ax.annotate(words, (p, _surprise(p)), (9, 4), textcoords="offset points")
        ax.set(xlabel="probability of what came", ylabel="surprise, nats", xlim=(0, 1.08))
        ax.set_ylim(0, None)
        return to_picture(fig, f"Curve of surprise, minus ln p, falling to 0 at p = 1. {listed}.")


def _surprise(p: float) -> float:
    """Minus the natural logarithm; 0 and not -0 for a certainty."""
    return 0.0 - math.log(p)


def learning_picture(runs: Mapping[str, Sequence[float]], floors: Mapping[str, float]) -> Picture:
    """Draw the loss of one or more runs, step by step, over the losses to compare with.

    Parameters
    ----------
    runs : mapping of str to sequence of float
        The losses of each run, from step 0.
    floors : mapping of str to float
        Horizontal lines.

    Returns
    -------
    Picture
        One curve a run, each with its own line style and marker.
    """
    told = [
        f"{name} from {run[0]:.4f} to {run[-1]:.4f} in {len(run) - 1} steps"
        for name, run in runs.items()
    ]
    told += [f"{name} at {loss:.4f}" for name, loss in floors.items()]
    with figure(9.6, 4.0) as fig:
        ax = fig.subplots()
        for index, (name, run) in enumerate(runs.items()):
            look, sign = LINE_STYLES[index], MARKERS[index]
            ax.plot(run, linestyle=look, marker=sign, markevery=40, label=name)
        right = max(map(len, runs.values()))
        for name, loss in floors.items():
            ax.axhline(loss, color=INK["constant"], linewidth=1.2)
            words = f"{name} {loss:.4f}"
            ax.annotate(words, (right, loss), (-4, -13), textcoords="offset points",
                        ha="right", color=INK["constant"])  # fmt: skip
        ax.set(xlabel="step", ylabel="loss, nats a character", xlim=(0, right))
        ax.set_ylim(min(floors.values()) - 0.12, None)
        ax.legend(loc="center", bbox_to_anchor=(0.6, 0.72))
        return to_picture(fig, f"Loss by step: {'; '.join(told)}.")


def row_bars(rows: Mapping[str, Sequence[float]], chars: str, after: str) -> Picture:
    """Draw the probabilities of what follows one token, two or more tables side by side.

    Parameters
    ----------
    rows : mapping of str to sequence of float
        A name for each table, and its row: a probability for each token.
    chars : str
        The vocabulary.
    after : str
        The token whose row it is.

    Returns
    -------
    Picture
        A group of bars for each token; the alt text has the three most probable ones.
    """
    names, told = token_names(chars), []
    for table, row in rows.items():
        best = sorted(range(len(row)), key=lambda i: (-row[i], i))[:3]
        told.append(f"{table}: " + ", ".join(f"{names[i]} {row[i]:.4f}" for i in best))
    with figure(9.6, 3.4) as fig:
        ax = fig.subplots()
        width = 0.84 / len(rows)
        for place, (table, row) in enumerate(rows.items()):
            at = [token + (place + 0.5) * width - 0.42 for token in range(len(row))]
            colour = COLOURS[("data", "accent")[place % 2]]
            ax.bar(at, row, width, label=table, color=colour, hatch=HATCHES[place], edgecolor=TEXT)
        ax.set_xticks(range(len(names)), names)
        ax.set(xlabel=f"what comes after {after}", ylabel="probability", xlim=(-0.7, len(names)))
        ax.grid(False, axis="x")
        ax.legend()
        return to_picture(fig, f"Probabilities after {after}, the highest: {'; '.join(told)}.")
