"""The numbers of the next character, ten names, entropy."""

from __future__ import annotations

import math
import random

import pytest

from classroom.lab.sampling import entropy_bits, next_character, ten_names
from microgpt import load, next_token_probs, sample

MODEL = load()


@pytest.mark.parametrize("prefix", ["", "em", "a" * 15])
@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.05, None), (3.0, 4), (1.0, 99)])
def test_the_arithmetic_ends_at_the_models_probabilities(prefix, temperature, top_k):
    guess = next_character(*MODEL, prefix, temperature, top_k)
    expected = next_token_probs(*MODEL, prefix, temperature, top_k)
    assert guess.probs == pytest.approx(expected, abs=1e-12)
    assert guess.names == (*"abcdefghijklmnopqrstuvwxyz", "BOS")
    assert list(guess.steps.logits) == sorted(guess.steps.logits, reverse=True)
    assert [guess.logits[i] for i in guess.kept] == list(guess.steps.logits)


@pytest.mark.parametrize(
    ("prefix", "temperature", "top_k", "words"),
    [
        ("Em", 1.0, None, "character 'E'"),
        ("a" * 16, 1.0, None, "at most 15"),
        ("", 0.0, None, "temperature must be"),
        ("", 1.0, 0, "top_k must be"),
    ],
)
def test_what_the_sampler_refuses_is_refused(prefix, temperature, top_k, words):
    with pytest.raises(ValueError, match=words):
        next_character(*MODEL, prefix, temperature, top_k)


def test_entropy():
    assert entropy_bits([1.0, 0.0]) == 0
    assert math.copysign(1, entropy_bits([1.0])) == 1
    assert entropy_bits([0.25] * 4) == 2
    assert entropy_bits([0.7, 0.2, 0.1]) == pytest.approx(1.1568, abs=1e-4)


def test_ten_names_are_ten_calls_of_sample_each_with_its_own_dice():
    names = ten_names(*MODEL, "ma", 0.7, 5, seed=2)
    assert names == [sample(*MODEL, random.Random(s), 0.7, "ma", 5) for s in range(20, 30)]
    assert names == ten_names(*MODEL, "ma", 0.7, 5, seed=2)
