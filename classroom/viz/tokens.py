"""Text as small integers: chips with character and id, letters and lengths counted (chapter 03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from classroom.lab.reading import Reading, read_text, visible
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.palette import GRID, PAPER, TINT
from classroom.viz.kit.parts import sets
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PHONE_WIDTH, TEXT, figure, to_picture
from microgpt.tokenizer import CharTokenizer

WIDTH = 960
CHIP, HEIGHT, GAP = 46, 62, 6
PER_ROW, PER_NARROW_ROW = (WIDTH - GAP) // (CHIP + GAP), 6
MOST_CHIPS = 3 * PER_ROW
"""More chips than this are counted, not drawn."""
KEY, MOST_KEYS = 48, 35
"""The height of a key, and how many characters can be read on a line."""
HINT = "every token at its id: click a letter to type it, a chip to take it away"
Chip = tuple[str, str, str]
BOX = {
    "mark": f'rx="8" fill="{TINT["constant"]}" stroke="{COLOURS["constant"]}" stroke-width="3"',
    "known": f'rx="8" fill="{TINT["data"]}" stroke="{COLOURS["data"]}" stroke-width="1.5"',
    "unknown": f'rx="8" fill="{TINT["gradient"]}" stroke="{INK["gradient"]}" stroke-width="2" '
    'stroke-dasharray="5 3"',
}


def token_chips(text: str, tokenizer: CharTokenizer, keys: bool = False) -> Picture:
    """Draw a text as the tokenizer sees it: a chip for each character, BOS at both ends.

    Parameters
    ----------
    text : str
        Any text; what does not fit into three rows is counted.
    tokenizer : CharTokenizer
        Gives the ids. A character without one gets a dashed chip with a question mark.
    keys : bool
        Whether the row of all tokens stands below, with a thread from each chip, instead of the
        result in words. Then a token that is clicked is typed, a chip is taken away.
    """
    reading = read_text(text, tokenizer)
    free = keys and len(text) <= MOST_CHIPS - 3
    mark = ("BOS", str(tokenizer.BOS), "mark")
    chips = [mark, *map(_chip, reading.found[: MOST_CHIPS - 3])]
    left_out = len(reading.found) - (MOST_CHIPS - 3)
    chips += [("…", f"+{left_out}", "more")] if left_out > 0 else []
    chips.append(mark)

    def rows(per_row: int, scale: float = 1.0) -> tuple[list[str], float]:
        y = scale * (GAP - (-len(chips) // per_row) * (HEIGHT + GAP))
        drawn = [_draw(chip, *divmod(place, per_row)) for place, chip in enumerate(chips)]
        for place, char in enumerate(text if free else "", 1):
            rest = text[: place - 1] + text[place:]
            says = f"take {visible(char)} away"
            drawn[place] = sets(drawn[place], says, f"chip-{place}", text=rest)
        if not keys:
            ink = INK["gradient"] if reading.unknown else TEXT
            end, below = y + 30, [label(GAP, y + 20, _caption(reading), 15, "start", ink)]
        else:
            end, below = _keys(reading, free, chips, y, scale, per_row == PER_ROW)
        large = f'<g transform="scale({scale:.3g})">{"".join(drawn)}</g>'
        return [*([large] if scale > 1 else drawn), *below], end

    def small() -> str:
        drawn, y = rows(PER_NARROW_ROW)
        room = 21 if keys and len(reading.chars) <= MOST_KEYS else 30
        return stacked_windows(drawn, [[(0, 0, 358, y - room)], (0, y - 24, 9, 30)])

    parts, y = rows(PER_ROW, min(1.6, max(1.0, PER_ROW / len(chips))))  # few are large
    listed = ", ".join(f"{shown} {under}" for shown, under, _ in chips)
    alt = f"{len(reading.found)} characters as chips: {listed}. {reading.words}"
    return drawing(WIDTH, round(y) + 2, parts, alt, small)


def _keys(
    reading: Reading, free: bool, chips: Sequence[Chip], y: float, scale: float, broad: bool,
) -> tuple[float, list[str]]:  # fmt: skip
    """The row of all tokens, those of the text filled and tied to its chips; where it ends."""
    if len(reading.chars) > MOST_KEYS:
        return y, []
    across, width = (len(reading.chars) + 1, WIDTH) if broad else (9, PHONE_WIDTH)
    wide, tied = (width - 2 * GAP) / across, broad and len(chips) <= PER_ROW
    top, parts = y + 14, []
    if tied:
        top = 186.0
        ends = [GAP + (int(u) + 0.5) * wide if u.isdigit() else None for _, u, _ in chips]
        parts = _threads(ends, scale, top)
    used = {under for _, under, _ in chips}
    for token_id, token in enumerate([*map(visible, reading.chars), "BOS"]):
        x, below = GAP + token_id % across * wide, top + token_id // across * (KEY + 4)
        key = _key(token, token_id, (x, below, wide), str(token_id) in used)
        if free and token_id < len(reading.chars):
            more = reading.text + reading.chars[token_id]
            key = sets(key, f"type {token}", f"key-{token_id}", text=more)
        parts.append(key)
    return below + KEY + 24, [
        *parts,
        label(GAP, below + KEY + 18, HINT, 13, "start", INK["constant"]),
    ]


def _key(token: str, token_id: int, at: Sequence[float], used: bool) -> str:
    """A token over its id, filled if the text has it."""
    x, y, wide = at
    look = f'fill="{PAPER}" stroke="{GRID}"'
    if used:
        hue = "constant" if token == "BOS" else "data"
        look = f'fill="{TINT[hue]}" stroke="{COLOURS[hue]}" stroke-width="2"'
    drawn = rect(x + 1.5, y, wide - 3, KEY, f'rx="5" {look}')
    drawn += label(x + wide / 2, y + 21, token, 17 if len(token) < 3 else 12, bold=used)
    return drawn + label(x + wide / 2, y + 40, str(token_id), 13, fill=INK["constant"])


def _threads(ends: Sequence[float | None], scale: float, bottom: float) -> list[str]:
    """From each chip that has an id a line to where its token is."""
    top, lines = scale * (GAP + HEIGHT) + 1, []
    for place, end in enumerate(ends):
        x = scale * (GAP + place * (CHIP + GAP) + CHIP / 2)
        ink = COLOURS["data" if 0 < place < len(ends) - 1 else "constant"]
        if end is not None:
            path = f"M{x:.1f},{top:.1f} C{x:.1f},{bottom - 12:.1f} {end:.1f},{top + 12:.1f} "
            path += f'{end:.1f},{bottom - 1:.1f}" fill="none" stroke="{ink}" stroke-width="2'
            lines.append(f'<path id="thread-{place}" d="{path}" opacity="0.7"/>')
    return lines


def _chip(found: tuple[str, int | None]) -> Chip:
    """What stands on a character's chip, and what kind of chip it is."""
    char, token_id = found
    known = token_id is not None
    return visible(char), str(token_id) if known else "?", "known" if known else "unknown"


