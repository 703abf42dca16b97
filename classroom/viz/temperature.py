"""What the temperature explorer shows: bars, the arithmetic, ten names (chapters 00 and 09)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Any

from classroom.lab.sampling import NextCharacter
from classroom.lab.written import number
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.narrow import Rows
from classroom.viz.kit.palette import GRID
from classroom.viz.kit.parts import sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT
from classroom.viz.softmax import column_heads

WIDTH = 960
LEFT, BAR, FULL = 44, 33.5, 116
"""Where the bars begin, how wide each is, how high the highest is."""
BASE = 162
"""Where the bars stand."""
BELOW = 196
"""Where arithmetic and names begin."""
ROWS, ROW = 6, 24
"""Rows of arithmetic and their height."""
COLUMNS = (56, 140, 226, 346, 456, 570)
"""Right edges of: character, logit, divided by T, minus the largest, exp, probability."""

EMPTY = "(nothing)"
"""Stands for what was drawn where the very first draw was the end."""


def temperature_picture(
    guess: NextCharacter, untempered: NextCharacter, names: Sequence[str], known: Collection[str],
    prefix: str = "", arithmetic: bool = True,
) -> Picture:  # fmt: skip
    """Draw the next character's bars, each a control, how they came about, and names.

    Parameters
    ----------
    guess : NextCharacter
        The guess at the chosen temperature and top-k.
    untempered : NextCharacter
        The same at temperature 1 with all characters, shown as lines to compare with.
    names : sequence of str
        Ten names.
    known : collection of str
        The data: names in it are marked.
    prefix : str
        The beginning.
    arithmetic : bool
        Whether the way from logit to probability is written out, and the entropy.
    """
    parts = [_title(guess, prefix, arithmetic), *_bars(guess, untempered, prefix)]
    parts += _arithmetic(guess) if arithmetic else []
    parts += _names(names, known, prefix, 596 if arithmetic else LEFT, 2 if arithmetic else 5)
    height = 190 if arithmetic else 112
    rows = _for_phone(len(guess.names), height, arithmetic)
    alt = _in_words(guess, names, known, prefix, arithmetic)
    return drawing(WIDTH, BELOW + height, parts, alt, rows)


def _for_phone(tokens: int, height: float, arithmetic: bool) -> Rows:
    """Nine bars at a time; the arithmetic in two parts; the names."""
    bars = [[(LEFT + at * BAR, 30, 9 * BAR, BASE - 8)] for at in range(0, tokens, 9)]
    told = [(x, BASE + 25, 9, 12) for x in (LEFT - 2, WIDTH - 13)]
    rows: list[Any] = [(LEFT - 2, 0, 9, 30), *bars, *told]
    if arithmetic:
        sums = [[(30, 366)], [(30, 32), (356, 224)], [(588, 366)]]
    else:
        sums = [[(LEFT - 8 + at * 181, 362)] for at in (0, 2, 4)]
        rows.append((LEFT - 2, BELOW, 9, 30))
    top = BELOW + (0 if arithmetic else 36)
    return rows + [[(x, top, wide, BELOW + height - top) for x, wide in row] for row in sums]


def certainty(guess: NextCharacter) -> str:
    """The entropy, and the number of equal choices that would be as uncertain."""
    choices = f"{2**guess.entropy:.2f}"
    equal = "equal choice" if choices == "1.00" else "equal choices"
    return f"entropy {guess.entropy:.2f} bits, like {choices} {equal}"


def in_the_data(names: Sequence[str], known: Collection[str]) -> str:
    """How many names the data holds."""
    return f"{sum(name in known for name in names)} of {len(names)} names are in the data"


def _title(guess: NextCharacter, prefix: str, arithmetic: bool) -> str:
    """What the bars are about."""
    after = f"after “{prefix}”" if prefix else "at the very beginning"
    temperature = number(guess.steps.temperature)
    words = f"next character {after}, T = {temperature}" + f": {certainty(guess)}" * arithmetic
    return label(LEFT, 24, words, 16, "start", bold=True)


def _bars(guess: NextCharacter, untempered: NextCharacter, prefix: str) -> list[str]:
    """A bar for each token, a line where it was at temperature 1, a cross where top-k cut it."""
    top = max(*guess.probs, *untempered.probs)  # the highest fills the room
    parts = [
        label(LEFT - 8, BASE + 4, "0", 12, "end"),
        label(LEFT - 8, BASE - FULL + 4, f"{100 * top:.0f}%", 12, "end"),
        rect(LEFT, BASE - FULL, BAR * len(guess.names), 1, f'fill="{GRID}"'),
    ]
    best = guess.kept[0]
    for token_id, name in enumerate(guess.names):
        drawn = _bar(guess, untempered, token_id, top)
        drawn += label(LEFT + (token_id + 0.5) * BAR, BASE + 18, name, 14, bold=token_id == best)
        beginning = prefix + name if name != guess.names[-1] else ""
        if len(beginning) < 16 and beginning != prefix:
            says = f"begin with {beginning}" if beginning else "begin anew"
            drawn = sets(drawn, says, f"bar-{name}", beginning=beginning)
        parts.append(drawn)
    parts.append(rect(LEFT, BASE, BAR * len(guess.names), 1, f'fill="{TEXT}"'))
    legend = "thin lines: the same at T = 1, all characters"
    parts.append(label(WIDTH - 12, BASE + 33, legend, 12, "end", INK["gradient"]))
    click = "click a letter: names that begin with it"
    return [*parts, label(LEFT, BASE + 33, click, 12, "start", INK["constant"])]


def _bar(guess: NextCharacter, untempered: NextCharacter, token_id: int, top: float) -> str:
    """One token's bar with its share, and the line of temperature 1."""
    x, name = LEFT + token_id * BAR, guess.names[token_id]
    prob, before = (FULL * p.probs[token_id] / top for p in (guess, untempered))
    look = f'id="grow-{name}" fill="{COLOURS["second"]}" stroke="{INK["data"]}"'
    look += ' stroke-width="3"' if token_id == guess.kept[0] else ""
    drawn = rect(x + 3, BASE - prob, BAR - 6, prob, look)
    thin = f'id="thin-{name}" fill="{INK["gradient"]}"'
    drawn += rect(x + 1, BASE - before - 1, BAR - 2, 2, thin)
    share = guess.probs[token_id]
    if share >= 0.005:
        y, ink = _beside_the_line(prob, before)
        told = f"{100 * share:.0f}%"
        drawn += label(x + BAR / 2, BASE - y, told, 12, name=f"share-{name}", fill=ink)
    elif token_id not in guess.kept:
        drawn += label(x + BAR / 2, BASE - 6, "×", 15, fill=INK["constant"], bold=True)
    return drawn


