"""Text as small integers: chips with character and id, letters and lengths counted (chapter 03)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classroom.viz.cells import drawing, label, rect
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, HATCHES, INK, TEXT, TINT, figure, to_picture
from microgpt.tokenizer import CharTokenizer

WIDTH = 960
CHIP, HEIGHT, GAP = 46, 62, 6
PER_ROW = (WIDTH - GAP) // (CHIP + GAP)
MOST_CHIPS = 3 * PER_ROW
"""More chips than this are counted, not drawn."""
BOX = {
    "mark": f'rx="8" fill="{TINT["constant"]}" stroke="{COLOURS["constant"]}" stroke-width="3"',
    "known": f'rx="8" fill="{TINT["data"]}" stroke="{COLOURS["data"]}" stroke-width="1.5"',
    "unknown": f'rx="8" fill="{TINT["gradient"]}" stroke="{INK["gradient"]}" stroke-width="2" '
    'stroke-dasharray="5 3"',
}


@dataclass(frozen=True)
class Reading:
    """What a tokenizer makes of a text.

    Attributes
    ----------
    text : str
        The text.
    chars : str
        The vocabulary.
    found : tuple of (str, int or None)
        Each character and its id; None if it is not in the vocabulary.
    ids : list of int or None
        The ids with the mark at both ends; None if a character is unknown.
    back : str or None
        What `decode` makes of the ids without the marks; None if there are none.
    """

    text: str
    chars: str
    found: tuple[tuple[str, int | None], ...]
    ids: list[int] | None
    back: str | None

    @property
    def unknown(self) -> dict[str, int]:
        """Each unknown character and the position where it stands first."""
        first: dict[str, int] = {}
        for position, (char, token_id) in enumerate(self.found):
            if token_id is None:
                first.setdefault(char, position)
        return first

    @property
    def words(self) -> str:
        """The result in one sentence: the ids and the round trip, or what is unknown."""
        if self.ids is not None and self.back is not None:
            same = "the same text" if self.back == self.text else "NOT the same text"
            return f"{shorten(self.ids)} and back: {shorten(self.back)}, {same}."
        named = [f"{char_name(c)} at position {p}" for c, p in list(self.unknown.items())[:4]]
        more = len(self.unknown) - len(named)
        named += [f"{more} more"] if more > 0 else []
        return f"No ids: not in the vocabulary of {len(self.chars)} are {', '.join(named)}."


def read_text(text: str, tokenizer: CharTokenizer) -> Reading:
    """Look every character up, without raising for one that is unknown.

    Parameters
    ----------
    text : str
        Any text: other scripts, emoji, nothing at all.
    tokenizer : CharTokenizer
        Its vocabulary decides.

    Returns
    -------
    Reading

    Examples
    --------
    >>> read_text("ab!", CharTokenizer("abc")).words
    "No ids: not in the vocabulary of 3 are '!' (EXCLAMATION MARK) at position 2."
    """
    known = {char: token_id for token_id, char in enumerate(tokenizer.chars)}
    found = tuple((char, known.get(char)) for char in text)
    if any(token_id is None for _, token_id in found):
        return Reading(text, tokenizer.chars, found, None, None)
    ids = tokenizer.document_ids(text)
    return Reading(text, tokenizer.chars, found, ids, tokenizer.decode(ids[1:-1]))


def token_chips(text: str, tokenizer: CharTokenizer, caption: bool = True) -> Picture:
    """Draw a text as the tokenizer sees it: a chip for each character, the mark at both ends.

    Parameters
    ----------
    text : str
        Any text; what does not fit into three rows is counted.
    tokenizer : CharTokenizer
        Gives the ids. A character without one gets a dashed chip with a question mark.
    caption : bool
        Whether the result in words stands under the chips too.

    Returns
    -------
    Picture
        An SVG 960 pixels wide; its alt text lists the chips and the round trip.
    """
    reading = read_text(text, tokenizer)
    mark = ("BOS", str(tokenizer.BOS), "mark")
    chips = [mark, *map(_chip, reading.found[: MOST_CHIPS - 3])]
    left_out = len(reading.found) - (MOST_CHIPS - 3)
    chips += [("…", f"+{left_out}", "more")] if left_out > 0 else []
    chips.append(mark)
    rows = -(-len(chips) // PER_ROW)
    parts = [_draw(chip, *divmod(place, PER_ROW)) for place, chip in enumerate(chips)]
    y = GAP + rows * (HEIGHT + GAP)
    if caption:
        ink = INK["gradient"] if reading.unknown else TEXT
        parts.append(label(GAP, y + 20, _caption(reading), 15, "start", ink))
        y += 30
    listed = ", ".join(f"{shown} {under}" for shown, under, _ in chips)
    alt = f"{len(reading.found)} characters as chips: {listed}. {reading.words}"
    return drawing(WIDTH, y + 2, parts, alt)


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
    size = 24 if len(shown) < 3 else 15 if len(shown) == 3 else 9.5
    middle = x + CHIP / 2
    return (
        box
        + label(middle, y + 29, shown, size, fill=ink)
        + label(middle, y + 53, under, 15, fill=ink, bold=True)
    )


def visible(char: str) -> str:
    r"""A character in a form that can be seen: a space, an accent alone, an invisible one too.

    >>> [visible(char) for char in ("a", " ", "\n", "\u200d")], len(visible("\u0301"))
    (['a', '␣', 'U+000A', 'U+200D'], 2)
    """
    if char == " ":
        return "␣"
    if unicodedata.combining(char):
        return "◌" + char
    return char if char.isprintable() else f"U+{ord(char):04X}"


def char_name(char: str) -> str:
    """A character with its name in Unicode.

    >>> char_name("é")
    "'é' (LATIN SMALL LETTER E WITH ACUTE)"
    """
    name = unicodedata.name(char, f"U+{ord(char):04X}")
    return f"{visible(char)!r} ({name})"


def shorten(thing: Sequence[int] | str, limit: int = 12) -> str:
    """A list or a text as Python writes it, its middle left out if it is long."""
    limit = 3 * limit if isinstance(thing, str) else limit
    if len(thing) <= limit:
        return repr(thing)
    head, tail = repr(thing[: limit // 2]), repr(thing[-2:])
    return f"{head[:-1]} … {tail[1:]} ({len(thing)} in all)"


def _caption(reading: Reading) -> str:
    """The result as it fits on one line under the chips."""
    if not reading.unknown:
        return reading.words
    shown = [visible(char) for char in list(reading.unknown)[:10]]
    shown += ["…"] if len(reading.unknown) > 10 else []
    return f"No ids: not in the vocabulary of {len(reading.chars)} are  {'  '.join(shown)}"


def letter_histogram(docs: Sequence[str]) -> Picture:
    """Draw how often each character occurs, in the order of the vocabulary.

    Parameters
    ----------
    docs : sequence of str
        The documents.

    Returns
    -------
    Picture
        Bars with the counts in thousands; the three most frequent ones are hatched.
    """
    counts = Counter("".join(docs))
    total = sum(counts.values())
    ranked = counts.most_common()
    words = ", ".join(f"{char} {count:,} ({count / total:.1%})" for char, count in ranked[:5])
    rare = ", ".join(f"{char} {count:,}" for char, count in ranked[-3:])
    alt = (
        f"Bars: how often each of {len(counts)} letters occurs among {total:,}. "
        f"Most often {words}; least often {rare}."
    )
    marked = {char for char, _ in ranked[:3]}
    thousands = {char: count / 1000 for char, count in sorted(counts.items())}
    return _bars(thousands, "letter", "times, in thousands", "{:.1f}", marked, alt)


def length_histogram(docs: Sequence[str]) -> Picture:
    """Draw how many documents have each length.

    Parameters
    ----------
    docs : sequence of str
        The documents.

    Returns
    -------
    Picture
        Bars with the counts above them; the most frequent length is hatched.
    """
    counts = Counter(map(len, docs))
    mean = sum(map(len, docs)) / len(docs)
    lengths = range(min(counts), max(counts) + 1)
    listed = ", ".join(f"{length}: {counts[length]:,}" for length in lengths)
    alt = (
        f"Bars: how many of {len(docs):,} names have each length in letters. {listed}. "
        f"Mean {mean:.2f}, longest {max(counts)}."
    )
    bars = {str(length): counts[length] for length in lengths}
    most = {str(counts.most_common(1)[0][0])}
    return _bars(bars, "letters in a name", "names", "{:,.0f}", most, alt)


def _bars(
    bars: Mapping[str, float], along: str, up: str, form: str, marked: set[str], alt: str
) -> Picture:
    """Draw bars with their numbers above them; the marked ones hatched in another colour."""
    with figure(9.6, 3.6) as fig:
        ax = fig.subplots()
        for place, (name, height) in enumerate(bars.items()):
            looks = ("accent", HATCHES[1]) if name in marked else ("data", HATCHES[0])
            ax.bar(place, height, 0.8, color=COLOURS[looks[0]], hatch=looks[1], edgecolor=TEXT)
            ax.annotate(form.format(height), (place, height), (0, 3), textcoords="offset points",
                        ha="center", fontsize=9)  # fmt: skip
        ax.set_xticks(range(len(bars)), list(bars))
        ax.set_xlim(-0.6, len(bars) - 0.4)
        ax.set(xlabel=along, ylabel=up)
        ax.grid(False, axis="x")
        return to_picture(fig, alt)
