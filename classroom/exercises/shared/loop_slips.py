"""Training loops with one thing wrong: for the check of exercise 8.2."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from microgpt.autograd import Value
from microgpt.model import Config, StateDict, flatten, init_params
from microgpt.optim import Adam, linear_decay
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss

DOCS = ["ana", "bo", "maxim", "noa"]
STEPS, RATE = 6, 0.05

LOOP_SLIPS = {
    "no decay": "the learning rate stays the same; pass `linear_decay(...)` to adam.step.",
    "rate of the cell": "0.01 and 1000 are the cell's numbers: use `learning_rate`, `num_steps`.",
    "steps of the cell": "the rate falls over 1000 steps, as in the cell: use `num_steps`.",
    "rate fixed": "the learning rate is fixed at 0.01: use the argument.",
    "decay turned round": "the arguments of linear_decay: learning_rate, step, num_steps.",
    "decay over the names": "the rate falls over the number of names: it is `num_steps`.",
    "same name": "every step takes the first name: use `docs[step % len(docs)]`.",
    "a name late": "the loop begins with the second name: step 0 takes `docs[0]`.",
    "stuck at the last": "after the last name comes the first again: `step % len(docs)`.",
    "from the end": "the names come from the end of the list: use `docs[step % len(docs)]`.",
    "counted from 1": "the steps are counted from 0: `range(num_steps)`.",
    "no end": "the mark at the end of the name is missing: use `tokenizer.document_ids`.",
    "no start": "the mark at the beginning is missing: use `tokenizer.document_ids`.",
    "no marks": "both marks are missing: use `tokenizer.document_ids`, not `encode`.",
    "early decay": "the decay is a step ahead: at step 0 the rate is the full one.",
    "no backward": "nothing is learned: `loss.backward()` or `adam.step(...)` is missing, the "
    "gradients are set to 0 between the two, or Adam holds other weights.",
    "step before backward": "Adam moves before `loss.backward()` has filled in the gradients.",
    "new adam": "Adam is made anew in every step and forgets its moments: make it before the loop.",
    "one weight matrix": "Adam has one matrix only: give it `microgpt.flatten(state_dict)`.",
    "sgd": "that is plain SGD; the weights are to be moved by `microgpt.Adam`.",
    "uphill": "the rate is negative: the weights go up.",
    "after": "the loss is measured after the update; report the one that backward started from.",
    "running mean": "those are means over the steps so far; the loss of each step is asked for.",
    "every name": "each step takes every name; one step is one name.",
    "rounded": "the losses are rounded: leave every digit.",
    "summed": "the losses are added up; a list with each of them is asked for.",
    "times the letters": "the loss is multiplied by its length; `document_loss` is the mean, leave "
    "it so.",
}
"""What a loop can do wrong, and the sentence that says so."""

Task = tuple[list[str], CharTokenizer, Config, StateDict]


def start() -> Task:
    """Four names and a very small model, the same each time."""
    tokenizer = CharTokenizer.from_docs(DOCS)
    config = Config(tokenizer.vocab_size, n_embd=4, n_head=2, block_size=8)
    return list(DOCS), tokenizer, config, init_params(config, random.Random(3), std=0.3)


def loop_with(slip: str = "") -> Callable[..., Any]:
    """A training loop, called as the reader's, right or with one of `LOOP_SLIPS`."""

    def my_train(
        docs: Any, tokenizer: Any, config: Any, state_dict: Any, num_steps: int, rate: float
    ) -> Any:
        params = flatten(state_dict)
        held = params[:20] if slip == "one weight matrix" else params
        adam, losses = Adam(held), []
        first = 1 if slip == "counted from 1" else 0
        for step in range(first, num_steps + first):
            for doc in docs if slip == "every name" else [_name(slip, docs, step)]:
                ids = _ids(slip, tokenizer, doc)
                adam = Adam(params) if slip == "new adam" else adam
                now = _rate(slip, rate, step, num_steps, len(docs))
                loss = _one_step(slip, ids, state_dict, config, adam, now)
                losses.append(loss.data * (len(ids) - 1 if slip == "times the letters" else 1))
        return _told(slip, losses)

    return my_train


def _one_step(slip: str, ids: Any, state_dict: Any, config: Any, adam: Adam, rate: float) -> Value:
    """Loss, backward and update of one name, in this order or another."""
    loss = document_loss(ids, state_dict, config)
    if slip == "step before backward":
        adam.step(rate)
    if slip != "no backward":
        loss.backward()
    if slip == "sgd":
        for p in adam.params:
            p.data, p.grad = p.data - rate * p.grad, 0
    elif slip != "step before backward":
        adam.step(rate)
    return document_loss(ids, state_dict, config) if slip == "after" else loss


def _name(slip: str, docs: Any, step: int) -> str:
    place = {
        "same name": 0,
        "a name late": step + 1,
        "stuck at the last": min(step, len(docs) - 1),
        "from the end": -1 - step,
    }.get(slip, step)
    return docs[place % len(docs)]


def _ids(slip: str, tokenizer: Any, doc: str) -> list[int]:
    ids = tokenizer.document_ids(doc)
    return {"no end": ids[:-1], "no start": ids[1:], "no marks": ids[1:-1]}.get(slip, ids)


def _rate(slip: str, rate: float, step: int, num_steps: int, names: int) -> float:
    usual = linear_decay(rate, step, num_steps)
    return {
        "no decay": rate,
        "rate of the cell": linear_decay(0.01, step, 1000),
        "steps of the cell": linear_decay(rate, step, 1000),
        "rate fixed": linear_decay(0.01, step, num_steps),
        "decay turned round": step * (1 - rate / num_steps),
        "decay over the names": rate * (1 - step / names),
        "early decay": linear_decay(rate, step + 1, num_steps),
        "uphill": -usual,
    }.get(slip, usual)


def _told(slip: str, losses: list[float]) -> Any:
    if slip == "running mean":
        return [sum(losses[: i + 1]) / (i + 1) for i in range(len(losses))]
    if slip == "rounded":
        return [round(loss, 4) for loss in losses]
    return sum(losses) if slip == "summed" else losses
