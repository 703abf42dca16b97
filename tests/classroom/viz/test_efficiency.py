"""The ladder and the curves: their alt texts carry the numbers, bad input is refused."""

import math

import pytest

from classroom.viz.cost import cost_picture
from classroom.viz.efficiency import (
    duration,
    growth_picture,
    ladder_picture,
    race_picture,
    round_off,
)

pytestmark = pytest.mark.any_processor

LADDER = [("plain", 1.0, 1.0, 1.0), ("scalar", 17.2, 16.0, 18.0), ("ddp", 1496.0, None, None)]
CURVES = [
    ("plain", "n_embd", (16, 32), (0.04, 0.15), 1.91),
    ("numpy", "n_embd", (16, 32, 64), (1e-5, 2e-5, 4e-5), 1.0),
    ("numpy", "n_layer", (1,), (1e-5,), math.nan),
    ("torch", "n_layer", (1,), (1e-4,), None),
]


def test_the_ladder_says_every_ratio_in_round_numbers():
    picture = ladder_picture(LADDER)
    assert str(picture).endswith("plain 1, scalar 20, ddp 1,000.")
    assert picture.mime == "image/svg+xml"
    assert ladder_picture(LADDER).data == picture.data


def test_rounding_keeps_one_digit():
    assert [round_off(x) for x in (1, 17.2, 1496, 15_000)] == [1, 20, 1000, 20_000]


def test_the_curves_say_their_exponents():
    words = str(growth_picture(CURVES))
    assert "width n_embd: plain 1.9, numpy 1.0" in words
    assert "nan" not in words
    assert "None" not in words


def test_the_bill_says_every_time_in_its_unit():
    words = str(cost_picture([("plain", 40_000.0), ("numpy", 25.0)], 1_000_000))
    assert words == "Time to train on 1,000,000 tokens: plain 11 h, numpy 25 s."


def test_durations_have_the_unit_that_suits_them():
    assert [duration(x) for x in (0.02, 70, 4000, 1e5, 1e6, 1e9)] == [
        "0.02 s",
        "70 s",
        "67 min",
        "28 h",
        "12 days",
        "32 years",
    ]


@pytest.mark.parametrize("draw", [ladder_picture, growth_picture])
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(ValueError, match="there are no"):
        draw([])


def test_the_race_names_every_runner_with_its_size_and_mean():
    rows = {"name": "1 letter", "numbers": 649, "losses": [2.4, 2.5]}
    race = {"tables": [rows], "GPTs": [{**rows, "name": "8 wide", "numbers": 1328}]}
    words = str(race_picture(race))
    assert words.endswith("tables: 1 letter (649) 2.45; GPTs: 8 wide (1,328) 2.45.")
