"""Ways down a ravine, step by step: SGD, momentum, Adam on two weights (chapter 07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microgpt.optim import linear_decay

OPTIMIZERS = ("SGD", "momentum", "Adam")
"""In the order in which chapter 07 builds them."""
START = (-1.2, 0.35)
"""Where every path on the ravine begins."""
SURFACE_STEPS = 200
Point = tuple[float, float]


def ravine(a: Any, b: Any) -> Any:
    """The loss surface of the chapter: 200 times as steep along `b` as along `a`.

    Works on numbers and on `Value`.

    >>> ravine(1.0, 1.0)
    1.005
    """
    return 0.005 * a**2 + b**2


def ravine_slopes(a: float, b: float) -> Point:
    """The slope of `ravine` along `a` and along `b`."""
    return 0.01 * a, 2.0 * b


def ravine_path(
    optimizer: str, learning_rate: float, decay: bool = False, num_steps: int = SURFACE_STEPS
) -> list[Point]:
    """The points that an optimiser visits on the ravine, `START` included.

    Parameters
    ----------
    optimizer : str
        "SGD", "momentum" (beta1 0.85) or "Adam" (beta1 0.85, beta2 0.99, eps 1e-8).
    learning_rate : float
        The rate of the first step.
    decay : bool
        Whether the rate falls to 0 over `num_steps`.
    num_steps : int
        Steps to make. The path ends sooner if it leaves for infinity (a coordinate beyond 1e6).

    Returns
    -------
    list of (a, b)
    """
    move = _mover(optimizer)
    point, points = START, [START]
    for step in range(num_steps):
        rate = linear_decay(learning_rate, step, num_steps) if decay else learning_rate
        changes = move(ravine_slopes(*point))
        point = (point[0] - rate * changes[0], point[1] - rate * changes[1])
        points.append(point)
        if not max(map(abs, point)) < 1e6:
            break
    return points


def _mover(optimizer: str) -> Callable[[Point], list[float]]:
    """The direction for each slope, as `microgpt.Adam` and the simpler ways would choose it."""
    must_be_known(optimizer)
    beta1 = 0.0 if optimizer == "SGD" else 0.85
    beta2, eps = 0.99, 1e-8
    m, v = [0.0, 0.0], [0.0, 0.0]
    count = 0

    def move(slopes: Point) -> list[float]:
        nonlocal count
        count += 1
        for i, slope in enumerate(slopes):
            m[i] = beta1 * m[i] + (1 - beta1) * slope
            v[i] = beta2 * v[i] + (1 - beta2) * slope**2
        if optimizer != "Adam":
            return list(m)
        fix1, fix2 = 1 - beta1**count, 1 - beta2**count
        return [mi / fix1 / ((vi / fix2) ** 0.5 + eps) for mi, vi in zip(m, v)]

    return move


def must_be_known(optimizer: str) -> None:
    """Raise a ValueError if there is no optimiser of that name."""
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"no optimizer {optimizer!r}: choose one of {', '.join(OPTIMIZERS)}")
