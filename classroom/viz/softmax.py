"""Softmax with its arithmetic written out: logit, exp, divided by the sum (chapter 04)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.viz.cells import drawing, label, rect
from classroom.viz.parts import Axis, drags
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK, TINT, number

WIDTH, ROW, HEAD = 960, 38, 62
COLUMNS = (40, 120, 225, 335, 470, 640)
"""Right edges of: name, logit, divided by T, minus the largest, exp, probability."""
BARS = 660
"""Where the bars begin; a probability of 1 is `FULL` pixels long."""
FULL = WIDTH - BARS - 20


@dataclass(frozen=True)
class SoftmaxSteps:
    """Every number on the way from logits to probabilities.

    Attributes
    ----------
    logits, scaled, shifted, exps, probs : tuple of float, shape (n,)
        What goes in; divided by the temperature; minus `largest`; its exponential; divided by
        `exp_sum`.
    temperature, largest, exp_sum : float
        What is divided by, subtracted, divided by. `largest` is 0 if nothing is subtracted.
    """

    logits: tuple[float, ...]
    scaled: tuple[float, ...]
    shifted: tuple[float, ...]
    exps: tuple[float, ...]
    probs: tuple[float, ...]
    temperature: float
    largest: float
    exp_sum: float


def softmax_steps(
    logits: Sequence[float], temperature: float = 1.0, subtract_max: bool = True
) -> SoftmaxSteps:
    """Compute a softmax and keep every number on the way.

    Parameters
    ----------
    logits : sequence of float, shape (n,)
        The scores.
    temperature : float
        What they are divided by first; above 0.
    subtract_max : bool
        Whether the largest is subtracted before `exp`, as it should be.

    Returns
    -------
    SoftmaxSteps

    Raises
    ------
    ValueError
        If there are no logits, or the temperature is not above 0.
    OverflowError, ZeroDivisionError
        Without the subtraction: if an exponential is too large, or all of them are 0.
    """
    if not logits:
        raise ValueError("softmax of no logits at all: give it at least one")
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    scaled = tuple(logit / temperature for logit in logits)
    largest = max(scaled) if subtract_max else 0.0
    shifted = tuple(x - largest for x in scaled)
    exps = tuple(map(_exp, shifted))
    exp_sum = math.fsum(exps)
    if exp_sum == 0:
        raise ZeroDivisionError(
            f"every exp came out 0, exp({number(max(shifted))}) too: there is no sum to divide by"
        )
    probs = tuple(e / exp_sum for e in exps)
    return SoftmaxSteps(tuple(logits), scaled, shifted, exps, probs, temperature, largest, exp_sum)


def _exp(x: float) -> float:
    """The exponential, with the number named if it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        problem = f"exp({number(x)}) is too large for a float (the limit is about 709.78)"
        raise OverflowError(f"{problem}: subtract the largest logit first") from None


def softmax_table(
    steps: SoftmaxSteps,
    names: Sequence[str] = "abcdefgh",
    knobs: Sequence[float] = (),
) -> Picture:
    """Draw a softmax as a table, a row for each logit, with its arithmetic and a bar.

    Parameters
    ----------
    steps : SoftmaxSteps
        From `softmax_steps`.
    names : sequence of str
        A name for each logit.
    knobs : sequence of float, optional
        Values from -5 to 5 of the controls behind the logits: each row then has a handle.

    Returns
    -------
    Picture
        An SVG 960 pixels wide.
    """
    heads = (
        ("", ""),
        ("logit", ""),
        ("/ T", f"T = {number(steps.temperature)}"),
        ("- max", f"max = {number(steps.largest)}"),
        ("exp", f"sum = {number(steps.exp_sum)}"),
        ("exp / sum", "= probability"),
    )
    parts = [
        label(x, 22, head, 15, "end", bold=True) + label(x, 44, note, 13, "end", INK["constant"])
        for x, (head, note) in zip(COLUMNS, heads)
    ]
    for place, numbers in enumerate(_rows(steps)):
        parts.append(_row(HEAD + place * ROW, names[place], numbers, place == _best(steps)))
    parts += [_knob(HEAD + place * ROW, names[place], value) for place, value in enumerate(knobs)]
    return drawing(WIDTH, HEAD + len(steps.logits) * ROW + 6, parts, _in_words(steps, names))


def _rows(steps: SoftmaxSteps) -> list[tuple[float, ...]]:
    """The numbers of each row, from the logit to the probability."""
    return list(zip(steps.logits, steps.scaled, steps.shifted, steps.exps, steps.probs))


def _row(y: float, name: str, numbers: Sequence[float], best: bool) -> str:
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
    parts.append(rect(BARS, y + 4, max(FULL * prob, 1), ROW - 10, f'id="bar-{name}" {look}'))
    return "".join(parts)


def _knob(y: float, name: str, value: float) -> str:
    """A handle on a short track left of the logit: dragged, it moves the logit."""
    left, right = 52, 132
    x = left + (value + 5) / 10 * (right - left)
    track = rect(left, y + 32, right - left, 2, f'rx="1.5" fill="{COLOURS["constant"]}"')
    disc = f'<circle id="knob-{name}" cx="{x:g}" cy="{y + 33}" r="6" fill="{COLOURS["data"]}"/>'
    axis = Axis(name, "x", (left, right), (-5, 5))
    return track + drags(disc, f"logit {name}", [axis], value, f"drag-{name}")


def _best(steps: SoftmaxSteps) -> int:
    """The place of the largest probability."""
    return max(range(len(steps.probs)), key=steps.probs.__getitem__)


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
