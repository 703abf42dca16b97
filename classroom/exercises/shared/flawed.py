"""Running means, Adam, the loop and splits with known flaws, for the checks of chapters 07, 08."""

from __future__ import annotations

import random
from collections.abc import Sequence

from microgpt.model import Config, StateDict, init_params
from microgpt.optim import Adam, linear_decay
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss

Floats = list[float]

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
        ids = {"no end": ids[:-1], "no start": ids[1:], "no marks": ids[1:-1]}.get(flaw, ids)
        loss = document_loss(ids, state_dict, config)
        if flaw != "no backward":
            loss.backward()
        counted = step + 1 if flaw == "early decay" else step
        adam.step(RATE if flaw == "no decay" else linear_decay(RATE, counted, STEPS))
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
    "no marks": "both marks are missing: use `tokenizer.document_ids`, not `encode`.",
    "early decay": "the decay is a step ahead: at step 0 the rate is the full one.",
    "no backward": "nothing is learned: `loss.backward()` or `adam.step(...)` is missing.",
    "new adam": "Adam is made anew in every step and forgets its moments: make it before the loop.",
    "after": "the loss is measured after the update; report the one that backward started from.",
}


def uncorrected(numbers: Sequence[float], beta: float) -> Floats:
    """Running means with their bias."""
    mean, found = 0.0, []
    for number in numbers:
        mean = beta * mean + (1 - beta) * number
        found.append(mean)
    return found


def corrected_in_place(numbers: Sequence[float], beta: float) -> Floats:
    """Running means, each corrected before the next is made of it."""
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        mean = (beta * mean + (1 - beta) * number) / (1 - beta**count)
        found.append(mean)
    return found


def swapped(numbers: Sequence[float], beta: float) -> Floats:
    """Running means with beta and 1 - beta swapped."""
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        mean = (1 - beta) * mean + beta * number
        found.append(mean / (1 - beta**count))
    return found


def from_the_first(numbers: Sequence[float], beta: float) -> Floats:
    """Running means that begin at the first number."""
    found = [numbers[0]]
    for number in numbers[1:]:
        found.append(beta * found[-1] + (1 - beta) * number)
    return found


def plain_means(numbers: Sequence[float], beta: float) -> Floats:
    """The mean of all numbers so far."""
    return [sum(numbers[:count]) / count for count in range(1, len(numbers) + 1)]


def multiplied(numbers: Sequence[float], beta: float) -> Floats:
    """Running means multiplied by the share they have seen."""
    return [mean * (1 - beta**count) for count, mean in enumerate(uncorrected(numbers, beta), 1)]


def same_correction(numbers: Sequence[float], beta: float) -> Floats:
    """Running means all divided by 1 - beta."""
    return [mean / (1 - beta) for mean in uncorrected(numbers, beta)]


Split = tuple[list[str], list[str]]


def with_duplicates(docs: Sequence[str], count: int) -> Split:
    """The split without a look for repeated names."""
    return list(docs[:-count]), list(docs[-count:])


def from_the_front(docs: Sequence[str], count: int) -> Split:
    """The first names held out, in place of the last."""
    training = list(docs[count:])
    return training, [doc for doc in docs[:count] if doc not in training]


def trained_on_all(docs: Sequence[str], count: int) -> Split:
    """The held-out names left among the others."""
    return list(docs), list(docs[-count:])


def cleaned_training(docs: Sequence[str], count: int) -> Split:
    """Repeated names dropped from the wrong part."""
    kept = list(docs[-count:])
    return [doc for doc in docs[:-count] if doc not in kept], kept