def _beside_the_line(prob: float, before: float) -> tuple[float, str]:
    """How high a bar's share stands, and its ink: on the bar, where the line leaves it the room.

    Where the line runs close above the bar, the share is in the bar, or above both if that is low.
    """
    if not 0 < before - prob < 18:
        return prob + 5, TEXT
    return (prob - 14, "#000") if prob >= 20 else (before + 5, TEXT)


def _arithmetic(guess: NextCharacter) -> list[str]:
    """The way of the most probable characters from logit to probability."""
    steps = guess.steps
    parts = column_heads(steps, COLUMNS, BELOW + 18)
    for place, token_id in enumerate(guess.kept[:ROWS]):
        numbers = (steps.logits, steps.scaled, steps.shifted, steps.exps)
        y = BELOW + 62 + place * ROW
        parts.append(label(COLUMNS[0], y, guess.names[token_id], 16, "end", bold=True))
        for x, column in zip(COLUMNS[1:], numbers):
            parts.append(label(x, y, number(column[place]), 14, "end"))
        parts.append(label(COLUMNS[5], y, f"{steps.probs[place]:.4f}", 14, "end", bold=True))
    return parts


def _names(
    names: Sequence[str], known: Collection[str], prefix: str, x: float, columns: int
) -> list[str]:
    """The names, the drawn part in bold; a filled disc stands before one that the data holds."""
    wide, head = columns > 2, f"{len(names)} names from the same dice"
    told = f"● {in_the_data(names, known)}"
    parts = [label(x, BELOW + 18, f"{head}; {told}" if wide else head, 15, "start", bold=True)]
    parts += [] if wide else [label(x, BELOW + 37, told, 12, "start", INK["constant"])]
    rows = -(-len(names) // columns)
    for place, name in enumerate(names):
        left = x + place // rows * 181
        y = BELOW + (56 if wide else 62) + place % rows * (30 if wide else ROW)
        fill = INK["data"] if name in known else PAPER
        look = f'id="known-{place}" r="5" fill="{fill}" stroke="{INK["data"]}"'
        parts.append(f'<circle cx="{left + 6:g}" cy="{y - 5:g}" {look}/>')
        parts.append(_letters(name, len(prefix), left + 20, y, place))
    return parts


def _letters(name: str, given: int, x: float, y: float, place: int) -> str:
    """A name, letter by letter; in an explorer those that are new drop in one after the other."""
    parts = []
    for index, letter in enumerate(name or EMPTY):
        look = f'fill="{INK["constant"]}"' if index < given else f'fill="{TEXT}" font-weight="bold"'
        parts.append(
            f'<tspan class="mg-new" id="n{place}-{index}-{ord(letter)}" {look} '
            f'style="--i:{index + 3 * place}">{escape(letter)}</tspan>'
        )
    return f'<text x="{x:g}" y="{y:g}" font-size="16">{"".join(parts)}</text>'


def _in_words(
    guess: NextCharacter, names: Sequence[str], known: Collection[str], prefix: str,
    arithmetic: bool,
) -> str:  # fmt: skip
    """Say the key numbers: the highest bars, the arithmetic of the best, entropy, names."""
    steps = guess.steps
    pairs = list(zip(guess.kept, steps.probs))[:4]
    highest = ", ".join(f"{guess.names[i]} {prob:.4f}" for i, prob in pairs)
    words = (
        f"Bars of the next character after {prefix!r} at temperature {number(steps.temperature)}, "
        f"{len(guess.kept)} of {len(guess.names)} tokens allowed; highest: {highest}"
    ) + (f"; {certainty(guess)}." if arithmetic else ".")
    if arithmetic:
        words += (
            f" For {guess.names[guess.kept[0]]}: logit {number(steps.logits[0])}, "
            f"/ T {number(steps.scaled[0])}, exp after subtracting the largest "
            f"{number(steps.exps[0])}, / sum {number(steps.exp_sum)} = {steps.probs[0]:.4f}."
        )
    marked = ", ".join((name or EMPTY) + ("*" if name in known else "") for name in names)
    return f"{words} Names (* in the data): {marked}; {in_the_data(names, known)}."
