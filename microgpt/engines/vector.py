"""A node holds a list: autograd with vectors, in the standard library alone. Chapter 11.

The graph of the scalar engine has a node for every number. But the numbers of a vector are always
made together, by one operation, so here one node stands for all of them, and a linear layer is one
node instead of hundreds: fifteen a token where the scalar engine has a thousand. What a node does
to its children's slopes is a function, `push`. Adam goes through all parameters in three list
comprehensions.
"""

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, repeat
from operator import add, mul
from typing import Any

from ..autograd import topological_sort
from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings
from . import plain
from .scalar import no_garbage_collection

Floats = Sequence[float]

if hasattr(math, "sumprod"):  # from Python 3.12 on
    sumprod: Callable[[Floats, Floats], float] = math.sumprod

    def products(rows: Iterable[Floats], x: Floats) -> list[float]:
        """The dot product of each row with `x`."""
        return list(map(sumprod, rows, repeat(x)))

else:

    def sumprod(a: Floats, b: Floats) -> float:
        """The dot product of two vectors of one length."""
        return sum(map(mul, a, b), 0.0)

    def products(rows: Iterable[Floats], x: Floats) -> list[float]:
        """The dot product of each row with `x`."""
        return [sum(map(mul, row, x), 0.0) for row in rows]  # 0.0: sum adds floats from the start


class Vector:
    """A node of the graph: a list of numbers, and the loss's slope by each.

    `push` is a function that takes this node's `grad` and adds to its children's.
    """

    __slots__ = ("_children", "data", "grad", "push")

    def __init__(
        self, data: list[float], children: Sequence["Vector"] = (),
        push: Callable[[list[float]], None] | None = None,
    ) -> None:  # fmt: skip
        self.data, self._children, self.push = data, children, push
        self.grad: list[float] = []  # empty: nobody has pushed slopes here yet

    def add_grad(self, grad: list[float]) -> None:
        """Slopes from one more use of this node; they add up."""
        self.grad = list(map(add, self.grad, grad)) if self.grad else grad

    def backward(self) -> None:
        """The walk of the scalar engine, over far fewer nodes."""
        self.grad = [1.0]
        order: list[Any] = topological_sort(self)  # type: ignore[arg-type]
        for node in reversed(order):
            if node.push:
                node.push(node.grad)


class Matrix:
    """A parameter matrix: rows, columns, and the uses made of it since the last step."""

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows  # (n_out, n_in)
        self.columns = list(zip(*rows))  # (n_in, n_out): the backward pass goes down these
        self.uses: list[tuple[Floats, Floats]] = []  # (slope of the output, input), by use
        self.row_grads: dict[int, list[float]] = {}

    def __getitem__(self, index: int) -> Vector:
        """One row as a node of the graph: an embedding."""

        def push(grad: list[float]) -> None:
            before = self.row_grads.get(index, [0.0] * len(grad))
            self.row_grads[index] = list(map(add, before, grad))

        return Vector(self.rows[index], (), push)

    def grads(self) -> list[Floats]:
        """The slopes of all rows: each number's is a dot product over the uses."""
        if not self.uses:
            zeros = [0.0] * len(self.columns)
            return [self.row_grads.get(index, zeros) for index in range(len(self.rows))]
        slopes = zip(*(slope for slope, _ in self.uses))  # n_out times (uses,)
        inputs = list(zip(*(x for _, x in self.uses)))  # n_in times (uses,)
        return [products(inputs, slope) for slope in slopes]


def plus(a: Vector, b: Vector) -> Vector:
    """Number by number."""

    def push(grad: list[float]) -> None:
        a.add_grad(grad)
        b.add_grad(grad)

    return Vector(list(map(add, a.data, b.data)), (a, b), push)


def linear(x: Vector, w: Matrix) -> Vector:
    """A whole layer as one node: rows forward, columns backward."""

    def push(grad: list[float]) -> None:
        w.uses.append((grad, x.data))
        x.add_grad(products(w.columns, grad))

    return Vector(products(w.rows, x.data), (x,), push)


def relu(x: Vector) -> Vector:
    """The numbers above 0; the others as 0."""

    def push(grad: list[float]) -> None:
        x.add_grad([g if xi > 0 else 0.0 for g, xi in zip(grad, x.data)])

    return Vector([xi if xi > 0 else 0.0 for xi in x.data], (x,), push)


def rmsnorm(x: Vector) -> Vector:
    """Divide by the root of the mean square."""
    n = len(x.data)
    scale = (sumprod(x.data, x.data) / n + 1e-5) ** -0.5
    y = [xi * scale for xi in x.data]

    def push(grad: list[float]) -> None:
        along = sumprod(grad, y) / n  # what would change the length only
        x.add_grad([(g - yi * along) * scale for g, yi in zip(grad, y)])

    return Vector(y, (x,), push)


def softmax(logits: Floats) -> list[float]:
    """Probabilities from logits, in floats."""
    largest = max(logits)
    exps = [math.exp(logit - largest) for logit in logits]
    inverse = 1 / sum(exps)
    return [e * inverse for e in exps]


