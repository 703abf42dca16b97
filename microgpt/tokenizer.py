"""Text is a list of small integers: one for each character, and one mark. Chapter 03."""

from collections.abc import Iterable, Iterator, Sequence

MOST_CHARS = 100_000  # more than all scripts in daily use have together


class CharTokenizer:
    """Translates between text and token ids, a character at a time.

    Parameters
    ----------
    chars : str
        The vocabulary: different characters; a character's place in it is its id.

    Attributes
    ----------
    BOS : int
        Id of the mark that stands at the beginning and at the end of every document: the last id.
    vocab_size : int
        Number of ids, BOS included.

    Examples
    --------
    >>> tokenizer = CharTokenizer.from_docs(["emma", "ava"])
    >>> tokenizer.chars, tokenizer.BOS, tokenizer.vocab_size
    ('aemv', 4, 5)
    >>> tokenizer.encode("eva")
    [1, 3, 0]
    >>> tokenizer.decode([1, 3, 0])
    'eva'
    """

    def __init__(self, chars: str) -> None:
        if not chars:
            raise ValueError("the vocabulary is empty: give at least one character")
        if len(set(chars)) < len(chars):
            twice = next(char for char in chars if chars.count(char) > 1)
            raise ValueError(f"the vocabulary holds {twice!r} more than once: {chars!r}")
        self.chars = chars
        self.BOS = len(chars)
        self.vocab_size = len(chars) + 1
        self._ids = {char: token_id for token_id, char in enumerate(chars)}

    @classmethod
    def from_docs(cls, docs: Iterable[str]) -> "CharTokenizer":
        """The tokenizer whose vocabulary is every character of `docs`, sorted."""
        chars = set().union(*docs)
        if len(chars) > MOST_CHARS:  # each is a row of weights
            problem = f"the documents hold {len(chars):,} different characters"
            raise ValueError(f"{problem}: at most {MOST_CHARS:,} are taken, so use other data")
        return cls("".join(sorted(chars)))

    def encode(self, text: str) -> list[int]:
        """The id of each character of `text`; BOS is not added."""
        try:
            return [self._ids[char] for char in text]
        except KeyError:
            place, char = next((i, c) for i, c in enumerate(text) if c not in self._ids)
            raise ValueError(
                f"character {char!r} (position {place} of {_shorten(text)}) is not in the "
                f"vocabulary of {len(self.chars)} characters: {_shorten(self.chars)}"
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """The characters of `ids` as one string; BOS is no character."""
        ids = list(ids)
        for token_id in ids:
            if not 0 <= token_id < len(self.chars):
                what = "BOS" if token_id == self.BOS else "not in the vocabulary"
                ids_there_are = f"characters have the ids 0 to {len(self.chars) - 1}"
                raise ValueError(f"token id {token_id} is {what}: {ids_there_are}")
        return "".join(self.chars[token_id] for token_id in ids)

    def document_ids(self, doc: str) -> list[int]:
        """A document's ids between two marks, as the model is trained on it.

        Examples
        --------
        >>> CharTokenizer("aem").document_ids("emma")
        [3, 1, 2, 2, 0, 3]
        """
        return [self.BOS, *self.encode(doc), self.BOS]

    def stream(self, docs: Sequence[str], block_size: int) -> Iterator[list[int]]:
        """Hand out the `document_ids` of each, cut to ``block_size + 1``, again and again."""
        while True:
            for doc in docs:
                yield self.document_ids(doc)[: block_size + 1]

    def __repr__(self) -> str:
        return f"CharTokenizer({self.chars!r})"


def _shorten(text: str) -> str:
    """Fit for an error message: quoted, and cut if it is long."""
    return repr(text) if len(text) <= 40 else f"{text[:40]!r}..."
