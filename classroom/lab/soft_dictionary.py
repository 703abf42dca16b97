"""A dictionary that answers softly: a query, keys, weights of two numbers each (chapter 05)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 8
"""Letters that the plane and the table have room for."""
VOWELS = "aeiou"


@dataclass(frozen=True)
class SoftLookup:
    """What one query fetches from the letters of a name.

    Attributes
    ----------
    name : str
        The letters; each is the value of an entry.
    query : tuple of two floats
        What is looked for.
    keys : list of tuple of two floats
        An entry's label: what kind of letter, and its place from 1.
    scores : list of float
        Query times key, one for each letter.
    weights : list of float
        The softmax of the scores: in [0, 1], adding up to 1.
    """

    name: str
    query: tuple[float, float]
    keys: Sequence[tuple[float, float]]
    scores: list[float]
    weights: list[float]

    @property
    def shares(self) -> dict[str, float]:
        """How much of each letter the answer holds, the largest first."""
        found: dict[str, float] = {}
        for char, weight in zip(self.name, self.weights):
            found[char] = found.get(char, 0.0) + weight
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def soft_lookup(
    name: str, query: Sequence[float], vowel: float = 4.0, consonant: float = 0.0
) -> SoftLookup:
    """Ask the letters of a name one question.

    Parameters
    ----------
    name : str
        One to eight characters.
    query : sequence of two floats
        What is looked for.
    vowel, consonant : float
        The first number of a letter's key; the second is its place, from 1.

    Returns
    -------
    SoftLookup

    Raises
    ------
    ValueError
        If there is no letter to ask, or more than the picture has room for.

    Examples
    --------
    >>> found = soft_lookup("oliv", (4, 3))
    >>> found.scores
    [19.0, 6.0, 25.0, 12.0]
    >>> max(found.shares, key=found.shares.get)
    'i'
    """
    if not 1 <= len(name) <= LONGEST:
        raise ValueError(f"{name!r} has {len(name)} letters: type 1 to {LONGEST}")
    if not name.isprintable():
        raise ValueError(f"{name!r} holds what no letter is: type 1 to {LONGEST} letters")
    first = [vowel if char in VOWELS else consonant for char in name]
    keys = [(kind, place) for place, kind in enumerate(first, start=1)]
    scores = [query[0] * kind + query[1] * place for kind, place in keys]
    exps = [math.exp(score - max(scores)) for score in scores]
    total = math.fsum(exps)
    asked = (query[0], query[1])
    return SoftLookup(name, asked, keys, scores, [e / total for e in exps])
