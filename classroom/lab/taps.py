"""One forward pass in floats whose every vector can be seen, and changed, by name.

The arithmetic is that of `microgpt.inference`, operation by operation. Chapters 00, 06 and 10 look
at the whole model with it: what goes into each matrix, and what a letter costs with a part out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from microgpt.inference import (
    Floats,
    Weights,
    empty_cache,
    float_linear,
    float_rmsnorm,
    float_softmax,
)
from microgpt.model import Config

Tap = Callable[[str, Floats], Floats]
Linear = Callable[[Floats, Sequence[Sequence[float]]], Floats]
Seen = dict[str, list[Floats]]
"""For each name of a vector what it was, one a position."""


def unchanged(name: str, x: Floats) -> Floats:
    """The tap that changes nothing."""
    return x


def tapped_gpt(
    token_id: int, pos_id: int, keys: list[list[Floats]], values: list[list[Floats]],
    weights: Weights, config: Config, tap: Tap = unchanged, linear: Linear = float_linear,
) -> Floats:  # fmt: skip
    """`microgpt.inference.float_gpt`; `tap` sees each vector by name and may give another back.

    `linear` may be one that remembers its answers.
    """
    summed = [t + p for t, p in zip(weights["wte"][token_id], weights["wpe"][pos_id])]
    x = tap("embedded", float_rmsnorm(summed))
    for layer in range(config.n_layer):
        name = f"layer{layer}."
        normed = tap(name + "normed", float_rmsnorm(x))
        q = tap(name + "query", linear(normed, weights[name + "attn_wq"]))
        keys[layer].append(tap(name + "key", linear(normed, weights[name + "attn_wk"])))
        values[layer].append(tap(name + "value", linear(normed, weights[name + "attn_wv"])))
        heads = tap(name + "heads", _listen(name, q, keys[layer], values[layer], config, tap))
        listened = linear(heads, weights[name + "attn_wo"])
        x = tap(name + "halfway", [a + b for a, b in zip(listened, x)])
        renormed = tap(name + "renormed", float_rmsnorm(x))
        inner = linear(renormed, weights[name + "mlp_fc1"])
        hidden = tap(name + "hidden", [h if h > 0 else 0.0 for h in inner])
        thought = linear(hidden, weights[name + "mlp_fc2"])
        x = tap(name + "stream", [a + b for a, b in zip(thought, x)])
    return linear(x, weights["lm_head"])


def _listen(
    name: str, q: Floats, keys: list[Floats], values: list[Floats], config: Config, tap: Tap
) -> Floats:
    """What all heads hear, side by side; each head's weights are tapped as ``"layer0.head2"``."""
    scale = (config.head_dim**0.5) ** -1
    heard: Floats = []
    for head in range(config.n_head):
        part = slice(head * config.head_dim, (head + 1) * config.head_dim)
        scores = float_linear(q[part], [k[part] for k in keys])
        shares = tap(f"{name}head{head}", float_softmax([score * scale for score in scores]))
        heard += float_linear(shares, list(zip(*(v[part] for v in values))))
    return heard


def read(ids: Sequence[int], weights: Weights, config: Config, tap: Tap = unchanged) -> Seen:
    """Let the model read token ids from the first on, and keep every vector of the way.

    Parameters
    ----------
    ids : sequence of int
        BOS and a name's ids; at most ``config.block_size``.
    weights, config
        The model.
    tap : function of (name, vector)
        Returns the vector that goes on.

    Returns
    -------
    dict of str to list of vectors
        ``seen["layer0.hidden"][2]`` is the MLP's inner layer at position 2; ``seen["logits"]`` too.

    Examples
    --------
    >>> from microgpt import load
    >>> from microgpt.inference import float_weights
    >>> state_dict, config, tokenizer = load()
    >>> seen = read([tokenizer.BOS, *tokenizer.encode("ava")], float_weights(state_dict), config)
    >>> [round(share, 2) for share in seen["layer0.head1"][2]]
    [0.04, 0.95, 0.01]
    """
    seen: Seen = {}
    keys, values = empty_cache(config), empty_cache(config)

    def keep(name: str, x: Floats) -> Floats:
        x = tap(name, x)
        seen.setdefault(name, []).append(x)
        return x

    for pos_id, token_id in enumerate(ids):
        keep("logits", tapped_gpt(token_id, pos_id, keys, values, weights, config, keep))
    return seen


def surprises(logits: Sequence[Floats], targets: Sequence[int]) -> Floats:
    """The loss of each target, in nats: how surprised the model is by what really comes."""
    found = []
    for row, target in zip(logits, targets):
        found.append(-math.log(max(float_softmax(row)[target], 1e-300)))
    return found
