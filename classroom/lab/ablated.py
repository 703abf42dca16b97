"""The NumPy model with one part taken out, to see what the part is good for. Chapter 06.

The same training as the engine `numpy`; each class below overrides what its part needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgpt.engines.arrays import Array, ArrayGPT
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer

from .stepwise import NumpyRun, mean_loss


class WithoutResidual(ArrayGPT):
    """Each block overwrites the vector: what will be added to it is taken off beforehand."""

    def attention(self, x: Array, n: int, name: str) -> tuple[Array, Any]:
        """What attention found, less what it was given."""
        listened, kept = super().attention(x, n, name)
        return listened - x, kept

    def attention_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """The slopes, less those that the residual stream would have carried past."""
        return super().attention_backward(dy, kept, name) - dy

    def mlp(self, x: Array, name: str) -> tuple[Array, Any]:
        """What the MLP found, less what it was given."""
        thought, kept = super().mlp(x, name)
        return thought - x, kept

    def mlp_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """The slopes, less those that the residual stream would have carried past."""
        return super().mlp_backward(dy, kept, name) - dy


class WithoutNorm(ArrayGPT):
    """No vector is ever scaled."""

    def norm(self, x: Array) -> tuple[Array, Array]:
        """Leave it as it is."""
        return x, 1.0

    def norm_backward(self, dy: Array, y: Array, scale: Array) -> Array:
        """Leave the slope as it is, too."""
        return dy


class WithoutFirstNorm(ArrayGPT):
    """The vector enters the first layer as large as the embeddings are."""

    def forward(self, inputs: Array) -> tuple[Array, list[Any]]:
        """Skip the first of the norms, and no other."""
        self._skipped = False
        return super().forward(inputs)

    def norm(self, x: Array) -> tuple[Array, Array]:
        """Leave the first vector as it is."""
        if self._skipped:
            return super().norm(x)
        self._skipped = True
        return x, np.zeros((0, 1))

    def norm_backward(self, dy: Array, y: Array, scale: Array) -> Array:
        """Leave its slope as it is, too."""
        return super().norm_backward(dy, y, scale) if len(scale) else dy


class WithoutPositions(ArrayGPT):
    """Position embeddings that are 0 and stay 0."""

    def loss_and_grads(self, inputs: Array, targets: Array, share: Array) -> float:
        """Zero them, and their slopes."""
        self.weight["wpe"][:] = 0
        loss = super().loss_and_grads(inputs, targets, share)
        self.grad["wpe"][:] = 0
        return loss


class WithoutAttention(ArrayGPT):
    """No position hears of another."""

    def attention(self, x: Array, n: int, name: str) -> tuple[Array, Any]:
        """Nothing to add."""
        return np.zeros_like(x), None

    def attention_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """Nothing comes back."""
        return np.zeros_like(dy)


class WithoutMlp(ArrayGPT):
    """Listening without thinking."""

    def mlp(self, x: Array, name: str) -> tuple[Array, Any]:
        """Nothing to add."""
        return np.zeros_like(x), None

    def mlp_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """Nothing comes back."""
        return np.zeros_like(dy)


class WithoutBlocks(WithoutAttention, WithoutMlp):
    """Straight from the embeddings to `lm_head`: a bigram table that knows the position."""


MODELS = {
    "nothing": ArrayGPT,
    "residual": WithoutResidual,
    "norm": WithoutNorm,
    "first norm": WithoutFirstNorm,
    "positions": WithoutPositions,
    "attention": WithoutAttention,
    "mlp": WithoutMlp,
    "blocks": WithoutBlocks,
}


@dataclass(frozen=True)
class Ablation:
    """One run without a part."""

    part: str
    losses: list[float]
    """Loss of each step's document, nats a token."""
    held_out_loss: float
    """Mean loss on the held-out documents after the last step, nats a token."""


def train_without(
    part: str,
    docs: Sequence[str],
    held_out: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int = 1000,
    learning_rate: float = 0.01,
) -> Ablation:
    """Train a model without one of its parts; `state_dict` is read, not changed.

    Parameters
    ----------
    part : str
        "residual", "norm", "first norm" (the one behind the embedding alone), "positions",
        "attention", "mlp", "blocks" (both of these), or "nothing" for the whole model.
    docs, held_out : sequence of str
        What it is trained on, a document a step; what it is measured on afterwards.
    tokenizer, config, state_dict, num_steps, learning_rate
        As in `microgpt.train`.

    Returns
    -------
    Ablation

    Raises
    ------
    ValueError
        If there is no such part, or the arguments do not fit together.
    """
    if part not in MODELS:
        raise ValueError(f"no part {part!r} to take out: choose one of {', '.join(MODELS)}")
    run = NumpyRun(docs, tokenizer, config, state_dict, num_steps, learning_rate, kind=MODELS[part])
    losses = [step.loss for step in run]
    return Ablation(part, losses, mean_loss(held_out, run.model, config, tokenizer))
