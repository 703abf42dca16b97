"""The training loop: documents in, steps out, weights back where they came from. Chapter 08.

There is one loop, `Run`, for every engine. What an engine brings is a `Learner`: how the loss of
some documents and the slopes of all parameters are found. They are the rungs of chapter 11.
"""

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .autograd import Value, total
from .layers import cross_entropy
from .model import Config, StateDict, empty_cache, flatten, gpt
from .optim import Adam, linear_decay
from .tokenizer import CharTokenizer

Batch = list[list[int]]  # documents as token ids, BOS at both ends


@dataclass(frozen=True)
class Settings:
    """Everything about a run that can be chosen; a ValueError names what cannot be."""

    num_steps: int = 1000
    learning_rate: float = 0.01  # of the first step; it falls to 0 over the run
    beta1: float = 0.85  # see `Adam`
    beta2: float = 0.99
    eps: float = 1e-8
    engine: str = "scalar"  # who finds losses and slopes: this, or one of `microgpt.engines`
    batch_size: int | None = None  # documents a step; without it, the engine's own number

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
    """A loss or a weight is no finite number any more; the weights are those before `step`."""

    def __init__(self, step: int, loss: float, learning_rate: float) -> None:
        super().__init__(step, loss, learning_rate)
        self.step, self.loss, self.learning_rate = step, loss, learning_rate

    def __str__(self) -> str:
        return (
            f"the loss became {self.loss} at step {self.step + 1}: training stopped and the weights"
            f" before it were kept; try a learning rate smaller than {self.learning_rate:g}"
        )


class Learner(ABC):
    """What an engine makes of ``(state_dict, config, settings)``; lists are in the dict's order."""

    adam: Any  # what moves the weights: with moments `m`, `v`, and `num_steps`, the updates begun

    @abstractmethod
    def step(self, batch: Batch, learning_rate: float) -> float:
        """Find the mean loss (nats) of some documents; if it is finite, make a step of Adam."""

    @abstractmethod
    def undo(self) -> None:
        """Take the last update of the weights back."""

    @abstractmethod
    def weights(self) -> Sequence[float]:
        """All weights in one list."""

    def moments(self) -> tuple[list[float], list[float]]:
        """Adam's two moments, each in one list."""
        return list(map(float, self.adam.m)), list(map(float, self.adam.v))

    def recall(self, m: Sequence[float], v: Sequence[float], num_steps: int) -> None:
        """Go on with these moments, as they were after so many steps."""
        self.adam.m[:], self.adam.v[:], self.adam.num_steps = m, v, num_steps

    def batches(self, documents: Iterator[list[int]], size: int) -> Iterator[Batch]:
        """Deal the documents out to steps: one each, unless an engine can do with more."""
        if size != 1:
            takes = "this engine takes one document a step, not batch_size"
            raise ValueError(f"{takes} {size}: leave it out, or choose engine numpy_batched")
        return ([document] for document in documents)

    @staticmethod
    def together() -> AbstractContextManager[Any]:
        """Within this, a run shares its work with other processes, if an engine can do that."""
        return nullcontext()


def document_loss(ids: Sequence[int], state_dict: StateDict, config: Config) -> Value:
    """The mean loss of predicting each token of a document from those before it, in nats a token.

    `ids`, shape (n + 1,), are the document's, with BOS at both ends
    (`CharTokenizer.document_ids`); they are cut to the block. The loss is the root of the graph.
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
    back into `state_dict` after the last step, at an error, when it is saved, and by `close`.

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
        self, docs: Sequence[str], tokenizer: CharTokenizer, config: Config, state_dict: StateDict,
        settings: Settings, make: Callable[[StateDict, Config, Settings], Learner] | None = None,
    ) -> None:  # fmt: skip
        check_training_input(docs, tokenizer, config, state_dict, settings.num_steps)
        self.docs, self.tokenizer, self.config, self.settings = docs, tokenizer, config, settings
        self.state_dict = {name: state_dict[name] for name in config.shapes()}  # in this order
        from .engines import find  # the one look upward: by a name that the caller gave

        engine = find(settings.engine)
        self.learner = (make or engine.learner)(self.state_dict, config, settings)
        documents = tokenizer.stream(docs, config.block_size)
        self._batches = self.learner.batches(documents, settings.batch_size or engine.batch)
        self.index, self.ended, self._handed_back = 0, "", True
        self.rng: random.Random | None = None
        self.notes: dict[str, Any] = {}

    @property
    def done(self) -> bool:
        """Whether no step is left to make."""
        return bool(self.ended) or self.index >= self.settings.num_steps

    def rate(self) -> float:
        """The learning rate of the next step."""
        return linear_decay(self.settings.learning_rate, self.index, self.settings.num_steps)

    def __iter__(self) -> "Run":
        return self

    def __next__(self) -> Step:
        """Make one step; raise `TrainingDiverged` if it cannot be made."""
        if self.done:
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
        if last:
            self.close()
        return Step(self.index - 1, loss, rate)

    def close(self) -> None:
        """Hand the weights back. It does no harm to go on afterwards."""
        if not self._handed_back:
            for param, number in zip(flatten(self.state_dict), self.learner.weights()):
                param.data = number
            self._handed_back = True

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
    num_steps: int = Settings.num_steps, learning_rate: float = Settings.learning_rate,
    beta1: float = Settings.beta1, beta2: float = Settings.beta2, eps: float = Settings.eps,
    engine: str = Settings.engine, batch_size: int | None = Settings.batch_size,
) -> Run:  # fmt: skip
    """Train the parameters in place: ``for step in train(...): print(step.index, step.loss)``.

    Parameters
    ----------
    docs : sequence of str
        The documents; taken in this order, and again from the first: shuffle them beforehand.
    tokenizer, config, state_dict
        The vocabulary of all `docs`, sizes, and parameters, which are changed in place.
    num_steps, learning_rate, beta1, beta2, eps, engine, batch_size
        Those of `Settings`, which says what each is.

    Returns
    -------
    Run
        An iterator of `Step`. Nothing is computed before it is asked for the first. A ValueError or
        an ImportError tells at once what does not fit together, or which package is missing.
    """
    settings = Settings(num_steps, learning_rate, beta1, beta2, eps, engine, batch_size)
    return Run(docs, tokenizer, config, state_dict, settings)


def check_training_input(
    docs: Sequence[str], tokenizer: CharTokenizer, config: Config, state_dict: StateDict,
    num_steps: int,
) -> None:  # fmt: skip
    """Raise an error that says what is wrong if a training run could not succeed."""
    if not isinstance(docs, Sequence) or isinstance(docs, str):  # taken in order, and again
        raise ValueError(f"docs must be a list of documents, not {docs!r:.40}")
    if not docs and num_steps:
        raise ValueError("there are no documents to train on: give at least one")
    for doc in docs:
        if not isinstance(doc, str):
            raise TypeError(f"a document is a text, not {doc!r:.40}")
    for char in set().union(*docs) - set(tokenizer.chars):
        tokenizer.encode(next(doc for doc in docs if char in doc))  # raises, naming it
    if tokenizer.vocab_size != config.vocab_size:
        both = f"the tokenizer has {tokenizer.vocab_size} tokens but the model {config.vocab_size}"
        raise ValueError(f"{both}: make the Config from this tokenizer's vocab_size")
    config.check(state_dict)
