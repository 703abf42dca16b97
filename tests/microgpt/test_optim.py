"""Adam against its formula, and the learning rate's way down."""

from __future__ import annotations

import pytest

from microgpt import Adam, Value, linear_decay


def test_adam_follows_the_formula():
    w, lr, beta1, beta2, eps = Value(0.7), 0.01, 0.85, 0.99, 1e-8
    adam = Adam([w], beta1, beta2, eps)
    expected, m, v = 0.7, 0.0, 0.0
    for t, grad in enumerate([0.3, -1.2, 0.0, 5.0], start=1):
        w.grad = grad
        adam.step(lr)
        m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
        expected -= lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
        assert w.data == expected and w.grad == 0


def test_the_first_step_is_as_long_as_the_rate_whatever_the_gradient():
    for grad in (1e-3, 1.0, -1e6):
        w = Value(0.0)
        w.grad = grad
        Adam([w]).step(0.01)
        assert abs(w.data) == pytest.approx(0.01, rel=1e-4)


def test_a_weight_without_gradient_stands_still():
    w = Value(0.5)
    Adam([w]).step(0.01)
    assert w.data == 0.5


def test_adam_finds_the_bottom_of_a_valley():
    w = Value(5.0)
    adam = Adam([w])
    for step in range(300):
        ((w - 3) ** 2).backward()
        adam.step(linear_decay(0.1, step, 300))
    assert w.data == pytest.approx(3, abs=1e-2)


def test_linear_decay_ends_one_step_above_zero():
    assert linear_decay(0.01, 0, 1000) == 0.01
    assert linear_decay(0.01, 999, 1000) == pytest.approx(0.01 / 1000)


@pytest.mark.parametrize("wrong", [{"beta1": 1.0}, {"beta2": -0.1}, {"eps": 0.0}])
def test_settings_out_of_range_are_refused(wrong):
    (name, number), *_ = wrong.items()
    with pytest.raises(ValueError, match=f"{name} must be .*{number}"):
        Adam([Value(1.0)], **wrong)
