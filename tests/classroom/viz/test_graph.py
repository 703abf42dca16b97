"""`draw_graph`: what the picture and its words say, and that other numbers give other words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from classroom.lab.nodes import Node
from classroom.viz import draw_graph, graph
from classroom.viz.kit.style import COLOURS
from microgpt import Value, cross_entropy, dot


def example():
    a, b = Value(2), Value(3)
    c = a * b
    return {"a": a, "b": b, "c": c, "L": c + a}


def source(monkeypatch, *args, **kwargs):
    """Return the DOT source that draw_graph would render."""
    caught = []
    with monkeypatch.context() as patch:
        patch.setattr(graph, "graph_picture", lambda dot, alt, held: caught.append(dot))
        draw_graph(*args, **kwargs)
    return caught[0]


def statement(dot_text, node):
    """Return the line of DOT that declares a node."""
    return re.search(rf"^  {node} \[.*$", dot_text, re.MULTILINE).group()


def test_words_before_and_after_backward():
    values = example()
    assert str(draw_graph(values["L"], values)) == (
        "Computation graph with 4 nodes and 4 edges. Inputs: a = 2; b = 3. "
        "Operation: c = a * b = 6. Result: L = c + a = 8."
    )
    values["L"].backward()
    assert str(draw_graph(values["L"], values, local_grads=True)) == (
        "Computation graph with 4 nodes and 4 edges. Inputs: a = 2 (gradient 4); "
        "b = 3 (gradient 2). Operation: c = a * b = 6 (gradient 1; slopes 3, 2). "
        "Result: L = c + a = 8 (gradient 1; slopes 1, 1)."
    )


def test_the_drawing_shows_names_data_gradients_operations_and_slopes():
    values = example()
    values["L"].backward()
    drawing = draw_graph(values["L"], values, local_grads=True).data
    shown = [text.text.strip() for text in ET.fromstring(drawing).iter() if text.tag[-4:] == "text"]
    for wanted in ("a", "b", "c", "L", "data 2", "data 8", "grad 4", "×", "+", "slope 3"):
        assert wanted in shown


def test_gradients_and_slopes_are_shown_when_wanted(monkeypatch):
    values = example()
    root = values["L"]
    assert "grad " not in source(monkeypatch, root)
    assert "grad 0" in source(monkeypatch, root, grads=True)
    assert "slope" not in source(monkeypatch, root)
    root.backward()
    assert "grad 4" in source(monkeypatch, root)
    assert "grad " not in source(monkeypatch, root, grads=False)
    assert "gradient" not in draw_graph(root, grads=False).alt


def test_kinds_of_node_differ_in_shape_as_well_as_in_colour(monkeypatch):
    w, x = Value(2), Value(3)
    text = source(monkeypatch, w * x + 1, {"w": w, "x": x}, parameters=["w"])
    looks = [statement(text, f"n{i}").partition("label=")[0] for i in (1, 2, 3, 4)]
    shapes = [re.sub(r'(fill)?color="#\w+"', "", look).partition("[")[2] for look in looks]
    assert len(set(shapes)) == 4
    for look, kind in zip(looks, ["parameter", "data", "operation", "constant"]):
        assert kind == "operation" or COLOURS[kind] in look
    words = ["parameter", "input", None, "constant"]
    assert all(word is None or f">{word}<" in text for word in words)


def test_the_graph_runs_from_left_to_right_from_child_to_parent(monkeypatch):
    text = source(monkeypatch, example()["L"])
    assert "rankdir=LR" in text
    assert re.findall(r"(n\d) -> (n\d)", text) == [
        ("n1", "n3"),
        ("n2", "n3"),
        ("n3", "n4"),
        ("n1", "n4"),
    ]


def test_a_child_used_twice_has_two_edges(monkeypatch):
    a = Value(3)
    text = source(monkeypatch, a + a, {"a": a})
    assert text.count("n1 -> n2") == 2
    assert "2 nodes and 2 edges" in draw_graph(a + a, {"a": a}).alt


def test_several_roots_are_drawn_as_one_graph():
    values = example()
    words = draw_graph([values["L"], values["a"] * 5], values).alt
    assert "6 nodes and 6 edges" in words
    assert "Results: L = c + a = 8; #6 = a * 5 = 10." in words


def test_names_with_signs_of_markup_are_drawn_as_they_are():
    a = Value(2)
    picture = draw_graph(a * 2, {'<b> & "x"': a})
    assert '<b> & "x" = 2' in picture.alt
    assert '<b> & "x"' in "".join(ET.fromstring(picture.data).itertext())


def test_drawing_changes_nothing():
    values = example()
    values["L"].backward()
    before = [(v.data, v.grad) for v in values.values()]
    draw_graph(values["L"], values, local_grads=True)
    assert [(v.data, v.grad) for v in values.values()] == before


SCRIPT = """
from microgpt import Value, dot
from classroom.viz import graph
graph.graph_picture = lambda dot, alt, held: print(dot, alt)
x = [Value(float(i)) for i in range(6)]
w = [Value(0.5 * i) for i in range(6)]
root = (dot(x, w) * 2 - x[3] / w[4]).exp().log().relu() ** 2
root.backward()
graph.draw_graph(root, globals(), local_grads=True, parameters={"w"})
"""


def test_the_source_is_the_same_on_every_run():
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    ]
    assert runs[0].startswith("digraph {")
    assert runs[0] == runs[1] == runs[2]
    assert "0x" not in runs[0]


def chain(length):
    total = Value(0)
    for _ in range(length):
        total = total + 1
    return total


def test_a_graph_too_large_is_refused_with_its_size_and_two_ways_out():
    with pytest.raises(ValueError, match=r"151 nodes, more than the 150") as caught:
        draw_graph(chain(75))
    assert "inner node as root" in str(caught.value)
    assert "fewer inputs" in str(caught.value)
    assert "149 nodes" in draw_graph(chain(74)).alt


def test_a_very_deep_graph_is_refused_without_a_recursion_error():
    with pytest.raises(ValueError, match="40,001 nodes"):
        draw_graph(chain(20_000))


def test_a_large_graph_lists_only_what_has_a_name():
    x = [Value(i / 10) for i in range(20)]
    loss = cross_entropy([value * 2 for value in x], 3)
    loss.backward()
    words = draw_graph(loss, {"x": x, "loss": loss}).alt
    assert all(f"x[{i}] = " in words for i in range(20))
    assert "loss = " in words
    assert re.search(r'Nodes without a name: 21 "\*", .*21 constant\.', words)


def test_a_dot_product_says_how_many_nodes_it_joins():
    x, w = [Value(i) for i in range(4)], [Value(i) for i in range(4)]
    s = dot(x, w)
    assert "Result: s = dot(8 nodes) = 14." in draw_graph(s, {"x": x, "s": s}).alt


def corrupt(values, name, attribute, value):
    setattr(values[name], attribute, value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda v: corrupt(v, "a", "data", 2.0001),
        lambda v: corrupt(v, "L", "data", 8.5),
        lambda v: corrupt(v, "c", "grad", 2),
        lambda v: corrupt(v, "c", "_op", "+"),
        lambda v: corrupt(v, "c", "_children", (v["b"], v["b"])),
        lambda v: corrupt(v, "L", "_children", (v["c"],)),
        lambda v: corrupt(v, "c", "_local_grads", (2, 3)),
        lambda v: v.update(a=v["b"], b=v["a"]),
    ],
)
def test_a_wrong_picture_has_other_words(damage):
    values = example()
    values["L"].backward()
    root = values["L"]
    right = draw_graph(root, values, local_grads=True)
    assert draw_graph(root, values, local_grads=True) == right
    damage(values)
    wrong = draw_graph(root, values, local_grads=True)
    assert wrong.alt != right.alt
    assert wrong._repr_mimebundle_()[0]["text/plain"] != right.alt


def test_a_single_leaf_can_be_drawn():
    a = Value(5)
    assert (
        draw_graph(a, {"a": a}).alt == "Computation graph with 1 node and 0 edges. Result: a = 5."
    )
    assert "Result: 5." in draw_graph(Value(5)).alt


def test_what_is_not_a_graph_is_refused():
    with pytest.raises(TypeError, match="made of Values"):
        draw_graph(3.0)


def test_a_label_falls_back_from_name_to_number_to_place():
    parts = dict(data=2.5, grad=0, slopes=(), value=None)
    assert Node(4, "w", op="", kind="input", children=(), **parts).label == "w"
    assert Node(4, "", op="", kind="constant", children=(), **parts).label == "2.5"
    assert Node(4, "", op="+", kind="operation", children=(1, 2), **parts).label == "#4"
