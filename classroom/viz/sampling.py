"""The next character as pieces of a loaded die (chapter 09)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from classroom.lab.sampling import NextCharacter
from classroom.lab.written import number
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TINT

Way = tuple[float, float]
LEFT, LONG = FLAT = 20.0, 920.0
"""Where a die begins in its picture, and how long the way from 0 to 1 is."""
RUNG, STAIRS = 88, (130.0, 810.0)
"""From one temperature's die to the next, and the same of those."""
ROOM_OF_A_NUMBER, ROOM_OF_A_LETTER = 28, 8
"""A piece of the die that is shorter has no room for its probability, or its letter."""


def dice_picture(guesses: Sequence[NextCharacter], prefix: str) -> Picture:
    """Draw one guess at several temperatures: a loaded die below the other.

    Parameters
    ----------
    guesses : sequence of NextCharacter
        The same guess at different temperatures.
    prefix : str
        The beginning, for the title.
    """
    best = guesses[0].names[guesses[0].kept[0]]
    title = f"the die after “{prefix}”, at {len(guesses)} temperatures; orange: its likeliest piece"
    parts, told = [label(LEFT, 20, title, 14, "start")], []
    for upper, lower in pairwise(range(len(guesses))):
        parts += _bands(guesses[upper], guesses[lower], 94 + upper * RUNG, best)
    for row, guess in enumerate(guesses):
        top, temperature = 40 + row * RUNG, number(guess.steps.temperature)
        bits = f"{guess.entropy:.2f} bits"
        told.append(
            f"T = {temperature}: {guess.names[guess.kept[0]]} {max(guess.probs):.4f}, {bits}"
        )
        parts.append(label(LEFT, top + 24, f"T = {temperature}", 14, "start", bold=True))
        parts.append(label(LEFT, top + 44, bits, 12, "start", INK["constant"]))
        parts += die(zip(guess.names, guess.probs), top, [best], STAIRS)
    cut = f"the way from 0 to 1 cut into {len(guesses[0].names)} pieces"
    alt = f"The die after {prefix!r}, {cut}, at {len(guesses)} temperatures; the longest piece each"
    rows: list[Any] = [(LEFT - 2, 0, 9, 30)]
    for top in range(40, 40 + RUNG * len(guesses), RUNG):
        rows += [(LEFT - 2, top, 9, 50), *_for_phone(top, 56, STAIRS)]
    return drawing(960, 20 + RUNG * len(guesses), parts, f"{alt}: {'; '.join(told)}.", rows)


def _bands(upper: NextCharacter, lower: NextCharacter, top: float, lit: str) -> list[str]:
    """From each piece of a die to the same piece of the next one."""
    (left, long), middle, foot, found = STAIRS, top + 17, top + RUNG - 54, []
    cuts = [[left + long * p for p in accumulate(g.probs, initial=0.0)] for g in (upper, lower)]
    for name, (a, b), (c, d) in zip(upper.names, zip(*cuts), zip(cuts[0][1:], cuts[1][1:])):
        way = f"M{a:.1f},{top} C{a:.1f},{middle} {b:.1f},{middle} {b:.1f},{foot} H{d:.1f} "
        way += f"C{d:.1f},{middle} {c:.1f},{middle} {c:.1f},{top} Z"
        ink = COLOURS["accent" if name == lit else "data"]
        thin = 'stroke-width="0.7" stroke-opacity="0.6"'
        found.append(f'<path d="{way}" fill="{ink}" fill-opacity="0.12" stroke="{ink}" {thin}/>')
    return found


def die_picture(guess: NextCharacter, draws: Sequence[float]) -> Picture:
    """Draw probabilities end to end on the way from 0 to 1, and where some draws land.

    Parameters
    ----------
    guess : NextCharacter
        Whose probabilities; they stand in the order of the token ids.
    draws : sequence of float
        Numbers from 0 up to 1.
    """
    top, ends = 40, list(accumulate(guess.probs))
    landed = {u: guess.names[bisect(ends, u)] for u in sorted(draws)}
    parts = die(zip(guess.names, guess.probs), top, landed.values())
    for u, name in landed.items():
        x, ink = LEFT + u * LONG, INK["gradient"]
        parts.append(f'<path d="M{x:.1f},{top + 56} l-7,14 h14 z" fill="{ink}"/>')
        parts.append(label(x, top + 88, f"{u:.2f}: {name}", 14, fill=ink, bold=True))
    parts += [label(LEFT, 28, "0", 14), label(LEFT + LONG, 28, "1", 14)]
    parts.append(label(480, 26, "each token owns a piece as long as its probability", 14))
    alt = f"The way from 0 to 1, cut into {len(guess.names)} pieces by probability."
    rows = [(478, 20, 9, 20), *_for_phone(top, 98)]
    told = ", ".join(f"{u:.2f} lands on {name}" for u, name in landed.items())
    return drawing(960, top + 106, parts, f"{alt} {told}.", rows)


def _for_phone(top: float, high: float, way: Way = FLAT) -> list[Any]:
    """The way from 0 to 1 in three parts."""
    return [[(way[0] - 10 + i * way[1] / 3, top - 1, way[1] / 3 + 20, high)] for i in range(3)]


def die(
    pieces: Iterable[tuple[str, float]], top: float, lit: Collection[str] = (), way: Way = FLAT
) -> list[str]:
    """A piece for each token, as long as its probability; those that are `lit` are orange."""
    parts, (at, long) = [], way
    for name, prob in pieces:
        wide, kind = prob * long, "accent" if name in lit else "data"
        look = f'fill="{TINT[kind]}" stroke="{COLOURS[kind]}"' + ' stroke-width="2"' * (name in lit)
        parts.append(rect(at, top, wide, 54, look))
        if wide >= ROOM_OF_A_NUMBER:
            parts.append(label(at + wide / 2, top + 24, name, 17, bold=True))
            parts.append(label(at + wide / 2, top + 44, f"{prob:.2f}", 12))
        elif wide >= ROOM_OF_A_LETTER * len(name):
            parts.append(label(at + wide / 2, top + 24, name, 12 if wide < 12 else 15, bold=True))
        at += wide
    return parts
