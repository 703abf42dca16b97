"""A run that was stopped and taken up again is the run that never stopped, bit for bit."""

from __future__ import annotations

import gc
import json
import random

import pytest

from microgpt import (
    CharTokenizer,
    Config,
    flatten,
    init_params,
    load,
    load_docs,
    resume,
    sample,
    save,
    train,
)
from microgpt.engines import available

DOCS = ["emma", "ava", "mia", "eva", "maeva", "vim"]
TOKENIZER = CharTokenizer.from_docs(DOCS)
CONFIG = Config(TOKENIZER.vocab_size, n_embd=4, n_head=2, block_size=8)
ENGINES = [engine.name for engine in available() if engine.can_run]


def begin(engine, num_steps=12, docs=DOCS):
    state_dict = init_params(CONFIG, random.Random(1))
    run = train(docs, TOKENIZER, CONFIG, state_dict, num_steps, 0.02, engine=engine)
    run.rng = random.Random(5)
    return run


def written(run, path):
    save(path, run.state_dict, run.config, run.tokenizer, run=run)
    return path


def weights(run):
    return [param.data for param in flatten(run.state_dict)]


def names(run):
    return [sample(run.state_dict, run.config, run.tokenizer, run.rng) for _ in range(20)]


@pytest.mark.parametrize("made", [0, 1, 5, 12])
@pytest.mark.parametrize("engine", ENGINES)
def test_losses_weights_and_names_are_those_of_an_unbroken_run(engine, made, tmp_path):
    whole, first = begin(engine), begin(engine)
    losses = [step.loss for step in whole]
    before = [next(first).loss for _ in range(made)]
    second = resume(written(first, tmp_path / "run.json"), DOCS)
    assert second.index == made and second.settings == first.settings
    after = list(second)
    assert before + [step.loss for step in after] == losses
    assert [step.index for step in after] == list(range(made, 12))
    assert weights(second) == weights(whole) and names(second) == names(whole)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_place_in_the_documents_is_found_after_they_came_more_than_twice(engine, tmp_path):
    whole, first = begin(engine, num_steps=20), begin(engine, num_steps=20)
    losses = [step.loss for step in whole]
    assert [next(first).loss for _ in range(15)] == losses[:15]  # of 6 documents
    second = resume(written(first, tmp_path / "run.json"), DOCS)
    assert [step.loss for step in second] == losses[15:]


def test_a_file_that_tells_of_more_steps_than_anybody_can_make_is_taken_up_at_once(tmp_path):
    path = written(begin("scalar"), tmp_path / "run.json")
    content = json.loads(path.read_text())
    content["run"]["settings"]["num_steps"], content["run"]["index"] = 10**18, 10**17 + 2
    path.write_text(json.dumps(content))
    run = resume(path, DOCS)
    assert next(run).loss > 0 and run.index == 10**17 + 3


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["scalar", "numpy"])
def test_the_reference_run_stopped_in_the_middle_is_the_reference_run(engine, tmp_path):
    if engine not in ENGINES:
        pytest.skip(f"{engine} cannot run here")
    num_steps, stop = (1000, 400) if engine == "numpy" else (60, 24)

    def start():
        docs, rng = load_docs(), random.Random(42)
        rng.shuffle(docs)
        tokenizer = CharTokenizer.from_docs(docs)
        config = Config(tokenizer.vocab_size)
        run = train(docs, tokenizer, config, init_params(config, rng), num_steps, engine=engine)
        run.rng = rng
        return run

    whole, first = start(), start()
    losses = [step.loss for step in whole]
    assert [next(first).loss for _ in range(stop)] == losses[:stop]
    second = resume(written(first, tmp_path / "run.json"), first.docs)
    assert [step.loss for step in second] == losses[stop:]
    assert weights(second) == weights(whole) and names(second) == names(whole)


def test_going_on_is_going_on_with_the_first_run_too(tmp_path):
    first = begin("scalar")
    next(first)
    second = resume(written(first, tmp_path / "run.json"), DOCS)
    assert [step.loss for step in first] == [step.loss for step in second]


