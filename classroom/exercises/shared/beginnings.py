"""`complete` of exercise 10.2, right and with known flaws, and a model that listens. Chapter 10."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any


def complete(
    prefix: str,
    model: Callable[[int, int], Sequence[float]],
    chars: Sequence[str],
    rng: random.Random,
    block_size: int = 16,
) -> str:
    """Let a model go on from a beginning."""
    ids = [len(chars)] + [chars.index(char) for char in prefix]
    for pos_id in range(block_size):
        probs = model(ids[pos_id], pos_id)
        if pos_id + 1 < len(ids):
            continue
        token_id = rng.choices(range(len(probs)), weights=probs)[0]
        if token_id == len(chars):
            break
        ids.append(token_id)
    return "".join(chars[i] for i in ids[1:])


class Listener:
    """A model for tests that keeps what it hears; its probabilities depend on all of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.heard: list[tuple[int, int]] = []

    def __call__(self, token_id: int, pos_id: int) -> list[float]:
        """Four probabilities far from equal, in an order that depends on what was heard."""
        self.heard.append((token_id, pos_id))
        place = sum((k + 2) * t + p for k, (t, p) in enumerate(self.heard)) % self.size
        shares = (0.42, 0.31, 0.19, 0.08)
        return [shares[(token + place) % self.size] for token in range(self.size)]


def completed(answer: Any, prefix: str, seed: int, *block_size: int) -> list[Any]:
    """What a reader's `complete` returns, what the model heard from it, and `chars` afterwards."""
    model, chars = Listener(4), ["a", "b", "c"]
    name = answer(prefix, model, chars, random.Random(seed), *block_size)
    return [name, [list(call) for call in model.heard], chars]


def flawed(flaw: str) -> Callable[..., Any]:
    """A `complete` with a known flaw."""

    def wrong(prefix: str, model: Any, chars: Any, rng: random.Random, block_size: int = 16) -> Any:
        mark = {"BOS 0": 0, "BOS 26": 26}.get(flaw, len(chars))
        bos = [] if flaw == "no BOS" and prefix else [mark]
        ids = bos + [chars.index(char) for char in prefix]
        if flaw == "not fed":
            ids = bos
        first = len(ids) - 1 if flaw == "only the last" else 0
        new: list[int] = []
        length = block_size - (flaw == "short") + (flaw == "long")
        for pos_id in range(first, length):
            given = pos_id + 1 < len(ids)
            probs = model(ids[pos_id], 0 if flaw == "position 0" else pos_id)
            if given and flaw != "overwritten":
                continue
            token_id = _drawn(probs, rng, flaw)
            if given:
                ids[pos_id + 1] = token_id % len(chars)
                continue
            if token_id == mark and flaw != "goes on":
                break
            ids.append(token_id)
            new.append(token_id)
        shown = new if flaw == "not shown" else ids[len(bos) :]
        if flaw == "ids":
            return shown
        begin = prefix if flaw == "not fed" else ""
        return begin + "".join((*chars, ".")[i] for i in shown)

    return wrong


def _drawn(probs: Sequence[float], rng: random.Random, flaw: str) -> int:
    if flaw == "greedy":
        return max(range(len(probs)), key=probs.__getitem__)
    weights = {"squared": [p**2 for p in probs], "equal": None}.get(flaw, list(probs))
    return rng.choices(range(len(probs)), weights=weights)[0]


FLAWS = {
    "no BOS": "the first token that the model hears must be BOS, at position 0.",
    "only the last": "the model has not heard the beginning: feed it every letter, in order, so "
    "that keys and values of all positions are there.",
    "not fed": "the prefix is only glued on; the model must hear it, letter by letter.",
    "overwritten": "a drawn letter takes the place of a given one: while the beginning lasts, "
    "ignore what the model proposes.",
    "not shown": "the beginning is missing from the name that you return.",
    "greedy": "you take the most probable token; draw one with `rng.choices`.",
    "squared": "the weights of the draw are not the probabilities as they are.",
    "equal": "every token is equally likely: give `rng.choices` the probabilities as `weights`.",
    "position 0": "every token is heard at position 0: pass `pos_id`.",
    "short": "the last position of the block is left out: `range(block_size)`.",
    "long": "there are positions 0 to block_size - 1; yours goes one further.",
    "goes on": "BOS is drawn, and the loop goes on: BOS ends the name.",
    "ids": "these are ids; join the letters, `chars[i]` for each.",
    "BOS 0": "the id of BOS is `len(chars)`, the one behind the last letter, not 0.",
    "BOS 26": "the id of BOS is `len(chars)`; it is 26 only where there are 26 letters.",
}
