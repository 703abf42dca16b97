"""Softmax step by step: the numbers are those of the package."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.lab.softmax import softmax_steps
from microgpt import Value, softmax

LOGITS = st.lists(st.floats(-700, 700), min_size=1, max_size=8)


@given(LOGITS)
def test_the_probabilities_are_those_of_the_package(logits):
    expected = [p.data for p in softmax([Value(x) for x in logits])]
    assert softmax_steps(logits).probs == pytest.approx(expected, rel=1e-12, abs=1e-300)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.integers(-1000, 1000))
def test_a_shift_of_all_logits_changes_no_bar(logits, shift):
    moved = [logit + shift for logit in logits]
    assert softmax_steps(moved).probs == softmax_steps(logits).probs


@given(LOGITS, st.floats(0.1, 5))
def test_every_number_follows_from_the_one_before(logits, temperature):
    steps = softmax_steps(logits, temperature)
    assert steps.scaled == tuple(x / temperature for x in logits)
    assert max(steps.shifted) == 0 and max(steps.exps) == 1
    assert steps.exp_sum == pytest.approx(sum(steps.exps))
    assert sum(steps.probs) == pytest.approx(1)


def test_without_the_subtraction_the_same_until_it_overflows():
    bare = softmax_steps([102, 101, 100], subtract_max=False)
    assert bare.largest == 0
    assert bare.probs == pytest.approx(softmax_steps([2, 1, 0]).probs)
    with pytest.raises(OverflowError, match=r"exp\(1002\) is too large"):
        softmax_steps([1002, 1001], subtract_max=False)
    with pytest.raises(ZeroDivisionError, match=r"exp\(-1001\) too"):
        softmax_steps([-1002, -1001], subtract_max=False)


@pytest.mark.parametrize(
    ("logits", "temperature", "words"),
    [([], 1, "no logits"), ([1], 0, "not 0"), ([1], -1, "not -1"), ([1], math.nan, "not nan")],
)
def test_what_has_no_softmax(logits, temperature, words):
    with pytest.raises(ValueError, match=words):
        softmax_steps(logits, temperature)
