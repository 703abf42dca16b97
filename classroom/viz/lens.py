"""The logit lens drawn: every stage at every position. Chapter 06."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from classroom.lab.lens import Lens
from classroom.lab.tracing import must_have
from classroom.viz.kit.cells import WIDTH, drawing, label, outline, rect, two_digits
from classroom.viz.kit.narrow import Rows, stacked_windows
from classroom.viz.kit.parts import sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, GRID, INK

LEFT = 132


def lens_picture(lens: Lens, position: int) -> Picture:
    """Draw the best guess of every stage at every position, and all guesses at one of them.

    `lens` is from `logit_lens`; `position` says whose guesses are drawn as bars, 0 is BOS. A
    ValueError if the name has no such position.
    """
    must_have(lens.name, position)

    def drawn(pitch: float) -> list[str]:
        frame = outline(LEFT + position * pitch, 46, pitch, below - 88)
        return [*_table(lens, pitch), frame, *bars]

    below, columns = 88 + 30 * len(lens.stages), len(lens.targets)
    height = min(68, (500 - below) // len(lens.stages))
    bottom = below + len(lens.stages) * height
    step = (WIDTH - LEFT - 16) / len(lens.tokens)
    bars = []
    for stage in range(len(lens.stages)):
        bars += _bars(lens, stage, position, below + stage * height, height)
    for i, token in enumerate(lens.tokens):
        right = token == lens.targets[position]
        ink = INK["accent"] if right else INK["constant"]
        bars.append(label(LEFT + (i + 0.5) * step, bottom + 18, token, 14, fill=ink, bold=right))
    wide, narrow = (min(most, (WIDTH - LEFT - 16) / columns) for most in (136.0, 72.0))
    alt, rows = _in_words(lens, position), _for_phone(lens, narrow)
    small = partial(stacked_windows, drawn(narrow), rows)
    return drawing(WIDTH, bottom + 30, drawn(wide), alt, small)


def _for_phone(lens: Lens, pitch: float) -> Rows:
    """Some columns at a time, and nine bars at a time."""
    foot, count = 50 + 30 * len(lens.stages), int(266 // pitch)
    places = [(LEFT + at * pitch, count * pitch) for at in range(0, len(lens.targets), count)]
    step = (WIDTH - LEFT - 16) / len(lens.tokens)
    bars = [(LEFT + at * step, 9 * step) for at in range(0, len(lens.tokens), 9)]
    tables = [[(40, 20, 92, foot - 22), (x, 20, wide, foot - 22)] for x, wide in places]
    high = 72 * len(lens.stages) + 30
    return [
        *tables,
        (LEFT - 2, foot, 9, 26),
        *([(40, foot + 32, 92, high), (x, foot + 32, w, high)] for x, w in bars),
    ]


def _table(lens: Lens, pitch: float) -> list[str]:
    """A row a stage, a column a position: the best guess, shaded by its probability.

    A column is a control: it sets `position`.
    """
    grey, foot = INK["constant"], 66 + 30 * len(lens.stages)
    told = "the best guess, filled as far as it is likely; ✓ and orange: it is what really comes"
    parts = [label(LEFT - 12, 38, "read → next", 12, "end", grey)]
    parts.append(label(LEFT, foot, told, 12, "start", grey))
    for column, (read, target) in enumerate(zip(["BOS", *lens.name], lens.targets)):
        middle = LEFT + (column + 0.5) * pitch
        parts.append(label(middle, 38, f"{read} → {target}", 12 if pitch > 55 else 11.8, bold=True))
    for row, stage in enumerate(lens.stages):
        parts.append(label(LEFT - 12, 66 + row * 30, stage, 13, "end", bold=True))
    for column, read in enumerate(["BOS", *lens.name]):
        says, name = f"look at position {column}, {read}", f"column-{column}"
        parts.append(sets(_column(lens, column, pitch), says, name, position=column))
    return parts


def _column(lens: Lens, column: int, pitch: float) -> str:
    """The best guess of each stage at one position."""
    drawn = ""
    for row in range(len(lens.stages)):
        token, prob = lens.best(row, column)
        right = token == lens.targets[column]
        gap = " " * (pitch > 55 or len(token) == 1)
        words = f"{'✓' * right}{token}{gap}{two_digits(prob)}"
        x, y = LEFT + column * pitch, 46 + row * 30
        look = f'fill="{COLOURS["accent" if right else "second"]}" fill-opacity="0.45"'
        drawn += rect(x, y, pitch * prob, 30, look)
        drawn += rect(x, y, pitch, 30, f'fill="none" stroke="{GRID}"')
        drawn += label(x + pitch / 2, y + 19.5, words, 12 if pitch > 55 else 11.8)
    return drawn


def _bars(lens: Lens, stage: int, position: int, top: float, height: float) -> list[str]:
    """All guesses of a stage at a position."""
    row, step = lens.probs[stage][position], (WIDTH - LEFT - 16) / len(lens.tokens)
    tallest, base = max(max(probs[position]) for probs in lens.probs), top + height
    parts = [label(LEFT - 12, base - 8, lens.stages[stage], 13, "end", bold=True)]
    parts.append(rect(LEFT, base - 1, WIDTH - LEFT - 16, 1, f'fill="{COLOURS["constant"]}"'))
    for i, (token, prob) in enumerate(zip(lens.tokens, row)):
        tall = prob / tallest * (height - 22)
        right = token == lens.targets[position]
        colour = COLOURS["accent" if right else "second"]
        x = LEFT + i * step
        look = f'id="bar-{stage}-{token}" fill="{colour}"'
        parts.append(rect(x + 4, base - tall, step - 8, tall, look))
        if right or prob >= 0.05:
            parts.append(label(x + step / 2, base - tall - 4, two_digits(prob), 12))
    return parts


def _in_words(lens: Lens, position: int) -> str:
    """The alt text: what each stage gives the right token at every position, and one in detail."""
    told = "; ".join(
        f"{target} {' → '.join(f'{lens.right(s, at):.2f}' for s in range(len(lens.stages)))}"
        for at, target in enumerate(lens.targets)
    )
    read = ["BOS", *lens.name][position]
    best = ", ".join(
        f"{stage}: {lens.best(number, position)[0]} {lens.best(number, position)[1]:.2f}"
        for number, stage in enumerate(lens.stages)
    )
    return (
        f"Logit lens on {lens.name!r}: what `lm_head` reads in the stream after "
        f"{', '.join(lens.stages)}. Probability of what comes next: {told}. "
        f"After {read!r}, position {position}, the likeliest is: {best}."
    )


def lens_in_words(lens: Lens, position: int) -> str:
    """One sentence: how the probability of the right token changes on the way."""
    steps: Sequence[str] = [
        f"{stage} {lens.right(number, position):.4f}" for number, stage in enumerate(lens.stages)
    ]
    read, target = ["BOS", *lens.name][position], lens.targets[position]
    return f"position {position}, {read!r} read, {target!r} comes next: {', '.join(steps)}"
