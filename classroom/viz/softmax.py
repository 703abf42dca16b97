"""Softmax as a table, its arithmetic written out, a bar for each probability (chapter 04)."""

from __future__ import annotations

from collections.abc import Sequence

from classroom.lab.softmax import SoftmaxSteps
from classroom.lab.written import number
from classroom.viz.kit.cells import HIT, drawing, label, rect
from classroom.viz.kit.parts import Axis, drags, handle
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TINT

WIDTH, ROW, HEAD = 960, 38, 62
COLUMNS = (40, 292, 385, 482, 585, 715)
"""Right edges of: name, logit, divided by T, minus the largest, exp, probability."""
TRACK = (60, 230)
"""Where a logit of -5 and one of 5 have their handle."""
BARS = 732
"""Where the bars begin; a probability of 1 is `FULL` pixels long."""
FULL = WIDTH - BARS - 20


def softmax_table(
    steps: SoftmaxSteps, names: Sequence[str] = "abcdefgh", knobs: Sequence[float] = (),
) -> Picture:  # fmt: skip
    """Draw a softmax as a table, a row for each logit, with its arithmetic and a bar.

    `names` has a name for each logit; `knobs`, if given, values from -5 to 5 of the controls behind
    the logits: each row then has a handle.
    """
    parts = column_heads(steps, COLUMNS, 22)
    best = max(range(len(steps.probs)), key=steps.probs.__getitem__)
    for place, numbers in enumerate(_rows(steps)):
        pull = f" {_pull(names[place], knobs[place])}" if knobs else ""
        parts.append(_row(HEAD + place * ROW, names[place], numbers, place == best, pull))
    parts += [_knob(HEAD + place * ROW, names[place], value) for place, value in enumerate(knobs)]
    height = HEAD + len(steps.logits) * ROW + 6
    begin, middle, end = (14, 0, 304, height), (318, 0, 286, height), (604, 0, 344, height)
    name = begin[:2] + (34, height)
    rows = [[begin], [name, middle], [name, end]]
    return drawing(WIDTH, height, parts, _in_words(steps, names), rows)


def column_heads(steps: SoftmaxSteps, columns: Sequence[float], y: float) -> list[str]:
    """What stands above the columns of a softmax's arithmetic, by their right edges."""
    heads = (
        ("", ""), ("logit", ""), ("/ T", f"T = {number(steps.temperature)}"),
        ("- max", f"max = {number(steps.largest)}"), ("exp", f"sum = {number(steps.exp_sum)}"),
        ("exp / sum", "= probability"),
    )  # fmt: skip
    return [
        label(x, y, head, 15, "end", bold=True) + label(x, y + 19, note, 12, "end", INK["constant"])
        for x, (head, note) in zip(columns, heads)
    ]


def _rows(steps: SoftmaxSteps) -> list[tuple[float, ...]]:
    """The numbers of each row, from the logit to the probability."""
    return list(zip(steps.logits, steps.scaled, steps.shifted, steps.exps, steps.probs))


def _pull(name: str, value: float) -> str:
    """What lets a bar be dragged: its logit goes with it, 5 up to where it is full."""
    axes = [Axis(name, "x", (0, 2 * FULL), (-5, 5))]
    return handle(f"the bar of {name}: it moves the logit", axes, value, by=True)


def _row(y: float, name: str, numbers: Sequence[float], best: bool, pull: str) -> str:
    """One logit's numbers and its bar; the largest bar is darker and has a thick border."""
    base, prob = y + 24, numbers[-1]
    look = f'fill="{TINT["data"]}" stroke="{COLOURS["data"]}"'
    if best:
        look = f'fill="{COLOURS["second"]}" stroke="{INK["data"]}" stroke-width="3"'
    parts = [label(COLUMNS[0], base, name, 17, "end", bold=True)]
    parts += [label(x, base, number(n), 15, "end") for x, n in zip(COLUMNS[1:], numbers[:-2])]
    parts.append(label(COLUMNS[4], base, number(numbers[-2]), 15, "end"))
    parts.append(label(COLUMNS[5], base, f"{prob:.4f}", 15, "end", bold=True))
    parts += [label(x + 12, base, "→", 14, "middle", INK["constant"]) for x in COLUMNS[1:5]]
    room = rect(BARS - 6, y, max(FULL * prob, 40) + 12, ROW - 2, HIT)
    bar = rect(BARS, y + 4, max(FULL * prob, 1), ROW - 10, f'id="bar-{name}" {look}')
    parts.append(f"<g{pull}>{room}{bar}</g>" if pull else bar)
    return "".join(parts)


def _knob(y: float, name: str, value: float) -> str:
    """A handle on a short track left of the logit: dragged, it moves the logit."""
    left, right = TRACK
    x = left + (value + 5) / 10 * (right - left)
    track = rect(left, y + 17, right - left, 3, f'rx="1.5" fill="{COLOURS["constant"]}"')
    disc = f'<circle id="knob-{name}" cx="{x:g}" cy="{y + 18.5}" r="8" fill="{COLOURS["data"]}"/>'
    axis = Axis(name, "x", TRACK, (-5, 5))
    return track + drags(disc, f"logit {name}", [axis], value, f"drag-{name}")


def probabilities_in_words(steps: SoftmaxSteps, names: Sequence[str] = "abcdefgh") -> str:
    """The probabilities by name, on one line."""
    return ", ".join(f"{name} {prob:.4f}" for name, prob in zip(names, steps.probs))


def _in_words(steps: SoftmaxSteps, names: Sequence[str]) -> str:
    """Say each row's arithmetic."""
    rows = "; ".join(
        f"{name}: logit {number(logit)}, exp({number(shifted)}) = {number(exp)}, "
        f"/ {number(steps.exp_sum)} = {prob:.4f}"
        for name, (logit, _, shifted, exp, prob) in zip(names, _rows(steps))
    )
    return (
        f"Softmax of {len(steps.logits)} logits at temperature {number(steps.temperature)}, "
        f"{number(steps.largest)} subtracted. {rows}."
    )