def attention(q: Vector, keys: list[Vector], values: list[Vector], n_head: int) -> Vector:
    """All heads, for one query, before the output layer. A single node."""
    keys, values = keys[:], values[:]  # the caller's lists will grow; this query saw only these
    size = len(q.data) // n_head
    heads = [
        Head(q.data, keys, values, slice(start, start + size))
        for start in range(0, len(q.data), size)
    ]

    def push(grad: list[float]) -> None:
        dq, dkeys, dvalues = zip(*(head.slopes(grad) for head in heads))
        q.add_grad(list(chain.from_iterable(dq)))
        for nodes, parts in (keys, dkeys), (values, dvalues):
            for node, part in zip(nodes, zip(*parts)):  # the heads' parts of one position
                node.add_grad(list(chain.from_iterable(part)))

    out = list(chain.from_iterable(head.out for head in heads))
    return Vector(out, (q, *keys, *values), push)


class Head:
    """One head's share of the work: `part` is its slice of every vector. In floats."""

    def __init__(
        self, q: list[float], keys: list[Vector], values: list[Vector], part: slice
    ) -> None:
        self.part, self.q = part, q[part]
        self.keys, self.values = [k.data[part] for k in keys], [v.data[part] for v in values]
        self.scale = len(self.q) ** -0.5
        self.weights = softmax([score * self.scale for score in products(self.keys, self.q)])
        self.out = products(zip(*self.values), self.weights)  # (head_dim,)

    def slopes(self, grad: list[float]) -> tuple[list[float], list[list[float]], list[list[float]]]:
        """From the slopes of all heads' `out` to those of q, of the keys and of the values."""
        grad = grad[self.part]
        pulls = products(self.values, grad)  # the slope by each attention weight
        mean_pull = sumprod(pulls, self.weights)
        scores = [w * (pull - mean_pull) * self.scale for w, pull in zip(self.weights, pulls)]
        dq = products(zip(*self.keys), scores)
        dkeys = [[slope * x for x in self.q] for slope in scores]
        dvalues = [[weight * g for g in grad] for weight in self.weights]
        return dq, dkeys, dvalues


def cross_entropy(logits: Vector, target_id: int) -> Vector:
    """Surprise at the target, in nats: a vector of one number."""
    probs = softmax(logits.data)

    def push(grad: list[float]) -> None:
        slopes = [p * grad[0] for p in probs]
        slopes[target_id] -= grad[0]
        logits.add_grad(slopes)

    return Vector([-math.log(probs[target_id])], (logits,), push)


def mean(losses: Sequence[Vector]) -> Vector:
    """The mean of vectors of one number."""
    share = 1 / len(losses)

    def push(grad: list[float]) -> None:
        for loss in losses:
            loss.add_grad([grad[0] * share])

    return Vector([sum(loss.data[0] for loss in losses) * share], losses, push)


document_loss = partial(plain.document_loss, ops=sys.modules[__name__])


class ListAdam:
    """`microgpt.Adam` in list comprehensions."""

    def __init__(self, size: int, settings: Settings) -> None:
        self.settings, self.num_steps = settings, 0
        self.m, self.v = [0.0] * size, [0.0] * size

    def step(self, params: list[float], grads: list[float], learning_rate: float) -> list[float]:
        """The parameters, each moved against its slope."""
        self.num_steps += 1
        beta1, beta2 = self.settings.beta1, self.settings.beta2
        new1, new2 = 1 - beta1, 1 - beta2
        self.m = [beta1 * m + new1 * g for m, g in zip(self.m, grads)]
        self.v = [beta2 * v + new2 * (g * g) for v, g in zip(self.v, grads)]
        # the corrections of young moments, taken out of the loop over the parameters
        root = math.sqrt(1 - beta2**self.num_steps)
        rate, eps = learning_rate * root / (1 - beta1**self.num_steps), self.settings.eps * root
        roots = map(math.sqrt, self.v)
        return [p - rate * m / (root_v + eps) for p, m, root_v in zip(params, self.m, roots)]


class VectorLearner(Learner):
    """All parameters in one list; matrices are cut from it for every step."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        self.config = config
        self.params = self.before = [param.data for param in flatten(state_dict)]
        self.adam = ListAdam(len(self.params), settings)

    def matrices(self) -> dict[str, Matrix]:
        """Cut the list into rows, the rows into matrices."""
        matrices, start = {}, 0
        for name, (rows, columns) in self.config.shapes().items():
            starts = range(start, start + rows * columns, columns)
            matrices[name] = Matrix([self.params[i : i + columns] for i in starts])
            start += rows * columns
        return matrices

    def loss_and_grads(self, ids: Sequence[int]) -> tuple[float, list[float]]:
        """Loss of a document, and the slopes of all parameters."""
        matrices = self.matrices()
        loss = document_loss(ids, matrices, self.config)
        loss.backward()
        grads = (row for matrix in matrices.values() for row in matrix.grads())
        return loss.data[0], list(chain.from_iterable(grads))

    @no_garbage_collection()
    def step(self, batch: Batch, learning_rate: float) -> float:
        """One document: loss, slopes, update."""
        (ids,) = batch
        try:
            loss, grads = self.loss_and_grads(ids)
        except (ValueError, ArithmeticError):  # the input was checked: numbers blew up
            return math.nan
        if math.isfinite(loss):
            self.before = self.params
            self.params = self.adam.step(self.params, grads, learning_rate)
        return loss

    def undo(self) -> None:
        """Take the last update back."""
        self.params = self.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.params
