"""Exercises of chapter 01: reading a graph, counting its nodes, local slopes, an own Value."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from classroom.exercises.judges.nodes import Expression, by_name, listed, nodes_of
from classroom.exercises.judges.value_class import OPERATIONS, check_class, measured
from classroom.exercises.kit.causes import gives, raises, when
from classroom.exercises.kit.comparing import is_number
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.predictions import expect_parts, expect_predictions
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.kit.solutions import Asked, Solution, prediction, solution
from microgpt.autograd import Value


def _read(made_from: Callable[[Value], Any], example: Expression) -> Any:
    """What is read off a node; nodes in a list are named, so that they are no numbers."""
    node = example()
    before = node.data, node.grad, tuple(node._children), tuple(node._local_grads)
    got = made_from(node)
    if before != (node.data, node.grad, tuple(node._children), tuple(node._local_grads)):
        return "the node was changed"
    return by_name(got, {id(child): "a child" for child in before[2]}, "a new node")


@solution(
    "1.1", "Who made you?", difficulty=1, minutes=3, run=_read, show_as="made_from({0})",
    cases=lambda draw: [
        (Expression(text),) for text in (
            "Value(2)", "Value(7) + Value(1.5)", "Value(3) * Value(5)", "Value(-4) + Value(8)",
            "(a := Value(4)) * a", "Value(9).relu()", "Value(2) * Value(3) + Value(2)",
            "Value(3) * Value(2) * Value(5)", "Value(0) + Value(6)", "Value(5) * Value(0)",
            *("Value({}) * Value({}) + Value({})".format(*draw.numbers(3)) for _ in "12"),
        )
    ],
    slips={
        "child.data for -> node.data for": "`node.data` is the node's own number each time; each *child* has its own `data`.",
        "child.data for -> child for": "those are the children themselves; the number of each is in its `data`.",
        "node._children] -> node._children] or [node.data]": "a leaf was made from nothing: its list is empty, without its own number.",
        "node._children] -> node._children] or None": "for a leaf nothing is returned; its list is empty: `[]`.",
        "node._children] -> node._children] if len(node._children) == 2 else []": "a node may have one child only: that of `relu` is missing.",
        "[child.data for child in node._children] -> list(node._local_grads)": "those are the slopes; the numbers are in `data`.",
        "[child.data for child in node._children] -> [n.data for n in nodes_of(node)[:-1]]": "all nodes below are in it, each once; only the direct children are asked for.",
        "[child.data for child in node._children] -> [x for c in node._children for x in [c.data, *made_from(c)]]": "the nodes farther down are in it, too; only the direct children are asked for.",
        "[child.data for child in node._children] -> [x for c in node._children for x in made_from(c)] or [node.data]": "those are the leaves at the very beginning; the direct children are asked for.",
        "[child.data for child in node._children] -> [x for c in node._children for x in made_from(c) or [c.data]]": "those are the leaves at the very beginning: take the direct children's numbers, and go no farther down.",
        "[child.data for child in node._children] -> [6, 2]": "`[6, 2]` is the answer for `L` alone: read the children of the node that is given.",
    },
    also=[
        gives("the node was changed", "only read the node; its fields stay as they are."),
        when(lambda got, _: got in ("a child", "a new node"), "a node came out; the numbers of its children are asked for, in a list."),
        when(lambda got, _: isinstance(got, str), "that is a text; a list of numbers is asked for."),
        when(lambda got, right: isinstance(got, list) and sorted(got) in (sorted(right), sorted(set(right))), "the order, or a child that is used twice, is lost, as in a set: keep the order of `_children`, and every child in it."),
        raises(IndexError, "not every node has two children: a leaf has none, `relu` has one."),
        raises(AttributeError, "`_children` is a tuple of nodes: take the `data` of each of them.", "'tuple' object has no attribute"),
        raises(AttributeError, "the field is called `_children`, with an underscore.", "'Value' object has no attribute 'child"),
    ],
)  # fmt: skip
def made_from(node):
    return [child.data for child in node._children]


WHOLE = (
    when(lambda got, _: is_number(got) and (got != got or got < 0 or got != int(got)), "nodes are "
         "counted, so it is a whole number, 0 or more."),
)  # fmt: skip
BY_MINUS = "`a - b` is `a + b * -1`: count the leaves, the constant, and each operation once."

prediction(
    "1.2", "How many nodes?", difficulty=1, minutes=5, again=lambda rng: fresh_count(rng),
    asked={
        "square": Asked(2, {
            **{n: "`a` is one node, however often it is used; the product is the other." for n in (3, 4)},
            1: "`a` and the product are two nodes.",
            0: "the leaf `a` is a node, and the product is one.",
        }, also=WHOLE),
        "difference": Asked(5, also=WHOLE, first=BY_MINUS),
        "halved_sum": Asked(5, {
            **dict.fromkeys((1, 2, 3, 4), "`/ 2` makes two nodes, a constant and a product; the leaves and the sum are nodes, too."), **dict.fromkeys((6, 7, 8), "there is one `+`, without the 0 of `sum`; and `2 ** -1`, which Python computes, is one constant."),
        }, also=WHOLE),
    },
    together={
        (2, 4, 4): "one node is missing in each: constants are nodes, too, the -1 of `a - b` and what `/ 2` multiplies by; and `a` and `b` are two. (Of arrows there are 2, 4 and 4, and those are not asked for.)",
        (3, 6, 6): "each is one too many: an operation and its result are one node.",
    },
)  # fmt: skip


EXPRESSIONS: tuple[tuple[str, str], ...] = (
    ("a * b * a", "a, b, and two products"),
    ("a + a + b", "a, b, and two sums"),
    ("a / b", "a, b, the power, and the product"),
    ("(a - b) * a", "a, b, -1, b * -1, the sum, and the product"),
    ("3 * a + b", "a, b, the 3, the product, and the sum"),
    ("(a + 1) / b", "a, b, the 1, the sum, the power, and the product"),
    ("(a * b) ** 2 - a", "a, b, the product, its power, -1, a * -1, and the sum"),
    ("1 - a * b", "a, b, the product, -1, the product with it, the 1, and the sum"),
    ("a.exp() / (a.exp() + b)", "a, b, exp twice, the sum, the power, and the product"),
)
"""Expressions of `again("1.2")`, and their nodes in words."""


def fresh_count(rng: random.Random) -> Fresh:
    """Another expression whose nodes are to be counted."""
    text, words = rng.choice(EXPRESSIONS)
    right = len(nodes_of(eval(text, {"a": Value(2.0), "b": Value(3.0)})))  # one of ours
    question = f"a and b are Values. How many nodes does this make, leaves included?\n{text}"
    return Fresh(question, right, f"{right}: {words}.")


def _parts(operation: Callable[[Value], Any], x: float) -> Any:
    """The number, children and slopes of the node that an operation makes of a leaf."""
    v = Value(x)
    made = operation(v)
    if not isinstance(made, Value):
        return made
    if made is v or v.data != x or v._children:
        return "v was changed"
    if v.grad or made.grad:
        return "a grad was set"
    children = by_name(listed(made, "_children"), {id(v): "v"}, "another node")
    slopes = by_name(listed(made, "_local_grads"), {}, "a node")
    return {"data": made.data, "children": children, "slopes": slopes}


OF_A_NODE = [
    when(lambda got, _: isinstance(got, list), "those are parts; return a `Value` made of them: `Value(data, children, local_grads)`."),
    when(lambda got, _: is_number(got), "return a `Value`: `return Value(...)`."),
    gives("v was changed", "leave the input as it is, and make a new `Value`."),
    gives("a grad was set", "`grad` stays 0: only `backward` fills it. Slopes go into `_local_grads`."),
    when(lambda got, _: "v" in got["slopes"] or "a node" in got["slopes"] and any(map(is_number, got["children"])), "children and slopes are swapped: `Value(data, children, local_grads)`."),
    when(lambda got, _: any(map(is_number, got["children"])), "the child is the node itself, not its number."),
    when(lambda got, _: "a node" in got["slopes"], "a slope is a plain number: compute it from `.data` alone."),
    when(lambda got, _: not got["children"], "without its child the node has forgotten where it came from."),
    when(lambda got, _: got["children"] == ["another node"], "the child is not the node that was given: hand that node itself on, and compute with its `data`."),
    when(lambda got, _: len(got["children"]) > 1, "one node that knows its own slope is asked for: compute with `.data`, and give `Value` one child."),
    when(lambda got, _: got["children"] and not got["slopes"], "the second tuple is missing: one slope for the one child."),
    when(lambda got, _: len(got["slopes"]) > 1, "one child has one slope; more are noted."),
    when(lambda got, right: got["data"] == right["data"] and 0 < abs(
        got["slopes"][0] - right["slopes"][0]) < 0.02, "nearly: a rounded slope, or a coarse nudge. The rule gives it exactly."),
    when(lambda got, right: math.isclose(got["data"], right["data"]) and got["children"] == ["v"]
         and is_number(got["slopes"][0]), "the value and the child are right, the slope is not: nudge the input a little, and see how fast the value grows."),
    raises(TypeError, "`math` wants a number: give it the node's `data`.", "must be real number"),
    raises(Wrong, "a set forgets order and repetition; a tuple keeps both.", "yours is {"),
    raises(Wrong, "a tuple of one needs the comma: `(v,)` and `(slope,)`.", "must be a tuple"),
]  # fmt: skip


def with_exp(v):  # noqa: D103
    up, down = math.exp(v.data), math.exp(-v.data)
    t = (up - down) / (up + down)  # tanh of the number, t
    slope = 1 - t * t  # the slope, 1 - t * t
    return Value(t, (v,), (slope,))


@solution(
    "1.3", "An operation of your own", difficulty=2, minutes=10, run=_parts, roads=[with_exp],
    show_as="tanh(Value({0}))", tolerance=1e-6, also=OF_A_NODE,
    cases=lambda draw: [
        (0.5,), (-1.5,), (0.0,), (2.0,), (draw.number(),), (draw.number(-1, 1, 2),)
    ],
    slips={
        "1 - t * t -> t": "that is the value; the slope is what a nudge is multiplied by.",
        "1 - t * t -> t * t": "that is the table's last column, what is missing to 1.",
        "1 - t * t -> 1 - t": "the result must be squared before it is taken from 1.",
        "1 - t * t -> 1 - v.data**2": "it is 1 minus the square of the *result*, not of the input.",
        "1 - t * t -> (1 - t * t) ** 0.5": "that is the root of the slope: square it.",
    },
)  # fmt: skip
def tanh(v):
    t = math.tanh(v.data)  # tanh of the number, t
    slope = 1 - t * t  # the slope, 1 - t * t
    return Value(t, (v,), (slope,))


SOUND = dict.fromkeys(
    ("square", "cube", "root"), "nudge that one at 2 and at 3: its slope agrees there too."
)
NAME_ONE = when(
    lambda got, _: got not in SOUND, "name one of the four: square, cube, inverse, root."
)
LIAR = Asked("inverse", SOUND, also=(NAME_ONE,))


def inverse(a: Any) -> Value:
    """``1 / a`` as one node."""
    value = 1 / a.data  # one over the number
    slope = -1 / a.data**2  # the slope of that, -1 over the square
    return Value(value, (a,), (slope,))


REPAIRED = Solution(
    "1.4", inverse, lambda draw: [(1.0,), (2.0,), (-4.0,), (0.5,), (draw.number(),)],
    slips={
        "-1 / a.data**2 -> -1 / a.data": "that is the slope it had: right at 1, wrong everywhere else.",
        "-1 / a.data**2 -> -1 / (a.data * abs(a.data))": "right above 0 only: below, `abs` turns the sign; the square of `a.data` needs no `abs`.",
        "-1 / a.data**2 -> 1 / a.data**2": "the sign: when x grows, 1/x falls.",
        "-1 / a.data**2 -> -1.0": "-1 is its slope at 1 and -1 only; nudge it at 2 and look. (`-1 / x * x` is `(-1 / x) * x`.)",
    },
    run=_parts, show_as="repaired(Value({0}))", tolerance=1e-6, also=OF_A_NODE,
)  # fmt: skip


@exercise(
    "1.4", "One of four lies", difficulty=2, minutes=8, kind="find the bug",
    parts=(None, REPAIRED),
)  # fmt: skip
def check_liar(liar: Any, repaired: Any) -> None:
    """Check which operation has the wrong slope, and the repaired one."""
    named = getattr(liar, "__name__", liar)
    parts = {
        "liar": lambda: expect_predictions({"liar": LIAR}, [named]),
        "repaired": lambda: REPAIRED.check(repaired),
    }
    try:
        expect_parts(parts)
    except NotImplementedError:
        if liar is not ...:
            parts["liar"]()
        raise


EACH = "each further Value adds two nodes: itself, and one addition."
BY_ONE, BY_MORE = f"{EACH} Yours grows by one only.", f"{EACH} Yours grows by more."
MORE = "too many by the same number for every n: `sum` brings one 0, dividing two nodes."


@solution(
    "1.5", "What does a mean cost?", difficulty=2, minutes=8, kind="experiment", extra=True,
    cases=lambda draw: [(1,), (2,), (3,), (10,), (200,), (draw.whole(4, 30),)],
    slips={
        "+ 3 -> + 1": "two are missing for every n: `sum` starts with a 0 and adds to it, and dividing makes a constant and a product.",
        **{f"+ 3 -> + {k}": MORE for k in range(4, 12)},
        **{f"2 * n -> n\n + 3 -> + {k}": BY_ONE for k in (1, 2, 3, 5, 6, 7)},
        "2 * n -> n\n + 3 -> + 4": f"{BY_ONE} (Of `[Value(1.0)] * n`, one Value n times over, `count` says this, too.)",
        "+ 3 -> + 2": "one is missing for every n: the 0 that `sum` begins with, the constant 1/n, or the product.",
        **{f"2 * n -> {m} * n\n + 3 -> + {k}": BY_MORE for m in (3, 4) for k in range(8)},
        **{f"2 * n + 3 -> {k}": "that is one number for every n; the number of nodes grows with n." for k in range(1, 12)},
        "2 * n + 3 -> n * n + 3": f"{EACH} Yours grows with the square of n.",
        "2 * n + 3 -> 2**n + 3": f"{EACH} What yours adds doubles.",
    },
    also=[
        when(lambda got, right: got is None and right > 7, "small n only; a formula answers for every n."),
        raises(KeyError, "small n only; a formula answers for every n."),
    ],
    first=f"{EACH} And what is there once, whatever n is?",
)  # fmt: skip
def nodes_in_mean(n):
    return 2 * n + 3  # n leaves, n additions, the 0, the 1/n, the product


@solution(
    "1.6", "Your own Value", difficulty=3, minutes=20, extra=True, judge=check_class,
    cases=[(each,) for each in OPERATIONS], run=measured, show_as="{0}", slips={},
)  # fmt: skip
class MyValue:
    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, MyValue) else MyValue(other)
        return MyValue(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, MyValue) else MyValue(other)
        slopes = (other.data, self.data)
        return MyValue(self.data * other.data, (self, other), slopes)

    def __pow__(self, n):
        slope = n * self.data ** (n - 1)
        return MyValue(self.data**n, (self,), (slope,))

    def exp(self):
        data = math.exp(self.data)
        return MyValue(data, (self,), (data,))

    def log(self):
        return MyValue(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        slope = 1.0 if self.data > 0 else 0.0
        return MyValue(max(0, self.data), (self,), (slope,))

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
