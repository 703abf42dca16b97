"""Let the model speak: the same model in plain floats, since nothing is learned. Chapter 09.

Without a graph to build, a token costs a fortieth. The arithmetic is that of `microgpt.model`
operation by operation, so the numbers are the same to the last bit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

from .autograd import Value
from .model import Config, StateDict
from .tokenizer import CharTokenizer

Floats = list[float]
Weights = dict[str, list[Floats]]


def sample(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    rng: random.Random,
    temperature: float = 0.5,
    prefix: str = "",
    top_k: int | None = None,
) -> str:
    """Invent one document: draw a character, feed it back, until the mark or the block's end.

    Parameters
    ----------
    state_dict : dict of str to rows of Value (or of floats)
        The parameters.
    config : Config
        The sizes.
    tokenizer : CharTokenizer
        The vocabulary.
    rng : random.Random
        Where the draws come from, one for each character.
    temperature : float
        What the logits are divided by: below 1 bolder about its favourites, above 1 more even.
    prefix : str
        How the document begins.
    top_k : int, optional
        Draw only among the `top_k` most probable tokens.

    Returns
    -------
    str
        The document, `prefix` included; at most ``block_size`` characters.

    Raises
    ------
    ValueError
        If `temperature` or `top_k` is out of range, or `prefix` is too long or has a character
        that is not in the vocabulary.
    """
    weights, keys, values, forced = _prepare(state_dict, config, tokenizer, prefix)
    _check_choice(temperature, top_k)
    token_id, ids = tokenizer.BOS, []
    for pos_id in range(config.block_size):
        logits = plain_gpt(token_id, pos_id, keys, values, weights, config)
        if pos_id < len(forced):
            token_id = forced[pos_id]
        else:
            probs = plain_softmax(_tempered(logits, temperature, top_k))
            token_id = rng.choices(range(tokenizer.vocab_size), weights=probs)[0]
        if token_id == tokenizer.BOS:
            break
        ids.append(token_id)
    return tokenizer.decode(ids)


def next_token_probs(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> Floats:
    """The model's probabilities for what comes after `prefix`.

    Parameters
    ----------
    state_dict, config, tokenizer, temperature, top_k
        As in `sample`.
    prefix : str
        The document so far, at most ``block_size - 1`` characters.

    Returns
    -------
    list of float, shape (vocab_size,)
        By token id; the last one is the mark: the document ends here.

    Raises
    ------
    ValueError
        As `sample`.

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
        logits = plain_gpt(token_id, pos_id, keys, values, weights, config)
    return plain_softmax(_tempered(logits, temperature, top_k))


def mean_loss(
    docs: Iterable[str],
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
) -> float:
    """How surprised the model is by documents, on average over all their tokens.

    Parameters
    ----------
    docs : iterable of str
        The documents, for example some that were held out from training.
    state_dict, config, tokenizer
        As in `sample`.

    Returns
    -------
    float
        Loss in nats a token, the end of each document included.

    Raises
    ------
    ValueError
        If there is no document, or one has a character that is not in the vocabulary.
    """
    weights = plain_weights(state_dict)
    summed, count = 0.0, 0
    for doc in docs:
        ids = tokenizer.document_ids(doc)
        keys, values = _empty_cache(config), _empty_cache(config)
        for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
            logits = plain_gpt(token_id, pos_id, keys, values, weights, config)
            probs = plain_softmax(_tempered(logits, 1.0, None))
            summed += -math.log(probs[target_id]) if probs[target_id] else math.inf
            count += 1
    if not count:
        raise ValueError("there are no documents to measure the loss on: give at least one")
    return summed / count


def plain_weights(state_dict: StateDict | Weights) -> Weights:
    """The parameters as floats, whether they are nodes or floats already."""
    return {
        name: [[p.data if isinstance(p, Value) else p for p in row] for row in matrix]
        for name, matrix in state_dict.items()
    }


def plain_gpt(
    token_id: int,
    pos_id: int,
    keys: list[list[Floats]],
    values: list[list[Floats]],
    weights: Weights,
    config: Config,
) -> Floats:
    """`microgpt.gpt` in plain floats: same arguments, same numbers, no graph."""
    x = [t + p for t, p in zip(weights["wte"][token_id], weights["wpe"][pos_id])]
    x = _rmsnorm(x)  # (n_embd,)
    for layer in range(config.n_layer):
        name = f"layer{layer}."
        normed = _rmsnorm(x)
        q = _linear(normed, weights[name + "attn_wq"])
        keys[layer].append(_linear(normed, weights[name + "attn_wk"]))
        values[layer].append(_linear(normed, weights[name + "attn_wv"]))
        x_attn = _attend(q, keys[layer], values[layer], config)
        listened = _linear(x_attn, weights[name + "attn_wo"])
        x = [a + b for a, b in zip(listened, x)]
        hidden = [h if h > 0 else 0.0 for h in _linear(_rmsnorm(x), weights[name + "mlp_fc1"])]
        thought = _linear(hidden, weights[name + "mlp_fc2"])
        x = [a + b for a, b in zip(thought, x)]
    return _linear(x, weights["lm_head"])  # (vocab_size,)


def plain_softmax(logits: Sequence[float]) -> Floats:
    """`microgpt.softmax` in plain floats."""
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
        scores = _linear(q[part], [k[part] for k in keys])
        attn_weights = plain_softmax([score * scale for score in scores])  # (positions,)
        x_attn += _linear(attn_weights, list(zip(*(v[part] for v in values))))
    return x_attn


def _linear(x: Sequence[float], w: Sequence[Sequence[float]]) -> Floats:
    y = []
    for row in w:
        acc = 0.0
        for wi, xi in zip(row, x):  # not sum(): it rounds differently from Python 3.12 on
            acc += wi * xi
        y.append(acc)
    return y


def _rmsnorm(x: Floats) -> Floats:
    acc = 0.0
    for xi in x:
        acc += xi * xi
    scale = (acc * len(x) ** -1 + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def _tempered(logits: Floats, temperature: float, top_k: int | None) -> Floats:
    inverse = temperature**-1
    scaled = [logit * inverse for logit in logits]
    if not all(map(math.isfinite, scaled)):
        raise ValueError(
            "the model's scores are not finite numbers: its weights have grown out of bounds; "
            "train it again with a smaller learning rate"
        )
    if top_k is None or top_k >= len(scaled):
        return scaled
    order = sorted(range(len(scaled)), key=lambda i: (-scaled[i], i))
    kept = set(order[:top_k])
    return [logit if i in kept else -math.inf for i, logit in enumerate(scaled)]


def _empty_cache(config: Config) -> list[list[Floats]]:
    return [[] for _ in range(config.n_layer)]


def _prepare(
    state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer, prefix: str
) -> tuple[Weights, list[list[Floats]], list[list[Floats]], list[int]]:
    if len(prefix) >= config.block_size:
        raise ValueError(
            f"the beginning {prefix!r} has {len(prefix)} characters, but the model sees "
            f"{config.block_size} positions with the mark: give at most {config.block_size - 1}"
        )
    forced = tokenizer.encode(prefix)
    return plain_weights(state_dict), _empty_cache(config), _empty_cache(config), forced


def _check_choice(temperature: float, top_k: int | None) -> None:
    if not 1e-6 <= temperature < math.inf:
        raise ValueError(
            f"temperature must be a finite number of at least 0.000001, not {temperature}: "
            "for the most probable character every time, use top_k=1"
        )
    if top_k is not None and (not isinstance(top_k, int) or top_k < 1):
        raise ValueError(f"top_k must be a whole number of at least 1, not {top_k!r}")
