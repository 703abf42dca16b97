"""Live training: start, stop, go on, begin again, diverge; what was learned is kept."""

import asyncio
import random
import re

import pytest

pytest.importorskip("ipywidgets")
pytest.importorskip("numpy")

import microgpt
from classroom.widgets.training import LiveTraining

pytestmark = pytest.mark.figures
DOCS = ["ana", "bo", "cy", "dee", "eve", "fay", "gus", "hal"]


def small(**settings):
    return LiveTraining(DOCS, **{"num_steps": 40, "held_out": 2, **settings})


def weights(live):
    return [param.data for param in microgpt.flatten(live.state_dict)]


def wanted_weights(num_steps, of=40, rate=0.01):
    """What `microgpt.train` makes of the same start."""
    live = small()
    run = microgpt.train(
        live._training_docs, live.tokenizer, live.config, live.state_dict, of, rate
    )
    for _ in range(num_steps):
        next(run)
    return weights(live)


def test_nothing_is_trained_on_display():
    live = LiveTraining()
    assert repr(live) == (
        "LiveTraining(engine='scalar', num_steps=1000, learning_rate=0.01): "
        "0 of 1,000 steps made: press start. Beside it, the course's run: held-out names 2.3680 "
        "after step 1,000, samples shaman, ariin, trak, cameran, camale, lirson"
    )


def test_before_the_first_step_the_course_s_own_run_is_seen_and_names_stay_inside():
    live = LiveTraining()
    assert "the course's run: 3.31 at step 0, 2.37 at step 1,000" in live.picture.alt
    assert 'id="earlier-0"' in live.picture.data and "vulhojtjknxniuph" in live.picture.data
    assert "osuzuyblyrxcninn" not in live.picture.data  # letter soup is cut at the edge
    points = re.search(r'<polyline[^>]*points="([^"]*)"', live.set(num_steps=200).picture.data)
    assert len(points[1].split()) < 40  # as far as the axis goes
    assert small().earlier == []  # other names: nothing to compare with


def test_the_first_thousand_losses_are_those_of_the_reference_run(reference_losses):
    live = LiveTraining(engine="numpy").advance(1000)
    assert live.losses == pytest.approx(reference_losses, abs=1e-12)
    assert "1,000 of 1,000 steps made; mean of the last 50 losses 2.3659" in live.result
    assert [step for step, _, _ in live.looks] == list(range(100, 1001, 100))
    assert not set(live._held_out_docs) & set(live._training_docs)
    parts = live.state_dict, live.config, live.tokenizer
    assert live.looks[-1][1] == pytest.approx(microgpt.mean_loss(live._held_out_docs, *parts))


@pytest.fixture
def reference_losses():
    import json
    from pathlib import Path

    path = Path(__file__).parents[2] / "data" / "figures.json"
    return json.loads(path.read_text(encoding="utf-8"))["names"]["losses"]


@pytest.mark.parametrize("engine", ["scalar", "numpy"])
def test_stop_keeps_and_continue_goes_on_where_it_stopped(engine):
    live = small(engine=engine).advance(15)
    live.stop()
    assert weights(live) == pytest.approx(wanted_weights(15), abs=1e-9)
    assert live.start_button.description == "continue"
    live.advance(25)
    assert weights(live) == pytest.approx(wanted_weights(40), abs=1e-9)
    assert len(live.losses) == 40 and live.bar.value == 40
    live.advance(5)  # nothing is left to do
    assert len(live.losses) == 40


def test_it_runs_in_the_background_and_stops_when_asked():
    async def main():
        live = small(num_steps=5000)
        live.start()
        assert not live.losses
        while len(live.losses) < 5:
            await asyncio.sleep(0.001)
        assert all(control.disabled for control in live.controls.values())
        assert re.match(r"step \d+ of 5,000 · loss \d.* steps/s · [\d,]+ s left", live._meter.value)
        live.start_button.click()  # a second press while it runs changes nothing
        live.stop_button.click()
        made = len(live.losses)
        await asyncio.sleep(0.05)
        assert len(live.losses) == made < 5000
        assert "kept" in live._meter.value
        microgpt.sample(live.state_dict, live.config, live.tokenizer, random.Random(1))

    asyncio.run(main())


def test_from_the_beginning_forgets():
    live = small().advance(10)
    live.again()
    assert not live.losses and not live.looks and live.bar.value == 0
    assert weights(live) == weights(small())
    assert not any(control.disabled for control in live.controls.values())
    assert live.start_button.description == "start"


@pytest.mark.parametrize("engine", ["scalar", "numpy"])
def test_a_rate_of_10_diverges_is_explained_and_the_weights_stay_finite(engine):
    live = LiveTraining(engine=engine, learning_rate=10.0).advance(1000)
    assert "diverged at step 2" in live.result and "smaller rate" in live.result
    assert not live.error and max(map(abs, weights(live))) < 1
    live.again()
    live.set(learning_rate=0.0001).advance(3)
    assert len(live.losses) == 3 and "diverged" not in live.result


def test_texts_that_are_stored_hold_no_times():
    live = small().advance(20)
    assert not re.search(r"steps/s|s left| seconds", repr(live))
    assert repr(live) == repr(small().advance(20))


def test_held_out_must_leave_something_to_train_on():
    with pytest.raises(ValueError, match="held_out must be 1 to 7"):
        small(held_out=8)


def test_a_second_training_stops_the_first_which_keeps_what_it_learned():
    async def main():
        first = small(num_steps=5000)
        first.start()
        while len(first.losses) < 5:
            await asyncio.sleep(0.001)
        second = small()
        made = len(first.losses)
        assert not first._work.running and "stopped by another training" in first._meter.value
        await asyncio.sleep(0.05)
        assert len(first.losses) == made
        second.start()
        await asyncio.sleep(0.05)
        second.stop()
        assert second.losses

    asyncio.run(main())


def test_two_settings_are_compared_side_by_side():
    live = small(num_steps=200, engine="numpy").advance(60)
    live.again()
    live.set(learning_rate=0.1)
    live.advance(60)
    assert [run.label for run in live.earlier] == ["numpy, rate 0.01"]
    assert 'id="earlier-0"' in live.picture.data and "before: numpy, rate 0.01" in live.picture.data


@pytest.mark.parametrize(
    ("rate", "steps", "digits"), [(0.1, 201, 1), (0.1, 200, 4), (0.01, 201, 4)]
)
def test_at_a_large_rate_no_digits_are_shown_that_luck_decides(rate, steps, digits):
    live = small(num_steps=1000, engine="numpy", learning_rate=rate).advance(steps)
    assert len(re.search(r"last 50 losses \d\.(\d+)", live.result)[1]) == digits
    assert len(re.search(r"held-out names \d+\.(\d+)", live.result)[1]) == digits
    assert ("luck (chapter 7)" in live.result) == (digits == 1)
    assert len(re.search(r" to \d\.(\d+) \(to step", live.picture.alt)[1]) == digits


def test_the_bigram_reads_the_same_names_and_the_picture_keeps_its_size():
    live = LiveTraining(engine="numpy")
    sizes = {live.picture.size}
    live.advance(1000)
    sizes.add(live.picture.size)
    assert sizes == {(900, 344)}
    assert "The bigram table on the same last 50 names: 2.4" in live.picture.alt
    for name in live.looks[-1][2]:
        assert name in live.picture.data
