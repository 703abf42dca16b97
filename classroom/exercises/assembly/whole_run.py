"""All 1,000 steps with the reader's parts, each loss held against the reference's. Chapter 10."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import microgpt
from classroom.exercises.assembly.machine import Machine
from classroom.exercises.assembly.side_by_side import LEARNING_RATE, reference_names
from classroom.exercises.kit.comparing import same
from microgpt import Config, engines, flatten, init_params
from microgpt.model import empty_cache

NUM_STEPS = 1000
TEMPERATURE = 0.5


class WholeRun:
    """The reference run, made step by step with the reader's own parts.

    ``given`` are the parts that are the reader's, ``losses`` those of the steps that were made, and
    ``difference`` says in words where one first was not the reference's.

    Parameters
    ----------
    parts : dict of str to function or class
        By the names that `assemble` has for them; the course's own stand in for the others.
    num_steps : int
        Steps of the whole run; the learning rate falls to 0 over them.
    """

    def __init__(self, parts: Mapping[str, Any], num_steps: int = NUM_STEPS) -> None:
        self.parts = Machine(parts, quick=True)
        self.given = self.parts.given
        self.num_steps = num_steps
        self.docs, self.tokenizer, self.rng = reference_names()
        self.config = Config(self.tokenizer.vocab_size)
        self.state_dict = {
            name: [[self.parts.value(param.data) for param in row] for row in matrix]
            for name, matrix in init_params(self.config, self.rng).items()
        }
        self.adam = self.parts.adam(flatten(self.state_dict))
        self.losses: list[float] = []
        self.difference = ""

    @property
    def index(self) -> int:
        """Steps made so far."""
        return len(self.losses)

    @property
    def done(self) -> bool:
        """Whether no step is left to make."""
        return self.index >= self.num_steps

    def step(self) -> float:
        """Make one step; its loss."""
        place = self.index
        ids = self.tokenizer.document_ids(self.docs[place % len(self.docs)])
        collecting = gc.isenabled()
        gc.disable()  # the graph of a step goes when nobody holds it; a search for rings finds none
        try:
            loss = self.parts.document_loss(ids, self.state_dict, self.config)
            loss.backward()
            self.adam.step(self.parts.linear_decay(LEARNING_RATE, place, self.num_steps))
        finally:
            if collecting:
                gc.enable()
        self.losses.append(float(loss.data))
        expected = reference_losses(self.num_steps)[place]
        if not self.difference and not same(self.losses[-1], expected):
            self.difference = f"step {place + 1}: loss {self.losses[-1]:.4f}, not {expected:.4f}"
        return self.losses[-1]

    def names(self, count: int = 20) -> list[str]:
        """Names that the model invents now, with the dice of the reference run."""
        state = self.rng.getstate()
        names = [self._name() for _ in range(count)]
        self.rng.setstate(state)
        return names

    def reference_names(self, count: int = 20) -> list[str]:
        """The names of the reference run, drawn from the shipped weights with the same dice."""
        _, _, rng = reference_names()
        init_params(self.config, rng)
        state_dict, config, tokenizer = microgpt.load()
        return [microgpt.sample(state_dict, config, tokenizer, rng) for _ in range(count)]

    def _name(self) -> str:
        gpt, softmax, config = self.parts.part("gpt"), self.parts.part("softmax"), self.config
        keys, values = empty_cache(config), empty_cache(config)
        ids = [self.tokenizer.BOS]
        for pos_id in range(config.block_size):
            logits = gpt(ids[-1], pos_id, keys, values, self.state_dict, config)
            probs = [p.data for p in softmax([logit / TEMPERATURE for logit in logits])]
            ids += self.rng.choices(range(len(probs)), weights=probs)
            if ids[-1] == self.tokenizer.BOS:
                break
        return self.tokenizer.decode(t for t in ids if t != self.tokenizer.BOS)


@cache
def reference_losses(num_steps: int = NUM_STEPS) -> Sequence[float]:
    """The losses of the reference run, from the NumPy engine: equal to 12 decimals, in a second."""
    docs, tokenizer, rng = reference_names()
    config = Config(tokenizer.vocab_size)
    train = engines.get("numpy").train
    steps = train(docs, tokenizer, config, init_params(config, rng), num_steps=num_steps)
    return [step.loss for step in steps]
