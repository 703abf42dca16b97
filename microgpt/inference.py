"""The model in floats: same numbers, no graph, a fortieth of the time. Chapter 09.

Nothing is learned while sampling, so nothing has to remember how it was made. The arithmetic is
that of `microgpt.model`, operation by operation, so the numbers are the same to the last bit.
"""

import math
from collections.abc import Sequence

from .autograd import Value
from .model import Config, StateDict
from .model import empty_cache as empty_cache

Floats = list[float]
Weights = dict[str, list[Floats]]


def float_weights(state_dict: StateDict | Weights) -> Weights:
    """The parameters as floats, whether they are nodes or floats already."""
    return {
        name: [[p.data if isinstance(p, Value) else p for p in row] for row in matrix]
        for name, matrix in state_dict.items()
    }


def float_gpt(
    token_id: int, pos_id: int, keys: list[list[Floats]], values: list[list[Floats]],
    weights: Weights, config: Config,
) -> Floats:  # fmt: skip
    """`microgpt.gpt` in floats: same arguments, same numbers, no graph."""
    x = [t + p for t, p in zip(weights["wte"][token_id], weights["wpe"][pos_id])]
    x = float_rmsnorm(x)  # (n_embd,)
    for layer in range(config.n_layer):
        name = f"layer{layer}."
        normed = float_rmsnorm(x)
        q = float_linear(normed, weights[name + "attn_wq"])
        keys[layer].append(float_linear(normed, weights[name + "attn_wk"]))
        values[layer].append(float_linear(normed, weights[name + "attn_wv"]))
        x_attn = _attend(q, keys[layer], values[layer], config)
        listened = float_linear(x_attn, weights[name + "attn_wo"])
        x = [a + b for a, b in zip(listened, x)]
        hidden = [
            h if h > 0 else 0.0 for h in float_linear(float_rmsnorm(x), weights[name + "mlp_fc1"])
        ]
        thought = float_linear(hidden, weights[name + "mlp_fc2"])
        x = [a + b for a, b in zip(thought, x)]
    return float_linear(x, weights["lm_head"])  # (vocab_size,)


def float_softmax(logits: Sequence[float]) -> Floats:
    """`microgpt.softmax` in floats."""
    largest = max(logits)
    exps = [math.exp(logit - largest) for logit in logits]
    exp_sum = 0.0
    for e in exps:
        exp_sum += e
    return [e * exp_sum**-1 for e in exps]


def _attend(q: Floats, keys: list[Floats], values: list[Floats], config: Config) -> Floats:
    scale = (config.head_dim**0.5) ** -1
    x_attn: Floats = []
    for start in range(0, config.n_embd, config.head_dim):
        part = slice(start, start + config.head_dim)
        scores = float_linear(q[part], [k[part] for k in keys])
        attn_weights = float_softmax([score * scale for score in scores])  # (positions,)
        x_attn += float_linear(attn_weights, list(zip(*(v[part] for v in values))))
    return x_attn


def float_linear(x: Sequence[float], w: Sequence[Sequence[float]]) -> Floats:
    """`microgpt.linear` in floats."""
    y = []
    for row in w:
        acc = 0.0
        for wi, xi in zip(row, x):  # not sum(): it rounds differently from Python 3.12 on
            acc += wi * xi
        y.append(acc)
    return y


def float_rmsnorm(x: Floats) -> Floats:
    """`microgpt.rmsnorm` in floats."""
    acc = 0.0
    for xi in x:
        acc += xi * xi
    scale = (acc * len(x) ** -1 + 1e-5) ** -0.5
    return [xi * scale for xi in x]
