"""What all engines share: documents in, steps out, weights back where they came from. Chapter 11.

An engine differs from the others in one thing only: how it finds the loss of a document and the
slopes of all parameters. The order of the documents, the learning rate's way down, the answer to
bad input and to a loss that is no number any more are the same for all, so they stand here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from ..autograd import Value
from ..model import Config, StateDict
from ..optim import Adam, linear_decay
from ..tokenizer import CharTokenizer
from ..training import Step, TrainingDiverged, check_training_input


class Learner(Protocol):
    """The part that each engine brings along."""

    def step(self, batch: Any, learning_rate: float) -> float:
        """Find the loss (nats) of `batch`; if it is a finite number, make one step of Adam."""

    def undo(self) -> None:
        """Take the last update of the weights back."""

    def weights(self) -> Sequence[float]:
        """All weights in one list, in the order of ``config.shapes()``."""


def flat_params(state_dict: StateDict, config: Config) -> list[Value]:
    """All parameters in one list, in the order of ``config.shapes()``, whatever the dict's own."""
    return [param for name in config.shapes() for row in state_dict[name] for param in row]


def token_stream(
    docs: Sequence[str], tokenizer: CharTokenizer, config: Config
) -> Iterator[list[int]]:
    """Hand out the documents as tokens, one by one, from the first again after the last.

    Yields
    ------
    list of int, shape (n + 1,)
        BOS, the characters, BOS; cut to ``block_size + 1`` tokens. The first n are what the model
        reads, the last n what it is to guess.
    """
    while True:
        for doc in docs:
            yield tokenizer.document_ids(doc)[: config.block_size + 1]


def check_input(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int,
    learning_rate: float,
    betas: tuple[float, float, float],
) -> None:
    """Raise for bad input what `microgpt.train` raises for it, before any work is done."""
    check_training_input(docs, tokenizer, config, state_dict, num_steps, learning_rate)
    Adam([], *betas)  # complains about a beta1, beta2 or eps out of range


def run(
    learner: Learner,
    batches: Iterator[Any],
    params: Sequence[Value],
    num_steps: int,
    learning_rate: float,
) -> Iterator[Step]:
    """Make the steps and report each; in the end hand the weights back to `params`.

    The end may be the last step, an error, or the caller closing the generator: what was learned
    until then is never lost. While the run is under way `params` keep their old numbers.

    Raises
    ------
    TrainingDiverged
        If a loss or, at the end, a weight is not finite. The update that led to it is taken back.
    """
    try:
        for index in range(num_steps):
            rate = linear_decay(learning_rate, index, num_steps)
            loss = learner.step(next(batches), rate)
            if not math.isfinite(loss):
                learner.undo()
                raise TrainingDiverged(index, loss, learning_rate)
            yield Step(index, loss, rate)
        if num_steps and not all(map(math.isfinite, learner.weights())):
            learner.undo()
            raise TrainingDiverged(num_steps, math.nan, learning_rate)
    finally:
        for param, number in zip(params, learner.weights()):
            param.data = number
