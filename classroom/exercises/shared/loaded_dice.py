"""Draws and sampling loops that are plausibly wrong: for the checks of chapter 09.

A check that knows what a plausible slip would give can name the slip.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

from microgpt import load
from microgpt.inference import empty_cache, plain_gpt, plain_softmax, plain_weights

CACHE = "each step begins with an empty cache: make `keys` and `values` once, before the loop"
SLIPS = {
    "cache": CACHE + ".",
    "multiply": "the logits are multiplied by the temperature; divide them.",
    "cache multiply": CACHE + "; and divide by the temperature.",
    "position": "every token is read at position 0: pass `pos_id`.",
    "token": "BOS is read again and again: the drawn token must be the next one to be read.",
    "greedy": "you take the most probable token each time; draw one with `rng.choices`.",
    "temperature": "the logits are not divided by the temperature.",
    "strip": "the last letter is cut off: after the `break` the mark is not among the ids.",
    "even": "every token is equally likely: give `rng.choices` the probabilities as `weights`.",
    "mark": "the mark is drawn and the loop goes on: BOS ends the name.",
}
"""What `invent_like` can do wrong, and the sentence that says so."""
TOP_K_SLIPS = {
    "ties": "with equal logits you keep more than k; keep exactly k, the lower ids first.",
    "late": "after the cut the rest must add up to 1 again: softmax last.",
    "zero": "a logit of 0 is a good score, not an impossible one: use `-math.inf`.",
    "lowest": "you keep the k *lowest*; sort in falling order.",
    "sorted": "one probability for each id is asked for, 0 for those left out, in the old order.",
}
"""The same for `top_k_like`."""


def first_at_least(probs: Sequence[float], u: float) -> int | None:
    """A draw with `<=` where `<` is needed."""
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed += prob
        if u <= passed:
            return token_id
    return None


def scaled_probs(logits: Sequence[float], temperature: float) -> list[float]:
    """Probabilities divided by the temperature, in place of logits."""
    return [prob / temperature for prob in plain_softmax(logits)]


def top_k_like(slip: str) -> Callable[[Sequence[float], int], list[float]]:
    """Probabilities after a cut that is one of `TOP_K_SLIPS`."""

    def cut(logits: Sequence[float], k: int) -> list[float]:
        ranked = sorted(logits, reverse=slip != "lowest")[:k]
        if slip == "sorted":
            return plain_softmax(ranked)
        low, high = sorted((ranked[0], ranked[-1]))
        kept = [low <= logit <= high for logit in logits]
        if slip == "late":
            return [p if keep else 0.0 for p, keep in zip(plain_softmax(logits), kept)]
        out = 0.0 if slip == "zero" else -math.inf
        return plain_softmax([logit if keep else out for logit, keep in zip(logits, kept)])

    return cut


def invent_like(slip: str) -> Callable[..., str]:
    """A sampling loop with one or more things wrong.

    Parameters
    ----------
    slip : str
        "cache", "position", "token", "greedy", "temperature", "multiply", "mark", "strip",
        "even", "block", or some of them in one string; anything else is right.
    """

    def loop(weights: Any, config: Any, tokenizer: Any, rng: random.Random, t: float) -> str:
        keys, values = empty_cache(config), empty_cache(config)
        token_id, ids = tokenizer.BOS, []
        for pos_id in range(config.block_size + ("block" in slip)):
            if "cache" in slip:
                keys, values = empty_cache(config), empty_cache(config)
            place = 0 if "position" in slip else pos_id
            read = tokenizer.BOS if "token" in slip else token_id
            logits = plain_gpt(read, place, keys, values, weights, config)
            factor = 1 if "temperature" in slip else t if "multiply" in slip else t**-1
            factor = 0 if "even" in slip else factor
            probs = plain_softmax([logit * factor for logit in logits])
            token_id = rng.choices(range(len(probs)), weights=probs)[0]
            if "greedy" in slip:
                token_id = max(range(len(probs)), key=probs.__getitem__)
            if token_id == tokenizer.BOS and "mark" not in slip:
                break
            ids.append(token_id)
        ids = ids[:-1] if "strip" in slip else ids
        return tokenizer.decode(i for i in ids if i != tokenizer.BOS)

    return loop


def with_model(loop: Callable[..., Any]) -> Callable[[int, float], Any]:
    """A sampling loop on the shipped model, to be called with a seed and a temperature."""

    def run(seed: int, temperature: float) -> Any:
        state_dict, config, tokenizer = load()
        rng = random.Random(seed)
        return loop(plain_weights(state_dict), config, tokenizer, rng, temperature)

    return run
