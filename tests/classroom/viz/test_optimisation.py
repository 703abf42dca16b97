"""The ravine: paths, their words, the pictures."""

import re

import pytest

pytest.importorskip("matplotlib")

from classroom.lab.ravine import START, ravine_path
from classroom.viz.optimisation import draw_first_steps, draw_paths, draw_weights, path_in_words


@pytest.mark.parametrize("optimizer, calm, wild", [("SGD", 0.99, 1.2), ("momentum", 12.0, 13.0)])
def test_the_steepest_weight_sets_the_limit(optimizer, calm, wild):
    start, end = START[1], ravine_path(optimizer, calm, num_steps=2000)[-1][1]
    assert abs(end) < abs(start)
    path = ravine_path(optimizer, wild, num_steps=2000)
    assert len(path) < 2001 and "out of control" in path_in_words("x", path)


def test_words_tell_the_end_and_count_crossings():
    words = path_in_words("test", [(-1.0, 0.5), (-0.5, -0.5), (0.0, 0.001)])
    assert words == (
        "test: 2 steps from loss 0.2550 to 0.0000, ending at 0.00, 0.00; "
        "2 visible crossings of the bottom."
    )


def test_pictures_say_what_they_show():
    alt = draw_paths({"SGD 0.9": ravine_path("SGD", 0.9, num_steps=60)}).alt
    assert "SGD 0.9: 60 steps from loss 0.1297 to 0.0024" in alt
    assert "Without: 1.50, 1.97." in draw_first_steps([1.0, 1.0], [1.5, 1.9665]).alt
    awake = draw_first_steps([1.0, 1.0], [1.5, 1.9665], [1.44, 1.89]).alt
    assert awake.endswith("Without: 1.50, 1.97. With it, of a weight that wakes: 1.44, 1.89.")
    assert "at steps 1, 2, 5, 10, 20" in draw_first_steps([1.0] * 20, [2.0] * 20).alt


def test_weight_by_weight_the_words_are_the_same_but_for_what_is_drawn():
    paths = {"SGD 0.9": ravine_path("SGD", 0.9, num_steps=60)}
    by_step, above = draw_weights(paths), draw_paths(paths)
    assert by_step.alt.startswith("Weights a and b, step by step. SGD 0.9: 60 steps")
    assert by_step.alt.split(". ", 1)[1] in above.alt
    assert {"weight a", "weight b"} <= set(re.findall(r">(weight [ab])<", by_step.data))
