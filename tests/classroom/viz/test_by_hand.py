"""The graph that the reader fills in: each number judged, each wrong one with its reason."""

from __future__ import annotations

import pytest

from classroom.viz.by_hand import fill_in
from microgpt import Value

RIGHT = {"error": -4, "out": -4, "s": -4, "bias": -4, "both": -4, "p1": -4, "w1": -12, "w2": 8}


def neuron():
    w1, w2, bias = Value(0.5), Value(1.0), Value(1.5)
    p1, p2 = w1 * 3, w2 * -2
    both = p1 + p2
    s = both + bias
    out = s.relu()
    error = out - 3
    loss = error * error
    return loss, {
        "w1": w1, "w2": w2, "bias": bias, "p1": p1, "p2": p2, "both": both, "s": s, "out": out,
        "error": error, "loss": loss,
    }  # fmt: skip


def test_all_right():
    picture = fill_in(*neuron(), RIGHT)
    assert picture.alt.startswith("Filled in: 8 of 8, right: 8.")
    assert "✗" not in picture.alt


def test_what_is_open_is_neither_right_nor_wrong():
    picture = fill_in(*neuron(), {**RIGHT, "w1": ..., "w2": ...})
    assert picture.alt.startswith("Filled in: 6 of 8, right: 6.")
    assert "w1 ?" in picture.alt


@pytest.mark.parametrize(
    ("name", "number", "reason"),
    [
        ("error", -2, "one share only; 2 arrows leave it"),
        ("error", 4, "the sign"),
        ("w1", 3, "the slope alone; times what p1 got"),
        ("w1", -4, "that is what p1 got"),
        ("w1", -2, "the *other* factor"),
        ("w1", -1, "multiplied, not added"),
        ("w1", 0.5, "that is its number"),
        ("bias", 1, "the slope alone"),
        ("w2", 100, "multiply what p2 got by the slope"),
    ],
)
def test_a_wrong_number_is_told_its_reason(name, number, reason):
    picture = fill_in(*neuron(), {**RIGHT, name: number})
    assert f"{name} = " in picture.alt and reason in picture.alt
    assert "✗" in picture.alt


def test_a_mistake_further_right_is_mended_first():
    wrong = {name: number / 2 for name, number in RIGHT.items()}
    alt = fill_in(*neuron(), wrong).alt
    assert "out = -2: right, if error were right" in alt


def test_the_graph_keeps_its_gradients():
    loss, names = neuron()
    fill_in(loss, names, RIGHT)
    assert all(node.grad == 0 for node in names.values())


def test_unknown_names_and_words_are_refused():
    with pytest.raises(ValueError, match="no node is called 'w3'; the names are: w"):
        fill_in(*neuron(), {"w3": 1})
    with pytest.raises(ValueError, match="must be a number, not 'four'"):
        fill_in(*neuron(), {"w1": "four"})
