"""What a tokenizer makes of a text, unknown characters included (chapter 03)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from microgpt.tokenizer import CharTokenizer


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
        The ids with BOS at both ends; None if a character is unknown.
    back : str or None
        What `decode` makes of the ids without them; None if there are none.
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


def char_name(char: str) -> str:
    """A character with its name in Unicode.

    >>> char_name("é")
    "'é' (LATIN SMALL LETTER E WITH ACUTE)"
    """
    name = unicodedata.name(char, f"U+{ord(char):04X}")
    return f"{visible(char)!r} ({name})"


def shorten(thing: Sequence[int] | str) -> str:
    """A list or a text as Python writes it, its middle left out if it is long."""
    limit = 36 if isinstance(thing, str) else 12
    if len(thing) <= limit:
        return repr(thing)
    head, tail = repr(thing[: limit // 2]), repr(thing[-2:])
    return f"{head[:-1]} … {tail[1:]} ({len(thing)} in all)"


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
