"""Text as small integers: chips with character and id, letters and lengths counted (chapter 03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from classroom.lab.reading import Reading, read_text, visible
from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, TEXT, TINT, figure, to_picture
from microgpt.tokenizer import CharTokenizer

WIDTH = 960
CHIP, HEIGHT, GAP = 46, 62, 6
PER_ROW, PER_NARROW_ROW = (WIDTH - GAP) // (CHIP + GAP), 6
MOST_CHIPS = 3 * PER_ROW
"""More chips than this are counted, not drawn."""
BOX = {
    "mark": f'rx="8" fill="{TINT["constant"]}" stroke="{COLOURS["constant"]}" stroke-width="3"',
    "known": f'rx="8" fill="{TINT["data"]}" stroke="{COLOURS["data"]}" stroke-width="1.5"',
    "unknown": f'rx="8" fill="{TINT["gradient"]}" stroke="{INK["gradient"]}" stroke-width="2" '
    'stroke-dasharray="5 3"',
}


def token_chips(text: str, tokenizer: CharTokenizer, caption: bool = True) -> Picture:
    """Draw a text as the tokenizer sees it: a chip for each character, BOS at both ends.

    Parameters
    ----------
    text : str
        Any text; what does not fit into three rows is counted.
    tokenizer : CharTokenizer
        Gives the ids. A character without one gets a dashed chip with a question mark.
    caption : bool
        Whether the result in words stands under the chips too.
    """
    reading = read_text(text, tokenizer)
    mark = ("BOS", str(tokenizer.BOS), "mark")
    chips = [mark, *map(_chip, reading.found[: MOST_CHIPS - 3])]
    left_out = len(reading.found) - (MOST_CHIPS - 3)
    chips += [("…", f"+{left_out}", "more")] if left_out > 0 else []
    chips.append(mark)
    ink = INK["gradient"] if reading.unknown else TEXT
    room = 30 * caption

    def rows(per_row: int, scale: float = 1.0) -> tuple[list[str], float]:
        y = scale * (GAP - (-len(chips) // per_row) * (HEIGHT + GAP))
        drawn = [_draw(chip, *divmod(place, per_row)) for place, chip in enumerate(chips)]
        said = [label(GAP, y + 20, _caption(reading), 15, "start", ink)] * caption
        large = f'<g transform="scale({scale:.3g})">{"".join(drawn)}</g>'
        return [*([large] if scale > 1 else drawn), *said], y

    def small() -> str:
        drawn, y = rows(PER_NARROW_ROW)
        return stacked_windows(drawn, [[(0, 0, 358, y)], (0, y + 18, 9, room)])

    parts, y = rows(PER_ROW, min(1.6, max(1.0, PER_ROW / len(chips))))  # few are large
    listed = ", ".join(f"{shown} {under}" for shown, under, _ in chips)
    alt = f"{len(reading.found)} characters as chips: {listed}. {reading.words}"
    return drawing(WIDTH, round(y) + room + 2, parts, alt, small)


def _chip(found: tuple[str, int | None]) -> tuple[str, str, str]:
    """What stands on a character's chip, and what kind of chip it is."""
    char, token_id = found
    return (
        visible(char),
        "?" if token_id is None else str(token_id),
        ("unknown" if token_id is None else "known"),
    )


def _draw(chip: tuple[str, str, str], row: int, column: int) -> str:
    """A chip at its place: the character above, the id below."""
    shown, under, kind = chip
    x, y = GAP + column * (CHIP + GAP), GAP + row * (HEIGHT + GAP)
    box = "" if kind == "more" else rect(x, y, CHIP, HEIGHT, BOX[kind])
    ink = INK["gradient"] if kind == "unknown" else TEXT
    size = 24 if len(shown) < 3 else 15 if len(shown) == 3 else 11
    middle = x + CHIP / 2
    return (
        box
        + label(middle, y + 29, shown, size, fill=ink)
        + label(middle, y + 53, under, 15, fill=ink, bold=True)
    )


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
