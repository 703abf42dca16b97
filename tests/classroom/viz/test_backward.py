"""The backward walk: the same numbers as `backward`, in words and pictures, the graph untouched."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_parts import without_order

from classroom.exercises.ch02 import my_backward
from classroom.lab.nodes import read_graph
from classroom.lab.walk import Product, walk_back
from classroom.viz import backward as pictures
from classroom.viz.backward import draw_steps, draw_walk, explain_step
from microgpt import Value


def example():
    a, b = Value(2), Value(3)
    c = a * b
    return {"a": a, "b": b, "c": c, "L": c * c + c}


def backward_steps(root, walk=None):
    return walk_back(read_graph(root), walk)


def draw_step(root, position, names=None):
    nodes = read_graph(root, names)
    return draw_walk(nodes, walk_back(nodes), position)


def words(values, position, walk=None):
    nodes = read_graph(values["L"], values)
    return explain_step(nodes, walk_back(nodes, walk), position)


def texts(picture):
    root = ET.fromstring(picture.data)
    return [(e.text or "").strip() for e in root.iter() if e.tag.endswith("}text")]


@given(st.floats(-3, 3), st.floats(0.1, 3), st.integers(0, 5))
def test_the_last_step_has_the_gradients_of_backward_bit_for_bit(x, y, again):
    a, b = Value(x), Value(y)
    c = a * b + b.log()
    for _ in range(again):
        c = (c * a).relu() + (b * -0.3).exp() * c
    steps = backward_steps(c)
    assert all(node.value.grad == 0 for node in read_graph(c))
    c.backward()
    assert list(steps[-1].grads) == [node.grad for node in read_graph(c)]


def test_each_node_has_one_step_parents_before_children():
    steps = backward_steps(example()["L"])
    assert [step.node for step in steps] == [0, 5, 4, 3, 2, 1]
    assert steps[0].grads == (0, 0, 0, 0, 1)
    assert steps[0].products == ()


def test_products_chain_from_step_to_step():
    steps = backward_steps(example()["L"])
    assert steps[2].products == (Product(3, 6, 1, 1, 7), Product(3, 6, 1, 7, 13))
    assert steps[3].products == (Product(1, 3, 13, 0, 39), Product(2, 2, 13, 0, 26))
    for before, step in zip(steps, steps[1:]):
        grads = list(before.grads)
        for product in step.products:
            assert product.before == grads[product.child - 1]
            grads[product.child - 1] += product.local_grad * product.grad
            assert product.after == grads[product.child - 1]
        assert tuple(grads) == step.grads


def test_gradients_on_the_graph_are_neither_used_nor_changed():
    values = example()
    fresh = backward_steps(values["L"])
    values["L"].backward()
    before = [value.grad for value in values.values()]
    assert backward_steps(values["L"]) == fresh
    draw_step(values["L"], 2, values)
    assert [value.grad for value in values.values()] == before


def test_the_words_spell_the_arithmetic():
    values = example()
    assert words(values, 0) == "Step 0 of 5, start: dL/dL = 1, every other gradient is 0."
    assert words(values, 3) == (
        "Step 3 of 5: c hands on its gradient 13. dL/da: 0 + 3 * 13 = 39; dL/db: 0 + 2 * 13 = 26."
    )
    assert words(values, 2).endswith("dL/dc: 1 + 6 * 1 = 7; dL/dc: 7 + 6 * 1 = 13.")
    assert words(values, 5) == "Step 5 of 5: a (input) hands nothing on. Its gradient: 39."


def test_a_picture_shows_done_current_and_waiting_and_what_becomes_of_the_children():
    values = example()
    picture = draw_step(values["L"], 3, values)
    shown = texts(picture)
    assert (shown.count("✓ done"), shown.count("▶ now"), shown.count("○ waiting")) == (2, 1, 2)
    assert {"grad 0 → 39", "grad 0 → 26", "3 * 13 = 39", "2 * 13 = 26"} <= set(shown)
    assert "Done: #4, L. Waiting: a, b." in picture.alt
    assert "Gradients now: a 39; b 26; c 13; #4 1; L 1." in picture.alt


def dot_of(monkeypatch, values, position):
    caught = []
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "graph_picture", lambda dot, alt, goals=None: caught.append(dot))
        draw_step(values["L"], position, values)
    return caught[0].splitlines()


def test_done_current_and_waiting_differ_in_line_as_well(monkeypatch):
    lines = dot_of(monkeypatch, example(), 3)
    node = {line.split()[0]: line for line in lines if " [" in line and "->" not in line}
    assert "dashed" in node["n1"] and "dashed" in node["n2"]  # waiting
    assert 'border="4"' in node["n3"]  # current
    assert "dashed" not in node["n4"] and 'border="4"' not in node["n4"]  # done
    edges = [line for line in lines if "->" in line]
    thick = [line.split(" [")[0].strip() for line in edges if "penwidth" in line]
    assert thick == ["n1 -> n3", "n2 -> n3"]
    assert all("dir=back" in line for line in edges if "penwidth" in line)


def test_products_of_nodes_still_waiting_are_not_given_away(monkeypatch):
    lines = dot_of(monkeypatch, example(), 1)
    hidden = [line for line in lines if "3 * 13 = 39" in line]
    assert len(hidden) == 1
    assert 'fontcolor="#FFFFFF01"' in hidden[0]


def test_what_is_hidden_in_a_drawing_is_neither_white_nor_black_on_any_page():
    drawn = draw_step(example()["L"], 1, {}).data
    hidden = re.findall(r"<text[^>]*>[^<]*3 \* 13 = 39[^<]*</text>", drawn)
    assert len(hidden) == 1
    assert float(re.search(r'fill-opacity="([\d.]+)"', hidden[0])[1]) < 0.01


def test_nodes_keep_their_places_from_step_to_step():
    values = example()
    sizes = {draw_step(values["L"], position, values).size for position in range(6)}
    assert len(sizes) == 1


@pytest.mark.parametrize("position", [-1, 6, 2.5, "1"])
def test_a_step_that_does_not_exist_is_refused(position):
    with pytest.raises(ValueError, match=r"no step .* steps 0 to 5"):
        draw_step(example()["L"], position)


def test_a_node_with_a_missing_slope_is_refused():
    a, b = Value(2), Value(3)
    with pytest.raises(ValueError, match="2 children but 1 local derivatives"):
        backward_steps(Value(6, (a, b), (3,)))


def test_a_graph_too_large_is_refused():
    total = Value(0)
    for _ in range(80):
        total = total + 1
    with pytest.raises(ValueError, match="161 nodes"):
        draw_steps(total, [1])


def test_several_steps_below_each_other():
    values = example()
    picture = draw_steps(values["L"], [1, 2, 3], values)
    captions = [text for text in texts(picture) if text.startswith("Step")]
    assert captions == [words(values, position) for position in (1, 2, 3)]
    assert picture.alt.startswith("3 steps of the backward walk. Step 1 of 5")
    single = draw_step(values["L"], 1, values)
    assert single.alt in picture.alt
    assert picture.size[1] > 3 * single.size[1]


def test_a_wrong_slope_changes_the_words():
    values = example()
    right = draw_step(values["L"], 3, values).alt
    values["c"]._local_grads = (2, 3)
    assert draw_step(values["L"], 3, values).alt != right


def test_a_walk_of_the_readers_is_recorded_and_what_is_too_early_is_said():
    values = example()
    steps = backward_steps(values["L"], without_order)
    assert [step.node for step in steps] == [0, 5, 3, 2, 1, 4]
    assert steps[-1].grads == (3, 2, 13, 1, 1)  # a has 3 of its 39
    assert words(values, 2, without_order) == (
        "Step 2 of 5: c hands on its gradient 1, too early: 12 more will come. "
        "dL/da: 0 + 3 * 1 = 3; dL/db: 0 + 2 * 1 = 2."
    )
    assert "early" not in "".join(words(values, k, without_order) for k in (1, 3, 4, 5))
    assert all(value.grad == 0 for value in values.values())
    picture = draw_steps(values["L"], [2], values, walk=without_order)
    assert "✗ early" in texts(picture) and "too early: 12 more" in picture.alt
    assert "my_backward: Step 2 of 5: c hands on its gradient 1" in picture.alt
    assert "backward: Step 3 of 5: c hands on its gradient 13" in picture.alt


@pytest.mark.parametrize("walk", [Value.backward, my_backward])
def test_another_right_walk_is_never_too_early_and_ends_with_the_same_gradients(walk):
    values = example()
    steps = backward_steps(values["L"], walk)
    assert steps[-1].grads == backward_steps(values["L"])[-1].grads
    assert "early" not in "".join(words(values, k, walk) for k in range(len(steps)))


def test_a_walk_that_overwrites_is_refused():
    def overwrites(root):
        root.grad = 1
        for child, local_grad in zip(root._children, root._local_grads):
            child.grad = local_grad

    a = Value(2)
    with pytest.raises(ValueError, match="does not add its share: 1 became 1"):
        backward_steps(a + a, overwrites)
