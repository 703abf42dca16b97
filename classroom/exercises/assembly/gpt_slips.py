"""A `gpt` with one thing wrong, and the sentence that says what. Chapter 10."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.assembly import parts as right

SLIPS = {
    "no positions": "`wpe[pos_id]` is not added to the token's vector.",
    "position 0": "the position is always 0: use `pos_id`.",
    "no tokens": "`wte[token_id]` is not in the sum, only the position.",
    "no first norm": "the `rmsnorm` right after the embeddings is missing.",
    "attention not normed": "attention gets `x` as it is; give it `rmsnorm(x)`.",
    "mlp not normed": "the MLP gets `x` as it is; give it `rmsnorm(x)`.",
    "never normed": "nothing is normed before attention and MLP: `rmsnorm(x)`.",
    "last norm": "there is an `rmsnorm` too many, before `lm_head`.",
    "attention overwrites": "attention's result takes the place of `x`; add it to `x`.",
    "mlp overwrites": "the MLP's result takes the place of `x`; add it to `x`.",
    "both overwrite": "the results of attention and MLP take the place of `x`; add them to `x`.",
    "normed stream": "you add to the normed vector; keep `x` as it was for the sum.",
    "one layer": "only one layer is run: `for layer in range(config.n_layer)`.",
    "same weights": "every layer uses the weights of layer 0: `layer{i}.` in their names.",
    "same cache": "all layers share one cache: `keys[layer]` and `values[layer]`.",
    "one head": "attention works as a single head; cut the vector into `config.n_head` slices.",
    "no attention": "attention is missing: positions never hear of each other.",
    "no mlp": "the MLP is missing.",
    "mlp first": "the MLP comes before attention; attention first.",
    "tied": "the logits come from `wte`; `lm_head` is a matrix of its own.",
    "no lm_head": "`linear` with `lm_head` at the end is missing.",
    "softmax": "these are probabilities; `gpt` returns logits, softmax comes after it.",
    "forgets": "the cache is not used: keys and values of earlier positions must stay in `keys`.",
}
"""What `gpt_like` can do wrong."""
NAMES = ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")


def gpt_like(slip: str) -> Callable[..., Any]:
    """A `gpt` that is right, or has one of `SLIPS`."""

    def gpt(t: int, pos_id: int, keys: Any, values: Any, weights: Any, config: Any) -> Any:
        x = _embedded(t, pos_id, weights, slip)
        x = x if slip == "no first norm" else right.rmsnorm(x)
        for layer in range(1 if slip == "one layer" else config.n_layer):
            number = 0 if slip == "same weights" else layer
            w = [weights[f"layer{number}.{name}"] for name in NAMES]
            place = 0 if slip == "same cache" else layer
            cache = ([], []) if slip == "forgets" else (keys[place], values[place])
            x = _block(x, cache, w, 1 if slip == "one head" else config.n_head, slip)
        return _logits(x, weights, slip)

    return gpt


def _embedded(token_id: int, pos_id: int, weights: Any, slip: str) -> Any:
    token = weights["wte"][token_id]
    position = weights["wpe"][0 if slip == "position 0" else pos_id]
    if slip in ("no positions", "no tokens"):
        return list(token if slip == "no positions" else position)
    return [a + b for a, b in zip(token, position)]


def _block(x: Any, cache: tuple[Any, Any], w: Any, n_head: int, slip: str) -> Any:
    machine = right.Parts()
    for who in ("mlp", "attention") if slip == "mlp first" else ("attention", "mlp"):
        if slip == f"no {who}":
            continue
        normed = x if slip in ("never normed", f"{who} not normed") else right.rmsnorm(x)
        if who == "attention":
            new = machine._attention(normed, cache[0], cache[1], w[:4], n_head)
        else:
            new = machine._mlp(normed, *w[4:])
        overwrites = slip in (f"{who} overwrites", "both overwrite")
        stream = normed if slip == "normed stream" else x
        x = new if overwrites else [a + b for a, b in zip(new, stream)]
    return x


def _logits(x: Any, weights: Any, slip: str) -> Any:
    if slip == "no lm_head":
        return x
    x = right.rmsnorm(x) if slip == "last norm" else x
    logits = right.linear(x, weights["wte" if slip == "tied" else "lm_head"])
    return right.softmax(logits) if slip == "softmax" else logits


def read(gpt: Callable[..., Any], ids: Sequence[int], config: Any) -> Callable[[Any], Any]:
    """A function from weights to the logits at each position of some tokens."""

    def reads(weights: Any) -> Any:
        keys: list[Any] = [[] for _ in range(config.n_layer)]
        values: list[Any] = [[] for _ in range(config.n_layer)]
        return [gpt(t, place, keys, values, weights, config) for place, t in enumerate(ids)]

    return reads
