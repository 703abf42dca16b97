"""Parts of a GPT as readers write them, right and subtly wrong. For tests of chapters 2 and 10."""

import math

import microgpt
from classroom.exercises.assembly import parts


class Mine:
    """A reader's Value: + on its right side only, nodes of its own class."""

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad = data, 0
        self._children, self._local_grads = children, local_grads

    def node(self, data, *arrows):
        return type(self)(data, *zip(*arrows))

    def wrap(self, other):
        return other if isinstance(other, Mine) else type(self)(other)

    def __add__(self, other):
        other = self.wrap(other)
        return self.node(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        other = self.wrap(other)
        return self.node(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, k):
        return self.node(self.data**k, (self, k * self.data ** (k - 1)))

    def exp(self):
        return self.node(math.exp(self.data), (self, math.exp(self.data)))

    def log(self):
        return self.node(math.log(self.data), (self, 1 / self.data))

    def relu(self):
        return self.node(max(0, self.data), (self, float(self.data > 0)))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-self.wrap(other))

    def __truediv__(self, other):
        return self * self.wrap(other) ** -1

    def backward(self):
        self.grad = 1
        for node in reversed(microgpt.topological_sort(self)):
            for child, slope in zip(node._children, node._local_grads):
                child.grad += slope * node.grad


class Slotted(Mine):
    """Slots, and arguments of its own: a child and its slope in one."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, *arrows):
        self.data, self.grad = data, 0
        self._children = [child for child, _ in arrows]
        self._local_grads = [slope for _, slope in arrows]

    def node(self, data, *arrows):
        return type(self)(data, *arrows)


class Stack(Mine):
    def backward(self):
        self.grad = 1
        stack, seen = [self], {self}
        while stack:
            node = stack.pop()
            for child, slope in zip(node._children, node._local_grads):
                child.grad += slope * node.grad
                if child not in seen:
                    seen.add(child)
                    stack.append(child)


class Overwrites(Mine):
    def backward(self):
        self.grad = 1
        for node in reversed(microgpt.topological_sort(self)):
            for child, slope in zip(node._children, node._local_grads):
                child.grad = slope * node.grad


class Recursive(Mine):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            for child, slope in zip(node._children, node._local_grads):
                child.grad += slope * node.grad


class WrongLog(Mine):
    def log(self):
        return self.node(math.log(self.data), (self, self.data))


class WrongRelu(Mine):
    def relu(self):
        return self.node(max(0, self.data), (self, 1.0))


class Fails(Mine):
    def exp(self):
        raise KeyError("no exp today")


def no_maximum(logits):
    exps = [logit.exp() for logit in logits]
    total = parts._sum(exps)
    return [e / total for e in exps]


def adam_class(correct=True, zero=True, sign=-1):
    class MyAdam:
        def __init__(self, params):
            self.params, self.t = params, 0
            self.m, self.v = [0.0] * len(params), [0.0] * len(params)

        def step(self, lr):
            self.t += 1
            for i, p in enumerate(self.params):
                self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad
                self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad**2
                c1, c2 = (1 - 0.85**self.t, 1 - 0.99**self.t) if correct else (1, 1)
                p.data += sign * lr * (self.m[i] / c1) / ((self.v[i] / c2) ** 0.5 + 1e-8)
                if zero:
                    p.grad = 0

    return MyAdam


def rmsnorm_without(x):
    scale = (parts._sum(xi * xi for xi in x) / len(x)) ** -0.5
    return [xi * scale for xi in x]


def loop(*_arguments):
    while True:
        pass


def without_order(root):
    """Hand gradients on in the order in which a plain stack gives the nodes: wrong."""
    root.grad = 1
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            stack.append(child)
