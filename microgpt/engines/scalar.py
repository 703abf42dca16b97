"""The course's own engine: a graph of `Value` for each document. Chapters 08 and 11.

Two changes from `plain`, and the losses are the same to the last bit: the backward order is found
with a list in place of recursion, which leaves no reference cycle, and a dot product is one node.
"""

import gc
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..model import Config, StateDict, flatten
from ..optim import Adam
from ..training import Batch, Learner, Settings, document_loss


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Keep Python's cycle collector still: the graph has no cycles and is freed without it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class ScalarLearner(Learner):
    """The course's own engine: a graph of `Value` for each document."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        self.state_dict, self.config = state_dict, config
        self.params = flatten(state_dict)
        self.adam = Adam(self.params, settings.beta1, settings.beta2, settings.eps)
        self.before = self.weights()

    @no_garbage_collection()
    def step(self, batch: Batch, learning_rate: float) -> float:
        """One document: graph, slopes, update. The graph is gone on return."""
        return self.update(batch, learning_rate)

    def document_loss(self, ids: list[int]) -> Any:
        """The root of a document's graph."""
        return document_loss(ids, self.state_dict, self.config)

    def update(self, batch: Batch, learning_rate: float) -> float:
        """The step itself."""
        (ids,) = batch
        try:
            loss = self.document_loss(ids)
            loss.backward()
        except (ValueError, ArithmeticError):  # the input was checked before: it is the numbers
            return math.nan
        if math.isfinite(loss.data):
            self.before = self.weights()
            self.adam.step(learning_rate)
        return float(loss.data)

    def undo(self) -> None:
        """Take the last update back."""
        for param, number in zip(self.params, self.before):
            param.data, param.grad = number, 0

    def weights(self) -> list[float]:
        """All weights in one list."""
        return [param.data for param in self.params]
