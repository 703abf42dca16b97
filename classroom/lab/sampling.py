"""The next character as numbers: logits, temperature, top-k, entropy (chapters 00 and 09)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.lab.softmax import SoftmaxSteps, softmax_steps
from microgpt.inference import Weights, empty_cache, float_gpt, float_weights
from microgpt.model import Config, StateDict
from microgpt.sampling import next_token_probs, sample
from microgpt.tokenizer import CharTokenizer

END = "BOS"
"""How pictures call BOS where it ends a document."""
NUM_NAMES = 10


@dataclass(frozen=True)
class NextCharacter:
    """What may come after a beginning, with every number on the way to its probability.

    Attributes
    ----------
    names : tuple of str, shape (vocab_size,)
        A name for each token id, the last one `END`.
    logits : tuple of float, shape (vocab_size,)
        The model's scores.
    kept : tuple of int
        Ids that may be drawn, the most probable first; all of them without top-k.
    steps : SoftmaxSteps
        The softmax of the kept logits, in the order of `kept`.
    """

    names: tuple[str, ...]
    logits: tuple[float, ...]
    kept: tuple[int, ...]
    steps: SoftmaxSteps

    @property
    def probs(self) -> list[float]:
        """A probability for each token id; 0 for those that top-k leaves out."""
        probs = [0.0] * len(self.names)
        for token_id, prob in zip(self.kept, self.steps.probs):
            probs[token_id] = prob
        return probs

    def at(self, temperature: float, top_k: int | None = None) -> NextCharacter:
        """The same scores at another temperature, the name read no second time."""
        return _tempered(self.names, self.logits, temperature, top_k)

    @property
    def entropy(self) -> float:
        """How uncertain the draw is, in bits."""
        return entropy_bits(self.steps.probs)


def _tempered(
    names: tuple[str, ...], logits: tuple[float, ...], temperature: float, top_k: int | None
) -> NextCharacter:
    """The guess that these scores are, at a temperature, among the most probable."""
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    kept = tuple(order[: top_k or len(order)])
    return NextCharacter(names, logits, kept, softmax_steps([logits[i] for i in kept], temperature))


def entropy_bits(probs: Sequence[float]) -> float:
    """The mean surprise of a draw, in bits: 0 for a certainty, 1 for a fair coin.

    Source: Shannon, "A Mathematical Theory of Communication" (1948), section 6.

    >>> entropy_bits([0.5, 0.5, 0.0])
    1.0
    """
    return 0.0 - math.fsum(p * math.log2(p) for p in probs if p > 0)


def next_character(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> NextCharacter:
    """Let the model read a beginning, and keep all numbers of its guess.

    Parameters
    ----------
    state_dict, config, tokenizer, prefix, temperature, top_k
        As for `microgpt.next_token_probs`.

    Raises
    ------
    ValueError
        As `microgpt.next_token_probs`.
    """
    weights = float_weights(state_dict)
    next_token_probs(weights, config, tokenizer, prefix, temperature, top_k)  # its complaints
    keys, values = empty_cache(config), empty_cache(config)
    for pos_id, token_id in enumerate([tokenizer.BOS, *tokenizer.encode(prefix)]):
        logits = float_gpt(token_id, pos_id, keys, values, weights, config)
    return _tempered((*tokenizer.chars, END), tuple(logits), temperature, top_k)


def ten_names(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 0.5,
    top_k: int | None = None,
    seed: int = 5,
) -> list[str]:
    """Ten names, each drawn with dice of its own that fall the same way on every call.

    So two calls differ by what was turned (the temperature, say) and by nothing else; and a name
    that became longer does not change the dice of the next one.
    """
    weights = float_weights(state_dict)
    return [
        sample(weights, config, tokenizer, random.Random(rng_seed), temperature, prefix, top_k)
        for rng_seed in range(seed * NUM_NAMES, (seed + 1) * NUM_NAMES)
    ]
