"""Chapter 01: other right ways pass, and what no slip of its tables says is told as well."""

import math

import pytest
from looked_at import typed
from own_parts import Mine
from told import chapter_tests, wrong

from classroom.exercises import evaluate
from classroom.exercises.ch01 import EXPRESSIONS, REPAIRED, inverse, made_from, nodes_in_mean
from classroom.exercises.judges.nodes import nodes_of
from microgpt import Value


def count_mean(n):
    return len(nodes_of(sum([Value(1.0) for _ in range(n)]) / n))


def nudged(v):
    up, down = math.tanh(v.data + 1e-6), math.tanh(v.data - 1e-6)
    return Value(math.tanh(v.data), (v,), ((up - down) / 2e-6,))


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


def begun_with(**fields):
    """Return a right class whose nodes begin with other fields; those that are ... are missing."""

    def begin(self, data, children=(), local_grads=()):
        Mine.__init__(self, data, children, local_grads)
        vars(self).update(fields)
        for name in [name for name, value in fields.items() if value is ...]:
            delattr(self, name)

    return changed(__init__=begin)


LIST = "[child.data for child in node._children]"
READ = f"return {LIST} ->"
GRAD = "def f(v):\n    v.grad = 1 - math.tanh(v.data) ** 2\n"
GRAD += "    return Value(math.tanh(v.data), (v,), (v.grad,))"
NODE = "return Value(t, (v,), (slope,)) ->"
SUM = "return MyValue(self.data + other.data, (self, other), (1, 1)) ->"
RIGHT = [
    ("1.1", lambda node: tuple(child.data for child in node._children)),
    ("1.2", (2, 5.0, 5)),
    ("1.3", nudged),
    ("1.4", ("inverse", inverse)),
    ("1.4", (" Inverse", lambda a: a**-1)),
    ("1.5", count_mean),
    ("1.5", lambda n: n + n + 3.0),
    ("1.6", changed()),
]
WRONG = [
    (
        "1.1",
        f"{READ} found = {LIST}⏎    node._children = ()⏎    return found",
        "only read the node",
    ),
    ("1.1", lambda node: list({c.data for c in node._children}), "as in a set"),
    ("1.1", lambda node: str(made_from(node)), "a list of numbers is asked for"),
    ("1.1", lambda node: node, "a node came out"),
    ("1.1", lambda node: [node._children[0].data, node._children[1].data], "a leaf has none"),
    ("1.1", lambda node: [n for n in node.data], "take the `data` of each"),
    ("1.1", lambda node: [child.data for child in node.children], "underscore"),
    ("1.1", lambda node: [child.data for child in made_from._children], "a function, not a node"),
    ("1.1", lambda node: node._children.data, "a tuple of nodes"),
    ("1.1", lambda node: [child.number for child in node._children], "in its field `data`"),
    ("1.2", ("two", 5, 5), "number"),
    ("1.2", (2.5, 5, 5), "whole number"),
    ("1.2", (2, -5, 5), "whole number"),
    ("1.3", typed(GRAD), "`grad` stays 0"),
    ("1.3", f"{NODE} v.data = t⏎    return v", "leave the input as it is"),
    ("1.3", f"{NODE} return Value(t, (v,), ())", "second tuple"),
    ("1.3", f"{NODE} return Value(t, (v,), (Value(slope),))", "plain number"),
    ("1.3", f"{NODE} return Value(t, (v,), (slope, 1.0))", "one child has one slope"),
    ("1.3", f"{NODE} return Value(t, (v, v), (slope / 2,) * 2)", "`Value` one child"),
    ("1.3", f"{NODE} return Value(t, (Value(v.data),), (slope,))", "not the node"),
    ("1.3", f"{NODE} return Value(t, (v.data,), (slope,))", "not its number"),
    ("1.3", f"{NODE} return Value(t, (slope,), (v,))", "swapped"),
    ("1.3", f"{NODE} return Value(t, v, (slope,))", "the comma"),
    ("1.3", f"{NODE} return Value(t, (v,), slope)", "the comma"),
    ("1.3", f"{NODE} return Value(t, (v,), (round(slope, 3),))", "rounded slope"),
    ("1.3", f"{NODE} return Value(t, (v,), (3 * v.data,))", "how fast the value grows"),
    ("1.3", f"{NODE} return Value(t, (), ())", "forgotten"),
    ("1.3", f"{NODE} return (t, (v,), (slope,))", "those are parts"),
    ("1.3", f"{NODE} return Value(t, {{v}}, (slope,))", "a tuple keeps both"),
    ("1.3", f"{NODE} return t", "return a `Value`"),
    ("1.3", "math.tanh(v.data) -> math.tanh(v)", "the node's `data`"),
    ("1.3", lambda v: 1 - 2 / ((v * 2).exp() + 1), "one node"),
    ("1.4", ("cube", REPAIRED.right), "agrees there too"),
    ("1.4", ("log", REPAIRED.right), "name one of the four"),
    ("1.5", lambda n: {1: 5, 2: 7, 3: 9}[n], "every n"),
    ("1.5", lambda n: 2 * len(n) + 3, "not a list"),
    ("1.6", "self.data**n, -> math.exp(n * math.log(self.data)),", "MyValue(-3) ** 2"),
    ("1.6", "(other.data, self.data) -> (other, self)", "plain number"),
    ("1.6", f"{SUM} return MyValue(self.data + other.data)", "`(self, other)`"),
    ("1.6", f"{SUM} self.data += other.data⏎        return self", "makes a new node"),
    ("1.6", "(self, other), (1, 1) -> (self, MyValue(other)), (1, 1)", "wrapped once more"),
    ("1.6", "(self, other), (1, 1) -> (self, 10), (1, 1)", "a constant too"),
    ("1.6", "data = math.exp(self.data) -> data = math.exp(self)", "`self.data`"),
    ("1.6", "other + (-self) -> other - self", "calls itself"),
    ("1.6", changed(__add__=lambda s, o: s.node(s.data + o.data, (s, 1), (o, 1))), "a node first"),
    ("1.6", changed(__radd__=None), "`__radd__` is missing"),
    ("1.6", changed(__neg__=None), "`__neg__` is missing"),
    ("1.6", changed(exp=None), "missing in your class"),
    ("1.6", changed(__eq__=lambda s, o: s.data == o.data), "leave `__eq__` out"),
    ("1.6", changed(__eq__=lambda s, o: s.data == o.data, __hash__=lambda s: 3), "still two nodes"),
    ("1.6", changed(__init__=lambda self: None), "takes the number"),
    ("1.6", type("MyValue", (Value,), {}), "inherits the work"),
    ("1.6", begun_with(grad=None), "begins at 0"),
    ("1.6", begun_with(grad=1), "only `backward`"),
    ("1.6", begun_with(_children=None), "an empty tuple"),
    ("1.6", begun_with(grad=...), "no field 'grad'"),
    ("1.6", Mine(3), "your class itself"),
    ("1.6", "MyValue", "your class itself"),
    ("1.6", Value, "the course's Value"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_the_formula_for_the_mean_is_what_counting_finds():
    assert [nodes_in_mean(n) for n in range(1, 30)] == [count_mean(n) for n in range(1, 30)]


def test_the_example_can_be_pasted():
    line = wrong("1.1", lambda node: [c.data for c in node._children][::-1]).lines[0]
    assert line == "made_from(Value(3) * Value(5)) gave [5, 3], expected [3, 5]."


def test_each_part_is_judged_by_itself():
    result = wrong("1.2", 3, 5, 4)
    assert [line.split(":")[0] for line in result.lines] == ["square", "difference", "halved_sum"]
    assert "difference: right" in result.lines and "square: `a` is one node" in result.told
    assert "halved_sum: `/ 2`" in result.cause and "arrows" in wrong("1.2", 2, 4, 4).told
    assert "the node itself" in wrong("1.2", Value(3) * 5, ..., ...).told
    assert evaluate("1.4", ..., inverse).lines == ("liar: not attempted yet", "repaired: right")


def test_each_expression_of_again_says_its_nodes():
    for text, words in EXPRESSIONS:
        count = len(nodes_of(eval(text, {"a": Value(2.0), "b": Value(3.0)})))
        parts = words.replace(" and ", " ").replace(", ,", ",").split(", ")
        listed = sum({"two": 2, "exp": 1}.get(part.split()[0], 1) for part in parts)
        assert listed + words.count("exp twice") == count, text


@pytest.mark.parametrize("edit", REPAIRED.slips)
def test_a_wrong_repair_is_told_as_itself(edit):
    assert wrong("1.4", "inverse", REPAIRED.slip(edit)).cause == REPAIRED.slips[edit]


def test_the_liar_may_be_named_by_its_function():
    def inverse_of_mine(a):
        raise NotImplementedError

    result = evaluate("1.4", inverse, inverse_of_mine)
    assert result.status == "not attempted"
    assert "still raises" in result.lines[0]
    assert "agrees there too" in wrong("1.4", "root", inverse_of_mine).told


def test_a_quotient_of_its_own_is_right_and_gets_a_remark():
    def quotient(self, other):
        above, below = self.data, getattr(other, "data", other)
        return self.node(above / below, (self, 1 / below), (self.wrap(other), -above / below**2))

    result = evaluate("1.6", changed(__truediv__=quotient))
    assert result.status == "right"
    assert "your `/` is a node of its own" in result.remark
