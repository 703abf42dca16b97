"""The next character as pieces of a loaded die (chapter 09)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from classroom.lab.sampling import NextCharacter
from classroom.lab.written import number
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import INK, TINT

LEFT, LONG = 20, 920
"""Where a die begins in its picture, and how long the way from 0 to 1 is."""
SHADES = ("data", "accent", "parameter")
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
    title = f"the die after “{prefix}”, at {len(guesses)} temperatures"
    parts, told = [label(LEFT, 20, title, 14, "start")], []
    for row, guess in enumerate(guesses):
        top, best = 58 + row * 88, guess.names[guess.kept[0]]
        temperature = number(guess.steps.temperature)
        words = f"T = {temperature}: {best} {max(guess.probs):.4f}, {guess.entropy:.2f} bits"
        told.append(words)
        parts += [label(LEFT, top - 8, words, 14, "start", bold=True), *_pieces(guess, top)]
    cut = f"the way from 0 to 1 cut into {len(guesses[0].names)} pieces"
    alt = f"The die after {prefix!r}, {cut}, at {len(guesses)} temperatures; the longest piece each"
    rows: list[Any] = [(LEFT - 2, 0, 9, 30)]
    for top in range(58, 58 + 88 * len(guesses), 88):
        rows += [(LEFT - 2, top - 20, 9, 20), *_for_phone(top, 58)]
    return drawing(960, 40 + 88 * len(guesses), parts, f"{alt}: {'; '.join(told)}.", rows)


def die_picture(guess: NextCharacter, draws: Sequence[float]) -> Picture:
    """Draw probabilities end to end on the way from 0 to 1, and where some draws land.

    Parameters
    ----------
    guess : NextCharacter
        Whose probabilities; they stand in the order of the token ids.
    draws : sequence of float
        Numbers from 0 up to 1.
    """
    top, landed = 40, []
    parts = _pieces(guess, top)
    for u in sorted(draws):
        name = guess.names[bisect(list(accumulate(guess.probs)), u)]
        landed.append(f"{u:.2f} lands on {name}")
        x, ink = LEFT + u * LONG, INK["gradient"]
        parts.append(f'<path d="M{x:.1f},{top + 56} l-7,14 h14 z" fill="{ink}"/>')
        parts.append(label(x, top + 88, f"{u:.2f}: {name}", 14, fill=ink, bold=True))
    parts += [label(LEFT, 28, "0", 14), label(LEFT + LONG, 28, "1", 14)]
    parts.append(label(480, 26, "each token owns a piece as long as its probability", 14))
    alt = f"The way from 0 to 1, cut into {len(guess.names)} pieces by probability."
    rows = [(478, 20, 9, 20), *_for_phone(top, 98)]
    return drawing(960, top + 106, parts, f"{alt} {', '.join(landed)}.", rows)


def _for_phone(top: float, high: float) -> list[Any]:
    """The way from 0 to 1 in three parts."""
    return [[(LEFT - 10 + at * 313, top - 1, 330, high)] for at in range(3)]


def _pieces(guess: NextCharacter, top: float) -> list[str]:
    """A piece for each token, as long as its probability; named where a letter has room."""
    parts, at = [], float(LEFT)
    for place, (name, prob) in enumerate(zip(guess.names, guess.probs)):
        wide = prob * LONG
        look = f'fill="{TINT[SHADES[place % 3]]}" stroke="{INK["constant"]}"'
        parts.append(rect(at, top, wide, 54, look))
        if wide >= ROOM_OF_A_NUMBER:
            parts.append(label(at + wide / 2, top + 24, name, 17, bold=True))
            parts.append(label(at + wide / 2, top + 44, f"{prob:.2f}", 12))
        elif wide >= ROOM_OF_A_LETTER * len(name):
            parts.append(label(at + wide / 2, top + 24, name, 12 if wide < 12 else 15, bold=True))
        at += wide
    return parts
