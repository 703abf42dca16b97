"""Paths on the ravine are those of the package and of the rule."""

import pytest

import microgpt
from classroom.lab.ravine import START, ravine, ravine_path, ravine_slopes
from microgpt import Value


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


def test_unknown_optimizer_is_named():
    with pytest.raises(ValueError, match="no optimizer 'sgd'"):
        ravine_path("sgd", 0.1)
