"""The checks of chapter 01: right answers pass, typical wrong ones are told what they look like."""

from __future__ import annotations

import math

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch01 import (
    EXPRESSIONS,
    count_mean,
    inverse,
    made_from,
    nodes_in_mean,
    tanh,
)
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
        (lambda node: [c.data for c in node._children] or [node.data], "made from nothing"),
        (lambda node: [c.data for c in node._children] or None, "its list is empty"),
        (lambda node: [node.data for _ in node._children], "each *child* has its own"),
        (lambda node: list(node._local_grads), "those are the slopes"),
        (lambda node: list(dict.fromkeys(c.data for c in node._children)), "used twice"),
        (lambda node: list({c.data for c in node._children}), "set forgets order"),
        (lambda node: [c.data for c in node._children][::-1], "the last child comes first"),
        (lambda node: sorted(c.data for c in node._children), "were sorted"),
        (lambda node: [int(c.data) for c in node._children], "cuts the fraction off"),
        (lambda node: list(node._children), "the number of each is in its `data`"),
        (lambda node: [Value(c.data) for c in node._children], "new nodes around"),
        (lambda node: [node._children[0].data, node._children[1].data], "a leaf has none"),
        (lambda node: [c.data for c in node._children if len(node._children) == 2], "one child"),
        (lambda node: [n.data for n in nodes_of(node)[:-1]], "all nodes below"),
        (lambda node: node, "in a list"),
        (lambda node: [c.data for c in node._children] or [0], "without a 0"),
        (lambda node: [g.data for c in node._children for g in c._children], "own children"),
        (lambda node: list(zip(made_from(node), node._local_grads)), "pairs"),
        (lambda node: [abs(c.data) for c in node._children], "`abs"),
        (lambda node: sum(c.data for c in node._children), "their sum"),
        (lambda node: [6, 2], "`L` alone"),
        (lambda node: [str(c.data) for c in node._children], "those are texts"),
        (lambda node: [child.data for child in node.children], "underscore"),
        (lambda node: [child.data for child in made_from._children], "a name from the notebook"),
        (lambda node: node._children.data, "a tuple of nodes"),
        (lambda node: print(node), "`return`"),
    ],
)
def test_who_made_you(answer, cause):
    assert cause in wrong("1.1", answer).cause


def below(node):
    found = []
    for child in node._children:
        found += [child.data, *below(child)]
    return found


def emptied(node):
    numbers = [child.data for child in node._children]
    node._children = ()
    return numbers


def test_children_of_children_and_a_node_that_is_emptied():
    assert "the children's children" in wrong("1.1", below).cause
    assert "only read the node" in wrong("1.1", emptied).cause


def test_the_example_can_be_pasted():
    line = wrong("1.1", lambda node: [c.data for c in node._children][::-1]).lines[0]
    assert line == "made_from(Value(3) * Value(5)) gave [5, 3], expected [3, 5]."


@pytest.mark.parametrize(
    ("answers", "line", "cause"),
    [
        ((3, 5, 5), "square: nodes of a * a", "one node"),
        ((2, 3, 5), "difference: nodes of a - b", "no node for minus"),
        ((2, 4, 5), "difference: nodes of a - b", "-1"),
        ((2, 5, 4), "halved_sum: nodes of (a + b) / 2", "constant"),
        ((2, 5, 6), "halved_sum: nodes of (a + b) / 2", "plain numbers"),
        ((2, 9, 5), "difference: nodes of a - b", "count each Value once"),
        (("two", 5, 5), "square: nodes of a * a", "a number is asked for"),
        ((2, [5], 5), "difference: nodes of a - b", "a number is asked for"),
        ((2.5, 5, 5), "square: nodes of a * a", "whole number"),
        ((2, -5, 5), "difference: nodes of a - b", "whole number"),
        ((Value(2), 5, 5), "square: nodes of a * a", "a plain number is asked for"),
    ],
)
def test_how_many_nodes(answers, line, cause):
    result = wrong("1.2", *answers)
    assert line in "\n".join(result.lines)
    assert cause in result.cause


def test_each_part_is_judged_by_itself():
    result = wrong("1.2", 3, 5, 4)
    assert [line.split(":")[0] for line in result.lines] == ["square", "difference", "halved_sum"]
    assert "difference: right" in result.lines
    assert "square: `a` is one node" in result.cause and "halved_sum: the constant" in result.cause


