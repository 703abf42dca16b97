"""Chapter 01: other right ways pass, and what no slip of its tables says is told as well."""

from __future__ import annotations

import math

import pytest
from own_parts import Mine
from told import wrong

from classroom.exercises import evaluate
from classroom.exercises.ch01 import (
    EXPRESSIONS,
    REPAIRED,
    inverse,
    made_from,
    nodes_in_mean,
)
from classroom.exercises.judges.nodes import nodes_of
from microgpt import Value


def in_a_loop(node):
    numbers = []
    for place in range(len(node._children)):
        numbers += [node._children[place].data]
    return tuple(numbers)


def count_mean(n):
    return len(nodes_of(sum([Value(1.0) for _ in range(n)]) / n))


def from_the_sum(v):
    return Value(math.sinh(v.data) / math.cosh(v.data), [v], [1 / math.cosh(v.data) ** 2])


def nudged(v):
    up, down = math.tanh(v.data + 1e-6), math.tanh(v.data - 1e-6)
    return Value(math.tanh(v.data), (v,), ((up - down) / 2e-6,))


@pytest.mark.parametrize(
    ("exercise", "answers"),
    [
        ("1.1", [in_a_loop]),
        ("1.1", [lambda node: list(map(lambda child: child.data, node._children))]),
        ("1.2", [2, 5.0, 5]),
        ("1.3", [from_the_sum]),
        ("1.3", [nudged]),
        ("1.4", ["inverse", inverse]),
        ("1.4", [" Inverse", lambda a: a**-1]),
        ("1.5", [count_mean]),
        ("1.5", [lambda n: n + n + 3.0]),
    ],
)
def test_other_right_ways_pass(exercise, answers):
    assert evaluate(exercise, *answers).status == "right"


def test_the_formula_for_the_mean_is_what_counting_finds():
    assert [nodes_in_mean(n) for n in range(1, 30)] == [count_mean(n) for n in range(1, 30)]


def emptied(node):
    numbers = [child.data for child in node._children]
    node._children = ()
    return numbers


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (emptied, "only read the node"),
        (lambda node: node, "in a list"),
        (lambda node: list({c.data for c in node._children}), "as in a set"),
        (lambda node: str(made_from(node)), "a list of numbers is asked for"),
        (lambda node: [node._children[0].data, node._children[1].data], "a leaf has none"),
        (lambda node: [n for n in node.data], "take the `data` of each"),
        (lambda node: [child.data for child in node.children], "underscore"),
        (lambda node: [child.data for child in made_from._children], "a function, not a node"),
        (lambda node: node._children.data, "a tuple of nodes"),
        (lambda node: [child.number for child in node._children], "in its field `data`"),
        (lambda node: print(node), "`return`"),
    ],
)
def test_what_no_edit_describes_is_told_why(answer, cause):
    assert cause in wrong("1.1", answer).told


def test_the_example_can_be_pasted():
    line = wrong("1.1", lambda node: [c.data for c in node._children][::-1]).lines[0]
    assert line == "made_from(Value(3) * Value(5)) gave [5, 3], expected [3, 5]."


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        (("two", 5, 5), "number"),
        ((2, [5], 5), "inside a list"),
        ((2.5, 5, 5), "whole number"),
        ((2, -5, 5), "whole number"),
    ],
)
def test_what_is_no_count(answers, cause):
    assert cause in str(wrong("1.2", *answers))


def test_each_part_is_judged_by_itself():
    result = wrong("1.2", 3, 5, 4)
    assert [line.split(":")[0] for line in result.lines] == ["square", "difference", "halved_sum"]
    assert "difference: right" in result.lines and "square: `a` is one node" in result.told
    assert "halved_sum: `/ 2`" in result.cause and "arrows" in wrong("1.2", 2, 4, 4).told
    assert "the node itself" in wrong("1.2", Value(3) * 5, ..., ...).told
    assert evaluate("1.4", ..., inverse).lines == ("liar: not attempted yet", "repaired: right")


def test_a_prediction_is_not_given_away():
    text = str(evaluate("1.2", 2, 9, 5))
    assert "too large" in text
    assert "5" not in text.replace("1.2", "")


def test_each_expression_of_again_says_its_nodes():
    for text, words in EXPRESSIONS:
        count = len(nodes_of(eval(text, {"a": Value(2.0), "b": Value(3.0)})))
        parts = words.replace(" and ", " ").replace(", ,", ",").split(", ")
        listed = sum({"two": 2, "exp": 1}.get(part.split()[0], 1) for part in parts)
        assert listed + words.count("exp twice") == count, text


