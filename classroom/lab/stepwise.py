"""A NumPy training run that is made step by step and can be looked at in between. Chapters 07, 08.

`engines.get("numpy").train` hands the weights back when it has finished. The explorers want more:
names sampled on the way, the loss of names held out, a choice of optimiser, and the reason when a
run diverges::

    run = NumpyRun(docs, tokenizer, config, state_dict, learning_rate=0.01, optimizer="Adam")
    while not run.done:
        step = run.step()
    run.hand_back()  # the weights, into state_dict
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from microgpt.engines.arrays import Array, ArrayGPT, softmax
from microgpt.engines.common import check_input, flat_params, token_stream
from microgpt.engines.numpy_engine import single_documents
from microgpt.model import Config, StateDict
from microgpt.optim import linear_decay
from microgpt.tokenizer import CharTokenizer
from microgpt.training import Step, TrainingDiverged, train

from .descent import make_optimizer


class NumpyRun:
    """One run of training; nothing happens until `step` is called.

    Parameters
    ----------
    docs, tokenizer, config, state_dict, num_steps, learning_rate
        As for `microgpt.train`. `state_dict` is read now, and changed by `hand_back` only.
    optimizer : str
        "Adam", "momentum" or "SGD"; with Adam and decay the steps are those of the engine "numpy".
    decay : bool
        Whether the learning rate falls to 0 over the run.

    Attributes
    ----------
    index : int
        Steps made so far.
    reason : str
        Once the run has diverged: what happened to the numbers.

    Raises
    ------
    ValueError
        Before any work, if the arguments do not fit together.
    """

    def __init__(
        self,
        docs: Sequence[str],
        tokenizer: CharTokenizer,
        config: Config,
        state_dict: StateDict,
        num_steps: int = 1000,
        learning_rate: float = 0.01,
        optimizer: str = "Adam",
        decay: bool = True,
    ) -> None:
        betas = (0.85, 0.99, 1e-8)
        check_input(docs, tokenizer, config, state_dict, num_steps, learning_rate, betas)
        self._params = flat_params(state_dict, config)
        self.model = ArrayGPT(config, [param.data for param in self._params])
        self._optimizer = make_optimizer(optimizer, self.model.flat)
        self._batches = single_documents(token_stream(docs, tokenizer, config))
        self.num_steps, self.learning_rate, self.decay = num_steps, learning_rate, decay
        self.index = 0
        self.reason = ""

    @property
    def done(self) -> bool:
        """Whether no step is left to make."""
        return self.index >= self.num_steps or bool(self.reason)

    def step(self) -> Step:
        """Make one step.

        Raises
        ------
        TrainingDiverged
            If the loss is no finite number, or a weight is not after the step. The update that led
            to it is taken back, and `reason` says what happened.
        """
        rate = self.learning_rate
        if self.decay:
            rate = linear_decay(rate, self.index, self.num_steps)
        batch = next(self._batches)
        loss = self.model.loss_and_grads(*batch)
        if not math.isfinite(loss):
            raise self._diverged(loss, _why(self.model, batch[0], batch[1]))
        with np.errstate(all="ignore"):
            self._optimizer.step(self.model.flat_grad, rate)
        if not np.isfinite(self.model.flat).all():
            raise self._diverged(math.nan, "a weight grew beyond what a float can hold")
        self.index += 1
        return Step(self.index - 1, loss, rate)

    def hand_back(self) -> None:
        """Write the weights as they are now into the `state_dict` that the run began with."""
        for param, number in zip(self._params, self.model.flat.tolist()):
            param.data = number

    def _diverged(self, loss: float, reason: str) -> TrainingDiverged:
        self.reason = reason
        self.model.flat[:] = self._optimizer.before
        return TrainingDiverged(self.index, loss, self.learning_rate)


class ScalarRun:
    """The course's own training loop with the interface of `NumpyRun`."""

    reason = ""

    def __init__(
        self,
        docs: Sequence[str],
        tokenizer: CharTokenizer,
        config: Config,
        state_dict: StateDict,
        num_steps: int = 1000,
        learning_rate: float = 0.01,
    ) -> None:
        self._steps = train(docs, tokenizer, config, state_dict, num_steps, learning_rate)
        self.index, self.num_steps = 0, num_steps

    @property
    def done(self) -> bool:
        """Whether no step is left to make."""
        return self.index >= self.num_steps

    def step(self) -> Step:
        """Make one step; raise TrainingDiverged where `microgpt.train` does."""
        step = next(self._steps)
        self.index += 1
        if self.done:
            list(self._steps)  # its last look at the weights
        return step

    def hand_back(self) -> None:
        """Nothing to do: the weights are in their `state_dict` all the time."""


def _why(model: ArrayGPT, inputs: Array, targets: Array) -> str:
    """What came before a loss that is no number: usually a probability of 0."""
    with np.errstate(all="ignore"):
        logits = model.forward(inputs)[0] @ model.weight["lm_head"].T  # (n, V)
        if not np.isfinite(logits).all():
            return "the scores of the letters grew beyond what a float can hold"
        behind = logits.max(1) - logits[np.arange(len(logits)), targets.reshape(-1)]
    return (
        f"the right letter's score lay {behind.max():,.0f} behind the best one's, so its "
        "probability was rounded to 0, and the surprise at it is infinite"
    )


def mean_loss(
    docs: Sequence[str], model: ArrayGPT, config: Config, tokenizer: CharTokenizer
) -> float:
    """How surprised a model is by documents: `microgpt.mean_loss`, on arrays.

    Parameters
    ----------
    docs : sequence of str
        The documents; those of one length go through the model together.
    model : ArrayGPT
        The model, for example ``run.model``.
    config, tokenizer
        As for `microgpt.mean_loss`.

    Returns
    -------
    float
        Loss in nats a token, the end of each document included.

    Raises
    ------
    ValueError
        If there is no document, or one has a character that is not in the vocabulary.
    """
    by_length = defaultdict(list)
    for doc in docs:
        ids = tokenizer.document_ids(doc)[: config.block_size + 1]
        by_length[len(ids)].append(ids)
    if not by_length:
        raise ValueError("there are no documents to measure the loss on: give at least one")
    summed, count = 0.0, 0
    with np.errstate(all="ignore"):
        for group in by_length.values():
            block = np.array(group)  # (B, n + 1)
            x, _ = model.forward(block[:, :-1])
            probs = softmax(x @ model.weight["lm_head"].T)  # (B * n, V)
            targets = block[:, 1:].reshape(-1)
            summed -= float(np.log(probs[np.arange(len(targets)), targets]).sum())
            count += len(targets)
    return summed / count
