"""What happens inside the model while it reads a name, in floats. Chapters 05 and 06.

The pass is that of `classroom.lab.taps`; what it shows is sorted here by layer, head and position:
the queries, keys, values and attention weights stay to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from classroom.lab.taps import read
from classroom.lab.written import quoted
from microgpt.inference import Floats, Weights, float_linear, float_weights
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer


@dataclass
class LayerTrace:
    """What one layer computed; the outer lists go by position."""

    queries: list[Floats]
    """Shape (positions, n_embd)."""
    keys: list[Floats]
    """Shape (positions, n_embd)."""
    values: list[Floats]
    """Shape (positions, n_embd)."""
    attn_weights: list[list[Floats]]
    """``attn_weights[head][position]`` has ``position + 1`` numbers, one a position so far."""
    halfway: list[Floats]
    """The vector between attention and MLP, shape (positions, n_embd)."""
    hidden: list[Floats]
    """The MLP's inner layer after the ReLU, shape (positions, 4 * n_embd)."""
    stream: list[Floats]
    """The vector that leaves the layer, shape (positions, n_embd)."""


@dataclass
class Trace:
    """What the model computed for one name."""

    labels: list[str]
    """``BOS`` and the characters: what is read at each position."""
    embedded: list[Floats]
    """The vector that enters the first layer, shape (positions, n_embd)."""
    layers: list[LayerTrace]
    """One record a layer."""
    logits: list[Floats]
    """Shape (positions, vocab_size)."""

    def must_have(self, position: int) -> None:
        """Raise a ValueError if the name has no such position."""
        must_have("".join(self.labels[1:]), position)


def trace(
    name: str, state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer
) -> Trace:
    """Let the model read BOS and a name, and keep what it computed on the way.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters; empty for BOS alone.
    state_dict : dict of str to rows of Value (or of floats)
        The parameters.
    config : Config
        The sizes.
    tokenizer : CharTokenizer
        The vocabulary.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        If the name is too long or has a character that is not in the vocabulary.

    Examples
    --------
    >>> from microgpt import load
    >>> found = trace("ava", *load())
    >>> [round(weight, 2) for weight in found.layers[0].attn_weights[1][2]]
    [0.04, 0.95, 0.01]
    """
    seen = read(name_ids(name, config, tokenizer), float_weights(state_dict), config)
    layers = [
        LayerTrace(
            queries=seen[f"layer{layer}.query"],
            keys=seen[f"layer{layer}.key"],
            values=seen[f"layer{layer}.value"],
            attn_weights=[seen[f"layer{layer}.head{head}"] for head in range(config.n_head)],
            halfway=seen[f"layer{layer}.halfway"],
            hidden=seen[f"layer{layer}.hidden"],
            stream=seen[f"layer{layer}.stream"],
        )
        for layer in range(config.n_layer)
    ]
    return Trace(["BOS", *name], seen["embedded"], layers, seen["logits"])


def name_ids(name: str, config: Config, tokenizer: CharTokenizer) -> list[int]:
    """BOS and the name's ids; a ValueError if the model cannot read it."""
    if len(name) >= config.block_size:
        raise ValueError(
            f"{quoted(name)} has {len(name)} characters: the model "
            f"sees {config.block_size} positions, BOS takes one, so type at most "
            f"{config.block_size - 1}"
        )
    return [tokenizer.BOS, *tokenizer.encode(name)]


def must_have(name: str, position: int) -> None:
    """Raise a ValueError if a name, with BOS before it, has no such position."""
    if not 0 <= position <= len(name):
        raise ValueError(f"{name!r} has the positions 0 to {len(name)}, not {position}")


@dataclass(frozen=True)
class HeadSum:
    """What one head computes at one position."""

    labels: list[str]
    """What is read at each position that it sees, its own last."""
    query: Floats
    """Shape (head_dim,)."""
    keys: list[Floats]
    """Shape (positions, head_dim)."""
    scores: Floats
    """Query times key, not yet divided, shape (positions,)."""
    weights: Floats
    """Numbers in [0, 1] that add up to 1, shape (positions,)."""
    values: list[Floats]
    """Shape (positions, head_dim)."""
    out: Floats
    """The weighted sum of the values, shape (head_dim,)."""


def head_sum(
    name: str,
    position: int,
    state_dict: StateDict,
    config: Config,
    tokenizer: CharTokenizer,
    layer: int = 0,
    head: int = 0,
) -> HeadSum:
    """Take one head's numbers at one position of a name out of the model.

    Arguments and errors are those of `classroom.viz.qkv_picture`.
    """
    found = trace(name, state_dict, config, tokenizer)
    found.must_have(position)
    part = slice(head * config.head_dim, (head + 1) * config.head_dim)
    record, seen = found.layers[layer], slice(position + 1)
    query = record.queries[position][part]
    keys = [key[part] for key in record.keys[seen]]
    values = [value[part] for value in record.values[seen]]
    weights = record.attn_weights[head][position]
    scores = float_linear(query, keys)
    out = float_linear(weights, list(zip(*values)))
    return HeadSum(found.labels[seen], query, keys, scores, weights, values, out)
