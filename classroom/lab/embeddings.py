"""How alike the embeddings of two letters, and of two groups of letters, are (chapter 05)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from microgpt.inference import Floats
from microgpt.model import StateDict
from microgpt.tokenizer import CharTokenizer

VOWELS = "aeiouy"


def similarity(a: Sequence[Any], b: Sequence[Any]) -> float:
    """The cosine of the angle between two vectors: 1 same direction, 0 unrelated, -1 opposite.

    Parameters
    ----------
    a, b : sequence of Value or float, shape (n,)
        Two vectors, neither of them all zeros.

    Examples
    --------
    >>> similarity([1.0, 0.0], [1.0, 1.0])
    0.7071067811865475
    """
    a, b = [getattr(x, "data", x) for x in a], [getattr(x, "data", x) for x in b]

    def along(u: Floats, v: Floats) -> float:
        return math.fsum(x * y for x, y in zip(u, v))

    return along(a, b) / math.sqrt(along(a, a) * along(b, b))


def group_similarity(
    state_dict: StateDict, tokenizer: CharTokenizer, first: str, second: str
) -> float:
    """Mean similarity of the embeddings of every letter of one group with those of another."""
    rows = {char: state_dict["wte"][tokenizer.encode(char)[0]] for char in first + second}
    pairs = {tuple(sorted((a, b))) for a in first for b in second if a != b}
    return math.fsum(similarity(rows[a], rows[b]) for a, b in pairs) / len(pairs)
