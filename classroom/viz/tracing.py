"""What happens inside the model while it reads a name, in plain floats. Chapters 05 and 06.

The same arithmetic as `microgpt.sampling`, operation by operation; only nothing is thrown away:
the queries, keys, values and attention weights of every layer stay to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from microgpt.inference import (
    Floats,
    Weights,
    plain_linear,
    plain_rmsnorm,
    plain_softmax,
    plain_weights,
)
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


def trace(
    name: str, state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer
) -> Trace:
    """Let the model read the mark and a name, and keep what it computed on the way.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters; empty for the mark alone.
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
    ids = name_ids(name, config, tokenizer)
    weights = plain_weights(state_dict)
    heads = range(config.n_head)
    layers = [
        LayerTrace([], [], [], [[] for _ in heads], [], [], []) for _ in range(config.n_layer)
    ]
    embedded, logits = [], []
    for pos_id, token_id in enumerate(ids):
        x = plain_rmsnorm([t + p for t, p in zip(weights["wte"][token_id], weights["wpe"][pos_id])])
        embedded.append(x)
        for index, layer in enumerate(layers):
            x = _through_layer(x, layer, f"layer{index}.", weights, config)
        logits.append(plain_linear(x, weights["lm_head"]))
    return Trace(["BOS", *name], embedded, layers, logits)


def name_ids(name: str, config: Config, tokenizer: CharTokenizer) -> list[int]:
    """The mark and the name's ids; a ValueError in plain words if the model cannot read it."""
    if len(name) >= config.block_size:
        raise ValueError(
            f"{name[:20]!r}{'...' if len(name) > 20 else ''} has {len(name)} characters: the model "
            f"sees {config.block_size} positions, the mark takes one, so type at most "
            f"{config.block_size - 1}"
        )
    return [tokenizer.BOS, *tokenizer.encode(name)]


def _through_layer(
    x: Floats, layer: LayerTrace, name: str, weights: Weights, config: Config
) -> Floats:
    """One layer for one position; what it computes is appended to `layer`."""
    normed = plain_rmsnorm(x)
    layer.queries.append(plain_linear(normed, weights[name + "attn_wq"]))
    layer.keys.append(plain_linear(normed, weights[name + "attn_wk"]))
    layer.values.append(plain_linear(normed, weights[name + "attn_wv"]))
    listened = plain_linear(_attend(layer, config), weights[name + "attn_wo"])
    x = [a + b for a, b in zip(listened, x)]
    layer.halfway.append(x)
    hidden = [
        h if h > 0 else 0.0 for h in plain_linear(plain_rmsnorm(x), weights[name + "mlp_fc1"])
    ]
    layer.hidden.append(hidden)
    x = [a + b for a, b in zip(plain_linear(hidden, weights[name + "mlp_fc2"]), x)]
    layer.stream.append(x)
    return x


def _attend(layer: LayerTrace, config: Config) -> Floats:
    """All heads for the position whose query, key and value came last."""
    scale = (config.head_dim**0.5) ** -1
    x_attn: Floats = []
    for head in range(config.n_head):
        part = slice(head * config.head_dim, (head + 1) * config.head_dim)
        scores = plain_linear(layer.queries[-1][part], [key[part] for key in layer.keys])
        attn_weights = plain_softmax([score * scale for score in scores])
        layer.attn_weights[head].append(attn_weights)
        x_attn += plain_linear(attn_weights, list(zip(*(value[part] for value in layer.values))))
    return x_attn
