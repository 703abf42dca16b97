"""A name's way through the machine: its places stay, and all it draws are controls."""

from __future__ import annotations

import random
import re

import pytest

from classroom.lab.journey import STATIONS, journey
from classroom.viz.journey import journey_in_words, journey_picture
from microgpt import load, sample

MODEL = load()


@pytest.fixture(scope="module")
def way():
    return journey(MODEL, 10, 0.5)


def test_every_step_has_its_picture_of_one_size_and_says_where_it_is(way):
    pictures = [journey_picture(way, step) for step in range(way.steps)]
    assert {picture.size for picture in pictures} == {(900, 418)}
    assert len({picture.alt for picture in pictures}) == way.steps
    for step, picture in enumerate(pictures):
        assert f"Step {step + 1} of {way.steps}, {STATIONS[step % 6][1]}: " in picture.alt
        assert picture.data.count('id="token"') == 1


def test_stations_and_letters_are_controls(way):
    goals = re.findall(r'data-set="step=(\d+)"', journey_picture(way, 13).data)
    assert [int(goal) for goal in goals] == [1, 7, 13, 12, 13, 14, 15, 16, 17]


def test_a_name_as_long_as_the_block_is_walked_to_its_last_die():
    seed = next(s for s in range(900) if len(sample(*MODEL, random.Random(s), 2.0)) >= 15)
    way = journey(MODEL, seed, 2.0)
    assert journey_picture(way, way.steps - 1).size == (900, 418)


@pytest.mark.parametrize("step", [-1, 36])
def test_a_step_that_does_not_exist_is_refused(way, step):
    with pytest.raises(ValueError, match="this name takes 0 to 35"):
        journey_in_words(way, step)
