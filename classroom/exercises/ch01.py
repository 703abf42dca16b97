"""Checks of chapter 01: reading a graph, counting its nodes, local slopes, a Value of one's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import outcome
from classroom.exercises.kit.checking import (
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.verdicts import require_function
from classroom.exercises.shared import value_class
from classroom.exercises.shared.graphs import expect_prediction, listed, nodes_of
from microgpt.autograd import Value


def made_from(node: Any) -> list[float]:
    """The data of the nodes that a node was computed from."""
    return [child.data for child in node._children]


@exercise("1.1", "Who made you?", difficulty=1, minutes=3)
def check_made_from(answer: Any) -> None:
    """Check ``made_from(node)`` on the running example."""
    a, b = Value(2), Value(3)
    c = a * b
    loss = c + a
    require_function(answer, [(loss,)])
    for name, node in (("L", loss), ("c", c), ("a", a), ("a + a", a + a)):
        _refuse_nodes(name, outcome(answer, (node,)))
        expect(
            f"made_from({name})",
            lambda node=node: answer(node),  # type: ignore[misc]
            made_from(node),
            causes=[
                when(
                    lambda got, expected: expected and got == [0] * len(expected),
                    "you read `grad`; the number itself is in `data`.",
                ),
                when(
                    lambda got, expected: got == [node.data, *expected],  # noqa: B023
                    "the node's own number is in it; only its children are asked for.",
                ),
                gives(list(node._local_grads), "those are the slopes; the numbers are in `data`."),
                when(
                    lambda got, expected: len(got) == 1 < len(expected) and got[0] in expected,
                    "a child that is used twice stands in `_children` twice.",
                ),
                raises(IndexError, "a leaf such as `a` has no children: its list is empty."),
                raises(
                    AttributeError, "the field is called `_children`, with an underscore.", "child"
                ),
            ],
        )


def _refuse_nodes(name: str, got: Any) -> None:
    nodes = isinstance(got, (list, tuple)) and any(isinstance(part, Value) for part in got)
    require(
        not nodes,
        f"made_from({name}) gave nodes, expected their numbers.",
        "those are the children themselves; the number of each is in its `data`.",
    )


def _count(make: Callable[[Value, Value], Value]) -> int:
    return len(nodes_of(make(Value(2), Value(3))))


@exercise("1.2", "How many nodes?", difficulty=1, minutes=5, kind="predict")
def check_node_counts(square: Any, difference: Any, halved_sum: Any) -> None:
    """Check the predicted numbers of nodes of ``a * a``, ``a - b`` and ``(a + b) / 2``."""
    expect_prediction(
        "nodes of a * a",
        square,
        _count(lambda a, b: a * a),
        {
            3: "`a` is one node, however often it is used.",
            1: "the leaf `a` is a node as well.",
        },
    )
    expect_prediction(
        "nodes of a - b",
        difference,
        _count(lambda a, b: a - b),
        {
            3: "there is no node for minus: `a - b` is `a + b * -1`.",
            4: "the constant -1 is a node as well.",
            2: "count the leaves `a` and `b`, too.",
        },
    )
    expect_prediction(
        "nodes of (a + b) / 2",
        halved_sum,
        _count(lambda a, b: (a + b) / 2),
        {
            4: "the constant is a node as well.",
            6: "`2 ** -1` is computed by Python alone: two plain numbers make no node.",
            7: "`2 ** -1` is computed by Python alone: two plain numbers make no node.",
            2: "count the leaves and the constant, too.",
        },
    )


def tanh(v: Any) -> Value:
    """The hyperbolic tangent as one node; its slope is ``1 - tanh**2``."""
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


@exercise("1.3", "An operation of your own", difficulty=2, minutes=10)
def check_tanh(answer: Any) -> None:
    """Check ``tanh(v)``: its value, its one child and its local slope."""
    require_function(answer, [(Value(0.5),)])
    for x in (0.5, -1.5, 0.0):
        v = Value(x)
        expect(
            f"tanh(Value({x})).data",
            lambda v=v: answer(v).data,  # type: ignore[misc]
            math.tanh(x),
            causes=[
                raises(AttributeError, "return a `Value`: `return Value(...)`.", "'data'"),
                raises(
                    TypeError,
                    "`math.tanh` wants a number: give it `v.data`.",
                    "must be real number",
                ),
            ],
        )
        made = answer(v)
        count = len(nodes_of(made))
        require(
            count != 1,
            f"tanh(Value({x}))._children is empty.",
            "without its child the node has forgotten where it came from.",
        )
        require(
            listed(made, "_children") == [v],
            f"tanh(Value({x})) made a graph of {count} nodes, expected 2: v and the result.",
            "one node that knows its own slope is asked for: compute with `v.data`, "
            "and give `Value` the children `(v,)`.",
        )
        _expect_tanh_slope(x, made)


def _expect_tanh_slope(x: float, made: Any) -> None:
    t = math.tanh(x)
    expect(
        f"tanh(Value({x}))._local_grads",
        listed(made, "_local_grads"),
        [1 - t * t],
        causes=[
            gives([], "the second tuple is missing: one slope for the one child."),
            gives([t], "that is the value; the slope is what a nudge of x is multiplied by."),
            gives([1 - x * x], "it is 1 minus the square of the *result*, not of the input."),
            gives([1 - t], "nearly: the result must be squared before it is taken from 1."),
            gives([t * t], "that is what is missing to 1, the table's last column."),
            gives([1.0], "1 is its slope at 0 only; nudge it at 0.5 and look."),
        ],
        tolerance=1e-6,
    )


def inverse(a: Any) -> Value:
    """``1 / a`` as one node."""
    return Value(1 / a.data, (a,), (-1 / a.data**2,))


@exercise("1.4", "One of four lies", difficulty=2, minutes=8, kind="find the bug")
def check_liar(liar: Any, repaired: Any) -> None:
    """Check which operation has the wrong slope, and the repaired one."""
    expect_value(
        liar.strip().lower() if isinstance(liar, str) else getattr(liar, "__name__", liar),
        "inverse",
        causes=[
            when(
                lambda got, _: got in ("square", "cube", "root"),
                "nudge that one at 2 and at 3: its slope agrees there too.",
            ),
            when(lambda got, _: True, "name one of the four: square, cube, inverse, root."),
        ],
    )
    require_function(repaired, [(Value(2.0),)])
    for x in (1.0, 2.0, -4.0):
        v = Value(x)
        expect(
            f"repaired(Value({x})).data",
            lambda v=v: repaired(v).data,  # type: ignore[misc]
            1 / x,
            causes=[raises(AttributeError, "return a `Value`: `return Value(...)`.", "'data'")],
        )
        expect(
            f"repaired(Value({x}))._local_grads",
            listed(repaired(v), "_local_grads"),
            [-1 / x**2],
            causes=[
                gives([-1 / x], "that is the slope it had: right at 1, wrong everywhere else."),
                gives([1 / x**2], "the sign: when x grows, 1/x falls."),
                gives([], "its slope is missing: the third thing that `Value` is given."),
                when(
                    lambda got, _: len(got) == 2,
                    "two slopes, so two children: `1 / a` is a power and a product. One node is "
                    "asked for: compute with `a.data`, and note the slope yourself.",
                ),
                gives([math.log(abs(x))], "the logarithm is what has the slope 1/x."),
            ],
        )


def nodes_in_mean(n: int) -> int:
    """Nodes of ``sum(values) / n`` for n Values: leaves, the 0 of sum, additions, division."""
    return 2 * n + 3


def count_mean(n: int) -> int:
    """The same by building the graph and counting."""
    return len(nodes_of(sum([Value(1.0) for _ in range(n)]) / n))


@exercise("1.5", "What does a mean cost?", difficulty=2, minutes=8, kind="experiment", extra=True)
def check_nodes_in_mean(answer: Any) -> None:
    """Check the formula ``nodes_in_mean(n)``."""
    expect_calls(
        answer,
        count_mean,
        cases=[(1,), (2,), (3,), (10,), (200,)],
        causes=[
            gives(lambda n: 2 * n + 1, "that is the sum; dividing by n adds two nodes more."),
            gives(
                lambda n: 2 * n + 2,
                "one is missing: the 0 that `sum` starts with, or the constant of the division?",
            ),
            gives(lambda n: n + 4, "`[Value(1.0)] * n` is one Value n times; make n of them."),
            gives(lambda n: 2 * n, "`sum` starts with 0, and dividing adds nodes, too."),
            gives(lambda n: n + 3, "each addition makes a node of its own."),
            gives(lambda n: n, "the operations make nodes, too."),
        ],
    )


@exercise("1.6", "Your own Value", difficulty=3, minutes=20, extra=True)
def check_value_class(answer: Any) -> None:
    """Check a whole class: fields, operations, slopes, constants, reflected operators."""
    value_class.check_class(answer)
