"""A graph read into records: names, kinds and operations, of our `Value` and of a reader's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exercises.kit import registry
from classroom.lab.nodes import formula, read_graph
from microgpt import Value, dot, topological_sort

Own = registry.find("1.6").solution.right  # what a reader has at the end of chapter 01: no `_op`


def example():
    a, b = Value(2), Value(3)
    c = a * b
    return {"a": a, "b": b, "c": c, "L": c + a}


def names_of(nodes):
    return [node.name for node in nodes]


def test_nodes_come_in_topological_order_numbered_from_one():
    values = example()
    nodes = read_graph(values["L"], values)
    assert [node.value for node in nodes] == topological_sort(values["L"])
    assert [node.index for node in nodes] == [1, 2, 3, 4]
    assert [node.children for node in nodes] == [(), (), (1, 2), (3, 1)]
    assert [node.slopes for node in nodes] == [(), (), (3, 2), (1, 1)]
    assert [node.op for node in nodes] == ["", "", "*", "+"]


def test_a_leaf_is_an_input_a_parameter_or_a_constant():
    w, x = Value(2), Value(3)
    nodes = read_graph((w * x + 1).relu(), {"w": w, "x": x}, parameters=["w"])
    assert {node.label: node.kind for node in nodes} == {
        "w": "parameter",
        "x": "input",
        "#3": "operation",
        "1": "constant",
        "#5": "operation",
        "#6": "operation",
    }


def test_parameters_can_be_given_as_nodes_or_by_the_list_they_stand_in():
    w = [Value(1), Value(2)]
    root = dot(w, [Value(3), Value(4)])
    for parameters in (["w"], w, "w"):
        kinds = [node.kind for node in read_graph(root, {"w": w}, parameters)]
        assert kinds == ["parameter", "constant", "parameter", "constant", "operation"]


def test_names_come_from_a_namespace_without_its_noise():
    values = example()
    space = {"_": values["a"], "_3": values["b"], "n": 7, "text": "abc", "f": len, **values}
    assert names_of(read_graph(values["L"], space)) == ["a", "b", "c", "L"]


def test_the_first_of_several_names_is_kept_and_an_own_name_before_a_list():
    values = example()
    space = {"params": [values["a"], values["b"]], **values, "again": values["a"]}
    assert names_of(read_graph(values["L"], space)) == ["a", "b", "c", "L"]


def test_lists_and_matrices_name_their_values_by_place():
    rows = [[Value(1), Value(2)], [Value(3), Value(4)]]
    root = dot(rows[0], rows[1])
    assert names_of(read_graph(root, {"m": rows})) == [
        "m[0][0]",
        "m[1][0]",
        "m[0][1]",
        "m[1][1]",
        "",
    ]


def test_several_roots_share_one_graph():
    values = example()
    nodes = read_graph([values["c"], values["L"]], values)
    assert names_of(nodes) == ["a", "b", "c", "L"]


@given(x=st.floats(-4, 4), y=st.floats(-4, 4), k=st.sampled_from([-2, -1, -0.5, 0.5, 2, 3]))
def test_operations_of_a_class_without_op_are_inferred_or_left_open(x, y, k):
    a, b = Own(x), Own(y)
    made = {"+": [a + b, b + a], "*": [a * b, b * a], "exp": [a.exp()], "relu": [a.relu()]}
    if abs(x) > 0.01 and (x > 0 or k == int(k)):
        made[f"**{k}"] = [a**k]
    if x > 0.01:
        made["log"] = [a.log()]
    for op, nodes in made.items():
        for node in nodes:
            assert read_graph(node)[-1].op in (op, "?")


@pytest.mark.parametrize("x", [2.0, 3, 0.25])
def test_ordinary_operations_are_inferred(x):
    a, b = Own(x), Own(5)
    made = {"+": a + b, "*": a * b, "exp": a.exp(), "log": a.log(), "relu": a.relu()}
    made.update({"**3": a**3, "**-1": a**-1, "**0.5": a**0.5})
    assert {op: read_graph(node)[-1].op for op, node in made.items()} == {op: op for op in made}


def test_a_wrong_slope_is_not_taken_for_an_operation():
    a, b = Own(2), Own(5)
    assert read_graph(Own(10, (a, b), (2, 5)))[-1].op == "?"
    assert read_graph(Own(7, (a, b), (1, 2)))[-1].op == "?"
    assert read_graph(Own(0, (Own(0),), (0,)))[-1].op == "?"  # relu(0) and 0**2 look the same
    assert read_graph(Own(6, (a, b, Own(-1)), (1, 1, 1)))[-1].op == "?"


def test_missing_slopes_are_none_not_made_up():
    a, b = Own(2), Own(5)
    assert read_graph(Own(10, (a, b), (5,)))[-1].slopes == (5, None)


def test_formulas():
    a, b = Value(2), Value(3)
    nodes = read_graph([a * b, a**3, (a + 1).log(), dot([a, b], [b, a])], {"a": a, "b": b})
    written = {formula(node, nodes) for node in nodes if node.children}
    assert written == {"a * b", "a**3", "a + 1", "log(#6)", "dot(a, b, b, a)"}
    long = dot([a, b, a], [b, a, b])
    assert formula(read_graph(long)[-1], read_graph(long)) == "dot(6 nodes)"


@pytest.mark.parametrize("root", [3.0, "L", None, Own(5, (Own(2), 3), (1, 1)), []])
def test_what_is_no_graph_is_refused_with_the_reason(root):
    with pytest.raises(TypeError, match=r"made of Values|no graph to draw"):
        read_graph(root)


def test_a_node_without_an_attribute_is_named():
    class Half:
        def __init__(self):
            self.data, self._children = 1, ()

    with pytest.raises(TypeError, match="this Half has no grad"):
        read_graph(Half())
