"""Two simpler ways down than Adam, to compare it with, on all parameters at once. Chapter 07.

Each is used like `ArrayAdam`: `step` moves the parameters, `before` keeps the numbers from before.
"""

from __future__ import annotations

from classroom.lab.ravine import must_be_known
from microgpt.engines.arrays import Array, ArrayAdam


class ArrayDescent:
    """Gradient descent, without momentum or with it.

    Momentum here is Adam's first moment without its bias correction: the running mean of the
    slopes, of which a new slope makes up ``1 - beta1``. With ``beta1=0`` that mean is the slope
    itself: stochastic gradient descent, SGD.
    """

    def __init__(self, flat: Array, beta1: float = 0.0) -> None:
        self.flat, self.before = flat, flat.copy()
        self.m = 0.0 * flat
        self.beta1, self.num_steps = beta1, 0

    def step(self, grad: Array, learning_rate: float) -> None:
        """Move every parameter against the mean of its slopes."""
        self.before[:] = self.flat
        self.num_steps += 1
        self.m *= self.beta1
        self.m += (1 - self.beta1) * grad
        self.flat -= learning_rate * self.m


def make_optimizer(name: str, flat: Array) -> ArrayDescent | ArrayAdam:
    """An optimiser of the course's settings (beta1 0.85, beta2 0.99, eps 1e-8) by its name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    must_be_known(name)
    if name == "Adam":
        return ArrayAdam(flat, 0.85, 0.99, 1e-8)
    return ArrayDescent(flat, 0.85 if name == "momentum" else 0.0)
