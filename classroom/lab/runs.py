"""Runs of the real GPT: how one begins, where it ended, what of it is luck (chapters 06 to 11)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.lab.losses import window_mean
from microgpt.data import load_docs
from microgpt.model import Config, StateDict, init_params
from microgpt.tokenizer import CharTokenizer

Start = tuple[list[str], CharTokenizer, Config, StateDict]
"""What `microgpt.train` begins with."""


def run_start(docs: Sequence[str] | None = None, seed: int = 42) -> Start:
    """Shuffled documents, tokenizer, config and first weights: by default the reference run's."""
    docs, rng = list(load_docs() if docs is None else docs), random.Random(seed)
    rng.shuffle(docs)
    tokenizer = CharTokenizer.from_docs(docs)
    config = Config(tokenizer.vocab_size)
    return docs, tokenizer, config, init_params(config, rng)


@dataclass(frozen=True)
class Curve:
    """One training run of the real GPT.

    Attributes
    ----------
    optimizer, rate, decay
        How it was trained.
    losses : tuple of float
        Loss of each step, in nats a token.
    trouble : str
        If the run diverged: at which step and why; else empty.
    twin : Curve, optional
        The same run, begun with one weight changed in its 15th decimal.
    """

    optimizer: str
    rate: float
    decay: bool
    losses: tuple[float, ...]
    trouble: str = ""
    twin: Curve | None = None

    @property
    def label(self) -> str:
        """Short name: optimiser, rate, and whether the rate stayed."""
        return f"{self.optimizer} {rate_text(self.rate)}" + ("" if self.decay else " no decay")

    @property
    def final(self) -> float:
        """Mean loss of the last 50 steps; infinite if the run diverged or was shorter."""
        if self.trouble or len(self.losses) < 50:
            return math.inf
        return window_mean(self.losses, len(self.losses) - 49, len(self.losses))

    @property
    def by_luck(self) -> bool:
        """Whether the twin ended elsewhere: then another processor's rounding does the same."""
        if self.twin is None:
            return False
        elsewhere = abs(self.final - self.twin.final) > 1e-5  # of two infinities it is no number
        return elsewhere or len(self.losses) != len(self.twin.losses)

    @property
    def end(self) -> str:
        """How it ended: the mean of the last 50 steps, with as many digits as come out again."""
        if self.trouble:
            return self.trouble.partition(":")[0] if self.by_luck else self.trouble
        return f"about {self.final:.1f}" if self.by_luck else f"{self.final:.4f}"


def luck_in_words(curve: Curve) -> str:
    """Where a run's twin went, if it went elsewhere; else empty."""
    if curve.twin is None or not curve.by_luck:
        return ""
    where = f"ends {abs(curve.final - curve.twin.final):.1g} away"
    if curve.twin.trouble:
        where = f"diverges at step {len(curve.twin.losses) + 1}"
    elif curve.trouble:
        where = f"ends at about {curve.twin.final:.1f}"
    return f", but with one weight changed in its 15th decimal the run {where}: luck"


def rate_text(rate: float) -> str:
    """A learning rate with two significant digits.

    >>> [rate_text(rate) for rate in (0.0001, 10**-1.9, 0.5, 10.0)]
    ['0.0001', '0.013', '0.5', '10']
    """
    return f"{rate:.2g}"


def best_curve(curves: Sequence[Curve]) -> Curve | None:
    """The run with the lowest last window; None if there is none whose end is not luck."""
    finished = [c for c in curves if math.isfinite(c.final) and not c.by_luck]
    return min(finished, key=lambda curve: curve.final, default=None)