def test_a_prediction_is_not_given_away():
    text = str(evaluate("1.2", 2, 7, 5))
    assert "too large" in text
    assert "5" not in text.replace("1.2", "")


def test_each_expression_of_again_says_its_nodes():
    for text, words in EXPRESSIONS:
        count = len(nodes_of(eval(text, {"a": Value(2.0), "b": Value(3.0)})))
        parts = words.replace(" and ", " ").replace(", ,", ",").split(", ")
        listed = sum({"two": 2, "exp": 1}.get(part.split()[0], 1) for part in parts)
        assert listed + words.count("exp twice") == count, text


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
        (slope_of(lambda x: (1 + math.tanh(x) ** 2,)), "*from* 1"),
        (slope_of(lambda x: (1 - math.tanh(x) * abs(math.tanh(x)),)), "a square never is"),
        (slope_of(lambda x: ((1 - math.tanh(x) ** 2) ** 0.5,)), "root of the slope"),
        (slope_of(lambda x: (round(1 - math.tanh(x) ** 2, 3),)), "rounded slope"),
        (slope_of(lambda x: (x,)), "that is the input"),
        (slope_of(lambda x: ("1 - t * t",)), "quotes"),
        (slope_of(lambda x: (Value(1 - math.tanh(x) ** 2),)), "plain number"),
        (slope_of(lambda x: (1.0, 1.0)), "one child has one slope"),
        (lambda v: Value(math.tan(v.data), (v,), (1.0,)), "`math.tan`"),
        (lambda v: Value(math.tanh(v.data) ^ 2, (v,), (1.0,)), "no power"),
        (lambda v: Value(math.tanh(v.data), (Value(v.data),), (1.0,)), "a copy"),
        (lambda v: Value(math.tanh(v.data), (v.data,), (1.0,)), "not its number"),
        (lambda v: Value(math.tanh(v.data), (1.0,), (v,)), "swapped"),
        (lambda v: (math.tanh(v.data), (v,), (1.0,)), "three parts"),
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
        (lambda v: None, "nothing is returned"),
    ],
)
def test_a_node_that_is_put_together_wrongly(answer, cause):
    assert cause in wrong("1.3", answer).cause


def sets_a_grad(v):
    v.grad = 1 - math.tanh(v.data) ** 2
    return tanh(v)


def changes_its_input(v):
    v.data = math.tanh(v.data)
    return v


def test_nothing_but_a_new_node_is_made():
    assert "`grad` stays 0" in wrong("1.3", sets_a_grad).cause
    assert "leave `v` as it is" in wrong("1.3", changes_its_input).cause


def test_tanh_that_returns_a_number_and_tanh_that_is_none():
    result = wrong("1.3", lambda v: math.tanh(v.data))
    assert "expected a Value" in result.lines[0] and "return Value(...)" in result.cause
    assert "the check needs your function" in wrong("1.3", 5).lines[0]


