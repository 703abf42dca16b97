"""The GPT on vectors: fifteen nodes a token where the scalar engine has a thousand. Chapter 11.

The nodes are those of `vector`. Token by token, as the scalar engine does it, with the past in
lists of keys and values; Adam goes through all parameters in three list comprehensions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import chain

from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings
from . import plain, vector
from .scalar import no_garbage_collection
from .vector import Matrix

document_loss = partial(plain.document_loss, ops=vector)  # of (ids, matrices, config)


class ListAdam:
    """`microgpt.Adam` in list comprehensions."""

    def __init__(self, size: int, settings: Settings) -> None:
        self.settings, self.num_steps = settings, 0
        self.m, self.v = [0.0] * size, [0.0] * size

    def step(self, params: list[float], grads: list[float], learning_rate: float) -> list[float]:
        """The parameters, each moved against its slope."""
        self.num_steps += 1
        beta1, beta2 = self.settings.beta1, self.settings.beta2
        new1, new2 = 1 - beta1, 1 - beta2
        self.m = [beta1 * m + new1 * g for m, g in zip(self.m, grads)]
        self.v = [beta2 * v + new2 * (g * g) for v, g in zip(self.v, grads)]
        # the corrections of young moments, taken out of the loop over the parameters
        root = math.sqrt(1 - beta2**self.num_steps)
        rate, eps = learning_rate * root / (1 - beta1**self.num_steps), self.settings.eps * root
        roots = map(math.sqrt, self.v)
        return [p - rate * m / (root_v + eps) for p, m, root_v in zip(params, self.m, roots)]


class VectorLearner(Learner):
    """All parameters in one list; matrices are cut from it for every step."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        self.config = config
        self.params = self.before = [param.data for param in flatten(state_dict)]
        self.adam = ListAdam(len(self.params), settings)

    def matrices(self) -> dict[str, Matrix]:
        """Cut the list into rows, the rows into matrices."""
        matrices, start = {}, 0
        for name, (rows, columns) in self.config.shapes().items():
            starts = range(start, start + rows * columns, columns)
            matrices[name] = Matrix([self.params[i : i + columns] for i in starts])
            start += rows * columns
        return matrices

    def loss_and_grads(self, ids: Sequence[int]) -> tuple[float, list[float]]:
        """Loss of a document, and the slopes of all parameters."""
        matrices = self.matrices()
        loss = document_loss(ids, matrices, self.config)
        loss.backward()
        grads = (row for matrix in matrices.values() for row in matrix.grads())
        return loss.data[0], list(chain.from_iterable(grads))

    @no_garbage_collection()
    def step(self, batch: Batch, learning_rate: float) -> float:
        """One document: loss, slopes, update."""
        (ids,) = batch
        try:
            loss, grads = self.loss_and_grads(ids)
        except (ValueError, ArithmeticError):  # the input was checked: numbers blew up
            return math.nan
        if math.isfinite(loss):
            self.before = self.params
            self.params = self.adam.step(self.params, grads, learning_rate)
        return loss

    def undo(self) -> None:
        """Take the last update back."""
        self.params = self.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.params
