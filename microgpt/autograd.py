"""A number that remembers how it was made, and the walk that finds every slope.

Chapter 01 builds `Value`, chapter 02 `topological_sort` and `Value.backward`. Everything else in
this package is made of these nodes: the loss of the whole GPT is one `Value`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Number = int | float


class Value:
    """One node of a computation graph: a number, and what it was computed from.

    Parameters
    ----------
    data : int or float
        The number itself. It has the unit of whatever it stands for (the loss is in nats).
    children : sequence of Value
        The nodes this one was computed from; empty for a leaf. The same node may occur twice.
    local_grads : sequence of float
        The derivative of this node with respect to each child, in the same order.
    op : str
        The operation's sign, for pictures only. No arithmetic reads it.

    Attributes
    ----------
    grad : float
        The derivative of the node on which `backward` was called with respect to this one. It
        starts at 0 and accumulates: set it back to 0 before the next `backward`.

    Examples
    --------
    >>> a, b = Value(2.0), Value(3.0)
    >>> c = a * b
    >>> L = c + a
    >>> L.backward()
    >>> L, a.grad, b.grad
    (Value(data=8, grad=1), 4.0, 2.0)
    """

    __slots__ = ("_children", "_local_grads", "_op", "data", "grad")

    def __init__(
        self, data: Number, children: Sequence[Value] = (), local_grads: Sequence[Number] = (),
        op: str = "",
    ) -> None:  # fmt: skip
        if type(data) is not float and not isinstance(data, (float, int)):  # the usual case first
            raise TypeError(
                f"a Value holds an int or a float, not {data!r}: "
                + ("make all nodes of one class" if hasattr(data, "grad") else "convert it first")
            )
        self.data = data
        self.grad: Number = 0
        self._children = children
        self._local_grads = local_grads
        self._op = op

    def __add__(self, other: Value | Number) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1), "+")

    def __mul__(self, other: Value | Number) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __pow__(self, exponent: Number) -> Value:
        """Raise to a constant power; the slope is ``exponent * data ** (exponent - 1)``."""
        if not isinstance(exponent, (int, float)):
            raise TypeError(f"the exponent must be a plain number, not {exponent!r}")
        try:
            power, slope = self.data**exponent, exponent * self.data ** (exponent - 1)
        except (ZeroDivisionError, OverflowError) as error:
            problem = f"{self.data} ** {exponent} or its slope is not a finite number"
            raise type(error)(f"{problem}: keep the base away from there") from None
        if isinstance(power, complex) or isinstance(slope, complex):
            raise ValueError(f"{self.data} ** {exponent} is not real: the base must not be below 0")
        return Value(power, (self,), (slope,), f"**{exponent}")

    def exp(self) -> Value:
        """The exponential; its slope is its own value."""
        try:
            power = math.exp(self.data)
        except OverflowError:
            problem = f"exp({self.data}) is too large for a float (the limit is about 709.78)"
            raise OverflowError(f"{problem}: subtract a constant first, as softmax does") from None
        return Value(power, (self,), (power,), "exp")

    def log(self) -> Value:
        """The natural logarithm; its slope is ``1 / data``. Needs a number above 0."""
        if not self.data > 0:
            raise ValueError(f"log({self.data}) does not exist: it needs a number above 0")
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def relu(self) -> Value:
        """The number if it is above 0, else 0. The slope at 0 itself is taken to be 0."""
        if self.data > 0:
            return Value(self.data, (self,), (1.0,), "relu")
        if self.data <= 0:
            return Value(0.0, (self,), (0.0,), "relu")
        raise ValueError(f"relu({self.data}) does not exist: something before it went wrong")

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | Number) -> Value:
        return self + (-other)

    def __truediv__(self, other: Value | Number) -> Value:
        if not isinstance(other, Value) and Value(other).data == 0:
            raise ZeroDivisionError(
                f"{self.data} / {other} does not exist: divide by another number"
            )
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Number) -> Value:
        return other + (-self)

    def __rtruediv__(self, other: Number) -> Value:
        return other * self**-1

    def backward(self) -> None:
        """Add to every node's `grad` the derivative of this node with respect to it.

        The chain rule, walked once: each node hands ``local_grad * grad`` to each of its children,
        and only after everything that uses the node has handed it its share. No recursion, so a
        chain of any length works.
        """
        self.grad = 1
        for node in reversed(topological_sort(self, leaves=False)):
            grad = node.grad
            if grad:  # 0: behind a ReLU that sleeps there is nothing to hand on
                for child, local_grad in zip(node._children, node._local_grads):
                    child.grad += local_grad * grad

    def __repr__(self) -> str:
        return f"Value(data={self.data:.6g}, grad={self.grad:.6g})"


def topological_sort(root: Value, leaves: bool = True) -> list[Value]:
    """Every node that `root` was made from, each after all of its children; `root` comes last.

    A depth-first search in post-order (Tarjan 1976), with a stack of its own instead of recursion.
    The stack holds iterators over the children that are still to be visited.

    Parameters
    ----------
    root : Value
        The node to begin at.
    leaves : bool
        Whether to list leaves, too; they have no children to hand a gradient on to.

    Examples
    --------
    >>> a = Value(2)
    >>> [node.data for node in topological_sort(a * a + 1)]
    [2, 4, 1, 5]
    """
    order: list[Value] = []
    visited = {root}
    path = [(root, iter(root._children))]
    while path:
        node, unvisited = path[-1]
        for child in unvisited:
            if (leaves or child._children) and child not in visited:
                visited.add(child)
                path.append((child, iter(child._children)))
                break
        else:
            order.append(node)
            path.pop()
    return order


def maker(values: Sequence[Any]) -> Callable[..., Any]:
    """What makes a node of the class of these: `Value`, or a reader's own as in chapter 01."""
    if len(values) == 0 or isinstance(values[0], Value):
        return Value

    def make(data: Number, children: Any, local_grads: Any, op: str) -> Any:
        node = type(values[0])(data)
        node._children, node._local_grads = children, local_grads
        return node

    return make


