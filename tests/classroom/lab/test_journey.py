"""The numbers of a name on its way are those of the model."""

from __future__ import annotations

import random

import pytest

from classroom.lab.journey import journey
from microgpt import load, next_token_probs, sample

MODEL = load()


@pytest.fixture(scope="module")
def way():
    return journey(MODEL, 10, 0.5)


@pytest.mark.parametrize("seed", range(1, 41))
def test_it_writes_the_name_that_sample_writes_and_every_die_falls_on_the_next_letter(seed):
    way = journey(MODEL, seed, 0.5)
    assert way.name == sample(*MODEL, random.Random(seed), 0.5)
    for moment, following in zip(way.moments, [*way.name, "BOS"]):
        assert moment.drawn == following
        begin = sum(moment.probs[: moment.names.index(following)])
        end = begin + moment.probs[moment.names.index(following)]
        assert begin - 1e-12 <= moment.die <= end + 1e-12


def test_its_probabilities_are_those_of_the_model(way):
    for moment in way.moments:
        after = next_token_probs(*MODEL, way.name[: moment.position], 0.5)
        assert moment.probs == pytest.approx(after, abs=1e-12)
