"""One block, and the whole `gpt`, with one thing wrong: for the checks of chapter 06.

A check that knows what a plausible slip would give can name the slip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from microgpt import attention, linear, mlp, rmsnorm, softmax

Block = Callable[..., Any]
listen: Any = attention  # its arguments come as a list here, too many for a type checker

BLOCK_SLIPS = {
    "both normed": "both additions still add the *normed* vector, not x itself.",
    "first normed": "the addition behind the MLP is right; the first one adds the *normed* vector.",
    "second normed": "the first addition is right; the one behind the MLP adds the *normed* one.",
    "never norms": "attention and the MLP must still read the normed vector.",
    "attention reads x": "attention must still read the normed vector.",
    "mlp reads x": "the MLP must still read the normed vector.",
    "attention overwrites": "attention's answer overwrites x: add it to x.",
    "mlp overwrites": "the MLP's answer overwrites x: add it to x.",
    "both overwrite": "nothing is added any more: attention and MLP overwrite x.",
    "attention lost": "the MLP's answer is added to the x that came into the block: what attention "
    "added is lost.",
    "side by side": "the MLP reads the x that came into the block; it must read what attention's "
    "answer was added to.",
    "norm after": "the norms are behind the additions (as in the first transformer); here each "
    "part *reads* a normed vector, and the sum is left as it is.",
    "norm last": "one norm too many at the end: what leaves the block is the sum itself.",
    "no attention": "attention is missing.",
    "no mlp": "the MLP is missing.",
    "mlp first": "the MLP comes before attention: first listen, then think.",
    "q and k": "query and key matrix are swapped: the order is wq, wk, wv, wo.",
    "k and v": "key and value matrix are swapped: the order is wq, wk, wv, wo.",
    "q and v": "query and value matrix are swapped: the order is wq, wk, wv, wo.",
    "v and o": "value and output matrix are swapped: the order is wq, wk, wv, wo.",
    "fresh cache": "attention gets an empty cache: nothing of the earlier positions is seen. Pass "
    "`keys` and `values` on.",
    "one head": "the number of heads is fixed: pass the one that you are given.",
    "two heads": "the number of heads is fixed: pass the one that you are given.",
    "four heads": "the number of heads is fixed: pass the one that you are given.",
}
"""What a block can do wrong, and the sentence that says so."""

_ORDER = {
    "q and k": (1, 0, 2, 3),
    "k and v": (0, 2, 1, 3),
    "q and v": (2, 1, 0, 3),
    "v and o": (0, 1, 3, 2),
}
_HEADS = {"one head": 1, "two heads": 2, "four heads": 4}


def block_with(slip: str) -> Block:
    """A block with one of `BLOCK_SLIPS`; anything else is right."""

    def block(x: Any, keys: Any, values: Any, *rest: Any) -> Any:
        matrices = [rest[place] for place in _ORDER.get(slip, (0, 1, 2, 3))]
        cache = ([], []) if slip == "fresh cache" else (keys, values)

        def heard(x: Any) -> Any:
            return listen(x, *cache, *matrices, _HEADS.get(slip, rest[6]))

        def thought(x: Any) -> Any:
            return mlp(x, *rest[4:6])

        parts = [thought, heard] if slip == "mlp first" else [heard, thought]
        return _through(x, parts, slip)

    return block


def _through(x: Any, parts: Sequence[Callable[[Any], Any]], slip: str) -> Any:
    """Both parts one after the other, with what goes wrong between them."""
    came_in = x
    for place, part in enumerate(parts):
        if slip == ("no attention", "no mlp")[place]:
            continue
        unnormed = {"never norms", "norm after", ("attention reads x", "mlp reads x")[place]}
        source = came_in if slip == "side by side" else x
        read = source if slip in unnormed else rmsnorm(source)
        new = part(read)
        if slip in {"both overwrite", ("attention overwrites", "mlp overwrites")[place]}:
            x = new
            continue
        base = read if slip in {"both normed", ("first normed", "second normed")[place]} else x
        base = came_in if slip == "attention lost" else base
        x = [a + b for a, b in zip(new, base)]
        x = rmsnorm(x) if slip == "norm after" else x
    return rmsnorm(x) if slip == "norm last" else x


GPT_SLIPS = {
    "positions": "the position embedding is not added.",
    "tokens": "the token embedding is missing: both rows are added.",
    "product": "the two embeddings are multiplied; add them.",
    "position late": "`pos_id` counts from 0: take `wpe[pos_id]` as it is.",
    "always position 0": "the position is always 0: use `pos_id`.",
    "first norm": "the rmsnorm right after the embedding is missing.",
    "each embedding normed": "norm the sum of the two embeddings, not each by itself.",
    "one layer": "only one layer is run: loop over `config.n_layer`, and return behind the loop.",
    "same layer": "every layer has matrices of its own: `layer{i}`, not always `layer0`.",
    "same cache": "every layer has a cache of its own: `keys[i]`, `values[i]`, not always `[0]`.",
    "wte for lm_head": "the logits come from `lm_head`, a table of its own; `wte` is for reading.",
    "lm_head": "the last step is missing: the logits are `linear(x, lm_head)`.",
    "last norm": "GPT-2 has a norm before `lm_head`; this model has none.",
    "softmax": "these are probabilities; the logits are asked for, before any softmax.",
    "blocks": "attention and MLP are missing: the loop over the layers.",
}
"""What `gpt` can do wrong outside a block."""


def gpt_with(slip: str) -> Block:
    """A `gpt` with one of `GPT_SLIPS` or `BLOCK_SLIPS`; anything else is right."""
    block = block_with(slip)

    def gpt(token_id: int, pos_id: int, keys: Any, values: Any, weights: Any, config: Any) -> Any:
        x = _embedded(slip, token_id, pos_id, weights)
        for layer in range(_layers(slip, config)):
            number = 0 if slip == "same layer" else layer
            matrices = [weights[key] for key in weights if key.startswith(f"layer{number}.")]
            at = 0 if slip == "same cache" else layer
            x = block(x, keys[at], values[at], *matrices, config.n_head)
        if slip == "lm_head":
            return x
        x = rmsnorm(x) if slip == "last norm" else x
        logits = linear(x, weights["wte" if slip == "wte for lm_head" else "lm_head"])
        return softmax(logits) if slip == "softmax" else logits

    return gpt


def _embedded(slip: str, token_id: int, pos_id: int, weights: Any) -> Any:
    """What enters the first layer."""
    pos_id = {"position late": pos_id + 1, "always position 0": 0}.get(slip, pos_id)
    token, position = weights["wte"][token_id], weights["wpe"][pos_id]
    if slip == "each embedding normed":
        return [t + p for t, p in zip(rmsnorm(token), rmsnorm(position))]
    pairs = list(zip(token, position))
    x = {
        "positions": list(token),
        "tokens": list(position),
        "product": [t * p for t, p in pairs] if slip == "product" else [],
    }.get(slip) or [t + p for t, p in pairs]
    return x if slip == "first norm" else rmsnorm(x)


def _layers(slip: str, config: Any) -> int:
    """How often the loop runs."""
    return {"one layer": 1, "blocks": 0}.get(slip, config.n_layer)