def total(values: Iterable[Value]) -> Value:
    """The sum of many nodes as one node, where a chain of ``+`` would make one for each.

    Examples
    --------
    >>> total([Value(1.0), Value(2.0), Value(4.0)])
    Value(data=7, grad=0)
    """
    children = tuple(values)
    data: Number = 0
    for child in children:  # not sum(): it rounds differently from Python 3.12 on
        data += child.data
    return maker(children)(data, children, (1,) * len(children), "sum")


def dot(a: Sequence[Value], b: Sequence[Value]) -> Value:
    """The dot product ``a[0]*b[0] + a[1]*b[1] + ...`` as one node with 2n children.

    The same number as the products and sums written out, to the last bit, and the same gradients:
    the children alternate a[0], b[0], a[1], b[1], ..., so `backward` meets them in the same order.

    Examples
    --------
    >>> x = [Value(1.0), Value(2.0)]
    >>> w = [Value(10.0), Value(100.0)]
    >>> y = dot(w, x)
    >>> y.backward()
    >>> y.data, [xi.grad for xi in x]
    (210.0, [10.0, 100.0])
    """
    return dots([a], b)[0]


def dots(rows: Iterable[Sequence[Value]], x: Sequence[Value]) -> list[Value]:
    """The dot product of each row with one vector: `dot`, with x taken apart once for all rows."""
    x_data = [xi.data for xi in x]
    make, nodes, all_children, all_grads = maker(x), [], [*x, *x], [*x_data, *x_data]
    all_children[1::2], all_grads[::2] = x, x_data
    for row in rows:
        if len(row) != len(x):
            raise ValueError(f"dot needs two vectors of one length, got {len(row)} and {len(x)}")
        row_data = [wi.data for wi in row]
        data: Number = 0
        for product in map(operator.mul, row_data, x_data):
            data += product
        children, local_grads = all_children[:], all_grads[:]
        children[::2], local_grads[1::2] = row, row_data
        nodes.append(make(data, children, local_grads, "dot"))
    return nodes
