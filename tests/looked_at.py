"""Solutions with their steps, telling cases, and what types a cell: for the tests of looking."""

import itertools
import linecache
import math
import textwrap

import microgpt
from microgpt import Value, dot

_numbers = itertools.count(1)


def run_cell(source, space):
    """Run a cell in a notebook's names; its source can be looked up, as IPython keeps it."""
    file = f"<ipython-input-{next(_numbers)}-looked-at>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), space)


def typed(source, **names):
    """What a cell defines last, as in a notebook; ``names`` are those of other cells."""
    space = {"Value": Value, "dot": dot, "math": math, "microgpt": microgpt, **names}
    before = {*space, "__builtins__"}
    run_cell(textwrap.dedent(source).strip("\n") + "\n", space)
    return [thing for name, thing in space.items() if name not in before][-1]


def nodes(*numbers):
    return [Value(number) for number in numbers]


def softmax(logits):
    largest = max(logit.data for logit in logits)  # the largest logit
    exps = [(logit - largest).exp() for logit in logits]  # exp of each, the largest subtracted
    total = sum(exps)  # their sum
    return [e / total for e in exps]  # each divided by the sum


def softmax_plainly(logits):
    exps = [logit.exp() for logit in logits]  # exp of each logit
    total = sum(exps)  # their sum
    return [e / total for e in exps]  # each divided by the sum


LOGITS = [(nodes(0.5, -1.2, 1.7),), (nodes(3.1, 1.4, 0.3, -0.8),), (nodes(-1.5, -0.6),)]


def rmsnorm(x):
    mean_square = dot(x, x) / len(x)  # the mean of the squares
    inside = mean_square + 1e-5  # 1e-5 added to it
    scale = inside**-0.5  # one over its root
    return [xi * scale for xi in x]  # every number times that


VECTORS = [(nodes(3.0, 4.0),), (nodes(0.7, -1.3, 2.4),), (nodes(0.5, -0.3, 1.6, 2.2),)]


def running_means(numbers, beta):
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        share = (1 - beta) * number  # 1 - beta of the new number
        mean = beta * mean + share  # added to beta of the mean so far
        part = 1 - beta**count  # the correction, 1 - beta to the power of the count
        found.append(mean / part)  # each mean divided by its own correction
    return found


NUMBERS = [([5.0, 3.0, 8.0], 0.9), ([4.0, -6.0, 0.5, 7.0], 0.8)]


def sort_nodes(root):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for child in node._children:
            visit(child)
        order.append(node)  # each node, behind its children

    visit(root)
    return order


def _graphs():
    a, b, c = nodes(3.5, -1.3, -2.9)
    product, difference = a * b, b - c
    return [((product + a) * product,), ((product + c) * difference * a,)]


GRAPHS = _graphs()


class Tiny:
    def __init__(self, data, children=(), slopes=()):
        self.data, self._children, self._slopes = data, children, slopes

    def __add__(self, other):
        total = self.data + other.data  # in `+`, the sum
        return Tiny(total, (self, other), (1, 1))

    def __mul__(self, other):
        product = self.data * other.data  # in `*`, the product
        slopes = (other.data, self.data)  # in `*`, the slopes: the other factor each time
        return Tiny(product, (self, other), slopes)

    def __neg__(self):
        return self * Tiny(-1)  # in `-a`, the number times -1

    def __sub__(self, other):
        return self + (-other)  # in `a - b`, a and -b added


def _driven(operation, x, y):
    def case(cls):
        out = operation(cls(x), cls(y))
        return {"data": out.data, "slopes": list(out._slopes)}

    return case


OPERATIONS = [
    _driven(operation, *numbers)
    for operation in (lambda a, b: a + b, lambda a, b: a * b, lambda a, b: -a, lambda a, b: a - b)
    for numbers in ((1.5, 2.5), (0.7, 3.3))
]


class Adam:
    def __init__(self, params):
        self.params, self.t = params, 0
        self.m, self.v = [0.0] * len(params), [0.0] * len(params)

    def step(self, rate):
        self.t += 1
        for i, p in enumerate(self.params):
            self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad  # the mean of the slopes, m
            self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad**2  # the mean of their squares, v
            m_hat = self.m[i] / (1 - 0.85**self.t)  # m, corrected
            v_hat = self.v[i] / (1 - 0.99**self.t)  # v, corrected
            p.data -= rate * m_hat / (v_hat**0.5 + 1e-8)  # the step, taken off each number


class _Parameter:
    def __init__(self, data):
        self.data, self.grad = data, 0


def _stepped(numbers, slopes, rate):
    def case(cls):
        params, after = [_Parameter(number) for number in numbers], []
        adam = cls(params)
        for row in slopes:
            for param, slope in zip(params, row):
                param.grad = slope
            adam.step(rate)
            after.append([param.data for param in params])
        return after

    return case


STEPS = [
    _stepped([0.5, -1.5], [[0.3, -0.7], [0.4, 0.9], [-0.6, 0.2]], 0.1),
    _stepped([3.5], [[0.8], [-0.5]], 0.03),
]
SOLUTIONS = {
    "softmax": (softmax, LOGITS, [softmax_plainly]),
    "rmsnorm": (rmsnorm, VECTORS, []),
    "means": (running_means, NUMBERS, []),
    "walk": (sort_nodes, GRAPHS, []),
    "tiny": (Tiny, OPERATIONS, []),
    "adam": (Adam, STEPS, []),
}
