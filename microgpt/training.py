"""The training loop: documents in, steps out, weights back where they came from. Chapter 08.

There is one loop, `Run`, for every engine. What an engine brings is a `Learner`: how the loss of
some documents and the slopes of all parameters are found. The course's own is `ScalarLearner`; the
others lie in `microgpt.engines`, a rung of chapter 11 each.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from .autograd import Value, total
from .layers import cross_entropy
from .model import Config, StateDict, empty_cache, flatten, gpt
from .optim import Adam, linear_decay
from .tokenizer import CharTokenizer

Batch = list[list[int]]  # documents as token ids, BOS at both ends


@dataclass(frozen=True)
class Settings:
    """Everything about a run that can be chosen.

    Parameters
    ----------
    num_steps, learning_rate : int, float
        Length of the run, and the rate of its first step, which falls to 0 over the run.
    beta1, beta2, eps : float
        See `Adam`.
    engine : str
        Who finds losses and slopes: ``scalar``, or one of `microgpt.engines`.
    batch_size : int, optional
        Documents a step, for an engine that takes several; without it, the engine's own number.
    """

    num_steps: int = 1000
    learning_rate: float = 0.01
    beta1: float = 0.85
    beta2: float = 0.99
    eps: float = 1e-8
    engine: str = "scalar"
    batch_size: int | None = None

    def __post_init__(self) -> None:
        steps, rate, size = self.num_steps, self.learning_rate, self.batch_size
        if not isinstance(steps, int) or steps < 0:
            raise ValueError(f"num_steps must be a whole number of at least 0, not {steps!r}")
        if not isinstance(rate, (int, float)) or not 0 < rate < math.inf:
            raise ValueError(f"learning_rate must be a finite number above 0, not {rate!r}")
        if size is not None and (not isinstance(size, int) or size < 1):
            raise ValueError(f"batch_size must be a whole number of at least 1, not {size!r}")
        Adam([], self.beta1, self.beta2, self.eps)  # complains about a beta or eps out of range


@dataclass(frozen=True)
class Step:
    """What one training step did."""

    index: int  # counted from 0
    loss: float  # mean loss of the step's documents before the update, in nats a token
    learning_rate: float  # of the update


class TrainingDiverged(ArithmeticError):
    """A loss or a weight is no finite number any more; the weights are the last good ones.

    `step`, counted from 0, could not be made; `loss` came out, usually ``nan``.
    """

    def __init__(self, step: int, loss: float, learning_rate: float) -> None:
        super().__init__(
            f"the loss became {loss} at step {step + 1}: training stopped and the weights before "
            f"it were kept; try a learning rate smaller than {learning_rate:g}"
        )
        self.step, self.loss, self.learning_rate = step, loss, learning_rate

    def __reduce__(self) -> tuple[type, tuple[int, float, float]]:
        return type(self), (self.step, self.loss, self.learning_rate)


class Learner(Protocol):
    """What an engine brings: a model, its slopes and its Adam. The loop is `Run`.

    It is made from ``(state_dict, config, settings)``. Lists of numbers are in the order of the
    dict, which is that of ``config.shapes()``.
    """

    adam: Any
    """What moves the weights: with moments `m` and `v`, and `num_steps`, the updates begun."""

    def step(self, batch: Batch, learning_rate: float) -> float:
        """Find the mean loss (nats) of some documents; if it is finite, make a step of Adam."""

    def undo(self) -> None:
        """Take the last update of the weights back."""

    def weights(self) -> Sequence[float]:
        """All weights in one list."""

    def moments(self) -> tuple[list[float], list[float]]:
        """Adam's two moments, each in one list."""
        return list(map(float, self.adam.m)), list(map(float, self.adam.v))

    def recall(self, m: Sequence[float], v: Sequence[float], num_steps: int) -> None:
        """Go on with these moments, as they were after so many steps."""
        self.adam.m[:], self.adam.v[:], self.adam.num_steps = m, v, num_steps

    def batches(self, documents: Iterator[list[int]], size: int | None) -> Iterator[Batch]:
        """Deal the documents out to steps: one each, unless an engine can do with more."""
        if size not in (None, 1):
            raise ValueError(f"this engine takes one document a step: batch_size {size} cannot be")
        return ([document] for document in documents)


def document_loss(ids: Sequence[int], state_dict: StateDict, config: Config) -> Value:
    """The mean loss of predicting each token of a document from those before it.

    Parameters
    ----------
    ids : sequence of int, shape (n + 1,)
        The document's ids with the mark at both ends (`CharTokenizer.document_ids`); they are cut
        to the block. The parameters are `state_dict`, the sizes `config`.

    Returns
    -------
    Value
        The loss in nats a token, root of the whole computation graph.
    """
    if len(ids) < 2:
        raise ValueError(f"a document needs at least 2 ids to predict one from another, got {ids}")
    keys, values = empty_cache(config), empty_cache(config)
    losses = []
    for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
        logits = gpt(token_id, pos_id, keys, values, state_dict, config)
        losses.append(cross_entropy(logits, target_id))
    return total(losses) * (1 / len(losses))


