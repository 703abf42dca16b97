"""The lab sheet: train, then measure on what was read and on what was not. Chapter 10."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.lab.stepwise import NumpyRun, mean_loss
from microgpt import CharTokenizer, Config, flatten, init_params, load, sample
from microgpt.model import StateDict


@dataclass(frozen=True)
class Trained:
    """A model at the end of its run.

    Attributes
    ----------
    state_dict : dict
        Its weights.
    config, tokenizer
        As for `microgpt.train`.
    run : NumpyRun
        The run, over, with its weights handed back.
    """

    state_dict: StateDict
    config: Config
    tokenizer: CharTokenizer
    run: NumpyRun

    def loss(self, docs: Sequence[str]) -> float:
        """How surprised it is by documents, in nats a token."""
        return mean_loss(docs, self.run.model, self.config, self.tokenizer)

    def words(self, rng: random.Random, count: int = 5) -> str:
        """Words that it invents at temperature 0.5, one after the other."""
        model = self.state_dict, self.config, self.tokenizer
        return ", ".join(sample(*model, rng) for _ in range(count))


def _train(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int,
    learning_rate: float,
) -> Trained:
    """Train a document a step, the rate falling to 0, with the engine ``numpy``."""
    run = NumpyRun(docs, tokenizer, config, state_dict, max(num_steps, 1), learning_rate)
    while run.index < num_steps:
        run.step()
    run.hand_back()
    return Trained(state_dict, config, tokenizer, run)


def experiment(
    label: str,
    docs: Sequence[str],
    num_steps: int = 1000,
    seed: int = 42,
    digits: int = 3,
    learning_rate: float = 0.01,
    **sizes: int,
) -> str:
    """Train a new model; print its loss on documents that it read and on unseen ones.

    Parameters
    ----------
    label : str
        What the printed line begins with.
    docs : sequence of str
        All documents, each once. 1,000 of them, but not more than a fifth, are set aside.
    num_steps : int
        One document is read in each.
    seed : int
        Of the order, the first weights, and the words.
    digits : int
        Decimals of the losses.
    learning_rate : float
        At the start; it falls to 0 in a straight line.
    **sizes : int
        Settings of `microgpt.Config`; `block_size` fits the longest document unless given.

    Returns
    -------
    str
        Five words that the model invents.

    Raises
    ------
    ValueError
        As `microgpt.train`.
    """
    rng = random.Random(seed)
    docs = rng.sample(list(docs), len(docs))
    tokenizer = CharTokenizer.from_docs(docs)
    config = Config(tokenizer.vocab_size, **{"block_size": max(map(len, docs)) + 1, **sizes})
    state_dict = init_params(config, rng)
    cut = min(1000, len(docs) // 5)
    unseen, seen = docs[:cut], docs[cut:]
    trained = _train(seen, tokenizer, config, state_dict, num_steps, learning_rate)
    read = seen[: min(1000, num_steps)]
    losses = [f"{trained.loss(part):.{digits}f}" for part in (read, unseen)]
    print(f"{label:10} {len(flatten(state_dict)):6,} weights, ", end="")
    print(f"trained on {losses[0]}, unseen {losses[1]}")
    return trained.words(rng)


def fine_tuned(docs: Sequence[str], num_steps: int) -> Trained:
    """Train the shipped model on with a few documents, with a fresh Adam, at a rate from 0.003 on.

    Parameters
    ----------
    docs : sequence of str
        What it goes on with.
    num_steps : int
        For how long; 0 leaves it as it is.
    """
    state_dict, config, tokenizer = load()
    return _train(docs, tokenizer, config, state_dict, num_steps, 0.003)
