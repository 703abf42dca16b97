"""The ravine: paths, their words, the pictures."""

import pytest

import microgpt
from microgpt import Value

pytest.importorskip("matplotlib")

from classroom.viz.optimisation import (
    START,
    draw_first_steps,
    draw_paths,
    path_in_words,
    ravine,
    ravine_path,
    ravine_slopes,
)


def test_slopes_are_those_of_backward():
    a, b = Value(-1.2), Value(0.35)
    ravine(a, b).backward()
    assert ravine_slopes(-1.2, 0.35) == pytest.approx((a.grad, b.grad))


@pytest.mark.parametrize("rate, decay", [(0.03, False), (0.5, True)])
def test_adams_path_is_that_of_the_package(rate, decay):
    a, b = Value(START[0]), Value(START[1])
    adam, wanted = microgpt.Adam([a, b]), [START]
    for step in range(40):
        ravine(a, b).backward()
        adam.step(microgpt.linear_decay(rate, step, 40) if decay else rate)
        wanted.append((a.data, b.data))
    for point, want in zip(ravine_path("Adam", rate, decay, 40), wanted):
        assert point == pytest.approx(want, abs=1e-12)


def test_sgd_multiplies_each_weight_by_its_own_factor():
    rate = 0.9
    for step, (a, b) in enumerate(ravine_path("SGD", rate, num_steps=10)):
        assert a == pytest.approx(START[0] * (1 - 0.01 * rate) ** step)
        assert b == pytest.approx(START[1] * (1 - 2 * rate) ** step)


@pytest.mark.parametrize("optimizer, calm, wild", [("SGD", 0.99, 1.2), ("momentum", 12.0, 13.0)])
def test_the_steepest_weight_sets_the_limit(optimizer, calm, wild):
    start, end = START[1], ravine_path(optimizer, calm, num_steps=2000)[-1][1]
    assert abs(end) < abs(start)
    path = ravine_path(optimizer, wild, num_steps=2000)
    assert len(path) < 2001 and "out of control" in path_in_words("x", path)


def test_words_tell_the_end_and_count_crossings():
    words = path_in_words("test", [(-1.0, 0.5), (-0.5, -0.5), (0.0, 0.001)])
    assert words == (
        "test: 2 steps from loss 0.2550 to 0.0000, ending at 0.00, 0.00; 2 crossings of the bottom."
    )


def test_unknown_optimizer_is_named():
    with pytest.raises(ValueError, match="no optimizer 'sgd'"):
        ravine_path("sgd", 0.1)


def test_pictures_say_what_they_show():
    alt = draw_paths({"SGD 0.9": ravine_path("SGD", 0.9, num_steps=60)}).alt
    assert "SGD 0.9: 60 steps from loss 0.1297 to 0.0024" in alt
    assert "Without: 1.50, 1.97." in draw_first_steps([1.0, 1.0], [1.5, 1.9665]).alt
    assert "at steps 1, 2, 5, 10, 20" in draw_first_steps([1.0] * 20, [2.0] * 20).alt
