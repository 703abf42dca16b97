"""`Value`: every operation against a finite difference, the order of the walk, clear errors."""

from __future__ import annotations

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import Value, dot, topological_sort, total

away_from_zero = st.floats(0.1, 3.0)
anything = st.floats(-3.0, 3.0)

TWO_INPUTS = {
    "add": operator.add,
    "multiply": operator.mul,
    "subtract": operator.sub,
    "divide": operator.truediv,
    "twice": lambda a, b: a * a * b + a,
    "constants": lambda a, b: 2 - a + 3 * b - (1 + a) / 4 + 5 / b - (-b),
    "dot": lambda a, b: dot([a, b, a], [b, b, a]),
    "total": lambda a, b: total([a, b, a]),
    "functions": lambda a, b: (a * b).exp() + a.log() * b**3 + (a - b).exp().relu() + b**-0.5,
}


def slope(function, inputs, position, h=1e-6):
    """The central difference (f(x + h) - f(x - h)) / 2h in one input."""

    def shifted(by):
        moved = [x + by * (i == position) for i, x in enumerate(inputs)]
        return function(*map(Value, moved)).data

    return (shifted(h) - shifted(-h)) / (2 * h)


@pytest.mark.parametrize("function", TWO_INPUTS.values(), ids=TWO_INPUTS)
@given(a=away_from_zero, b=away_from_zero)
def test_gradients_are_the_slopes(function, a, b):
    nodes = Value(a), Value(b)
    function(*nodes).backward()
    for position, node in enumerate(nodes):
        expected = slope(function, (a, b), position)
        assert node.grad == pytest.approx(expected, rel=1e-4, abs=1e-4)


@given(a=anything, b=away_from_zero)
def test_numbers_are_those_of_floats(a, b):
    x, y = Value(a), Value(b)
    assert (x + y).data == a + b
    assert (x * y).data == a * b
    assert (x - y).data == a - b
    assert (x / y).data == a * b**-1
    assert (y**1.5).data == b**1.5
    assert (2 + x).data == 2 + a and (2 * x).data == 2 * a and (2 - x).data == 2 - a
    assert (2 / y).data == 2 * b**-1
    assert x.exp().data == math.exp(a) and y.log().data == math.log(b)
    assert x.relu().data == max(a, 0)


def test_the_slope_of_relu_at_zero_is_zero():
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == 0


def test_a_quotient_is_two_nodes_and_a_difference_three():
    a, b = Value(6.0), Value(3.0)
    assert len(topological_sort(a / b)) - 2 == 2
    assert len(topological_sort(a - b)) - 2 == 3  # the constant -1, the product, the sum


def test_gradients_of_several_paths_add_up():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    loss = c * c + c
    loss.backward()
    assert (a.grad, b.grad, c.grad) == (39, 26, 13)
    loss.backward()  # nothing was set back to 0: every node hands on all that it has
    assert (a.grad, b.grad, c.grad) == (39 + 3 * 38, 26 + 2 * 38, 38)


@st.composite
def expressions(draw):
    """A list of nodes, each made from one or two earlier ones."""
    nodes = [Value(1.0), Value(2.0)]
    for _ in range(draw(st.integers(1, 12))):
        a, b = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(2))
        nodes.append(draw(st.sampled_from([a + b, a * b, -a, dot([a, b], [b, b])])))
    return nodes


@given(expressions())
def test_children_come_before_their_parents_and_each_node_once(nodes):
    order = topological_sort(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is nodes[-1]
    assert all(place[child] < place[node] for node in order for child in node._children)


def test_the_order_is_that_of_a_recursive_search():
    a, b = Value(1.0), Value(2.0)
    root = (a * b + b) * (a + 3)

    def recursive(node, visited, order):
        if node not in visited:
            visited.add(node)
            for child in node._children:
                recursive(child, visited, order)
            order.append(node)
        return order

    assert topological_sort(root) == recursive(root, set(), [])


def test_a_chain_of_100_000_operations():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    y.backward()
    assert x.grad == 100_001


def test_dot_and_total_are_one_node_with_the_numbers_of_the_long_way():
    a = [Value(0.1 * i) for i in range(7)]
    b = [Value(0.3 - 0.7 * i) for i in range(7)]
    short, long = dot(a, b), sum(x * y for x, y in zip(a, b))
    assert len(topological_sort(short)) == 15
    short.backward()
    gradients = [node.grad for node in a + b]
    for node in a + b:
        node.grad = 0
    long.backward()
    assert short.data == long.data
    assert gradients == [node.grad for node in a + b]
    assert total(a).data == sum(a).data and total([]).data == 0


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        (lambda: Value("2"), TypeError, ["'2'", "convert"]),
        (lambda: Value(1.0) + "2", TypeError, ["'2'"]),
        (lambda: Value(None), TypeError, ["None"]),
        (lambda: Value(0.0).log(), ValueError, ["log(0.0)", "above 0"]),
        (lambda: Value(-1.0).log(), ValueError, ["log(-1.0)"]),
        (lambda: Value(math.nan).log(), ValueError, ["log(nan)"]),
        (lambda: Value(710.0).exp(), OverflowError, ["exp(710.0)", "softmax"]),
        (lambda: Value(-2.0) ** 0.5, ValueError, ["-2.0 ** 0.5", "not real"]),
        (lambda: Value(0.0) ** -1, ZeroDivisionError, ["0.0 ** -1"]),
        (lambda: Value(1.0) / 0, ZeroDivisionError, ["1.0 / 0"]),
        (lambda: Value(1.0) / Value(0.0), ZeroDivisionError, ["0.0 ** -1"]),
        (lambda: 1 / Value(0.0), ZeroDivisionError, ["0.0 ** -1"]),
        (lambda: Value(1e200) ** 2, OverflowError, ["1e+200 ** 2"]),
        (lambda: Value(2.0) ** Value(2.0), TypeError, ["exponent", "plain number"]),
        (lambda: Value(math.nan).relu(), ValueError, ["relu(nan)"]),
        (lambda: dot([Value(1.0)], []), ValueError, ["1 and 0"]),
    ],
)
def test_errors_say_what_was_wrong(wrong, kind, words):
    with pytest.raises(kind) as caught:
        wrong()
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_repr_tells_data_and_gradient():
    x = Value(2.0)
    (x * 3).backward()
    assert repr(x) == "Value(data=2, grad=3)"
    assert repr(Value(0.1 + 0.2)) == "Value(data=0.3, grad=0)"
