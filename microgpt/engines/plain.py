"""The algorithm at its most direct, and slowest: the foot of the ladder. Chapter 11.

The same model, written the way one writes it first: each sum a chain of `+`, each product a node of
its own, the order for the backward walk found by a function that calls itself. It gives the
reference run's losses to the last bit, at the reference run's price. Two costs hide in here, both
for the chapter to find: nine nodes where one would do, and a reference cycle.
"""

import math
import sys
from collections.abc import Sequence
from typing import Any

from ..inference import empty_cache
from ..model import Config, StateDict
from ..training import Batch, Settings
from .scalar import ScalarLearner

Vector = list[Any]  # of PlainValue


class PlainValue:
    """A number, its slope, and what it was made of. Only binary operations: no `dot`."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data: float, children: tuple = (), local_grads: tuple = ()) -> None:
        self.data, self.grad = data, 0.0
        self._children, self._local_grads = children, local_grads

    def __add__(self, other: Any) -> "PlainValue":
        other = other if isinstance(other, PlainValue) else PlainValue(other)
        return PlainValue(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other: Any) -> "PlainValue":
        other = other if isinstance(other, PlainValue) else PlainValue(other)
        return PlainValue(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, k: float) -> "PlainValue":
        return PlainValue(self.data**k, (self,), (k * self.data ** (k - 1),))

    def __truediv__(self, other: Any) -> "PlainValue":
        return self * other**-1

    def __sub__(self, other: Any) -> "PlainValue":
        return self + (-other)

    def __neg__(self) -> "PlainValue":
        return self * -1

    __radd__, __rmul__ = __add__, __mul__

    def exp(self) -> "PlainValue":
        """Exponential."""
        return PlainValue(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self) -> "PlainValue":
        """Natural logarithm."""
        return PlainValue(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> "PlainValue":
        """The number if above 0, else 0."""
        return PlainValue(max(0, self.data), (self,), (float(self.data > 0),))

    def backward(self) -> None:
        """Find every slope; the order is found by recursion, so the graph must not be deep."""
        order, seen = [], set()

        def visit(node: PlainValue) -> None:
            # `visit` needs itself to be found here, so function and closure hold each other: a
            # cycle. It also holds `order`, so the whole graph waits for the garbage collector.
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad += local_grad * node.grad


def linear(x: Vector, w: list[Vector]) -> Vector:
    """Rows of `w` times `x`, each a chain of sums of products."""
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits: Vector) -> Vector:
    """Probabilities from logits."""
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x: Vector) -> Vector:
    """Divide by the root of the mean square."""
    mean_square = sum(xi * xi for xi in x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def attention(q: Vector, keys: list[Vector], values: list[Vector], n_head: int) -> Vector:
    """All heads of one position, before the output layer."""
    head_dim = len(q) // n_head
    out: Vector = []
    for start in range(0, len(q), head_dim):
        dims = range(start, start + head_dim)
        logits = [sum(q[j] * k[j] for j in dims) / head_dim**0.5 for k in keys]
        weights = softmax(logits)
        out += [sum(w * v[j] for w, v in zip(weights, values)) for j in dims]
    return out


def plus(a: Vector, b: Vector) -> Vector:
    """Number by number."""
    return [ai + bi for ai, bi in zip(a, b)]


def relu(x: Vector) -> Vector:
    """The numbers above 0; the others as 0."""
    return [xi.relu() for xi in x]


def cross_entropy(logits: Vector, target_id: int) -> PlainValue:
    """Surprise at the target, in nats."""
    return -softmax(logits)[target_id].log()


def mean(losses: Vector) -> Any:
    """The mean of some losses."""
    added: Any = sum(losses)
    return (1 / len(losses)) * added


def gpt(
    token_id: int, pos_id: int, keys: list, values: list, weights: Any, config: Config, ops: Any
) -> Any:
    """Logits for the next token; `ops` is the module of `linear`, ...: this one, or `vector`."""
    x = ops.rmsnorm(ops.plus(weights["wte"][token_id], weights["wpe"][pos_id]))
    for layer in range(config.n_layer):
        wq, wk, wv, wo, fc1, fc2 = (
            weights[f"layer{layer}.{name}"]
            for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")
        )
        normed = ops.rmsnorm(x)
        q = ops.linear(normed, wq)
        keys[layer].append(ops.linear(normed, wk))
        values[layer].append(ops.linear(normed, wv))
        heads = ops.attention(q, keys[layer], values[layer], config.n_head)
        x = ops.plus(ops.linear(heads, wo), x)
        x = ops.plus(ops.linear(ops.relu(ops.linear(ops.rmsnorm(x), fc1)), fc2), x)
    return ops.linear(x, weights["lm_head"])


HERE = sys.modules[__name__]


def document_loss(ids: Sequence[int], weights: Any, config: Config, ops: Any = HERE) -> Any:
    """Mean loss of a document, root of its graph."""
    keys, values, losses = empty_cache(config), empty_cache(config), []
    for pos_id, (token_id, target_id) in enumerate(zip(ids, ids[1:])):
        logits = gpt(token_id, pos_id, keys, values, weights, config, ops)
        losses.append(ops.cross_entropy(logits, target_id))
    return ops.mean(losses)


class PlainLearner(ScalarLearner):
    """The parameters as nodes of `PlainValue`; from seven layers on, a RecursionError."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        self.matrices: dict[str, list[Vector]] = {
            name: [[PlainValue(p.data) for p in row] for row in matrix]
            for name, matrix in state_dict.items()
        }
        super().__init__(self.matrices, config, settings)

    def document_loss(self, ids: list[int]) -> PlainValue:
        """The root of a document's graph; kept, as by a script's variable, until the next is made.

        That doubles what the garbage collector has to look through, again and again.
        """
        self.loss: PlainValue = document_loss(ids, self.matrices, self.config)
        return self.loss

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One document: graph, slopes, update; the garbage collector is at work."""
        return self.update(batch, learning_rate)