@pytest.mark.parametrize(
    ("liar", "repaired", "cause"),
    [
        ("cube", inverse, "agrees there too"),
        ("log", inverse, "name one of the four"),
        (7, inverse, "name one of the four"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1 / a.data,)), "wrong everywhere else"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (1 / a.data**2,)), "falls"),
        ("inverse", lambda a: Value(1 / a.data, (a,)), "one slope for the one child"),
        ("inverse", lambda a: 1 / a, "one node that knows its own slope"),
        ("inverse", lambda a: Value(1 / a.data, (), (-1 / a.data**2,)), "forgotten"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1 / a**2,)), "plain number"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1.0,)), "at 1 only"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1 / a.data**3,)), "not -3"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-1 / a.data / abs(a.data),)), "above 0"),
        ("inverse", lambda a: Value(1 / a.data, (a,), (-math.log(a.data),)), "logarithm"),
        ("inverse", lambda a: Value(1 // a.data, (a,), (-1 / a.data**2,)), "cuts the fraction"),
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


def test_a_wrong_liar_is_told_while_the_repair_is_open():
    def repaired(a):
        raise NotImplementedError

    assert "agrees there too" in wrong("1.4", "root", repaired).cause


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda n: 7, "the two `values`"),
        (lambda n: 5, "a constant"),
        (lambda n: 2 * n + 4, "too many by the same number"),
        (lambda n: n + 5, "grows by one only"),
        (lambda n: 3 * n + 1, "grows by three"),
        (lambda n: n * n, "square of n"),
        (lambda n: n**3, "each further Value adds two nodes"),
        (lambda n: {1: 5, 2: 7, 3: 9}.get(n), "every n"),
        (lambda n: sum(range(n)) / n, "a mean of numbers"),
        (lambda n: 2 * n + 1, "that is the sum"),
        (lambda n: 2 * n + 2, "one is missing"),
        (lambda n: len(nodes_of(sum([Value(1.0)] * n) / n)), "one Value n times"),
        (lambda n: 2 * n, "starts with 0"),
        (lambda n: n + 3, "grows by one only"),
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


def slope_that_is_a_node(self, other):
    other = self.node(other)
    return self.make(self.data * other.data, (self, other), (other, self))


def adds_into_itself(self, other):
    self.data += self.node(other).data
    return self


def wraps_again(self, other):
    other = type(self)(other)
    data = other.data.data if hasattr(other.data, "data") else other.data
    return self.make(self.data + data, (self, other), (1, 1))


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
        (
            {"exp": lambda s: s.make(math.exp(s.data), (s,), (s.data,))},
            "MyValue(2).exp()",
            "its own slope",
        ),
        ({"log": lambda s: s.make(math.log10(s.data), (s,), (1.0,))}, "log()", "base 10"),
        (
            {"log": lambda s: s.make(math.log(s.data), (s,), (s.data,))},
            "MyValue(5).log()",
            "1 over it",
        ),
        ({"exp": lambda s: s.make(math.exp(s), (s,), (1,))}, "exp()", "`self.data`"),
        (
            {"__pow__": lambda s, n: s.make(s.data**n, (s,), (n * s.data**n - 1,))},
            "MyValue(3) ** 4",
            "brackets",
        ),
        (
            {"__add__": lambda s, o: s.make(s.data + s.node(o).data, (s, s.node(o)), (2, 5))},
            "MyValue(2) + MyValue(5)",
            "unchanged",
        ),
        ({"__rsub__": lambda self, other: other - self}, "10 - MyValue(3)", "calls itself"),
        ({"relu": lambda s: s.make(abs(s.data), (s,), (1.0,))}, "MyValue(-3).relu()", "`abs`"),
        ({"__mul__": slope_that_is_a_node}, "a slope is", "plain number"),
        ({"__add__": adds_into_itself}, "one of its own inputs", "makes a new node"),
        ({"__add__": wraps_again}, "is itself a node", "wrapped once more"),
        ({"__truediv__": None}, "MyValue(2) / MyValue(5)", "`__truediv__` is missing"),
        ({"__neg__": None}, "-MyValue(3)", "`__neg__` is missing"),
        ({"__rmul__": None}, "10 * MyValue(3)", "`__rmul__`"),
        ({"__eq__": lambda s, o: s.data == o.data}, "unhashable", "leave `__eq__` out"),
        (
            {"__eq__": lambda s, o: s.data == o.data, "__hash__": lambda s: hash(s.data)},
            "== MyValue(7.5) is true",
            "still two nodes",
        ),
    ],
)
def test_a_class_with_one_mistake(methods, line, cause):
    result = wrong("1.6", changed(**methods))
    assert line in result.lines[0]
    assert cause in result.cause


def test_a_quotient_of_its_own_is_right_and_gets_a_remark():
    result = evaluate("1.6", changed(__truediv__=one_node_quotient))
    assert result.status == "right"
    assert "your `/` is a node of its own" in result.remark


def test_a_child_class_of_the_courses_is_told_so():
    class MyValue(Value):
        pass

    assert "inherits the work" in wrong("1.6", MyValue).cause


def test_the_four_fields_start_as_they_should():
    def made(grad=0, cut=False):
        def begin(self, data, children=(), local_grads=()):
            self.data, self.grad = int(data) if cut else data, grad
            self._children, self._local_grads = children, local_grads

        return changed(__init__=begin)

    assert "begins at 0" in wrong("1.6", made(grad=None)).cause
    assert "only `backward`" in wrong("1.6", made(grad=1)).cause
    assert "cuts the fraction off" in wrong("1.6", made(cut=True)).cause


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