def _draw(chip: Chip, row: int, column: int) -> str:
    """A chip at its place: the character above, the id below."""
    shown, under, kind = chip
    x, y = GAP + column * (CHIP + GAP), GAP + row * (HEIGHT + GAP)
    box = "" if kind == "more" else rect(x, y, CHIP, HEIGHT, BOX[kind])
    ink = INK["gradient"] if kind == "unknown" else TEXT
    size = 24 if len(shown) < 3 else 15 if len(shown) == 3 else 11
    words = label(x + CHIP / 2, y + 29, shown, size, fill=ink)
    return box + words + label(x + CHIP / 2, y + 53, under, 15, fill=ink, bold=True)


def _caption(reading: Reading) -> str:
    """The result as it fits on one line under the chips."""
    if not reading.unknown:
        return reading.words
    shown = [visible(char) for char in list(reading.unknown)[:10]]
    shown += ["…"] if len(reading.unknown) > 10 else []
    return f"No ids: not among the {len(reading.chars)} characters are  {'  '.join(shown)}"


def letter_histogram(docs: Sequence[str]) -> Picture:
    """Draw how often each character of the documents occurs, the most frequent first."""
    counts = Counter("".join(docs))
    total = sum(counts.values())
    ranked = counts.most_common()
    words = ", ".join(f"{char} {count:,} ({count / total:.1%})" for char, count in ranked[:5])
    rare = ", ".join(f"{char} {count:,}" for char, count in ranked[-3:])
    alt = (
        f"Bars: how often each of {len(counts)} letters occurs among {total:,}. "
        f"Most often {words}; least often {rare}."
    )
    thousands = {char: count / 1000 for char, count in ranked}
    return _bars(thousands, "letter", "times, in thousands", "{:.1f}", alt)


def length_histogram(docs: Sequence[str]) -> Picture:
    """Draw how many documents have each length."""
    counts = Counter(map(len, docs))
    mean = sum(map(len, docs)) / len(docs)
    lengths = range(min(counts), max(counts) + 1)
    listed = ", ".join(f"{length}: {counts[length]:,}" for length in lengths)
    alt = (
        f"Bars: how many of {len(docs):,} names have each length in letters. {listed}. "
        f"Mean {mean:.2f}, longest {max(counts)}."
    )
    bars = {str(length): counts[length] for length in lengths}
    return _bars(bars, "letters in a name", "names", "{:,.0f}", alt)


def _bars(bars: Mapping[str, float], along: str, up: str, form: str, alt: str) -> Picture:
    """Draw bars with their numbers above them."""
    with figure(9, 3.2) as fig:
        ax = fig.subplots()
        for place, height in enumerate(bars.values()):
            ax.bar(place, height, 0.8, color=COLOURS["second"], edgecolor=COLOURS["data"])
            ax.annotate(form.format(height), (place, height), (0, 3), textcoords="offset points",
                        ha="center", fontsize=8.64)  # fmt: skip
        ax.set_xticks(range(len(bars)), list(bars))
        ax.set_xlim(-0.6, len(bars) - 0.4)
        ax.set(xlabel=along, ylabel=up)
        ax.set_yticks([])  # each bar says its number
        ax.spines.left.set_visible(False)
        return to_picture(fig, alt)
