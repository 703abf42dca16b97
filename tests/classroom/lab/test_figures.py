"""The stored measurement is complete, and estimates follow it where it was measured."""

import math
import random

import pytest

import microgpt
from classroom.lab import figures
from classroom.lab.growth import SIZES, power_law
from microgpt.engines import available

pytestmark = pytest.mark.any_processor


@pytest.fixture(scope="module")
def stored():
    return figures.stored_figures()


def test_every_engine_was_measured_but_new_ones(stored):
    measured = [row["name"] for row in stored["ladder"]]
    assert measured == [each.name for each in available() if each.name in measured]
    assert len(measured) >= 8
    assert all(row["ratio"] for row in stored["ladder"])
    measured = {(curve["name"], curve["what"]) for curve in stored["curves"]}
    names = [row["name"] for row in stored["ladder"] if row["name"] != "ddp"]
    assert measured == {(name, what) for name in names for what in SIZES}


def test_the_order_of_the_rungs_is_what_chapter_11_says(stored):
    ratio = {row["name"]: row["ratio"] for row in stored["ladder"]}
    assert ratio["plain"] < ratio["scalar"] < ratio["vector"] < ratio["numpy"] < ratio["compiled"]
    assert ratio["torch"] < ratio["numpy"] < ratio["numpy_batched"]
    assert 3.5 < math.log10(max(ratio.values())) < 4.7  # four orders of magnitude


def test_the_losses_were_those_of_plain(stored):
    for row in stored["ladder"]:
        if row["difference"] is not None:
            assert row["difference"] < (1e-5 if row["name"] == "numpy_batched" else 1e-12)


def test_exponents_are_those_of_the_points(stored):
    for curve in stored["curves"]:
        if len(curve["sizes"]) > 1:
            fitted = power_law(curve["sizes"], curve["seconds"])
            assert curve["power"] == pytest.approx(fitted)
        else:
            assert curve["power"] is None


def test_the_estimate_at_the_reference_sizes_is_the_measured_pace(stored):
    config = microgpt.Config(vocab_size=27)
    for row in stored["ladder"]:
        if row["name"] != "ddp":
            seconds = figures.estimate(stored, row["name"], config)
            assert seconds == pytest.approx(1 / row["tokens_per_second"])


def test_an_estimate_follows_the_curve(stored):
    deep = microgpt.Config(vocab_size=27, n_layer=4)
    curve = next(c for c in stored["curves"] if (c["name"], c["what"]) == ("scalar", "n_layer"))
    ratio = figures.estimate(stored, "scalar", deep) / figures.estimate(
        stored, "scalar", microgpt.Config(vocab_size=27)
    )
    assert ratio == pytest.approx(curve["seconds"][2] / curve["seconds"][0])


def test_parameters_are_counted_as_the_core_counts_them():
    config = microgpt.Config(vocab_size=11, n_embd=12, n_head=3, n_layer=2, block_size=5)
    state_dict = microgpt.init_params(config, random.Random(0))
    assert figures.count_params(config) == len(microgpt.flatten(state_dict))
