"""Curves with slopes and lines through points: what the pictures say, and what is refused."""

from __future__ import annotations

import pytest

from classroom.viz.slopes import draw_lines, draw_slopes, side_slopes


def square(x):
    return x * x


def test_slopes_are_stated():
    picture = draw_slopes(square, [1, 3], -1, 4, name="x * x")
    assert picture.mime == "image/svg+xml"
    assert "At x = 1 it is 1 with slope 2." in picture.alt
    assert "At x = 3 it is 9 with slope 6." in picture.alt
    assert picture.alt.startswith("Curve of x * x for x from -1 to 4.")


def test_a_kink_has_two_slopes():
    picture = draw_slopes(lambda x: max(0, x), [0], -2, 2, name="relu(x)")
    assert "slope 0 to the left and 1 to the right, a kink" in picture.alt


@pytest.mark.parametrize("x", [-2.0, 0.0, 1.5])
def test_both_sides_agree_where_there_is_no_kink(x):
    left, right = side_slopes(square, x)
    assert left == pytest.approx(2 * x, abs=1e-5)
    assert right == pytest.approx(2 * x, abs=1e-5)


@pytest.mark.parametrize(("points", "low", "high"), [([5], 0, 4), ([1], 2, 2), ([1], 3, 0)])
def test_points_outside_are_refused(points, low, high):
    with pytest.raises(ValueError, match=r"\d"):
        draw_slopes(square, points, low, high)


def test_lines_state_equation_and_error():
    picture = draw_lines([0, 1], [1, 3], {"start": (0, 0), "end": (2, 1)})
    assert "2 points and 2 lines." in picture.alt
    assert "start: y = 0 x + 0, mean squared error 5." in picture.alt
    assert "end: y = 2 x + 1, mean squared error 0." in picture.alt
    assert "- 0.5" in draw_lines([0, 1], [1, 3], {"low": (1, -0.5)}).alt


def test_the_same_picture_every_time():
    first, second = (draw_slopes(square, [1], -1, 4) for _ in range(2))
    assert first.data == second.data


@pytest.mark.parametrize(("xs", "ys"), [([], []), ([1, 2], [1])])
def test_points_without_partner_are_refused(xs, ys):
    with pytest.raises(ValueError, match="each point needs an x and a y"):
        draw_lines(xs, ys, {"line": (1, 0)})
