"""The graph that the reader fills in: each number judged, each wrong one with its reason."""

from __future__ import annotations

import pytest

from classroom.viz.by_hand import fill_in
from microgpt import Value

RIGHT = {"error": -2, "out": -2, "h": -6, "s": -6, "bias": -6, "p": -6, "w": -18, "x": -7}


def neuron():
    """Chapter 02's: the input x serves two products."""
    x, w, bias = Value(3.0), Value(0.5), Value(0.5)
    p = w * x
    s = p + bias
    h = s.relu()
    out = h * x
    error = out - 7
    loss = error * error
    return loss, {
        "x": x, "w": w, "bias": bias, "p": p, "s": s, "h": h, "out": out, "error": error,
        "loss": loss,
    }  # fmt: skip


def test_all_right():
    picture = fill_in(*neuron(), RIGHT)
    assert picture.alt.startswith("Filled in: 8 of 8, right: 8.")
    assert "✗" not in picture.alt


def test_what_is_open_is_neither_right_nor_wrong():
    picture = fill_in(*neuron(), {**RIGHT, "w": ..., "x": ...})
    assert picture.alt.startswith("Filled in: 6 of 8, right: 6.")
    assert "w ?" in picture.alt


@pytest.mark.parametrize(
    ("name", "number", "reason"),
    [
        ("error", -1, "one share only; 2 arrows leave it"),
        ("x", -4, "one share only; 2 arrows leave it"),
        ("x", -3, "one share only; 2 arrows leave it"),
        ("error", 2, "the sign"),
        ("h", 3, "the slope alone; times what out got"),
        ("x", 2.5, "the slope alone; times what p and out got"),
        ("w", -6, "that is what p got"),
        ("w", -3, "the *other* factor"),
        ("h", 1, "multiplied, not added"),
        ("h", 2, "that is its number"),
        ("bias", 1, "the slope alone"),
        ("s", 0, "multiply what h got by the slope"),
        ("x", 100, "multiply what p and out got by the slope"),
        ("out", "four", "a number is wanted, not 'four'"),
    ],
)
def test_a_wrong_number_is_told_its_reason(name, number, reason):
    picture = fill_in(*neuron(), {**RIGHT, name: number})
    assert name in picture.alt and reason in picture.alt
    assert "✗" in picture.alt


def test_a_mistake_further_right_is_mended_first():
    wrong = {name: number / 2 for name, number in RIGHT.items()}
    alt = fill_in(*neuron(), wrong).alt
    assert "out = -1: right, if error were right" in alt


def test_the_graph_keeps_its_gradients():
    loss, names = neuron()
    fill_in(loss, names, RIGHT)
    assert all(node.grad == 0 for node in names.values())


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="no node is called 'w3'; there are loss, error, out"):
        fill_in(*neuron(), {"w3": 1})
