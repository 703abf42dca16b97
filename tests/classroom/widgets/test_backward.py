"""The backward stepper: slider and play button walk the same steps as the pictures."""

from __future__ import annotations

import pytest

from classroom.lab.nodes import read_graph
from classroom.lab.walk import walk_back
from classroom.viz.backward import draw_walk
from classroom.widgets.backward import BackwardStepper
from microgpt import Value


def example():
    a, b = Value(2), Value(3)
    c = a * b
    return {"a": a, "b": b, "c": c, "L": c * c + c}


def stepper(**options):
    values = example()
    return BackwardStepper(values["L"], values, **options)


def test_it_begins_before_the_first_node():
    assert repr(stepper()) == (
        "BackwardStepper(step=0): Step 0 of 5, start: dL/dL = 1, every other gradient is 0."
    )


def test_what_is_stored_shows_the_first_turn():
    stored = stepper()._repr_mimebundle_()[0]
    assert stored["text/plain"].startswith("BackwardStepper(step=1): Step 1 of 5: L hands on its")
    assert stored["image/svg+xml"] == stepper(step=1).picture.data


@pytest.mark.parametrize("position", range(6))
def test_each_position_of_the_slider_shows_that_step(position):
    values = example()
    shown = BackwardStepper(values["L"], values)
    shown.controls["step"].value = position
    nodes = read_graph(values["L"], values)
    assert shown.picture == draw_walk(nodes, walk_back(nodes), position)
    assert shown.result in shown.picture.alt


def test_the_status_line_spells_the_arithmetic():
    shown = stepper().set(step=3)
    assert "dL/da: 0 + 3 * 13 = 39; dL/db: 0 + 2 * 13 = 26" in shown._status.value
    assert "dL/da: 0 + 3 * 13 = 39" in repr(shown)


def test_the_play_button_moves_the_slider_and_the_slider_the_play_button():
    shown = stepper()
    shown.play.value = 2
    assert shown.controls["step"].value == 2
    assert shown.result.startswith("Step 2 of 5")
    shown.controls["step"].value = 4
    assert shown.play.value == 4
    assert (shown.play.min, shown.play.max) == (0, 5)


def test_the_buttons_beside_play_go_a_step_and_stop_it():
    shown = stepper()
    row = next(part for part in shown.children if "mg-controls" in part._dom_classes)
    play, back, on = row.children[0].children
    assert play is shown.play and (back.tooltip, on.tooltip) == ("a step back", "a step on")
    back.click()
    assert shown.state["step"] == 0
    play.playing = True
    for step in (1, 2, 3, 4, 5, 5):
        on.click()
        assert shown.state["step"] == step and not play.playing
    back.click()
    assert shown.state["step"] == 4


def test_bounds_are_those_of_the_walk():
    slider = stepper().controls["step"]
    assert (slider.min, slider.max) == (0, 5)
    slider.value = 99
    assert slider.value == 5


def test_it_can_begin_at_a_given_step():
    shown = stepper(step=3)
    assert (shown.controls["step"].value, shown.play.value) == (3, 3)
    assert shown.result.startswith("Step 3 of 5")


def test_parameters_are_passed_on():
    values = example()
    shown = BackwardStepper(values["L"], values, parameters=["a"], step=5)
    assert "a (parameter) hands nothing on. Its gradient: 39" in shown.result


def test_stepping_leaves_the_gradients_of_the_graph_alone():
    values = example()
    values["L"].backward()
    before = {name: value.grad for name, value in values.items()}
    shown = BackwardStepper(values["L"], values)
    for position in (5, 0, 3):
        shown.set(step=position)
    assert {name: value.grad for name, value in values.items()} == before


def test_a_graph_too_large_is_refused():
    total = Value(0)
    for _ in range(80):
        total = total + 1
    with pytest.raises(ValueError, match="161 nodes"):
        BackwardStepper(total)


def test_a_walk_of_the_readers_stands_beside_the_right_one():
    def hands_on_at_once(root):
        root.grad = 1
        todo, seen = [root], set()
        while todo:
            node = todo.pop()
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad += local_grad * node.grad
            seen.add(node)
            todo = [c for c in (*todo, *node._children) if c not in seen]

    shown = stepper(walk=hands_on_at_once, step=2)
    assert shown.controls["walk"].options == ("backward", "hands_on_at_once")
    assert shown.state == {"step": 2, "walk": "hands_on_at_once"}
    wrong = shown.result
    right = shown.set(walk="backward").result
    assert right.startswith("Step 2 of 5: #4 hands on its gradient 1.") and right != wrong


def test_a_shorter_walk_stays_at_its_end():
    def only_the_root(root):
        root.grad = 1
        for child, local_grad in zip(root._children, root._local_grads):
            child.grad += local_grad * root.grad

    shown = stepper(walk=only_the_root)
    assert shown.set(step=5).result.startswith("Step 1 of 1: L hands on")
    assert shown.set(walk="backward").result.startswith("Step 5 of 5")
