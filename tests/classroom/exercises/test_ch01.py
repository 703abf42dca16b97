"""The checks of chapter 01: right answers pass, typical wrong ones are told what they look like."""

from __future__ import annotations

import math

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch01 import count_mean, inverse, made_from, nodes_in_mean, tanh
from classroom.exercises.shared.graphs import nodes_of
from microgpt import Value


def wrong(exercise, *answers):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong", result
    return result


@pytest.mark.parametrize(
    ("exercise", "answers"),
    [
        ("1.1", [made_from]),
        ("1.2", [2, 5, 5]),
        ("1.3", [tanh]),
        ("1.4", ["inverse", inverse]),
        ("1.4", ["inverse", lambda a: a**-1]),
        ("1.5", [nodes_in_mean]),
    ],
)
def test_right_answers(exercise, answers):
    assert evaluate(exercise, *answers).status == "right"


def test_the_formula_for_the_mean_is_what_counting_finds():
    assert [nodes_in_mean(n) for n in range(1, 30)] == [count_mean(n) for n in range(1, 30)]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda node: [child.grad for child in node._children], "`data`"),
        (lambda node: [node.data, *(c.data for c in node._children)], "own number"),
        (lambda node: list(node._local_grads), "those are the slopes"),
        (lambda node: list(dict.fromkeys(c.data for c in node._children)), "twice"),
        (lambda node: list(node._children), "the number of each is in its `data`"),
        (lambda node: [node._children[0].data, node._children[1].data], "a leaf"),
        (lambda node: [child.data for child in node.children], "underscore"),
        (lambda node: print(node), "`return`"),
    ],
)
def test_who_made_you(answer, cause):
    assert cause in wrong("1.1", answer).cause


@pytest.mark.parametrize(
    ("answers", "line", "cause"),
    [
        ((3, 5, 5), "a * a", "one node"),
        ((2, 3, 5), "a - b", "no node for minus"),
        ((2, 4, 5), "a - b", "-1"),
        ((2, 5, 4), "(a + b) / 2", "constant"),
        ((2, 5, 6), "(a + b) / 2", "plain numbers"),
        (("two", 5, 5), "a * a", "a number is asked for"),
        ((2, [5], 5), "a - b", "a number is asked for"),
    ],
)
def test_how_many_nodes(answers, line, cause):
    result = wrong("1.2", *answers)
    assert line in result.lines[0]
    assert cause in result.cause


def test_a_prediction_is_not_given_away():
    text = str(evaluate("1.2", 2, 7, 5))
    assert "too large" in text
    assert "5" not in text.replace("1.2", "")


def slope_of(slope):
    return lambda v: Value(math.tanh(v.data), (v,), slope(v.data))


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (slope_of(lambda x: (1 - x * x,)), "result"),
        (slope_of(lambda x: (math.tanh(x),)), "that is the value"),
        (slope_of(lambda x: (1 - math.tanh(x),)), "squared"),
        (slope_of(lambda x: (1.0,)), "at 0 only"),
        (slope_of(lambda x: ()), "second tuple"),
        (slope_of(lambda x: (math.tanh(x) ** 2,)), "last column"),
        (lambda v: Value(math.tanh(v), (v,), (1.0,)), "give it `v.data`"),
        (lambda v: Value(math.tanh(v.data)), "forgotten"),
        (lambda v: 1 - 2 / ((v * 2).exp() + 1), "one node"),
    ],
)
def test_an_operation_of_your_own(answer, cause):
    assert cause in wrong("1.3", answer).cause


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda v: Value(math.tanh(v.data), (v), (1 - math.tanh(v.data) ** 2,)), "the comma"),
        (lambda v: Value(math.tanh(v.data), (v,), (1 - math.tanh(v.data) ** 2)), "the comma"),
        (lambda v: Value(math.tanh(v.data), {v}, (1 - math.tanh(v.data) ** 2,)), "a tuple keeps"),
        (lambda v: math.tanh(v.data), "return a `Value`"),
        (lambda v: None, "return a `Value`"),
    ],
)
def test_a_node_that_is_put_together_wrongly(answer, cause):
    assert cause in wrong("1.3", answer).cause


def test_tanh_that_returns_a_number_and_tanh_that_is_none():
    assert "'float' object has no attribute" in wrong("1.3", lambda v: math.tanh(v.data)).lines[0]
    assert "the check needs your function" in wrong("1.3", 5).lines[0]


@pytest.mark.parametrize(
    ("liar", "repaired", "cause"),
    [
        ("cube", inverse, "agrees there too"),
        ("log", inverse, "name one of the four"),
        (7, inverse, "name one of the four"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1 / a.data,)), "wrong everywhere else"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (1 / a.data**2,)), "falls"),
        ("inverse", lambda a: Value(1 / a.data, (a,)), "slope is missing"),
        ("inverse", lambda a: 1 / a, "One node is asked for"),
    ],
)
def test_one_of_four_lies(liar, repaired, cause):
    assert cause in wrong("1.4", liar, repaired).cause


def test_the_liar_may_be_named_with_a_capital():
    assert evaluate("1.4", " Inverse", inverse).status == "right"


