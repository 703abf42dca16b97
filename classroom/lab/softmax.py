"""Softmax with every number on its way kept: logit, exp, divided by the sum (chapter 04)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.lab.written import number


@dataclass(frozen=True)
class SoftmaxSteps:
    """Every number on the way from logits to probabilities.

    Attributes
    ----------
    logits, scaled, shifted, exps, probs : tuple of float, shape (n,)
        What goes in; divided by the temperature; minus `largest`; its exponential; divided by
        `exp_sum`.
    temperature, largest, exp_sum : float
        What is divided by, subtracted, divided by. `largest` is 0 if nothing is subtracted.
    """

    logits: tuple[float, ...]
    scaled: tuple[float, ...]
    shifted: tuple[float, ...]
    exps: tuple[float, ...]
    probs: tuple[float, ...]
    temperature: float
    largest: float
    exp_sum: float


def softmax_steps(
    logits: Sequence[float], temperature: float = 1.0, subtract_max: bool = True
) -> SoftmaxSteps:
    """Compute a softmax and keep every number on the way.

    Parameters
    ----------
    logits : sequence of float, shape (n,)
        The scores.
    temperature : float
        What they are divided by first; above 0.
    subtract_max : bool
        Whether the largest is subtracted before `exp`, as it should be.

    Returns
    -------
    SoftmaxSteps

    Raises
    ------
    ValueError
        If there are no logits, or the temperature is not above 0.
    OverflowError, ZeroDivisionError
        Without the subtraction: if an exponential is too large, or all of them are 0.
    """
    if not logits:
        raise ValueError("softmax of no logits at all: give it at least one")
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    scaled = tuple(logit / temperature for logit in logits)
    largest = max(scaled) if subtract_max else 0.0
    shifted = tuple(x - largest for x in scaled)
    exps = tuple(map(_exp, shifted))
    exp_sum = math.fsum(exps)
    if exp_sum == 0:
        raise ZeroDivisionError(
            f"every exp came out 0, exp({number(max(shifted))}) too: there is no sum to divide by"
        )
    probs = tuple(e / exp_sum for e in exps)
    return SoftmaxSteps(tuple(logits), scaled, shifted, exps, probs, temperature, largest, exp_sum)


def _exp(x: float) -> float:
    """The exponential, with the number named if it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        problem = f"exp({number(x)}) is too large for a float (the limit is about 709.78)"
        raise OverflowError(f"{problem}: subtract the largest logit first") from None
