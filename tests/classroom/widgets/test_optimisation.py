"""The learning-rate explorer: real runs, kept, named, dropped, diverging."""

import asyncio
import re

import pytest

pytest.importorskip("ipywidgets")
pytest.importorskip("numpy")

from classroom.lab.runs import run_start
from classroom.widgets.optimisation import MOST_CURVES, LearningRates, train_curves
from microgpt import engines

pytestmark = pytest.mark.figures


@pytest.fixture(scope="module")
def explorer():
    return LearningRates()


async def until_done(explorer):
    for _ in range(20_000):
        if not explorer._work.running:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("the run did not end")


def test_it_begins_with_the_reference_run_finished(explorer):
    assert repr(explorer).startswith(
        "LearningRates(rate=0.01, optimizer='Adam', decay=True): "
        "Adam 0.01: the last 50 of 1,000 steps average 2.3659"
    )
    wanted = [step.loss for step in engines.get("numpy").train(*run_start())]
    assert explorer.curves[0].losses == pytest.approx(wanted, abs=1e-12)


def test_a_rate_of_10_stops_at_once_and_says_where_and_why(explorer):
    explorer.set(rate=10.0, optimizer="Adam", decay=True)
    assert "Adam 10 diverged at step 2: the right letter's score lay" in explorer.result
    assert "best so far Adam 0.01 with 2.3659" in explorer.result
    assert not explorer.error


def test_a_rate_of_a_ten_thousandth_is_said_to_be_useless(explorer):
    explorer.set(rate=1e-4, optimizer="SGD", decay=True)
    assert "SGD 0.0001: the last 50 of 1,000 steps average 3.2995" in explorer.result
    assert "worse than blind guessing" in explorer.result


@pytest.mark.parametrize("decay", [True, False])
def test_where_luck_decides_the_explorer_says_so_and_nothing_of_it_is_the_best(explorer, decay):
    explorer.set(rate=0.1, optimizer="Adam", decay=decay)
    assert re.search(
        r"(average about \d+\.\d\b|diverged at step \d+).*, but with one", explorer.result
    )
    assert "in its 15th decimal the run" in explorer.result and ": luck; best" in explorer.result
    assert "best so far Adam 0.01 with 2.3659" in explorer.result
    explorer.set(rate=0.01, optimizer="Adam", decay=True)
    assert "luck" not in explorer.result


def test_the_rate_is_the_one_that_the_readout_shows(explorer):
    explorer.set(rate=10**-1.7, optimizer="Adam", decay=True)
    assert "Adam 0.02: the last 50 of 1,000 steps average 2.3494" in explorer.result
    assert explorer.curves[-1].rate == 0.02 and "luck" not in explorer.result
    explorer.curves.pop()


def test_a_run_made_before_is_shown_again_not_repeated(explorer):
    explorer.set(rate=0.01, optimizer="Adam", decay=True)
    kept = list(explorer.curves)
    assert explorer.curves == kept and "Adam 0.01: the last 50" in explorer.result
    assert sum(curve.label == "Adam 0.01" for curve in explorer.curves) == 1


def test_decay_off_is_another_run(explorer):
    explorer.set(rate=0.01, optimizer="Adam", decay=False)
    assert "Adam 0.01 no decay: the last 50 of 1,000 steps average 2.4318" in explorer.result


def test_forget_keeps_the_present_run(explorer):
    explorer._forget()
    assert len(explorer.curves) == 1 and explorer.error == ""


def test_moving_while_it_runs_drops_the_old_run():
    async def main():
        explorer = LearningRates(docs=["ana", "bo", "cy", "dee"])
        begun = len(explorer.curves)
        for rate in (0.02, 0.03, 0.05, 0.002):
            explorer.controls["rate"].value = rate
            assert explorer._work.running and "training" in explorer._busy.value
            await asyncio.sleep(0.02)
        await until_done(explorer)
        assert [curve.rate for curve in explorer.curves[begun:]] == [0.002]
        assert len(explorer.curves[-1].losses) == 1000
        assert explorer.result.startswith("Adam 0.002: the last 50") and not explorer._busy.value

    asyncio.run(main())


def test_back_to_a_known_rate_while_running_shows_it_and_stops():
    async def main():
        explorer = LearningRates(docs=["ana", "bo", "cy", "dee"])
        explorer.controls["rate"].value = 0.05
        explorer.controls["rate"].value = 0.01
        assert not explorer._work.running and explorer.result.startswith("Adam 0.01: the last 50")
        await asyncio.sleep(0.05)
        assert len(explorer.curves) == 1

    asyncio.run(main())


def test_old_curves_make_room_but_the_best_stays():
    explorer = LearningRates(docs=["ana", "bo"])
    best = explorer.curves[0]
    object.__setattr__(best, "losses", (0.001,) * 1000)
    object.__setattr__(best, "twin", None)
    for number in range(MOST_CURVES + 2):
        explorer.set(rate=0.0002 * (number + 1))
    assert len(explorer.curves) == MOST_CURVES and best in explorer.curves


def test_curves_that_diverge_keep_their_losses():
    *_, last = train_curves(["ana", "bo", "cy"], "SGD", 10.0, True, num_steps=200)
    assert last.trouble.startswith("diverged at step ")
    assert len(last.losses) == int(last.trouble.split("step ")[1].split(":")[0]) - 1


def test_rates_outside_the_slider_are_refused():
    with pytest.raises(ValueError, match=r"from 0.0001 to 10"):
        LearningRates(docs=["ana"], rate=11)