def node_of(children, slopes):
    return lambda v: Value(math.tanh(v.data), children(v), slopes(v))


def slope_of(v):
    return 1 - math.tanh(v.data) ** 2


def sets_a_grad(v):
    v.grad = 1 - math.tanh(v.data) ** 2
    return Value(math.tanh(v.data), (v,), (v.grad,))


def changes_its_input(v):
    v.data = math.tanh(v.data)
    return v


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (sets_a_grad, "`grad` stays 0"),
        (changes_its_input, "leave the input as it is"),
        (node_of(lambda v: (v,), lambda v: ()), "second tuple"),
        (node_of(lambda v: (v,), lambda v: ("1 - t * t",)), "quotes"),
        (node_of(lambda v: (v,), lambda v: (Value(slope_of(v)),)), "plain number"),
        (node_of(lambda v: (v,), lambda v: (slope_of(v), 1.0)), "one child has one slope"),
        (node_of(lambda v: (v, v), lambda v: (slope_of(v) / 2,) * 2), "listed twice"),
        (node_of(lambda v: (Value(v.data),), lambda v: (slope_of(v),)), "not the node"),
        (node_of(lambda v: (v.data,), lambda v: (slope_of(v),)), "not its number"),
        (node_of(lambda v: (slope_of(v),), lambda v: (v,)), "swapped"),
        (node_of(lambda v: v, lambda v: (slope_of(v),)), "the comma"),
        (node_of(lambda v: (v,), lambda v: slope_of(v)), "the comma"),
        (node_of(lambda v: (v,), lambda v: (round(slope_of(v), 3),)), "rounded slope"),
        (node_of(lambda v: (v,), lambda v: (3 * v.data,)), "how fast the value grows"),
        (node_of(lambda v: (), lambda v: ()), "forgotten"),
        (lambda v: (math.tanh(v.data), (v,), (1.0,)), "those are parts"),
        (lambda v: Value(math.tanh(v.data), {v}, (slope_of(v),)), "a tuple keeps both"),
        (lambda v: math.tanh(v.data), "return a `Value`"),
        (lambda v: Value(math.tanh(v), (v,), (1.0,)), "the node's `data`"),
        (lambda v: Value(math.tanh(v.data) ^ 2, (v,), (1.0,)), "no power"),
        (lambda v: 1 - 2 / ((v * 2).exp() + 1), "one node"),
        (lambda v: None, "othing is returned"),
    ],
)
def test_a_node_that_is_put_together_wrongly(answer, cause):
    assert cause in wrong("1.3", answer).told


@pytest.mark.parametrize("edit", REPAIRED.slips)
def test_a_wrong_repair_is_told_as_itself(edit):
    assert wrong("1.4", "inverse", REPAIRED.slip(edit)).cause == REPAIRED.slips[edit]


@pytest.mark.parametrize("liar", ["cube", "log", 7])
def test_a_wrong_liar_is_told(liar):
    told = "agrees there too" if liar == "cube" else "name one of the four"
    assert told in wrong("1.4", liar, REPAIRED.right).told


def test_the_liar_may_be_named_by_its_function():
    def inverse_of_mine(a):
        raise NotImplementedError

    result = evaluate("1.4", inverse, inverse_of_mine)
    assert result.status == "not attempted"
    assert "still raises" in result.lines[0]
    assert "agrees there too" in wrong("1.4", "root", inverse_of_mine).told


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ({1: 5, 2: 7, 3: 9}.get, "every n"),
        (lambda n: {1: 5, 2: 7, 3: 9}[n], "every n"),
        (lambda n: n / 2 + 0.25, "whole number"),
        (lambda n: 2 * len(n) + 3, "not a list"),
        (lambda n: None, "othing is returned"),
    ],
)
def test_a_count_that_no_edit_describes_is_told_why(answer, cause):
    assert cause in wrong("1.5", answer).told


# Exercise 1.6: a right class, and what changes in each wrong one.
REFLECTED = {
    "__radd__": lambda self, other: self + other,
    "__rmul__": lambda self, other: self * other,
    "__rsub__": lambda self, other: other + (-self),
    "__rtruediv__": lambda self, other: other * self**-1,
}


def changed(**methods):
    """Return a right class with some methods replaced, or taken out by None."""
    body = {**vars(Mine), **REFLECTED, **methods}
    inherited = ("__dict__", "__weakref__")
    return type("MyValue", (), {k: m for k, m in body.items() if m and k not in inherited})


