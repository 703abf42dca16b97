"""Checks of chapter 01: reading a graph, counting its nodes, local slopes, a Value of one's own."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.checking import (
    expect_calls,
    expect_parts,
    expect_value,
    gives,
    require,
    when,
)
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.kit.verdicts import require_function
from classroom.exercises.shared import one_node, readings, value_class
from classroom.exercises.shared.graphs import expect_prediction, nodes_of
from microgpt.autograd import Value


def made_from(node: Any) -> list[float]:
    """The data of the nodes that a node was computed from."""
    return [child.data for child in node._children]


@exercise("1.1", "Who made you?", difficulty=1, minutes=3)
def check_made_from(answer: Any) -> None:
    """Check ``made_from(node)`` on nodes of every kind."""
    require_function(answer, [(Value(2),)])
    for example in readings.EXAMPLES:
        _refuse_nodes(answer, example)
    expect_calls(
        lambda example: answer(example()),
        readings.of(made_from),
        cases=[(example,) for example in readings.EXAMPLES],
        causes=readings.CAUSES,
        show_as="made_from({0})",
    )


def _refuse_nodes(answer: Any, example: readings.Example) -> None:
    """Nodes in place of their numbers, and a node that was changed by being read."""
    node, text = example(), example.__name__
    before = node.data, node.grad, tuple(node._children), tuple(node._local_grads)
    try:
        got = answer(node)
    except Exception:  # told when the examples are tried
        return
    require(
        not isinstance(got, Value),
        f"made_from({text}) gave a node, expected a list of numbers.",
        "the numbers of its children are asked for, in a list.",
    )
    nodes = [part for part in got if isinstance(part, Value)] if _is_list(got) else []
    own = all(any(part is child for child in before[2]) for part in nodes)
    require(
        not nodes,
        f"made_from({text}) gave nodes, expected their numbers.",
        "those are the children themselves; the number of each is in its `data`."
        if own
        else "those are new nodes around the numbers; the plain numbers are asked for.",
    )
    after = node.data, node.grad, tuple(node._children), tuple(node._local_grads)
    require(
        before == after,
        f"made_from({text}) changed the node.",
        "only read the node; its fields stay as they are.",
    )


def _is_list(thing: Any) -> bool:
    return isinstance(thing, (list, tuple))


def _count(make: Callable[[Value, Value], Value]) -> int:
    return len(nodes_of(make(Value(2), Value(3))))


SQUARE = {
    3: "`a` is one node, however often it is used.",
    4: "`a` is one node, however often it is used; the product is the other.",
    1: "the leaf `a` is a node as well.",
    0: "the leaf `a` is a node, and the product is one.",
}
DIFFERENCE = {
    3: "there is no node for minus: `a - b` is `a + b * -1`.",
    4: "the constant -1 is a node as well.",
    2: "count the leaves `a` and `b`, too; and there is no node for minus.",
    1: "leaves and constants are nodes, too; and there is no node for minus.",
    6: "-1 is one node, a constant: no power and no sign is computed for it.",
    7: "-1 is one node, a constant: no power and no sign is computed for it.",
}
HALVED = {
    4: "the constant is a node as well.",
    3: "`/ 2` makes two nodes: a constant, and a product.",
    6: "`2 ** -1` is computed by Python alone: two plain numbers make no node.",
    7: "`2 ** -1` is computed by Python alone: two plain numbers make no node.",
    8: "`2 ** -1` is computed by Python alone: two plain numbers make no node.",
    2: "count the leaves and the constant, too.",
    1: "count the leaves, the constant and the sum, too.",
}
HOW = (
    "write it with `+`, `*` and `**` only; then count each Value once, each plain number that "
    "meets a Value, and each result."
)


@exercise(
    "1.2",
    "How many nodes?",
    difficulty=1,
    minutes=5,
    kind="predict",
    again=lambda rng: fresh_count(rng),
)
def check_node_counts(square: Any, difference: Any, halved_sum: Any) -> None:
    """Check the predicted numbers of nodes of ``a * a``, ``a - b`` and ``(a + b) / 2``."""
    asked = {
        "square": ("a * a", square, _count(lambda a, b: a * a), SQUARE),
        "difference": ("a - b", difference, _count(lambda a, b: a - b), DIFFERENCE),
        "halved_sum": ("(a + b) / 2", halved_sum, _count(lambda a, b: (a + b) / 2), HALVED),
    }
    expect_parts(
        {
            name: lambda text=text, answer=answer, right=right, causes=causes: expect_prediction(  # type: ignore[misc]
                f"nodes of {text}", answer, right, causes, otherwise=HOW, counted=True
            )
            for name, (text, answer, right, causes) in asked.items()
        }
    )


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


def tanh(v: Any) -> Value:
    """The hyperbolic tangent as one node; its slope is ``1 - tanh**2``."""
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


@exercise("1.3", "An operation of your own", difficulty=2, minutes=10)
def check_tanh(answer: Any) -> None:
    """Check ``tanh(v)``: its value, its one child and its local slope."""
    one_node.check_operation(
        answer,
        "tanh",
        value=math.tanh,
        slope=lambda x: 1 - math.tanh(x) ** 2,
        places=(0.5, -1.5, 0.0, 2.0),
        causes=one_node.TANH,
        tolerance=1e-6,
    )


def inverse(a: Any) -> Value:
    """``1 / a`` as one node."""
    return Value(1 / a.data, (a,), (-1 / a.data**2,))


@exercise("1.4", "One of four lies", difficulty=2, minutes=8, kind="find the bug")
def check_liar(liar: Any, repaired: Any) -> None:
    """Check which operation has the wrong slope, and the repaired one."""
    try:
        expect_parts({"liar": lambda: _check_liar(liar), "repaired": lambda: _repaired(repaired)})
    except NotImplementedError:
        _check_liar(liar)
        raise


def _check_liar(liar: Any) -> None:
    named = getattr(liar, "__name__", liar)
    others = "nudge that one at 2 and at 3: its slope agrees there too."
    expect_value(
        named,
        "inverse",
        causes=[
            *(gives(name, others) for name in ("square", "cube", "root")),
            when(lambda got, _: True, "name one of the four: square, cube, inverse, root."),
        ],
    )


def _repaired(repaired: Any) -> None:
    one_node.check_operation(
        repaired,
        "repaired",
        value=lambda x: 1 / x,
        slope=lambda x: -1 / x**2,
        places=(1.0, 2.0, -4.0, 0.5),
        causes=one_node.INVERSE,
        tolerance=1e-6,
    )


def nodes_in_mean(n: int) -> int:
    """Nodes of ``sum(values) / n`` for n Values: leaves, the 0 of sum, additions, division."""
    return 2 * n + 3


def count_mean(n: int) -> int:
    """The same by building the graph and counting."""
    return len(nodes_of(sum([Value(1.0) for _ in range(n)]) / n))


def _line(per_value: int, rest: int, text: str) -> Any:
    return gives(lambda n: per_value * n + rest, text)


EACH = "each further Value adds two nodes: itself, and one addition."
MEAN = [
    gives(lambda n: n + 4, "`[Value(1.0)] * n` is one Value n times; make n of them."),
    gives(lambda n: 7, "7 for every n: that is the mean of the two `values`; make n Values."),
    _line(2, 1, "that is the sum; dividing by n adds two nodes more."),
    _line(2, 2, "one is missing: the 0 that `sum` starts with, or the constant of the division?"),
    _line(2, 0, "`sum` starts with 0, and dividing adds nodes, too."),
    _line(2, -1, "`sum` starts with 0, which is a node, and dividing adds two nodes more."),
    *(
        _line(2, k, "too many by the same number for every n: `sum` brings one 0, dividing two.")
        for k in range(4, 12)
    ),
    _line(1, 0, "the operations make nodes, too."),
    *(_line(1, k, EACH + " Yours grows by one only.") for k in (-1, 1, 2, 3, 5, 6, 7)),
    *(_line(3, k, EACH + " Yours grows by three.") for k in range(-3, 8)),
    *(_line(4, k, EACH + " Yours grows by four.") for k in range(-3, 8)),
    *(gives(k, "that is a constant; the number of nodes grows with n.") for k in range(1, 12)),
    when(
        lambda got, right: got is None and right > 7,
        "small n only; a formula answers for every n.",
    ),
    when(
        lambda got, right: abs(got - (right - 5) / 4) < 1e-9 or got == 1.0,
        "that is a mean of numbers; the number of *nodes* is asked for.",
    ),
    gives(lambda n: 2 * n * n + 3, EACH + " Yours grows with the square of n."),
    gives(lambda n: n * n, EACH + " Yours grows with the square of n."),
    when(lambda got, right: isinstance(got, (int, float)) and got == got, EACH),
]


@exercise("1.5", "What does a mean cost?", difficulty=2, minutes=8, kind="experiment", extra=True)
def check_nodes_in_mean(answer: Any) -> None:
    """Check the formula ``nodes_in_mean(n)``."""
    expect_calls(answer, count_mean, cases=[(1,), (2,), (3,), (10,), (200,)], causes=MEAN)


@exercise("1.6", "Your own Value", difficulty=3, minutes=20, extra=True)
def check_value_class(answer: Any) -> None:
    """Check a whole class: fields, operations, slopes, constants, reflected operators."""
    try:
        value_class.check_class(answer)
    except RecursionError as error:
        raise Wrong("a method calls itself without end.", cause=value_class.CIRCLE) from error
