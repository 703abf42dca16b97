"""softmax, cross_entropy, rmsnorm, linear: their sums, their gradients, their errors."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_parts import Mine, Slotted

from microgpt import (
    Config,
    Value,
    cross_entropy,
    document_loss,
    dot,
    flatten,
    init_params,
    linear,
    rmsnorm,
    softmax,
    topological_sort,
)

vectors = st.lists(st.floats(-20, 20), min_size=1, max_size=9)


def values(numbers):
    return [Value(number) for number in numbers]


def gradients(root, nodes):
    root.backward()
    return [node.grad for node in nodes]


@given(vectors)
def test_probabilities_add_up_to_one(numbers):
    probs = [p.data for p in softmax(values(numbers))]
    assert math.fsum(probs) == pytest.approx(1) and min(probs) >= 0


@given(vectors, st.floats(-500, 500))
def test_a_common_shift_changes_no_probability(numbers, shift):
    probs = [p.data for p in softmax(values(numbers))]
    shifted = [p.data for p in softmax(values(number + shift for number in numbers))]
    assert shifted == pytest.approx(probs, abs=1e-10)


def test_large_logits_do_not_overflow():
    assert [p.data for p in softmax(values([1000.0, 1000.0, -1000.0]))] == [0.5, 0.5, 0.0]


@given(vectors, st.data())
def test_cross_entropy_is_the_long_way_in_fewer_nodes(numbers, data):
    target = data.draw(st.integers(0, len(numbers) - 1))
    short_logits, long_logits = values(numbers), values(numbers)
    short = cross_entropy(short_logits, target)
    long = -softmax(long_logits)[target].log()
    assert short.data == long.data
    assert len(topological_sort(short)) <= len(topological_sort(long))
    assert gradients(short, short_logits) == gradients(long, long_logits)


@given(vectors)
def test_the_gradient_of_cross_entropy_is_probability_minus_one_hot(numbers):
    logits = values(numbers)
    probs = [p.data for p in softmax(values(numbers))]
    expected = [p - (i == 0) for i, p in enumerate(probs)]
    assert gradients(cross_entropy(logits, 0), logits) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=9).filter(lambda x: max(map(abs, x)) > 0.1))
def test_rmsnorm_makes_the_mean_square_one(numbers):
    normed = [y.data for y in rmsnorm(values(numbers))]
    assert sum(y * y for y in normed) / len(normed) == pytest.approx(1, abs=0.02)


def test_rmsnorm_of_zeros_is_zeros():
    assert [y.data for y in rmsnorm(values([0.0] * 4))] == [0.0] * 4


def test_linear_is_a_dot_product_for_each_row():
    x = values([1.0, 2.0])
    w = [values([3.0, 4.0]), values([5.0, 6.0]), values([-1.0, 0.5])]
    assert [y.data for y in linear(x, w)] == [11.0, 17.0, 0.0]


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_softmax_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match=f"logit 1 is {bad}"):
        softmax(values([0.0, bad]))
    with pytest.raises(ValueError, match=f"logit 1 is {bad}"):
        cross_entropy(values([0.0, bad]), 0)


def test_errors_say_what_was_wrong():
    with pytest.raises(ValueError, match="no logits"):
        softmax([])
    with pytest.raises(ValueError, match="target_id 3 is not one of the 3 tokens"):
        cross_entropy(values([0.0] * 3), 3)
    with pytest.raises(ValueError, match="target_id -1"):
        cross_entropy(values([0.0] * 3), -1)
    with pytest.raises(ValueError, match="got 3 and 2"):
        linear(values([1.0, 2.0]), [values([1.0, 2.0, 3.0])])


@pytest.mark.parametrize("make", [Mine, Slotted])
def test_nodes_are_of_the_class_of_what_they_are_made_of(make):
    """A reader's own class goes through every function of the machine, and its slopes come back."""
    config = Config(5, n_embd=4, n_head=2, block_size=3)
    own, ours = (
        {
            name: [[of(p.data) for p in row] for row in matrix]
            for name, matrix in init_params(config, random.Random(3), std=0.5).items()
        }
        for of in (make, Value)
    )
    losses = [document_loss([4, 0, 2, 4], weights, config) for weights in (own, ours)]
    for loss in losses:
        loss.backward()
    assert type(losses[0]) is make and type(dot([make(2.0)], [make(3.0)])) is make
    assert losses[0].data == losses[1].data
    assert [p.grad for p in flatten(own)] == [p.grad for p in flatten(ours)]


def test_two_classes_of_nodes_are_not_mixed():
    with pytest.raises(TypeError, match="not .*Mine.*: make all nodes of one class"):
        Value(1.0) + Mine(2.0)
    with pytest.raises(
        TypeError, match="a Value holds an int or a float, not '3': convert it first"
    ):
        Value("3")
