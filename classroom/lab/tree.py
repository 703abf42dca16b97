"""The tree of names that begin alike: which ways lead on, and how often (chapter 09)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from microgpt.inference import Weights, float_weights
from microgpt.model import Config, StateDict
from microgpt.sampling import next_token_probs
from microgpt.tokenizer import CharTokenizer

DEPTH = 6
"""Characters that are drawn; the picture has room for no more."""


@dataclass
class Branch:
    """A beginning, and the ways on from it.

    Attributes
    ----------
    text : str
        All characters so far.
    prob : float
        Probability of coming here, from the root.
    ended : bool
        Whether the document ends here: BOS was drawn.
    children : list of Branch
        Ways on that are probable enough, the most probable first.
    """

    text: str
    prob: float
    ended: bool = False
    children: list[Branch] = field(default_factory=list)

    def leaves(self) -> Iterator[Branch]:
        """The ends of all ways from here, from top to bottom."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def name_tree(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 1.0,
    smallest: float = 0.02,
) -> Branch:
    """Follow all ways from a beginning on which at least a share of the names goes.

    Parameters
    ----------
    state_dict, config, tokenizer, prefix, temperature
        As for `microgpt.next_token_probs`.
    smallest : float
        The share below which a way is not followed, from 0.01 to 1.

    Returns
    -------
    Branch
        The root, with probability 1. No way is longer than `DEPTH` characters.

    Raises
    ------
    ValueError
        As `microgpt.next_token_probs`, or if `smallest` would make a tree too large to draw.
    """
    if not 0.01 <= smallest <= 1:
        raise ValueError(f"the smallest share must be from 0.01 to 1, not {smallest}")
    weights = float_weights(state_dict)

    def grow(text: str, prob: float) -> Branch:
        branch = Branch(text, prob)
        if len(text) - len(prefix) == DEPTH or len(text) == config.block_size:
            return branch
        given = text[: config.block_size - 1]
        probs = next_token_probs(weights, config, tokenizer, given, temperature)
        for token_id in sorted(range(len(probs)), key=lambda i: (-probs[i], i)):
            share = prob * probs[token_id]
            if share < smallest:
                break
            if token_id == tokenizer.BOS:
                branch.children.append(Branch(text, share, ended=True))
            else:
                branch.children.append(grow(text + tokenizer.chars[token_id], share))
        return branch

    next_token_probs(weights, config, tokenizer, prefix, temperature)  # its complaints
    return grow(prefix, 1.0)
