"""The four small functions that the model is made of. Chapters 04 and 05.

Each takes lists of `Value` and returns new ones; none has parameters or state of its own.
"""

import functools
import math
import operator
from collections.abc import Sequence

from .autograd import Value, dot, dots, maker, total


def linear(x: Sequence[Value], w: Sequence[Sequence[Value]]) -> list[Value]:
    """Multiply a vector by a matrix: one dot product for each row of `w`.

    Parameters
    ----------
    x, w : sequence of Value, shape (n_in,), and rows of Value, shape (n_out, n_in)
        The input and the weights; there is no bias. The result has the shape (n_out,).

    Examples
    --------
    >>> x = [Value(1.0), Value(2.0)]
    >>> w = [[Value(1.0), Value(0.0)], [Value(10.0), Value(100.0)]]
    >>> [y.data for y in linear(x, w)]
    [1.0, 210.0]
    """
    return dots(w, x)


def softmax(logits: Sequence[Value]) -> list[Value]:
    """Turn any numbers into probabilities: exponentiate, then divide by the sum.

    The largest logit is subtracted first. That changes no probability, since a common factor
    cancels, and keeps `exp` from overflowing.

    Parameters
    ----------
    logits : sequence of Value, shape (n,)
        Scores; only their differences matter. The result has this shape, too, and adds up to 1.

    Examples
    --------
    >>> [round(p.data, 4) for p in softmax([Value(1.0), Value(2.0), Value(3.0)])]
    [0.09, 0.2447, 0.6652]
    """
    largest = _largest(logits)
    exps = [_shifted_exp(logit, largest) for logit in logits]
    exp_sum = total(exps)
    return [e / exp_sum for e in exps]


def rmsnorm(x: Sequence[Value]) -> list[Value]:
    """Scale a vector so that the mean of its squares is 1.

    ``x / sqrt(mean(x * x) + 1e-5)``, after Zhang and Sennrich, "Root Mean Square Layer
    Normalization" (2019), equation 4, without the learned gain.

    Examples
    --------
    >>> [round(y.data, 3) for y in rmsnorm([Value(3.0), Value(4.0)])]
    [0.849, 1.131]
    """
    mean_square = dot(x, x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5  # 1e-5: a vector of zeros must not divide by zero
    return [xi * scale for xi in x]


def cross_entropy(logits: Sequence[Value], target_id: int) -> Value:
    """How surprised the model is by what came: minus the log of the target's probability.

    The same as ``-softmax(logits)[target_id].log()``, without the other probabilities.

    Parameters
    ----------
    logits : sequence of Value, shape (vocab_size,)
        The scores of all tokens; the result is a loss in nats, 0 if the target was certain.
    target_id : int
        The token that really came next.

    Examples
    --------
    >>> round(cross_entropy([Value(0.0)] * 27, target_id=3).data, 4)
    3.2958
    """
    if not 0 <= target_id < len(logits):
        raise ValueError(f"target_id {target_id} is not one of the {len(logits)} tokens")
    largest = _largest(logits)
    target = _shifted_exp(logits[target_id], largest)
    exps = [math.exp(logit.data - largest) for logit in logits]
    # sum of all exps in one node: the target's own is a node that exists, the others are not needed
    children, local_grads = list(logits), list(exps)
    children[target_id], local_grads[target_id] = target, 1
    make, data = maker(children), functools.reduce(operator.add, exps)
    exp_sum = make(data, children, local_grads, "sum exp")
    return -(target / exp_sum).log()


def _shifted_exp(logit: Value, shift: float) -> Value:
    """``exp(logit - shift)`` as one node; the shift is a number and needs no gradient."""
    exp = math.exp(logit.data - shift)
    return maker([logit])(exp, (logit,), (exp,), "exp")


def _largest(logits: Sequence[Value]) -> float:
    """The largest logit, once all of them are known to be finite."""
    if not logits:
        raise ValueError("softmax of no logits at all: give it at least one")
    for position, logit in enumerate(logits):
        if not math.isfinite(logit.data):
            raise ValueError(f"logit {position} is {logit.data}: softmax needs finite numbers")
    return max(logit.data for logit in logits)
