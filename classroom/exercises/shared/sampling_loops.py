"""Sampling loops that are plausibly wrong, and models to try them on: for exercise 9.5."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from microgpt import CharTokenizer, Config, init_params, load
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
    "shorter": "a name that fills the block loses its last letter: is the loop one position short, "
    "or the last id cut off where it is no mark?",
    "strip": "the last letter is cut off: after the `break` the mark is not among the ids.",
    "even": "every token is equally likely: give `rng.choices` the probabilities as `weights`.",
    "mark": "the mark is drawn and the loop goes on: BOS ends the name.",
    "half": "the temperature is 0.5 in yours, whatever was asked for: use the argument.",
    "sixteen": "the number of positions is in `config.block_size`, not always 16.",
    "first": "a name begins with its first letter; yours begins with the second.",
}
"""What `invent_like` can do wrong, and the sentence that says so."""


def invent_like(slip: str) -> Callable[..., str]:
    """A sampling loop with one or more things wrong.

    Parameters
    ----------
    slip : str
        "cache", "position", "token", "greedy", "temperature", "multiply", "mark", "strip",
        "even", "block", "half", "shorter", "sixteen", "first", or some of them in one string;
        anything else is right.
    """

    def loop(weights: Any, config: Any, tokenizer: Any, rng: random.Random, t: float) -> str:
        keys, values = empty_cache(config), empty_cache(config)
        token_id, ids = tokenizer.BOS, []
        length = 16 if "sixteen" in slip else config.block_size
        for pos_id in range(length + ("block" in slip) - ("shorter" in slip)):
            if "cache" in slip:
                keys, values = empty_cache(config), empty_cache(config)
            place = 0 if "position" in slip else pos_id
            read = tokenizer.BOS if "token" in slip else token_id
            logits = plain_gpt(read, place, keys, values, weights, config)
            factor = 1 if "temperature" in slip else t if "multiply" in slip else t**-1
            factor = 2 if "half" in slip else factor
            factor = 0 if "even" in slip else factor
            probs = plain_softmax([logit * factor for logit in logits])
            token_id = rng.choices(range(len(probs)), weights=probs)[0]
            if "greedy" in slip:
                token_id = max(range(len(probs)), key=probs.__getitem__)
            if token_id == tokenizer.BOS and "mark" not in slip:
                break
            ids.append(token_id)
        ids = ids[:-1] if "strip" in slip else ids[1:] if "first" in slip else ids
        return tokenizer.decode(i for i in ids if i != tokenizer.BOS)

    return loop


def with_model(loop: Callable[..., Any]) -> Callable[[int, float], Any]:
    """A sampling loop on the shipped model, to be called with a seed and a temperature."""

    def run(seed: int, temperature: float) -> Any:
        state_dict, config, tokenizer = load()
        rng = random.Random(seed)
        return loop(plain_weights(state_dict), config, tokenizer, rng, temperature)

    return run


def with_small_model(loop: Callable[..., Any]) -> Callable[[int, float], Any]:
    """The same on a model of three letters and five positions, whose logits are far apart.

    What works with the shipped model by luck, such as its names in the notebook or the numbers 16
    and 27, does not work here.
    """

    def run(seed: int, temperature: float) -> Any:
        tokenizer = CharTokenizer("abc")
        config = Config(tokenizer.vocab_size, n_embd=4, n_head=2, block_size=5)
        state_dict = init_params(config, random.Random(1), std=0.6)
        rng = random.Random(seed)
        return loop(plain_weights(state_dict), config, tokenizer, rng, temperature)

    return run
