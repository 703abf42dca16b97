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
    """A model for tests that keeps what it hears and is always sure of what comes next."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.heard: list[tuple[int, int]] = []

    def __call__(self, token_id: int, pos_id: int) -> list[float]:
        """All of the probability on one token, which depends on everything heard so far."""
        self.heard.append((token_id, pos_id))
        place = sum((k + 2) * t + p for k, (t, p) in enumerate(self.heard)) % self.size
        return [float(token == place) for token in range(self.size)]


def completed(answer: Any, prefix: str, block_size: int = 16) -> list[Any]:
    """What a reader's `complete` returns and what the model heard from it."""
    model = Listener(4)
    name = answer(prefix, model, ["a", "b", "c"], random.Random(0), block_size)
    return [name, [list(call) for call in model.heard]]


def flawed(flaw: str) -> Callable[..., str]:
    """A `complete` with a known flaw."""

    def wrong(prefix: str, model: Any, chars: Any, rng: random.Random, block_size: int = 16) -> str:
        bos = [] if flaw == "no BOS" and prefix else [len(chars)]
        ids = bos + [chars.index(char) for char in prefix]
        first = len(ids) - 1 if flaw == "only the last" else 0
        new: list[int] = []
        for pos_id in range(first, block_size):
            given = pos_id + 1 < len(ids)
            probs = model(ids[pos_id], pos_id)
            token_id = rng.choices(range(len(probs)), weights=probs)[0]
            if given and flaw == "overwritten":
                ids[pos_id + 1] = token_id % len(chars)
            if given:
                continue
            if token_id == len(chars):
                break
            ids.append(token_id)
            new.append(token_id)
        start = len(bos)
        shown = new if flaw == "not shown" else ids[start:]
        return "".join(chars[i] for i in shown)

    return wrong


FLAWS = {
    "no BOS": "the first token that the model hears must be BOS, at position 0.",
    "only the last": "the model has not heard the beginning: feed it every letter, in order, so "
    "that keys and values of all positions are there.",
    "overwritten": "a drawn letter takes the place of a given one: while the beginning lasts, "
    "ignore what the model proposes.",
    "not shown": "the beginning is missing from the name that you return.",
}
