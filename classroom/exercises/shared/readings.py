"""What ``made_from(node)`` gives if one thing goes wrong: the causes of exercise 1.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import gives, raises, when
from microgpt.autograd import Value, topological_sort


class Example:
    """A node as a reader writes it: shown as its text, called it makes the node anew."""

    def __init__(self, text: str) -> None:
        self.__name__ = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Example) and other.__name__ == self.__name__

    def __hash__(self) -> int:
        return hash(self.__name__)

    def __call__(self) -> Value:
        """The node."""
        return eval(self.__name__, {"Value": Value})  # one of ours


TEXTS = (
    "Value(2)",
    "Value(7) + Value(1.5)",
    "Value(3) * Value(5)",
    "Value(-4) + Value(8)",
    "(a := Value(4)) * a",
    "Value(9).relu()",
    "Value(2) * Value(3) + Value(2)",
    "Value(3) * Value(2) * Value(5)",
)
EXAMPLES = tuple(map(Example, TEXTS))
"""A leaf, one child, a child twice, both orders, a fraction."""


def of(function: Callable[[Value], Any]) -> Callable[[Example], Any]:
    """A function of a node, for the example that makes the node."""
    return lambda example: function(example())


def _data(nodes: Any) -> list[float]:
    return [node.data for node in nodes]


CAUSES: list[Cause] = [
    gives(
        of(lambda n: _data(n._children) or [0]),
        "a leaf was made from nothing: its list is empty, without a 0.",
    ),
    when(
        lambda got, expected: [part[0] for part in got if len(part) == 2] == expected != [],
        "pairs came out; only the number of each child is asked for.",
    ),
    raises(TypeError, "`append` adds one number; `extend` and `+=` want a list.", "not iterable"),
    gives(
        of(lambda n: list(dict.fromkeys(_data(n._children)))),
        "a child that is used twice is in `_children` twice, and so in the list.",
    ),
    gives(
        of(lambda n: _data(n._children) or [n.data]),
        "a leaf was made from nothing: its list is empty, without its own number.",
    ),
    gives(of(lambda n: [0] * len(n._children)), "you read `grad`; the number itself is in `data`."),
    gives(of(lambda n: list(n._local_grads)), "those are the slopes; the numbers are in `data`."),
    gives(
        of(lambda n: [n.data, *_data(n._children)]),
        "the node's own number is in it; only its children are asked for.",
    ),
    gives(
        of(lambda n: [*_data(n._children), n.data]),
        "the node's own number is in it; only its children are asked for.",
    ),
    gives(
        of(lambda n: _data(n._children) or None),
        "for a leaf nothing is returned; its list is empty: `[]`.",
    ),
    gives(of(lambda n: [n.data]), "that is the node's own number; its children's are asked for."),
    gives(of(lambda n: n.data), "that is the node's own number; its children's are asked for."),
    gives(
        of(lambda n: [n.data for _ in n._children]),
        "`node.data` is the node's own number each time; each *child* has its own `data`.",
    ),
    gives(
        of(lambda n: _data(topological_sort(n)[:-1])),
        "all nodes below are in it; only the direct children are asked for.",
    ),
    gives(
        of(lambda n: _data(topological_sort(n))),
        "all nodes of the graph are in it; only the direct children are asked for.",
    ),
    gives(
        of(lambda n: _below(n)),
        "the children's children are in it, too; only the direct children are asked for.",
    ),
    gives(
        of(lambda n: _leaves(n)),
        "those are the leaves at the very beginning; the direct children are asked for.",
    ),
    gives(of(lambda n: sum(_data(n._children))), "that is their sum; the list is asked for."),
    gives(of(lambda n: len(n._children)), "that is how many children; their numbers are asked."),
    gives(
        of(lambda n: sorted(_data(n._children))),
        "the numbers were sorted; keep them in the order of `_children`.",
    ),
    gives(
        of(lambda n: _data(n._children)[::-1]),
        "the last child comes first; keep the order of `_children`.",
    ),
    when(
        lambda got, expected: isinstance(got, list) and sorted(got) == sorted(set(expected)),
        "a set forgets order and repetition: a child that is used twice came once.",
    ),
    gives(
        of(lambda n: _data(n._children) if len(n._children) == 2 else []),
        "a node may have one child only: that of `relu` is missing.",
    ),
    gives(
        of(lambda n: [g.data for c in n._children for g in c._children]),
        "those are the children's children; the node's own children are asked for.",
    ),
    gives(
        of(lambda n: [int(x) for x in _data(n._children)]),
        "`int(...)` cuts the fraction off; hand the numbers on as they are.",
    ),
    gives(
        of(lambda n: [abs(x) for x in _data(n._children)]),
        "`abs(...)` takes the sign away; hand the numbers on as they are.",
    ),
    when(
        lambda got, expected: got == [6, 2] != expected,
        "`[6, 2]` is the answer for `L` alone: read the children of the node that is given.",
    ),
    when(
        lambda got, expected: got and all(isinstance(part, str) for part in got),
        "those are texts; the numbers themselves are asked for.",
    ),
    raises(IndexError, "not every node has two children: a leaf has none, `relu` has one."),
    raises(
        AttributeError,
        "that is a name from the notebook; the function's parameter is the node to read.",
        "'function' object has no attribute",
    ),
    raises(
        AttributeError,
        "`_children` is a tuple of nodes: take the `data` of each of them.",
        "'tuple' object has no attribute",
    ),
    raises(
        AttributeError,
        "the field is called `_children`, with an underscore.",
        "'Value' object has no attribute 'child",
    ),
    raises(
        AttributeError,
        "the number of a node is in its field `data`.",
        "'Value' object has no attribute",
    ),
]


def _below(node: Value) -> list[float]:
    found = []
    for child in node._children:
        found += [child.data, *_below(child)]
    return found


def _leaves(node: Value) -> list[float]:
    if not node._children:
        return [node.data]
    return [x for child in node._children for x in _leaves(child)]
