"""The backward stepper: slider and play button walk the same steps as the pictures."""

from __future__ import annotations

import pytest

from classroom.viz.backward import draw_step
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


@pytest.mark.parametrize("position", range(6))
def test_each_position_of_the_slider_shows_that_step(position):
    values = example()
    shown = BackwardStepper(values["L"], values)
    shown.controls["step"].value = position
    assert shown.picture == draw_step(values["L"], position, values)
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
    assert "a is a parameter, so its gradient 39 is complete" in shown.result


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
