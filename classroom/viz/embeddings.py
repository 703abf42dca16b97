"""How alike the embeddings of two letters are: a picture of chapter 05."""

from __future__ import annotations

from classroom.lab.embeddings import VOWELS, group_similarity, similarity
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import DIVERGING, TEXT, figure, to_picture
from microgpt.model import StateDict
from microgpt.tokenizer import CharTokenizer


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
