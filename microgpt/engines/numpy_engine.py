"""One document a step, all its positions at once, in float64 arrays. Chapter 11.

The mathematics stands in `arrays`; this is the loop around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..model import Config, StateDict
from ..tokenizer import CharTokenizer
from ..training import Step
from .arrays import Array, ArrayAdam, ArrayGPT
from .common import check_input, flat_params, run, token_stream


class ArrayLearner:
    """A model and its Adam; a batch is a pair of int arrays and the positions' shares."""

    def __init__(self, model: ArrayGPT, adam: ArrayAdam) -> None:
        self.model, self.adam = model, adam

    def step(self, batch: tuple[Array, Array, Array], learning_rate: float) -> float:
        """Find the loss; make one step of Adam unless it is not a number any more."""
        loss = self.model.loss_and_grads(*batch)
        if np.isfinite(loss):
            self.adam.step(self.model.flat_grad, learning_rate)
        return loss

    def undo(self) -> None:
        """Take the last update back."""
        self.model.flat[:] = self.adam.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.model.flat.tolist()


def single_documents(tokens: Iterator[list[int]]) -> Iterator[tuple[Array, Array, Array]]:
    """One document a batch; each of its n positions counts for 1 / n."""
    for document in tokens:
        row = np.array([document])  # (1, n + 1)
        n = row.shape[1] - 1
        yield row[:, :-1], row[:, 1:], np.full((n, 1), 1 / n)


def train(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int = 1000,
    learning_rate: float = 0.01,
    beta1: float = 0.85,
    beta2: float = 0.99,
    eps: float = 1e-8,
) -> Iterator[Step]:
    """Train as `microgpt.train` does, some 80 times as fast; the losses agree to 1e-12.

    Arguments, steps and errors are those of `microgpt.train`. The weights go back into `state_dict`
    after the last step, or as soon as the generator is closed.
    """
    check_input(docs, tokenizer, config, state_dict, num_steps, learning_rate, (beta1, beta2, eps))
    params = flat_params(state_dict, config)
    model = ArrayGPT(config, [param.data for param in params])
    learner = ArrayLearner(model, ArrayAdam(model.flat, beta1, beta2, eps))
    batches = single_documents(token_stream(docs, tokenizer, config))
    return run(learner, batches, params, num_steps, learning_rate)
