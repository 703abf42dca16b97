"""Random vectors, and attention with one thing wrong: for the checks of chapters 05 and 06.

A check that knows what a plausible slip would give can name the slip.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from microgpt import (
    Config,
    Value,
    attention,
    attention_head,
    dot,
    linear,
    load,
    mlp,
    rmsnorm,
    softmax,
)


def vector(rng: random.Random, size: int) -> list[Value]:
    """A random vector of nodes."""
    return [Value(round(rng.uniform(-2, 2), 2)) for _ in range(size)]


def matrix(rng: random.Random, rows: int, columns: int) -> list[list[Value]]:
    """A random matrix of nodes."""
    return [vector(rng, columns) for _ in range(rows)]


def read_sequence(attention: Callable[..., Any], xs: Any, weights: Any, n_head: int) -> list[Any]:
    """Outputs of an attention function for the positions of a sequence, one after the other."""
    keys: list[Any] = []
    values: list[Any] = []
    return [attention(x, keys, values, *weights, n_head) for x in xs]


def layernorm(x: Sequence[Value]) -> list[Value]:
    """RMSNorm of what is left when the mean is taken off."""
    mean = sum(x, Value(0.0)) / len(x)
    return rmsnorm([xi - mean for xi in x])


def scaled(x: Sequence[Value], factor: Callable[[float], float]) -> list[Value]:
    """A vector times any function of its mean square."""
    mean_square = sum(xi.data**2 for xi in x) / len(x)
    return [xi * factor(mean_square) for xi in x]


def head_like(
    scale: Callable[[int], float] = lambda n: n**0.5, soft: bool = True, of_keys: bool = False
) -> Callable[..., Any]:
    """An `attention_head` with another scale, without softmax, or with keys for values."""

    def head(q: Any, keys: Any, values: Any) -> Any:
        scores = [dot(q, key) / scale(len(q)) for key in keys]
        weights = softmax(scores) if soft else scores
        columns = zip(*(keys if of_keys else values))
        return [dot(weights, column) for column in columns], weights

    return head


def attention_like(
    start: Callable[[int, int], int], late: bool = False, whole: bool = False
) -> Callable[..., Any]:
    """An `attention` whose slices begin elsewhere, whose cache is late, or whose heads see all.

    Parameters
    ----------
    start : callable
        From head and head_dim to the place where the head's slice begins.
    late : bool
        Append the present key and value only after the heads have worked.
    whole : bool
        Score the whole query and key in every head.
    """

    def many_heads(
        x: Any, keys: Any, values: Any, wq: Any, wk: Any, wv: Any, wo: Any, n_head: int
    ) -> Any:
        q, k, v = (linear(x, w) for w in (wq, wk, wv))
        if not late:
            keys.append(k)
            values.append(v)
        size = len(q) // n_head
        out: list[Value] = []
        for head in range(n_head):
            begin = start(head, size)
            part = slice(begin, begin + size)
            held = [key if whole else key[part] for key in keys]
            asked = q if whole else q[part]
            out += attention_head(asked, held, [value[part] for value in values])[0]
        if late:
            keys.append(k)
            values.append(v)
        return linear(out, wo)

    return many_heads


def weights_of_head(name: str, head: int, weights: Any = None) -> list[list[float]]:
    """Attention weights of the shipped model or other weights, as `viz.tracing` finds them."""
    state_dict, config, tokenizer = load()
    state_dict = weights or state_dict
    part = slice(head * config.head_dim, (head + 1) * config.head_dim)
    keys: list[Any] = []
    rows = []
    for pos_id, token_id in enumerate([tokenizer.BOS, *tokenizer.encode(name)]):
        pair = zip(state_dict["wte"][token_id], state_dict["wpe"][pos_id])
        x = rmsnorm(rmsnorm([t + p for t, p in pair]))
        q = linear(x, state_dict["layer0.attn_wq"])
        keys.append(linear(x, state_dict["layer0.attn_wk"]))
        cache = [key[part] for key in keys]
        rows.append([w.data for w in attention_head(q[part], cache, cache)[1]])
    return rows


def read_tokens(
    gpt: Callable[..., Any], ids: Sequence[int], state_dict: Any, config: Config
) -> Any:
    """The last logits of a `gpt` function that reads some tokens one after the other."""
    keys: list[Any] = [[] for _ in range(config.n_layer)]
    values: list[Any] = [[] for _ in range(config.n_layer)]
    logits = None
    for pos_id, token_id in enumerate(ids):
        logits = gpt(token_id, pos_id, keys, values, state_dict, config)
    return logits


listen: Any = attention  # its arguments come as a list here, too many for a type checker


def gpt_like(slip: str) -> Callable[..., Any]:
    """A `gpt` in which one thing is left out.

    Parameters
    ----------
    slip : str
        "positions", "first norm", "norm", "residual", "second layer", "lm_head", "mlp",
        "attention" or "blocks" are left out; "same layer" runs layer 0 each time, "last norm" and
        "softmax" do too much; anything else changes nothing.
    """

    def norm(x: Any) -> Any:
        return x if slip == "norm" else rmsnorm(x)

    def add(new: Any, x: Any) -> Any:
        return new if slip == "residual" else [a + b for a, b in zip(new, x)]

    def gpt(
        token_id: int, pos_id: int, keys: Any, values: Any, weights: Any, config: Config
    ) -> Any:
        x = weights["wte"][token_id]
        if slip != "positions":
            x = [t + p for t, p in zip(x, weights["wpe"][pos_id])]
        x = x if slip == "first norm" else rmsnorm(x)
        for layer in range(1 if slip == "second layer" else config.n_layer):
            number = 0 if slip == "same layer" else layer
            matrices = [weights[key] for key in weights if key.startswith(f"layer{number}.")]
            if slip not in ("attention", "blocks"):
                cache = keys[layer], values[layer]
                x = add(listen(norm(x), *cache, *matrices[:4], config.n_head), x)
            if slip not in ("mlp", "blocks"):
                x = add(mlp(norm(x), *matrices[4:]), x)
        if slip == "lm_head":
            return x
        logits = linear(rmsnorm(x) if slip == "last norm" else x, weights["lm_head"])
        return softmax(logits) if slip == "softmax" else logits

    return gpt


def block_like(slip: str) -> Callable[..., Any]:
    """One block of attention and MLP, with its additions or norms gone wrong.

    Parameters
    ----------
    slip : str
        "both", "first" or "second" (these additions add the normed vector), "overwrites", "never
        norms", "attention unnormed", "mlp unnormed", or "nothing".
    """

    def block(x: Any, keys: Any, values: Any, *rest: Any) -> Any:
        normed = x if slip in ("never norms", "attention unnormed") else rmsnorm(x)
        listened = listen(normed, keys, values, *rest[:4], rest[6])
        x = _stream(normed if slip in ("both", "first") else x, listened, slip)
        normed = x if slip in ("never norms", "mlp unnormed") else rmsnorm(x)
        return _stream(normed if slip in ("both", "second") else x, mlp(normed, *rest[4:6]), slip)

    return block


def _stream(x: Any, new: Any, slip: str) -> Any:
    return new if slip == "overwrites" else [a + b for a, b in zip(new, x)]


def head_slopes(head: Any, inputs: Any, at: Sequence[Value]) -> list[float]:
    """Gradients of some leaves by the first number of a head's output."""
    for leaf in at:
        leaf.grad = 0
    head(*inputs)[0][0].backward()
    return [leaf.grad for leaf in at]


def winner_takes_all(q: Any, keys: Any, values: Any) -> Any:
    """The output is the best key's value."""
    weights = attention_head(q, keys, values)[1]
    return values[max(range(len(keys)), key=lambda t: weights[t].data)], weights


def rows_not_added(q: Any, keys: Any, values: Any) -> Any:
    """The output is a list of weighted values."""
    weights = attention_head(q, keys, values)[1]
    return [[w * v for v in row] for w, row in zip(weights, values)], weights


def without_wo(x: Any, keys: Any, values: Any, *rest: Any) -> Any:
    """An `attention` that returns its heads unblended."""
    wq, wk, wv, wo, n_head = rest
    same = [[Value(float(i == j)) for j in range(len(wo))] for i in range(len(wo))]
    return listen(x, keys, values, wq, wk, wv, same, n_head)


def smallest(name: str, head: int) -> list[int]:
    """Where each row has its smallest weight."""
    return [row.index(min(row)) for row in weights_of_head(name, head)]


def others(name: str, head: int) -> list[int]:
    """Where each row has its largest weight, the position itself left out."""
    rows = [row[:-1] or row for row in weights_of_head(name, head)]
    return [row.index(max(row)) for row in rows]
