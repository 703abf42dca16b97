"""The logit lens: what the model would guess if it stopped after each of its parts. Chapter 06.

After the embedding, after attention and after the MLP the residual stream is a vector of the same
size; `lm_head` can read each of them. (nostalgebraist, "interpreting GPT: the logit lens", 2020.)
"""

from __future__ import annotations

from dataclasses import dataclass

from classroom.lab.sampling import END
from classroom.lab.tracing import trace
from microgpt.inference import Floats, Weights, float_linear, float_softmax, float_weights
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer


@dataclass(frozen=True)
class Lens:
    """What every stage of the model would guess at every position of a name.

    Attributes
    ----------
    name : str
        What was read.
    tokens : list of str
        The vocabulary in words, BOS last.
    stages : list of str
        ``"embedding"``, then ``"+ attention"`` and ``"+ MLP"`` for each layer.
    probs : list of lists of probabilities
        ``probs[stage][position]`` has one number a token.
    """

    name: str
    tokens: list[str]
    stages: list[str]
    probs: list[list[Floats]]

    @property
    def targets(self) -> list[str]:
        """What comes next at each position."""
        return [*self.name, END]

    def right(self, stage: int, position: int) -> float:
        """Probability that a stage gives to what comes next."""
        return self.probs[stage][position][self.tokens.index(self.targets[position])]

    def best(self, stage: int, position: int) -> tuple[str, float]:
        """The likeliest token of a stage, and its probability."""
        row = self.probs[stage][position]
        return self.tokens[row.index(max(row))], max(row)


def logit_lens(
    name: str, state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer
) -> Lens:
    """Let `lm_head` read the residual stream after every part of the model.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters; empty for BOS alone.
    state_dict, config, tokenizer
        The model.

    Returns
    -------
    Lens

    Raises
    ------
    ValueError
        If the name is too long or has a character that is not in the vocabulary.

    Examples
    --------
    >>> from microgpt import load
    >>> lens = logit_lens("mia", *load())
    >>> [f"{lens.right(stage, 1):.2f}" for stage in range(3)]
    ['0.12', '0.12', '0.15']
    """
    weights = float_weights(state_dict)
    found = trace(name, weights, config, tokenizer)
    streams, stages = [found.embedded], ["embedding"]
    for number, layer in enumerate(found.layers):
        where = f" {number}" if config.n_layer > 1 else ""
        streams += [layer.halfway, layer.stream]
        stages += [f"+ attention{where}", f"+ MLP{where}"]
    probs = [[float_softmax(float_linear(x, weights["lm_head"])) for x in xs] for xs in streams]
    return Lens(name, [*tokenizer.chars, END], stages, probs)
