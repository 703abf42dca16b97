"""Sums and products in place of the machine's fused nodes, for any class like `Value`. Chapter 10.

Each does what the package's function of the same name does, but asks of `Value` only ``+ - * /``,
powers, ``exp``, ``log`` and ``relu``: a class that keeps its arrows in a way of its own fits, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from microgpt import autograd, layers

Vector = list[Any]  # of whatever class stands for Value


def linear(x: Sequence[Any], w: Iterable[Sequence[Any]]) -> Vector:
    """Rows of `w` times `x`."""
    return [_sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits: Sequence[Any]) -> Vector:
    """Probabilities from logits."""
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    exp_sum = _sum(exps)
    return [e / exp_sum for e in exps]


def _sum(terms: Iterable[Any]) -> Any:
    """The sum as a chain of ``+``; it does not begin with 0, so ``0 + value`` is not asked for."""
    terms = iter(terms)
    result = next(terms)
    for term in terms:
        result = result + term
    return result


WRITTEN_OUT: dict[Any, Any] = {
    autograd.dot: lambda a, b: linear(b, [a])[0],
    autograd.dots: lambda rows, x: linear(x, rows),
    autograd.total: _sum,
    layers.softmax: softmax,
}
"""What stands in for the functions of the package that make a node of a whole sum."""
