"""The stored experiments: complete, and a part of them computed again."""

import json
import math
import statistics

import pytest

pytest.importorskip("numpy")

from microgpt.engines.arrays import ArrayGPT
from tools.experiments import (
    EFFECTS,
    LAST_BITS,
    LUCK,
    OPTIMIZERS,
    RATES,
    SEEDS,
    STORED,
    one_run,
)

pytestmark = pytest.mark.figures
STORE = json.loads(STORED.read_text(encoding="utf-8"))


def test_every_variant_rate_and_seed_is_stored():
    assert tuple(STORE["seeds"]) == SEEDS
    assert list(STORE["effects"]) == [*EFFECTS, "no decay"]
    rows = [row for columns in STORE["effects"].values() for row in columns.values()]
    rows += [row for table in STORE["rates"].values() for row in table.values()]
    assert all(len(row) == len(SEEDS) for row in rows)
    assert {name: list(table) for name, table in STORE["rates"].items()} == {
        name: list(map(str, RATES)) for name in OPTIMIZERS
    }


@pytest.mark.parametrize("name", ["full", "no residual", "no norm", "no positions"])
def test_a_part_of_the_effects_comes_out_again(name):
    last, held_out = one_run(1, *EFFECTS[name])
    assert last == pytest.approx(STORE["effects"][name]["train"][1], abs=1e-5)
    assert held_out == pytest.approx(STORE["effects"][name]["held_out"][1], abs=1e-5)


def test_a_run_without_decay_comes_out_again():
    last, held_out = one_run(0, *EFFECTS["full"], decay=False)
    assert last == pytest.approx(STORE["effects"]["no decay"]["train"][0], abs=1e-5)
    assert held_out == pytest.approx(STORE["effects"]["no decay"]["held_out"][0], abs=1e-5)


def test_a_part_of_the_rates_comes_out_again():
    last, _ = one_run(2, ArrayGPT, OPTIMIZERS["SGD"], 0.1)
    assert last == pytest.approx(STORE["rates"]["SGD"]["0.1"][2], abs=1e-5)
    lost, _ = one_run(2, ArrayGPT, OPTIMIZERS["Adam"], 1.0)
    assert lost == math.inf and STORE["rates"]["Adam"]["1.0"][2] is None


def test_at_a_tenth_the_last_bits_of_the_first_weights_decide_and_at_a_hundredth_they_do_not():
    name, rate = LUCK
    setting = 1, ArrayGPT, OPTIMIZERS[name]
    ends = [one_run(*setting, rate, last_bits=bits)[0] for bits in range(3)]
    assert len({round(end, 4) for end in ends}) > 1
    assert one_run(*setting, 0.01, last_bits=1)[0] == pytest.approx(
        STORE["rates"][name]["0.01"][1], abs=1e-5
    )


def test_what_is_luck_is_stored_with_two_digits():
    luck = STORE["luck"]
    assert luck["runs"] == LAST_BITS * len(SEEDS) and luck["diverged"] < luck["runs"] / 10
    assert STORE["rates"][LUCK[0]][str(LUCK[1])] == luck["medians"]
    assert all(luck["lowest"] <= end <= luck["highest"] for end in luck["medians"])
    assert {round(end, 1) for end in luck["medians"]} == {*luck["medians"]}


def test_what_the_chapters_say_of_the_effects_is_so():
    means = {name: statistics.mean(row["held_out"]) for name, row in STORE["effects"].items()}
    extra = {name: round(mean - means["full"], 2) for name, mean in means.items()}
    assert extra["no residual"] == 0.09
    assert extra["no norm"] == 0.03
    assert extra["SGD, same rate"] == 0.21
    assert extra["SGD, its best rate"] == 0.02
    assert extra["no bias correction"] == 0.0
    assert extra["no decay"] == 0.08
    pairs = {
        name: [a - b for a, b in zip(row["held_out"], STORE["effects"]["full"]["held_out"])]
        for name, row in STORE["effects"].items()
    }
    assert min(pairs["no residual"]) > 0.075 and max(pairs["no residual"]) < 0.115
    assert min(pairs["no positions"]) > 0.005 and max(pairs["no positions"]) < 0.025
    assert min(pairs["no bias correction"]) < 0 < max(pairs["no bias correction"])
    assert min(STORE["effects"]["no decay"]["held_out"]) > max(STORE["effects"]["full"]["held_out"])


def test_what_chapter_07_says_of_the_rates_is_so():
    def mean(name, rate):
        losses = STORE["rates"][name][str(rate)]
        return math.inf if None in losses else statistics.mean(losses)

    bigram = 2.4544
    assert mean("Adam", 0.001) < bigram < mean("Adam", 0.0003)
    assert mean("SGD", 0.03) < bigram < mean("SGD", 0.01)
    assert min(RATES, key=lambda rate: mean("Adam", rate)) == 0.01
    assert min(RATES, key=lambda rate: mean("SGD", rate)) == 0.3
    assert all(loss is None for loss in STORE["rates"]["SGD"]["1.0"])
    assert round(mean("Adam", 0.03) - mean("Adam", 0.01), 2) == 0.03
    luck = STORE["luck"]
    assert [luck[of] for of in ("runs", "diverged", "lowest", "highest")] == [65, 2, 2.4, 2.6]
    assert all(abs(mean("SGD", rate) - mean("momentum", rate)) < 0.01 for rate in RATES[:-1])
