"""One document a step, all its positions at once, in float64 arrays. Chapter 11.

The mathematics stands in `arrays`; this makes it a rung.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings
from .arrays import Array, ArrayAdam, ArrayGPT


class ArrayLearner(Learner):
    """A model on arrays and its Adam.

    `kind` is another model, one with a part taken out, for example; `optimizer` makes what moves an
    array of parameters, in place of `ArrayAdam`.
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

    def undo(self) -> None:
        """Take the last update back."""
        self.model.flat[:] = self.adam.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.model.flat.tolist()


def padded(documents: Batch) -> tuple[Array, Array, Array]:
    """Some documents as arrays, and what each position counts for: the masked mean.

    Document b has n_b + 1 tokens, so n_b positions. `inputs` and `targets`, shape (B, n), are
    filled up with token 0 to the largest n_b. `share`, (B * n, 1), is 1 / (B * n_b) on positions
    of document b, 0 on its filling: the loss of a batch is the mean of its documents' losses.
    """
    tokens = np.zeros((len(documents), max(map(len, documents))), dtype=np.int64)
    share = np.zeros((len(documents), tokens.shape[1] - 1))
    for b, document in enumerate(documents):
        n_b = len(document) - 1
        tokens[b, : n_b + 1] = document
        share[b, :n_b] = 1 / (len(documents) * n_b)
    return tokens[:, :-1], tokens[:, 1:], share.reshape(-1, 1)
