"""Adam, and the learning rate's way down. Chapter 07."""

from collections.abc import Sequence

from .autograd import Value


class Adam:
    """Gradient descent with momentum and a step size of its own for every parameter.

    Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.

    Parameters
    ----------
    params : sequence of Value, shape (n,)
        What to train. `step` changes their `data` and sets their `grad` back to 0.
    beta1, beta2 : float
        How much of the first moment (the mean gradient) and of the second (the mean squared
        gradient) each step keeps; in [0, 1).
    eps : float
        Added to the divisor, so that a parameter that never had a gradient stands still.

    Attributes
    ----------
    m, v, num_steps : list of float, shape (n,); int
        The two moments, and the steps made so far.

    Examples
    --------
    >>> w = Value(1.0)
    >>> adam = Adam([w])
    >>> w.grad = 4.0
    >>> adam.step(learning_rate=0.1)
    >>> round(w.data, 6), w.grad
    (0.9, 0)
    """

    def __init__(
        self, params: Sequence[Value], beta1: float = 0.85, beta2: float = 0.99, eps: float = 1e-8
    ) -> None:
        for name, beta in (("beta1", beta1), ("beta2", beta2)):
            if not isinstance(beta, (int, float)) or not 0 <= beta < 1:
                raise ValueError(f"{name} must be at least 0 and below 1, not {beta!r}")
        if not isinstance(eps, (int, float)) or not eps > 0:
            raise ValueError(f"eps must be above 0, not {eps!r}")
        self.params = params
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [0.0] * len(params)
        self.v = [0.0] * len(params)
        self.num_steps = 0

    def step(self, learning_rate: float) -> None:
        """Move every parameter against its gradient, then set all gradients back to 0."""
        self.num_steps += 1
        beta1, beta2, eps, m, v = self.beta1, self.beta2, self.eps, self.m, self.v
        new1, new2 = 1 - beta1, 1 - beta2
        # both moments start at 0; dividing by these makes up for it while they are young
        correction1 = 1 - beta1**self.num_steps
        correction2 = 1 - beta2**self.num_steps
        for i, param in enumerate(self.params):
            grad = param.grad
            m[i] = mi = beta1 * m[i] + new1 * grad
            v[i] = vi = beta2 * v[i] + new2 * grad**2
            param.data -= learning_rate * (mi / correction1) / ((vi / correction2) ** 0.5 + eps)
            param.grad = 0


def linear_decay(learning_rate: float, step: int, num_steps: int) -> float:
    """The learning rate at `step`: full at step 0, then down a straight line towards 0.

    Examples
    --------
    >>> [linear_decay(0.01, step, 4) for step in range(4)]
    [0.01, 0.0075, 0.005, 0.0025]
    """
    return learning_rate * (1 - step / num_steps)