def test_the_liar_may_be_named_by_its_function():
    def inverse_of_mine(a):
        raise NotImplementedError

    result = evaluate("1.4", inverse, inverse_of_mine)
    assert result.status == "not attempted"
    assert "still raises" in result.lines[0]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda n: 2 * n + 1, "that is the sum"),
        (lambda n: 2 * n + 2, "one is missing"),
        (lambda n: len(nodes_of(sum([Value(1.0)] * n) / n)), "one Value n times"),
        (lambda n: 2 * n, "starts with 0"),
        (lambda n: n + 3, "a node of its own"),
        (lambda n: n, "the operations make nodes"),
        (lambda n: None, "`return`"),
    ],
)
def test_what_a_mean_costs(answer, cause):
    assert cause in wrong("1.5", answer).cause


# Exercise 1.6: a right class, and what changes in each wrong one.
class Right:
    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad = data, 0
        self._children, self._local_grads = children, local_grads

    def node(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def make(self, *parts):
        return type(self)(*parts)

    def __add__(self, other):
        other = self.node(other)
        return self.make(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = self.node(other)
        return self.make(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return self.make(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self):
        return self.make(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self):
        return self.make(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        return self.make(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return other + (-self)

    def __rtruediv__(self, other):
        return other * self**-1


def changed(**methods):
    """Return the right class with some methods replaced, or taken out by None."""
    missing = {name for name, method in methods.items() if method is None}
    body = {name: thing for name, thing in vars(Right).items() if name not in missing}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    return type("MyValue", (), {**body, **{k: m for k, m in methods.items() if m}})


def test_a_class_of_ones_own():
    assert evaluate("1.6", Right).status == "right"
    assert evaluate("1.6", changed()).status == "right"


def swapped_mul(self, other):
    other = self.node(other)
    return self.make(self.data * other.data, (self, other), (self.data, other.data))


def forgetful_add(self, other):
    return self.make(self.data + self.node(other).data)


def no_constants(self, other):
    return self.make(self.data + other.data, (self, other), (1, 1))


def one_node_quotient(self, other):
    other = self.node(other)
    slopes = (1 / other.data, -self.data / other.data**2)
    return self.make(self.data / other.data, (self, other), slopes)


@pytest.mark.parametrize(
    ("methods", "line", "cause"),
    [
        ({"__mul__": swapped_mul}, "slopes of MyValue(2) * MyValue(5)", "swapped"),
        ({"__add__": forgetful_add}, "_children is empty", "`(self, other)`"),
        ({"__add__": no_constants}, "MyValue(3) + 10", "make it a node first"),
        ({"__radd__": None}, "10 + MyValue(3)", "`__radd__`"),
        ({"__rsub__": lambda self, other: self - other}, "10 - MyValue(3)", "sides swapped"),
        ({"__rtruediv__": lambda self, other: self / other}, "10 / MyValue(4)", "sides swapped"),
        ({"exp": None}, "MyValue(2).exp()", "missing in your class"),
        (
            {"relu": lambda s: s.make(max(0, s.data), (s,), (1.0,))},
            "MyValue(-3).relu()",
            "below 0 a nudge changes nothing",
        ),
        (
            {"relu": lambda s: s.make(max(0, s.data), (s,), (float(s.data >= 0),))},
            "MyValue(0).relu()",
            "at 0 itself",
        ),
        (
            {"__pow__": lambda s, n: s.make(s.data**n, (s,), (n * s.data**n,))},
            "MyValue(3) ** 4",
            "one less",
        ),
        (
            {"log": lambda s: s.make(math.log(s.data), (s,), (math.log(s.data),))},
            "MyValue(5).log()",
            "that is the value of log",
        ),
        ({"__truediv__": one_node_quotient}, "operations", "built from"),
    ],
)
def test_a_class_with_one_mistake(methods, line, cause):
    result = wrong("1.6", changed(**methods))
    assert line in result.lines[0]
    assert cause in result.cause


def test_a_class_without_grad_and_what_is_no_class():
    class Bare:
        def __init__(self, data, children=(), local_grads=()):
            self.data, self._children, self._local_grads = data, children, local_grads

    assert "no field 'grad'" in wrong("1.6", Bare).lines[0]
    assert "your class itself" in wrong("1.6", Right(3)).lines[0]
    assert "the course's Value" in wrong("1.6", Value).lines[0]
    assert "your class itself" in wrong("1.6", "MyValue").lines[0]


def test_a_class_that_takes_no_number_and_one_without_tuples():
    class Empty:
        pass

    class Nones(Right):
        def __init__(self, data, children=None, local_grads=None):
            super().__init__(data, children, local_grads)

    assert "takes the number" in wrong("1.6", Empty).cause
    assert "an empty tuple" in wrong("1.6", Nones).cause


def test_children_that_are_plain_numbers():
    def add(self, other):
        return self.make(self.data + self.node(other).data, (self, other), (1, 1))

    result = wrong("1.6", changed(__add__=add))
    assert "cannot be walked" in result.lines[0]
    assert "a constant too" in result.cause
