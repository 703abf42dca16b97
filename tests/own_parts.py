"""Parts of a GPT as readers write them, right and subtly wrong. For tests of chapters 2 and 10."""

import math

import microgpt
from classroom.exercises import ch02, ch04, ch07
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.solutions import variant

ADAM = find("7.5").solution.right
ADAM_UNCORRECTED = find("7.5").solution.slip(f"{ch07.NO_M_PART}\n{ch07.NO_V_PART}")
ADAM_UPHILL = find("7.5").solution.slip("p.data -= learning -> p.data += learning")
without_order = find("2.5").solution.slip(f"{ch02.ONCE}\n{ch02.NO_WAIT}")
no_maximum = find("4.4").solution.slip(ch04.NAIVE)
rmsnorm_without = find("5.4").solution.slip("mean_square + 1e-5 -> mean_square")
ADAM_KEEPS_SLOPES = variant(ADAM, "p.grad = 0 -> pass")


class Mine:
    """A reader's Value: + on its right side only, nodes of its own class."""

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad = data, 0
        self._children, self._local_grads = children, local_grads

    def node(self, data, *arrows):
        return type(self)(data, *zip(*arrows))

    def wrap(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

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


def loop(*_arguments):
    while True:
        pass
