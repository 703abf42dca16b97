"""Runs of the real GPT: which is best, what is said of them."""

import math
from dataclasses import replace

import pytest

pytest.importorskip("matplotlib")

from classroom.lab.losses import Floors
from classroom.lab.runs import Curve, best_curve, luck_in_words, rate_text
from classroom.viz.rate_panels import draw_explorer
from classroom.viz.rates import draw_curves, draw_rates

FLOOR = Floors(3.2958, 2.8229, 2.4544)
GOOD = Curve("Adam", 0.01, True, (3.0,) * 50 + (2.4,) * 50)
WORSE = Curve("SGD", 0.1, False, (3.0,) * 50 + (2.6,) * 50)
LOST = Curve("Adam", 10.0, True, (3.4,), "diverged at step 2: too far")

LUCKY = Curve("Adam", 0.05, True, (3.0,) * 50 + (2.38,) * 50, "", replace(GOOD, rate=0.05))


def test_the_last_fifty_steps_count_and_diverged_runs_do_not():
    assert GOOD.final == pytest.approx(2.4)
    assert LOST.final == math.inf
    assert best_curve([LOST, WORSE, GOOD]) is GOOD
    assert best_curve([LOST]) is None


def test_labels_tell_optimiser_rate_and_decay():
    assert (GOOD.label, WORSE.label) == ("Adam 0.01", "SGD 0.1 no decay")
    assert rate_text(10**-3.9) == "0.00013"


def test_the_picture_names_each_run_and_the_best():
    alt = draw_curves([GOOD, WORSE, LOST], FLOOR).alt
    assert "Adam 0.01 ended at 2.4000" in alt
    assert "Adam 10 stopped: diverged at step 2: too far" in alt
    assert alt.endswith("Best: Adam 0.01, 2.4000.")
    assert "None came to its end" in draw_curves([LOST], FLOOR).alt


def test_of_a_run_whose_twin_ends_elsewhere_two_digits_are_told_and_it_is_never_the_best():
    assert not GOOD.by_luck and not replace(GOOD, twin=GOOD).by_luck
    assert LUCKY.by_luck and LUCKY.end == "about 2.4" and best_curve([LUCKY, GOOD]) is GOOD
    alt = draw_curves([LUCKY], FLOOR).alt
    assert alt.endswith("Adam 0.05 ended at about 2.4 (luck).")
    drawn = draw_explorer("Adam", 0.05, True, [LUCKY, GOOD], FLOOR, LUCKY).data
    assert "about 2.4: luck" in drawn and 'id="twin-Adam-0.05-True"' in drawn
    assert "twin" not in draw_explorer("Adam", 0.01, True, [LUCKY, GOOD], FLOOR, GOOD).data


def test_where_the_twin_went():
    assert luck_in_words(GOOD) == luck_in_words(replace(LOST, twin=LOST)) == ""
    said = ", but with one weight changed in its 15th decimal the run {}: luck".format
    assert luck_in_words(LUCKY) == said("ends 0.02 away")
    assert luck_in_words(replace(LOST, twin=GOOD)) == said("ends at about 2.4")
    assert luck_in_words(replace(GOOD, twin=LOST)) == said("diverges at step 2")
    later = replace(LOST, losses=(3.4, 9.0))
    assert replace(later, twin=LOST).end == "diverged at step 2" and later.end == later.trouble
    assert luck_in_words(replace(later, twin=LOST)) == said("diverges at step 2")


def test_the_explorers_picture_has_path_and_runs_even_before_the_first_step():
    begun = Curve("Adam", 0.01, True, ())
    alt = draw_explorer("Adam", 0.01, True, [], FLOOR, begun).alt
    assert alt.startswith("On the ravine, Adam 0.01: 200 steps")


def test_rates_name_the_best_and_the_cliff():
    table = {"SGD": {0.1: [2.4, 2.5], 0.3: [2.3, 2.4], 1.0: [math.inf, 2.0]}}
    assert "SGD: best at 0.3 with 2.3500, diverged from 1 on." in draw_rates(table, FLOOR).alt
