"""Losses read honestly: means of windows, floors, the table of pairs (chapters 04, 07 and 08)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from microgpt.tokenizer import CharTokenizer

WINDOW = 50
WINDOWS = ((1, 50), (151, 200), (451, 500), (951, 1000))
"""The windows of steps, counted from 1, whose means the course compares."""


def held_out(docs: Sequence[str], count: int) -> list[str]:
    """The last names, without those that stand among the others, too (if any are left)."""
    others, last = set(docs[:-count]), docs[-count:]
    return [doc for doc in last if doc not in others] or list(last)


Look = tuple[int, float, list[str]]
"""What is seen of a run on the way: step, loss of names held out, names that it writes."""


@dataclass(frozen=True)
class Earlier:
    """A run that was made before, to compare with.

    Attributes
    ----------
    label : str
        Its settings.
    losses : tuple of float
        Loss of each step.
    looks : tuple of Look
        What was seen on the way.
    """

    label: str
    losses: tuple[float, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Floors:
    """What guessing without the model costs, in nats a token.

    Attributes
    ----------
    blind : float
        Every token equally likely: ln of the vocabulary's size.
    unigram : float
        Knowing how often each token occurs.
    bigram : float
        Knowing how often each token follows each other one.
    """

    blind: float
    unigram: float
    bigram: float

    def named(self) -> list[tuple[str, float]]:
        """Name and loss of each floor, from the highest."""
        return [("blind", self.blind), ("unigram", self.unigram), ("bigram", self.bigram)]


def floors(docs: Sequence[str], tokenizer: CharTokenizer) -> Floors:
    """Count the floors on some documents; each document's end counts as a token.

    Parameters
    ----------
    docs : sequence of str
        The documents.
    tokenizer : CharTokenizer
        Must know every character of `docs`.

    Returns
    -------
    Floors
        In nats a token.

    Raises
    ------
    ValueError
        If there are no documents.

    Examples
    --------
    >>> round(floors(["ab", "ab"], CharTokenizer("ab")).unigram, 4)  # a, b and the end: 1/3 each
    1.0986
    """
    if not docs:
        raise ValueError("there are no documents to count: give at least one")
    rows = [tokenizer.document_ids(doc) for doc in docs]
    singles = Counter(chain.from_iterable(row[1:] for row in rows))
    pairs, firsts = _pairs(rows)
    count = singles.total()
    unigram = -math.fsum(n * math.log(n / count) for n in singles.values()) / count
    bigram = -math.fsum(n * math.log(n / firsts[a]) for (a, _), n in pairs.items()) / count
    return Floors(math.log(tokenizer.vocab_size), unigram, bigram)


def window_mean(losses: Sequence[float], first: int, last: int) -> float:
    """The mean loss of the steps `first` to `last`, counted from 1, both included.

    Raises
    ------
    ValueError
        If there are no such steps.

    Examples
    --------
    >>> window_mean([4.0, 2.0, 3.0], 1, 2)
    3.0
    """
    if not 1 <= first <= last <= len(losses):
        raise ValueError(f"steps {first} to {last} are not within 1 to {len(losses)}")
    return math.fsum(losses[first - 1 : last]) / (last - first + 1)


def window_means(losses: Sequence[float], size: int = WINDOW) -> list[tuple[int, float]]:
    """The last step of each full window of `size` steps, counted from 1, and its mean loss.

    Examples
    --------
    >>> window_means([4.0, 2.0, 3.0, 1.0, 9.0], size=2)
    [(2, 3.0), (4, 2.0)]
    """
    ends = range(size, len(losses) + 1, size)
    return [(end, window_mean(losses, end - size + 1, end)) for end in ends]


def bigram_losses(
    docs: Sequence[str], tokenizer: CharTokenizer, names: Sequence[str]
) -> list[float]:
    """The loss of each of some names under the table of pairs counted on all documents.

    Examples
    --------
    >>> bigram_losses(["ab", "ab"], CharTokenizer("ab"), ["ab"])
    [0.0]
    """
    pairs, firsts = _pairs([tokenizer.document_ids(doc) for doc in docs])
    losses = []
    for name in names:
        steps = list(pairwise(tokenizer.document_ids(name)))
        losses.append(-math.fsum(math.log(pairs[p] / firsts[p[0]]) for p in steps) / len(steps))
    return [loss + 0.0 for loss in losses]


def _pairs(rows: Sequence[Sequence[int]]) -> tuple[Counter[tuple[int, int]], Counter[int]]:
    """How often each pair of tokens stands in some documents, and each token as a first one."""
    pairs = Counter(chain.from_iterable(pairwise(row) for row in rows))
    return pairs, Counter(chain.from_iterable(row[:-1] for row in rows))
