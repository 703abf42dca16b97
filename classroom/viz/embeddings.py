"""How alike the embeddings of two letters are: a picture of chapter 05."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from classroom.viz.picture import Picture
from classroom.viz.style import DIVERGING, TEXT, figure, to_picture
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


def embedding_similarity(state_dict: StateDict, tokenizer: CharTokenizer, what: str) -> Picture:
    """Draw how alike the embeddings of all letters are, vowels first.

    Parameters
    ----------
    state_dict : dict of str to rows of Value
        The parameters; only ``wte`` is looked at.
    tokenizer : CharTokenizer
        The vocabulary of small letters.
    what : str
        Which model this is, for the title: ``"trained"``.

    Returns
    -------
    Picture
        A 26 x 26 heatmap; its alt text gives the mean similarity within and between vowels and
        consonants.
    """
    consonants = "".join(char for char in tokenizer.chars if char not in VOWELS)
    chars = VOWELS + consonants
    rows = [state_dict["wte"][i] for i in tokenizer.encode(chars)]
    grid = [[similarity(a, b) for b in rows] for a in rows]
    groups = [(VOWELS, VOWELS), (consonants, consonants), (VOWELS, consonants)]
    means = [group_similarity(state_dict, tokenizer, *pair) for pair in groups]
    alt = (
        f"Similarity of the letters' embeddings, {what} model, vowels {VOWELS} first. Mean cosine "
        f"among vowels {means[0]:.2f}, among consonants {means[1]:.2f}, "
        f"between the two {means[2]:.2f}."
    )
    with figure(6.4, 5.5) as fig:
        ax = fig.subplots()
        image = ax.imshow(grid, cmap=DIVERGING, vmin=-1, vmax=1)
        ax.set_xticks(range(len(chars)), list(chars), family="DejaVu Sans Mono")
        ax.set_yticks(range(len(chars)), list(chars), family="DejaVu Sans Mono")
        ax.grid(False)
        for place in (ax.axhline, ax.axvline):
            place(len(VOWELS) - 0.5, color=TEXT, linewidth=2)
        ax.set_title(f"similarity of letters ({what})")
        fig.colorbar(image, ax=ax, label="cosine: 1 same direction, -1 opposite")
        return to_picture(fig, alt, dpi=110)
