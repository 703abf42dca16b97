"""The tokenizer explorer: type or click any text, see chips, ids and the way back (chapter 03)."""

from __future__ import annotations

from classroom.lab.reading import read_text
from classroom.viz.kit.picture import Picture
from classroom.viz.tokens import token_chips
from classroom.widgets.base import Explorer
from classroom.widgets.controls import text
from microgpt.data import load_docs
from microgpt.tokenizer import CharTokenizer


class TokenizerExplorer(Explorer):
    """A field for any text, with a chip for each character, and the row of all tokens.

    Parameters
    ----------
    start : str
        The text at the beginning.
    tokenizer : CharTokenizer, optional
        Without one, that of the shipped names.

    Examples
    --------
    >>> TokenizerExplorer("ava").set(text="emma")
    TokenizerExplorer(text='emma'): [26, 4, 12, 12, 0, 26] and back: 'emma', the same text.
    """

    def __init__(self, start: str = "emma", tokenizer: CharTokenizer | None = None) -> None:
        self._tokenizer = tokenizer or CharTokenizer.from_docs(load_docs())
        tooltip = "type any text, in any script; each character becomes a chip"
        super().__init__(text=text("your text", start, tooltip=tooltip))

    def draw(self, text: str) -> tuple[Picture, str]:
        """The chips of a text and its round trip in words."""
        words = read_text(text, self._tokenizer).words
        return token_chips(text, self._tokenizer, keys=True), words
