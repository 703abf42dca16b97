"""Adam and the training loop, right or with a known flaw, for the checks of chapters 07 and 08."""

from __future__ import annotations

import random
from typing import Any

from microgpt.autograd import Value
from microgpt.model import Config, StateDict, init_params
from microgpt.optim import Adam, linear_decay
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss

Floats = list[float]

SLOPES = ((0.5, -3.0), (0.25, 1.0), (-1.0, 2.0))
"""The slopes of two weights in three steps."""


def adam_path(flaw: str = "", rate: float = 0.1) -> list[Floats]:
    """Two weights after each of the three steps, right or with a known flaw."""
    data, m, v, path = [1.0, -2.0], [0.0, 0.0], [0.0, 0.0], []
    for count, slopes in enumerate(SLOPES, 1):
        for i, slope in enumerate(slopes):
            at = 0 if flaw == "shared" else i
            m[at] = 0.85 * m[at] + 0.15 * slope
            v[at] = 0.99 * v[at] + 0.01 * slope**2
            fixed1, fixed2 = m[at] / (1 - 0.85**count), v[at] / (1 - 0.99**count)
            if flaw == "uncorrected":
                fixed1, fixed2 = m[at], v[at]
            if flaw == "carried on":
                m[at], v[at] = fixed1, fixed2
            size = fixed2 if flaw == "no root" else fixed2**0.5
            step = rate * fixed1 / (size + 1e-8)
            data[i] += step if flaw == "uphill" else -step
        path.append(list(data))
    return path


def drive(optimizer: Any, rate: float = 0.1) -> list[Floats]:
    """Let an optimiser class make the three steps on two weights; where they are after each."""
    weights = [Value(1.0), Value(-2.0)]
    made = optimizer(weights)
    path = []
    for slopes in SLOPES:
        for weight, slope in zip(weights, slopes):
            weight.grad = slope
        made.step(rate)
        path.append([weight.data for weight in weights])
    return path


DOCS = ["ana", "bo", "maxim", "noa"]
STEPS, RATE = 6, 0.05


def start() -> tuple[list[str], CharTokenizer, Config, StateDict]:
    """Four names and a very small model, the same each time."""
    tokenizer = CharTokenizer.from_docs(DOCS)
    config = Config(tokenizer.vocab_size, n_embd=4, n_head=2, block_size=8)
    return list(DOCS), tokenizer, config, init_params(config, random.Random(3), std=0.3)


def losses_of(flaw: str = "") -> list[float]:
    """The losses of the right loop, or of one with a known flaw."""
    docs, tokenizer, config, state_dict = start()
    params = [p for matrix in state_dict.values() for row in matrix for p in row]
    adam, losses = Adam(params), []
    for step in range(STEPS):
        doc = docs[0] if flaw == "same name" else docs[step % len(docs)]
        ids = tokenizer.document_ids(doc)
        ids = {"no end": ids[:-1], "no start": ids[1:]}.get(flaw, ids)
        loss = document_loss(ids, state_dict, config)
        if flaw != "no backward":
            loss.backward()
        adam.step(RATE if flaw == "no decay" else linear_decay(RATE, step, STEPS))
        if flaw == "new adam":
            adam = Adam(params)
        after = document_loss(ids, state_dict, config) if flaw == "after" else loss
        losses.append(float(after.data))
    return losses


FLAWS = {
    "no decay": "the learning rate stays the same; pass `linear_decay(...)` to adam.step.",
    "same name": "every step takes the first name: use `docs[step % len(docs)]`.",
    "no end": "the mark at the end of the name is missing: use `tokenizer.document_ids`.",
    "no start": "the mark at the beginning is missing: use `tokenizer.document_ids`.",
    "no backward": "nothing is learned: without `loss.backward()` all slopes are 0.",
    "new adam": "Adam is made anew in every step and forgets its moments: make it before the loop.",
    "after": "the loss is measured after the update; report the one that backward started from.",
}
