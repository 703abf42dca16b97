"""The training loop: one document a step, loss, backward, Adam. Chapter 08."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .autograd import Value, total
from .layers import cross_entropy
from .model import Config, StateDict, flatten, gpt
from .optim import Adam, linear_decay
from .tokenizer import CharTokenizer


@dataclass(frozen=True)
class Step:
    """What one training step did."""

    index: int
    """The step, counted from 0."""
    loss: float
    """Mean loss of the step's document before the update, in nats a token."""
    learning_rate: float
    """The rate of the update."""


class TrainingDiverged(ArithmeticError):
    """The loss or a weight stopped being a finite number; the weights are the last good ones.

    Attributes
    ----------
    step : int
        The step, counted from 0, whose loss could not be computed.
    loss : float
        What came out, usually ``nan``.
    """

    def __init__(self, step: int, loss: float, learning_rate: float) -> None:
        super().__init__(
            f"the loss became {loss} at step {step + 1}: training stopped and the weights before "
            f"it were kept; try a learning rate smaller than {learning_rate:g}"
        )
        self.step, self.loss, self.learning_rate = step, loss, learning_rate

    def __reduce__(self) -> tuple[type, tuple[int, float, float]]:
        return type(self), (self.step, self.loss, self.learning_rate)


def document_loss(ids: Sequence[int], state_dict: StateDict, config: Config) -> Value:
    """The mean loss of predicting each token of a document from those before it.

    Parameters
    ----------
    ids : sequence of int, shape (n + 1,)
        The document's ids with the mark at both ends (`CharTokenizer.document_ids`). What is
        longer than the block is cut off: ``min(n, block_size)`` predictions are made.
    state_dict : dict of str to rows of Value
        The parameters.
    config : Config
        The sizes.

    Returns
    -------
    Value
        The loss in nats a token, root of the whole computation graph.

    Raises
    ------
    ValueError
        If there is nothing to predict, or the numbers have grown out of bounds.
    """
    if len(ids) < 2:
        raise ValueError(f"a document needs at least 2 ids to predict one from another, got {ids}")
    keys: list = [[] for _ in range(config.n_layer)]
    values: list = [[] for _ in range(config.n_layer)]
    losses = []
    for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
        logits = gpt(token_id, pos_id, keys, values, state_dict, config)
        losses.append(cross_entropy(logits, target_id))
    return total(losses) * (1 / len(losses))


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
    """Train the parameters in place, a document a step; hand out a record after each.

    Stop by not asking for the next step: the weights are then those after the last complete one.
    Asking again later goes on where it stopped.

    Parameters
    ----------
    docs : sequence of str
        The documents. Step k takes document ``k % len(docs)``; shuffle them beforehand.
    tokenizer : CharTokenizer
        Must know every character of `docs`.
    config : Config
        The sizes.
    state_dict : dict of str to rows of Value
        The parameters; changed in place.
    num_steps : int
        Length of the run, over which the learning rate falls to 0.
    learning_rate : float
        The rate of the first step.
    beta1, beta2, eps : float
        See `Adam`.

    Yields
    ------
    Step
        ``index``, ``loss`` and ``learning_rate``.

    Raises
    ------
    ValueError
        Before any work, if the arguments do not fit together.
    TrainingDiverged
        When the loss stops being finite.
    """
    check_training_input(docs, tokenizer, config, state_dict, num_steps, learning_rate)
    adam = Adam(flatten(state_dict), beta1, beta2, eps)
    return _steps(docs, tokenizer, config, state_dict, num_steps, learning_rate, adam)


def _steps(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int,
    learning_rate: float,
    adam: Adam,
) -> Iterator[Step]:
    last_good = [param.data for param in adam.params]
    for index in range(num_steps):
        ids = tokenizer.document_ids(docs[index % len(docs)])
        with _no_garbage_collection():
            loss = _loss_with_gradients(ids, state_dict, config)
            if not math.isfinite(loss):
                _restore(adam.params, last_good)
                raise TrainingDiverged(index, loss, learning_rate)
            last_good = [param.data for param in adam.params]
            lr_t = linear_decay(learning_rate, index, num_steps)
            adam.step(lr_t)
        yield Step(index, loss, lr_t)
    if not all(math.isfinite(param.data) for param in adam.params):
        _restore(adam.params, last_good)
        raise TrainingDiverged(num_steps, math.nan, learning_rate)


def _loss_with_gradients(ids: Sequence[int], state_dict: StateDict, config: Config) -> float:
    """Forward and backward; the graph is gone on return. ``nan`` if the numbers blew up."""
    try:
        loss = document_loss(ids, state_dict, config)
        loss.backward()
    except (ValueError, ArithmeticError):  # the arguments were checked before: it is the numbers
        return math.nan
    return float(loss.data)


def _restore(params: Sequence[Value], data: Sequence[float]) -> None:
    for param, number in zip(params, data):
        param.data, param.grad = number, 0


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python's cycle collector still: the graph has no cycles and is freed without it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def check_training_input(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int,
    learning_rate: float,
) -> None:
    """Raise a ValueError that says what is wrong if a training run could not succeed."""
    if not docs:
        raise ValueError("there are no documents to train on: give at least one")
    if isinstance(docs, str):
        raise ValueError(f"docs must be a list of documents, not one text: {docs[:20]!r}")
    for char in set().union(*docs) - set(tokenizer.chars):
        tokenizer.encode(next(doc for doc in docs if char in doc))  # raises, naming it
    if tokenizer.vocab_size != config.vocab_size:
        raise ValueError(
            f"the tokenizer has {tokenizer.vocab_size} tokens but the model {config.vocab_size}: "
            "make the Config from this tokenizer's vocab_size"
        )
    check_shapes(state_dict, config)
    if not isinstance(num_steps, int) or num_steps < 0:
        raise ValueError(f"num_steps must be a whole number of at least 0, not {num_steps!r}")
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate must be a finite number above 0, not {learning_rate}")


def check_shapes(state_dict: StateDict, config: Config) -> None:
    """Raise a ValueError that names the first parameter matrix that does not fit `config`."""
    shapes = config.shapes()
    for name in sorted(shapes.keys() ^ state_dict.keys()):
        what = "is missing" if name in shapes else "does not belong to a model of these sizes"
        raise ValueError(f"the parameter matrix {name!r} {what}: {config}")
    for name, (rows, columns) in shapes.items():
        matrix = state_dict[name]
        widths = sorted({len(row) for row in matrix})
        if len(matrix) != rows or widths != [columns]:
            width = " or ".join(map(str, widths)) or "0"
            raise ValueError(
                f"{name!r} has shape {len(matrix)} x {width}, but {rows} x {columns} is needed"
            )
