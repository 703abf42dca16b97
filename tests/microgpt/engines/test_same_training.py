"""Each engine is the same training: losses, weights, errors, interruption."""

import inspect
import math
from pathlib import Path

import pytest
from support import assert_same_floats

import microgpt
from microgpt import engines
from microgpt.training import Learner

# every rung but the one of several processes; those that take one document a step, in float64,
# must agree with the core, whatever they are made of
RUNGS = [engine for engine in engines.available() if engine.name != "ddp"]
SLOW = [each.name for each in RUNGS if each.per_product >= 1e-6]
FAST = [each.name for each in RUNGS if each.name not in SLOW and each.batch == 1]
ALL = [each.name for each in RUNGS]


@pytest.mark.parametrize("name", FAST)
def test_reproduces_the_reference_run(name, engine_of, reference_start, figures):
    docs, tokenizer, config, state_dict, rng = reference_start
    steps = list(engine_of(name).train(docs, tokenizer, config, state_dict, num_steps=1000))
    assert [step.index for step in steps] == list(range(1000))
    worst = max(abs(step.loss - loss) for step, loss in zip(steps, figures["losses"]))
    assert worst < 1e-12
    for matrix, total in figures["param_sums"].items():
        assert math.fsum(p.data for row in state_dict[matrix] for p in row) == pytest.approx(
            total, abs=1e-9
        )
    names = [microgpt.sample(state_dict, config, tokenizer, rng) for _ in range(20)]
    assert names == figures["samples"]


@pytest.mark.parametrize("name", SLOW)
def test_reproduces_the_beginning_bit_for_bit(name, engine_of, reference_start, figures):
    steps = engine_of(name).train(*reference_start[:4], num_steps=1000)
    losses = [next(steps).loss for _ in range(6)]
    steps.close()
    assert_same_floats(losses, figures["losses"][:6])


@pytest.mark.parametrize("name", SLOW + FAST)
def test_trains_other_sizes_as_the_core_does(name, engine_of, small):
    docs, tokenizer, config, expected = small()
    wanted = list(microgpt.train(docs, tokenizer, config, expected, num_steps=4))
    docs, tokenizer, config, state_dict = small()
    steps = list(engine_of(name).train(docs, tokenizer, config, state_dict, num_steps=4))
    for step, want in zip(steps, wanted):
        assert step.learning_rate == want.learning_rate
        assert step.loss == pytest.approx(want.loss, abs=1e-12)
    assert len(steps) == len(wanted) == 4
    for param, want in zip(microgpt.flatten(state_dict), microgpt.flatten(expected)):
        assert param.data == pytest.approx(want.data, abs=1e-9)
        assert type(param.data) is float


@pytest.mark.parametrize("name", SLOW + FAST)
def test_other_betas_reach_adam(name, engine_of, tiny):
    settings = {"num_steps": 4, "learning_rate": 0.05, "beta1": 0.3, "beta2": 0.7, "eps": 1e-3}
    wanted = list(microgpt.train(*tiny(), **settings))
    steps = list(engine_of(name).train(*tiny(), **settings))
    assert [step.loss for step in steps] == pytest.approx([s.loss for s in wanted], abs=1e-12)


@pytest.mark.parametrize("name", SLOW + FAST)
def test_closing_the_generator_keeps_what_was_learned(name, engine_of, tiny):
    docs, tokenizer, config, expected = tiny()
    run = microgpt.train(docs, tokenizer, config, expected, num_steps=50)
    for _ in range(3):
        next(run)
    docs, tokenizer, config, state_dict = tiny()
    steps = engine_of(name).train(docs, tokenizer, config, state_dict, num_steps=50)
    for _ in range(3):
        next(steps)
    steps.close()
    for param, want in zip(microgpt.flatten(state_dict), microgpt.flatten(expected)):
        assert param.data == pytest.approx(want.data, abs=1e-9)


@pytest.mark.parametrize("name", SLOW + FAST)
def test_the_order_of_the_matrices_does_not_matter(name, engine_of, tiny):
    docs, tokenizer, config, state_dict = tiny()
    backwards = dict(reversed(state_dict.items()))
    steps = list(engine_of(name).train(docs, tokenizer, config, backwards, num_steps=3))
    wanted = list(microgpt.train(*tiny(), num_steps=3))
    assert [step.loss for step in steps] == pytest.approx([s.loss for s in wanted], abs=1e-12)


@pytest.mark.parametrize("name", SLOW + FAST)
def test_a_loss_that_is_no_number_gives_the_last_good_weights_back(name, engine_of, tiny):
    with pytest.raises(microgpt.TrainingDiverged) as core:
        docs, tokenizer, config, expected = tiny()
        list(microgpt.train(docs, tokenizer, config, expected, 20, learning_rate=1e200))
    with pytest.raises(microgpt.TrainingDiverged) as diverged:
        docs, tokenizer, config, state_dict = tiny()
        list(engine_of(name).train(docs, tokenizer, config, state_dict, 20, learning_rate=1e200))
    assert diverged.value.step == core.value.step
    for param, want in zip(microgpt.flatten(state_dict), microgpt.flatten(expected)):
        assert math.isfinite(param.data)
        assert param.data == pytest.approx(want.data, rel=1e-9)


BAD = {
    "no documents": ({"docs": []}, "no documents"),
    "one text": ({"docs": "anna"}, "list of documents"),
    "character": ({"docs": ["ana", "aliZa"]}, "'Z'"),
    "vocabulary": ({"tokenizer": microgpt.CharTokenizer("abc")}, "vocabulary"),
    "steps": ({"num_steps": -1}, "num_steps"),
    "rate": ({"learning_rate": math.nan}, "learning_rate"),
    "beta": ({"beta1": 1.5}, "beta1"),
    "shape": ({"config": microgpt.Config(vocab_size=3)}, "tokens"),
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_the_error_of_the_core(name, case, engine_of, tiny):
    change, words = BAD[case]
    docs, tokenizer, config, state_dict = tiny()
    arguments = {"docs": docs, "tokenizer": tokenizer, "config": config, "state_dict": state_dict}
    with pytest.raises(ValueError, match=words) as wanted:
        microgpt.train(**(arguments | change))
    with pytest.raises(ValueError, match=words) as error:
        engine_of(name).train(**(arguments | change))
    assert str(error.value) == str(wanted.value)


def test_an_unknown_engine_is_answered_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"no engine 'warp'.*numpy"):
        engines.get("warp")


def test_a_missing_package_is_said_with_the_command_that_brings_it(monkeypatch):
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: None)
    rung = {engine.name: engine for engine in engines.available()}["numpy"]
    assert (rung.can_run, rung.missing) == (False, "numpy")
    with pytest.raises(ImportError, match="pip install"):
        engines.get("numpy")


def resident_kilobytes():
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize("name", ["scalar", *FAST])
def test_memory_stays_flat(name, engine_of, tiny):
    steps = engine_of(name).train(*tiny(), num_steps=10_000)
    count = 150 if name in ("scalar", "vector") else 600
    for _ in range(count // 3):
        next(steps)
    before = resident_kilobytes()
    for _ in range(count):
        next(steps)
    grown = resident_kilobytes() - before
    steps.close()
    assert grown < 2.5 * count  # kilobytes a step; a graph that is kept would be more


def test_every_rung_is_one_row_with_a_learner(engine_of):
    for engine in engines.available():
        if engine.can_run:
            assert issubclass(engine_of(engine.name).learner, Learner)
            assert list(inspect.signature(engine.train).parameters)[4] == "num_steps"