def test_another_engine_can_go_on(tmp_path):
    first = begin("scalar")
    losses = [step.loss for step in begin("scalar")]
    [next(first) for _ in range(4)]
    second = resume(written(first, tmp_path / "run.json"), DOCS, engine="vector")
    assert [step.loss for step in second] == pytest.approx(losses[4:], abs=1e-12)


def test_a_run_can_be_read_as_a_model(tmp_path):
    first = begin("vector")
    next(first)
    state_dict, config, tokenizer = load(written(first, tmp_path / "run.json"))
    assert [p.data for p in flatten(state_dict)] == weights(first)
    assert (config, tokenizer.chars) == (CONFIG, TOKENIZER.chars)


@pytest.mark.parametrize("docs", [DOCS[:-1], DOCS[::-1], [*DOCS, "zoe"]])
def test_other_documents_are_refused(docs, tmp_path):
    path = written(begin("scalar"), tmp_path / "run.json")
    with pytest.raises(ValueError, match="began with 6 other documents"):
        resume(path, docs)


def test_weights_alone_are_no_run(tmp_path):
    run = begin("scalar")
    save(tmp_path / "w.json", run.state_dict, CONFIG, TOKENIZER)
    with pytest.raises(ValueError, match="weights and no run"):
        resume(tmp_path / "w.json", DOCS)


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1}, {"index": 13}, {"index": 1.5}, {"index": None}, {"m": []}, {"m": 7},
        {"v": [-1.0] * 168}, {"m": ["a"] * 168}, {"settings": {"eta": 1}}, {"settings": None},
        {"settings": {"learning_rate": "fast"}}, {"settings": {"engine": "warp"}},
        {"rng": [3, [1, 2], None]}, {"rng": "dice"}, {"notes": 3}, {"documents": None},
    ],
    ids=str,
)  # fmt: skip
def test_damaged_runs_are_refused(change, tmp_path):
    path = written(begin("scalar"), tmp_path / "run.json")
    content = json.loads(path.read_text())
    content["run"] |= change
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"run\.json"):
        resume(path, DOCS)
    assert load(path)[1] == CONFIG  # the model is whole


def test_a_run_that_diverged_is_not_written_down(tmp_path):
    state_dict = init_params(CONFIG, random.Random(1))
    run = train(DOCS, TOKENIZER, CONFIG, state_dict, 50, learning_rate=1e160)
    with pytest.raises(ArithmeticError):
        list(run)
    assert run.done and list(run) == []
    with pytest.raises(ValueError, match="diverged"):
        save(tmp_path / "run.json", state_dict, CONFIG, TOKENIZER, run=run)


def test_what_is_interrupted_inside_an_update_keeps_the_weights_before_it(monkeypatch, tmp_path):
    run = begin("scalar")
    next(run)
    before = weights(run)

    def interrupt(adam, learning_rate):
        adam.num_steps += 1
        adam.params[0].data = 99.0
        raise KeyboardInterrupt

    monkeypatch.setattr("microgpt.optim.Adam.step", interrupt)
    with pytest.raises(KeyboardInterrupt):
        next(run)
    assert weights(run) == before and run.ended == "was interrupted"


def test_weights_go_back_when_that_is_said_and_never_by_looking_or_forgetting():
    state_dict = init_params(CONFIG, random.Random(1))
    before = [param.data for param in flatten(state_dict)]
    run = train(DOCS, TOKENIZER, CONFIG, state_dict, engine="vector")
    next(run)
    assert weights(run) == before
    again = train(DOCS, TOKENIZER, CONFIG, state_dict, engine="vector")
    next(again)
    del again
    gc.collect()
    assert [param.data for param in flatten(state_dict)] == before
    run.close()
    assert [param.data for param in flatten(state_dict)] == weights(run) != before


@pytest.mark.parametrize("engine", ["scalar", "vector"])
def test_saving_a_run_hands_its_weights_back_first(engine, tmp_path):
    run = begin(engine)
    next(run)
    save(tmp_path / "run.json", run.state_dict, CONFIG, TOKENIZER, run=run)
    assert [p.data for p in flatten(load(tmp_path / "run.json")[0])] == list(run.learner.weights())