class Run:
    """A run of training: an iterator that makes a step, and hands out a `Step`, when it is asked.

    Between two steps it can be looked at, saved (`microgpt.save`) or left alone. The weights go
    back into `state_dict` after the last step, at an error, and when it is closed or forgotten.

    Parameters
    ----------
    docs, tokenizer, config, state_dict, settings
        See `train`.
    make : function, optional
        Makes another learner than the engine's from ``(state_dict, config, settings)``.

    Attributes
    ----------
    index, ended : int, str
        Steps made so far; why there can be no other: "diverged", or "was interrupted".
    rng, notes : random.Random, dict of str to what JSON can hold
        What else `save` is to keep: the stream that names will be drawn from, what you like.
    """

    def __init__(
        self,
        docs: Sequence[str],
        tokenizer: CharTokenizer,
        config: Config,
        state_dict: StateDict,
        settings: Settings,
        make: Callable[[StateDict, Config, Settings], Learner] | None = None,
    ) -> None:
        check_training_input(docs, tokenizer, config, state_dict)
        self.docs, self.tokenizer, self.config, self.settings = docs, tokenizer, config, settings
        self._state_dict = {name: state_dict[name] for name in config.shapes()}  # in this order
        self.learner = (make or find_learner(settings.engine))(self._state_dict, config, settings)
        documents = tokenizer.stream(docs, config.block_size)
        self._batches = self.learner.batches(documents, settings.batch_size)
        self.index, self.ended, self._handed_back = 0, "", True
        self.rng: random.Random | None = None
        self.notes: dict[str, Any] = {}

    @property
    def done(self) -> bool:
        """Whether no step is left to make."""
        return bool(self.ended) or self.index >= self.settings.num_steps

    @property
    def state_dict(self) -> StateDict:
        """The parameters as they are after the last step."""
        self.close()
        return self._state_dict

    def rate(self) -> float:
        """The learning rate of the next step."""
        return linear_decay(self.settings.learning_rate, self.index, self.settings.num_steps)

    def __iter__(self) -> Run:
        return self

    def __next__(self) -> Step:
        """Make one step; raise `TrainingDiverged` if it cannot be made."""
        if self.done:
            self.close()
            raise StopIteration
        try:
            return self._step()
        except BaseException:
            if self.learner.adam.num_steps > self.index and not self.ended:
                self.ended = "was interrupted"  # inside an update: some weights are new, some old
                self.learner.undo()
            self.close()
            raise

    def _step(self) -> Step:
        rate, self._handed_back = self.rate(), False
        loss = self.learner.step(next(self._batches), rate)
        last = self.index + 1 == self.settings.num_steps
        if last and not all(map(math.isfinite, self.learner.weights())):
            loss = math.nan  # no next step would notice it
        if not math.isfinite(loss):
            self.ended = "diverged"
            self.learner.undo()
            raise TrainingDiverged(self.index, loss, self.settings.learning_rate)
        self.index += 1
        return Step(self.index - 1, loss, rate)

    def close(self) -> None:
        """Hand the weights back. It does no harm to go on afterwards."""
        if not self._handed_back:
            for param, number in zip(flatten(self._state_dict), self.learner.weights()):
                param.data = number
            self._handed_back = True

    def __del__(self) -> None:
        if hasattr(self, "_handed_back"):  # else it never began
            self.close()

    def recall(self, m: Sequence[float], v: Sequence[float], index: int) -> None:
        """Take up a run after `index` steps, with the moments that Adam had then."""
        self.learner.recall(m, v, index)
        for _ in islice(self._batches, index % len(self.docs)):  # after so many they come again
            pass
        self.index = index

    def __repr__(self) -> str:
        made, of = self.index, self.settings.num_steps
        return f"Run({made:,} of {of:,} steps made, engine {self.settings.engine!r})"


def train(
    docs: Sequence[str], tokenizer: CharTokenizer, config: Config, state_dict: StateDict,
    *settings: Any, **more_settings: Any,
) -> Run:  # fmt: skip
    """Train the parameters in place, step by step.

    ::

        for step in train(docs, tokenizer, config, state_dict, num_steps=1000):
            print(step.index, step.loss)

    Parameters
    ----------
    docs : sequence of str
        The documents; taken in this order, and again from the first: shuffle them beforehand.
    tokenizer, config, state_dict
        The vocabulary of all `docs`, sizes, and parameters, which are changed in place.
    *settings, **more_settings
        Those of `Settings`: ``num_steps=1000, learning_rate=0.01, beta1, beta2, eps, engine, ...``.

    Returns
    -------
    Run
        An iterator of `Step`. Nothing is computed before it is asked for the first.

    Raises
    ------
    ValueError, ImportError
        If the arguments do not fit together, or the engine needs a package that is missing.
    """
    return Run(docs, tokenizer, config, state_dict, Settings(*settings, **more_settings))


def find_learner(engine: str) -> Callable[[StateDict, Config, Settings], Learner]:
    """What makes an engine's learner. The one look upward: by a name that the caller gave."""
    from .engines import learner

    return learner(engine)


def check_training_input(
    docs: Sequence[str], tokenizer: CharTokenizer, config: Config, state_dict: StateDict
) -> None:
    """Raise a ValueError that says what is wrong if a training run could not succeed."""
    if not isinstance(docs, Sequence) or isinstance(docs, str):  # taken in order, and again
        raise ValueError(f"docs must be a list of documents, not {docs!r:.40}")
    if not docs:
        raise ValueError("there are no documents to train on: give at least one")
    for doc in docs:
        if not isinstance(doc, str):
            raise TypeError(f"a document is a text, not {doc!r:.40}")
    for char in set().union(*docs) - set(tokenizer.chars):
        tokenizer.encode(next(doc for doc in docs if char in doc))  # raises, naming it
    if tokenizer.vocab_size != config.vocab_size:
        raise ValueError(
            f"the tokenizer has {tokenizer.vocab_size} tokens but the model {config.vocab_size}: "
            "make the Config from this tokenizer's vocab_size"
        )
    config.check(state_dict)