def number(thing):
    return getattr(thing, "data", thing)


def test_a_class_of_ones_own():
    assert evaluate("1.6", changed()).status == "right"


@pytest.mark.parametrize(
    ("methods", "line", "cause"),
    [
        (
            {"__pow__": lambda s, n: s.node(math.exp(n * math.log(s.data)), (s, 1.0))},
            "MyValue(3) ** 4",
            "",
        ),
        (
            {"__mul__": lambda s, o: s.node(s.data * o.data, (s, s.data), (o, o.data))},
            "slopes of MyValue(2) * MyValue(5)",
            "swapped",
        ),
        (
            {"__add__": lambda s, o: type(s)(s.data + number(o))},
            "_children is empty",
            "`(self, other)`",
        ),
        (
            {"__add__": lambda s, o: s.node(s.data + o.data, (s, 1), (o, 1))},
            "MyValue(3) + 10",
            "make it a node first",
        ),
        ({"__radd__": None}, "10 + MyValue(3)", "`__radd__`"),
        ({"exp": None}, "MyValue(2).exp()", "missing in your class"),
        ({"exp": lambda s: s.node(math.exp(s), (s, 1))}, "exp()", "`self.data`"),
        ({"__rsub__": lambda self, other: other - self}, "10 - MyValue(3)", "calls itself"),
        (
            {"__mul__": lambda s, o: s.node(s.data * o.data, (s, o), (o, s))},
            "a slope is",
            "plain number",
        ),
        (
            {"__add__": lambda s, o: setattr(s, "data", s.data + number(o)) or s},
            "one of its own inputs",
            "makes a new node",
        ),
        (
            {"__add__": lambda s, o: s.node(s.data + number(o), (s, 1), (type(s)(o), 1))},
            "is itself a node",
            "wrapped once more",
        ),
        (
            {"__add__": lambda s, o: s.node(s.data + number(o), (s, 1), (o, 1))},
            "cannot be walked",
            "a constant too",
        ),
        ({"__truediv__": None}, "MyValue(2) / MyValue(5)", "`__truediv__` is missing"),
        ({"__neg__": None}, "-MyValue(3)", "`__neg__` is missing"),
        ({"__rmul__": None}, "10 * MyValue(3)", "`__rmul__`"),
        ({"__eq__": lambda s, o: s.data == o.data}, "unhashable", "leave `__eq__` out"),
        (
            {"__eq__": lambda s, o: s.data == o.data, "__hash__": lambda s: hash(s.data)},
            "== MyValue(7.5) is true",
            "still two nodes",
        ),
        ({"__init__": lambda self: None}, "MyValue(7.5)", "takes the number"),
    ],
)
def test_a_class_with_one_mistake(methods, line, cause):
    result = wrong("1.6", changed(**methods))
    assert line in result.lines[0]
    assert cause in result.told


def test_a_quotient_of_its_own_is_right_and_gets_a_remark():
    def quotient(self, other):
        above, below = self.data, number(other)
        return self.node(above / below, (self, 1 / below), (self.wrap(other), -above / below**2))

    result = evaluate("1.6", changed(__truediv__=quotient))
    assert result.status == "right"
    assert "your `/` is a node of its own" in result.remark


def test_a_child_class_of_the_courses_is_told_so():
    class MyValue(Value):
        pass

    assert "inherits the work" in wrong("1.6", MyValue).told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"grad": None}, "begins at 0"),
        ({"grad": 1}, "only `backward`"),
        ({"data": 7}, "cuts the fraction off"),
        ({"_children": None}, "an empty tuple"),
    ],
)
def test_the_four_fields_start_as_they_should(fields, told):
    def begin(self, data, children=(), local_grads=()):
        Mine.__init__(self, data, children, local_grads)
        vars(self).update(fields)

    assert told in wrong("1.6", changed(__init__=begin)).told


def test_a_class_without_grad_and_what_is_no_class():
    def bare(self, data, children=(), local_grads=()):
        self.data, self._children, self._local_grads = data, children, local_grads

    assert "no field 'grad'" in wrong("1.6", changed(__init__=bare)).lines[0]
    assert "your class itself" in wrong("1.6", Mine(3)).lines[0]
    assert "the course's Value" in wrong("1.6", Value).lines[0]
    assert "your class itself" in wrong("1.6", "MyValue").lines[0]
