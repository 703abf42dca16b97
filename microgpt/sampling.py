"""Let the model speak: probabilities, invented documents, and the loss of given ones. Chapter 09.

All of it works on floats (`microgpt.inference`), since nothing is learned here.
"""

import math
import random
from collections.abc import Iterable

from .inference import Floats, Weights, empty_cache, float_gpt, float_softmax, float_weights
from .model import Config, StateDict
from .tokenizer import CharTokenizer


def sample(
    state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer, rng: random.Random,
    temperature: float = 0.5, prefix: str = "", top_k: int | None = None,
) -> str:  # fmt: skip
    """Invent one document: draw a character, feed it back, until BOS or the block's end.

    Parameters
    ----------
    state_dict, config, tokenizer
        Parameters (nodes or floats), sizes, vocabulary.
    rng : random.Random
        Where the draws come from, one for each character.
    temperature : float
        What the logits are divided by: below 1 bolder about its favourites, above 1 more even.
    prefix : str
        How the document begins; with it, it has at most ``block_size`` characters.
    top_k : int, optional
        Draw only among the `top_k` most probable tokens.
    """
    weights, keys, values, forced = _prepare(state_dict, config, tokenizer, prefix)
    _check_choice(temperature, top_k)
    token_id, ids = tokenizer.BOS, []
    for pos_id in range(config.block_size):
        logits = float_gpt(token_id, pos_id, keys, values, weights, config)
        if pos_id < len(forced):
            token_id = forced[pos_id]
        else:
            probs = float_softmax(_tempered(logits, temperature, top_k))
            token_id = rng.choices(range(tokenizer.vocab_size), weights=probs)[0]
        if token_id == tokenizer.BOS:
            break
        ids.append(token_id)
    return tokenizer.decode(ids)


def next_token_probs(
    state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer,
    prefix: str = "", temperature: float = 1.0, top_k: int | None = None,
) -> Floats:  # fmt: skip
    """The model's probabilities for what comes after `prefix`; the arguments are as in `sample`.

    They are by token id, shape (vocab_size,); the last is that of BOS: the document ends here.

    Examples
    --------
    >>> from microgpt import load
    >>> state_dict, config, tokenizer = load()
    >>> probs = next_token_probs(state_dict, config, tokenizer, "emm")
    >>> tokenizer.chars[max(range(27), key=probs.__getitem__)]
    'a'
    """
    weights, keys, values, forced = _prepare(state_dict, config, tokenizer, prefix)
    _check_choice(temperature, top_k)
    for pos_id, token_id in enumerate([tokenizer.BOS, *forced]):
        logits = float_gpt(token_id, pos_id, keys, values, weights, config)
    return float_softmax(_tempered(logits, temperature, top_k))


def mean_loss(
    docs: Iterable[str], state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer
) -> float:
    """How surprised the model is by documents, in nats a token, the end of each document included.

    `docs` are for example some that were held out from training; the rest is as in `sample`.
    """
    weights = float_weights(state_dict)
    summed, count = 0.0, 0
    for doc in docs:
        ids = tokenizer.document_ids(doc)
        keys, values = empty_cache(config), empty_cache(config)
        for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
            logits = float_gpt(token_id, pos_id, keys, values, weights, config)
            probs = float_softmax(_tempered(logits, 1.0, None))
            summed += -math.log(probs[target_id]) if probs[target_id] else math.inf
            count += 1
    if not count:
        raise ValueError("there are no documents to measure the loss on: give at least one")
    return summed / count


def _tempered(logits: Floats, temperature: float, top_k: int | None) -> Floats:
    inverse = temperature**-1
    scaled = [logit * inverse for logit in logits]
    if not all(map(math.isfinite, scaled)):
        problem = "the model's scores are not finite numbers: its weights have grown out of bounds"
        raise ValueError(f"{problem}; train it again with a smaller learning rate")
    if top_k is None or top_k >= len(scaled):
        return scaled
    order = sorted(range(len(scaled)), key=lambda i: (-scaled[i], i))
    kept = set(order[:top_k])
    return [logit if i in kept else -math.inf for i, logit in enumerate(scaled)]


def _prepare(
    state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer, prefix: str
) -> tuple[Weights, list[list[Floats]], list[list[Floats]], list[int]]:
    if len(prefix) >= config.block_size:
        seen = f"{config.block_size} positions with BOS: give at most {config.block_size - 1}"
        given = f"the beginning {prefix!r} has {len(prefix)} characters"
        raise ValueError(f"{given}, but the model sees {seen}")
    config.check(state_dict)
    forced = tokenizer.encode(prefix)
    return float_weights(state_dict), empty_cache(config), empty_cache(config), forced


def _check_choice(temperature: float, top_k: int | None) -> None:
    if not isinstance(temperature, (int, float)) or not 1e-6 <= temperature < math.inf:
        needed = f"a finite number of at least 0.000001, not {temperature!r}"
        way = "for the most probable character every time, use top_k=1"
        raise ValueError(f"temperature must be {needed}: {way}")
    if top_k is not None and (not isinstance(top_k, int) or top_k < 1):
        raise ValueError(f"top_k must be a whole number of at least 1, not {top_k!r}")
