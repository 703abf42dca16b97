"""Training runs that are made step by step and looked at in between. Chapters 06 to 08 and 10.

They are runs of `microgpt.train` with what the explorers want besides: a choice of model and
optimiser, a rate that stays, the reason when a run diverges, and weights that are handed back only
when that is asked for::

    run = NumpyRun(docs, tokenizer, config, state_dict, learning_rate=0.01, optimizer="Adam")
    while not run.done:
        step = run.step()
    run.hand_back()  # the weights, into state_dict
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from microgpt.engines.arrays import Array, ArrayGPT, ArrayLearner, padded, softmax
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer
from microgpt.training import Batch, Run, Settings, Step

from .descent import make_optimizer


class ScalarRun(Run):
    """The course's own training loop, as an explorer drives it."""

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
        super().__init__(docs, tokenizer, config, state_dict, Settings(num_steps, learning_rate))

    @property
    def num_steps(self) -> int:
        """Steps in the whole run."""
        return self.settings.num_steps

    def step(self) -> Step:
        """Make one step; raise TrainingDiverged where `microgpt.train` does."""
        return next(self)

    def hand_back(self) -> None:
        """Write the weights as they are now into the `state_dict` that the run began with."""
        super().close()


class NumpyRun(ScalarRun):
    """The same on arrays; nothing happens until `step` is called.

    Parameters
    ----------
    docs, tokenizer, config, state_dict, num_steps, learning_rate
        As for `microgpt.train`. `state_dict` is read now, and changed by `hand_back` only.
    optimizer : str or function of an array
        "Adam", "momentum" or "SGD", or what makes another one; with Adam and decay the steps are
        those of the engine "numpy".
    decay : bool
        Whether the learning rate falls to 0 over the run.
    kind : type of ArrayGPT
        The model.

    Attributes
    ----------
    model : ArrayGPT
        The model as it is now.

    Raises
    ------
    ValueError
        Before any work, if the arguments do not fit together.
    """

    learner: Explained

    def __init__(
        self,
        docs: Sequence[str],
        tokenizer: CharTokenizer,
        config: Config,
        state_dict: StateDict,
        num_steps: int = 1000,
        learning_rate: float = 0.01,
        optimizer: str | Callable[[Array], Any] = "Adam",
        decay: bool = True,
        kind: type[ArrayGPT] = ArrayGPT,
    ) -> None:
        if isinstance(optimizer, str):
            optimizer = partial(make_optimizer, optimizer)
        make = partial(Explained, kind=kind, optimizer=optimizer)
        settings = Settings(num_steps, learning_rate, engine="numpy")
        Run.__init__(self, docs, tokenizer, config, state_dict, settings, make)
        self.model, self.decay = self.learner.model, decay

    def rate(self) -> float:
        """The learning rate of the next step."""
        return super().rate() if self.decay else self.settings.learning_rate

    def close(self) -> None:
        """Leave the weights where they are: see `hand_back`."""

    @property
    def reason(self) -> str:  # type: ignore[override]
        """Once the run has diverged: what happened to the numbers."""
        return self.learner.reason


class Explained(ArrayLearner):
    """A learner that says why its loss is no number."""

    reason = ""

    def step(self, batch: Batch, learning_rate: float) -> float:
        """As `ArrayLearner`, and keep the reason."""
        loss = super().step(batch, learning_rate)
        if not math.isfinite(loss):
            inputs, targets, _ = padded(batch)
            self.reason = _why(self.model, inputs, targets)
        return loss


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
