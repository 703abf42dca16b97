"""One document a step, all its positions at once, in float64 arrays. Chapter 11.

The mathematics stands in `arrays`; this makes it a rung.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import training
from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings
from .arrays import Array, ArrayAdam, ArrayGPT


class ArrayLearner(Learner):
    """A model on arrays and its Adam.

    Parameters
    ----------
    state_dict, config, settings
        See `Learner`.
    kind : type of ArrayGPT
        The model; one with a part taken out, for example.
    optimizer : function of an array, optional
        Makes what moves the model's parameters, in place of `ArrayAdam`.
    """

    dtype: Any = np.float64

    def __init__(
        self,
        state_dict: StateDict,
        config: Config,
        settings: Settings,
        kind: type[ArrayGPT] = ArrayGPT,
        optimizer: Callable[[Array], Any] | None = None,
    ) -> None:
        self.model = kind(config, [param.data for param in flatten(state_dict)], self.dtype)
        betas = settings.beta1, settings.beta2, settings.eps
        make = optimizer or (lambda flat: ArrayAdam(flat, *betas))
        self.adam = make(self.model.flat)

    def step(self, batch: Batch, learning_rate: float) -> float:
        """Find the loss; make one step of Adam unless it is not a number any more."""
        loss = self.model.loss_and_grads(*padded(batch))
        if math.isfinite(loss):
            with np.errstate(all="ignore"):  # the loop looks at the numbers
                self.adam.step(self.model.flat_grad, learning_rate)
        return loss

    @property
    def num_steps(self) -> int:  # type: ignore[override]
        """Updates begun so far."""
        num_steps: int = self.adam.num_steps
        return num_steps

    def undo(self) -> None:
        """Take the last update back."""
        self.model.flat[:] = self.adam.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.model.flat.tolist()

    def moments(self) -> tuple[list[float], list[float]]:
        """Adam's two moments."""
        return self.adam.m.tolist(), self.adam.v.tolist()

    def recall(self, m: Sequence[float], v: Sequence[float], num_steps: int) -> None:
        """Go on with these moments."""
        self.adam.m[:], self.adam.v[:], self.adam.num_steps = m, v, num_steps


def padded(documents: Batch) -> tuple[Array, Array, Array]:
    """Some documents as arrays, and what each position counts for: the masked mean.

    Parameters
    ----------
    documents : list of token lists
        Document b has n_b + 1 tokens, so n_b positions.

    Returns
    -------
    inputs, targets : int arrays, shape (B, n)
        n is the largest n_b; the rest of each row is filled up with token 0.
    share : array, shape (B * n, 1)
        1 / (B * n_b) on the positions of document b, 0 on its filling. So the loss of a batch is
        the mean of its documents' losses, whatever their lengths.
    """
    tokens = np.zeros((len(documents), max(map(len, documents))), dtype=np.int64)
    share = np.zeros((len(documents), tokens.shape[1] - 1))
    for b, document in enumerate(documents):
        n_b = len(document) - 1
        tokens[b, : n_b + 1] = document
        share[b, :n_b] = 1 / (len(documents) * n_b)
    return tokens[:, :-1], tokens[:, 1:], share.reshape(-1, 1)


train = partial(training.train, engine="numpy")
