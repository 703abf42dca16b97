"""The loop: what it yields, how it stops, what it refuses before any work."""

from __future__ import annotations

import gc
import inspect
import math
import random
from dataclasses import fields

import pytest

import microgpt
from microgpt import CharTokenizer, Config, Settings, TrainingDiverged, flatten, init_params, train
from microgpt.training import Learner

DOCS = ["emma", "ava", "mia", "eva"]
TOKENIZER = CharTokenizer.from_docs(DOCS)
CONFIG = Config(TOKENIZER.vocab_size, n_embd=4, n_head=2, block_size=8)


def fresh():
    return init_params(CONFIG, random.Random(1))


def data_of(state_dict):
    return [param.data for param in flatten(state_dict)]


def test_training_learns():
    losses = [step.loss for step in train(DOCS, TOKENIZER, CONFIG, fresh(), num_steps=120)]
    assert sum(losses[-8:]) < 0.6 * sum(losses[:8])


def test_steps_tell_index_loss_and_rate():
    steps = list(train(DOCS, TOKENIZER, CONFIG, fresh(), num_steps=4, learning_rate=0.2))
    assert [step.index for step in steps] == [0, 1, 2, 3]
    assert [step.learning_rate for step in steps] == pytest.approx([0.2, 0.15, 0.1, 0.05])
    ids = TOKENIZER.document_ids("emma")
    assert steps[0].loss == microgpt.document_loss(ids, fresh(), CONFIG).data


def test_a_run_that_is_paused_goes_on_where_it_stopped():
    whole, parts = fresh(), fresh()
    list(train(DOCS, TOKENIZER, CONFIG, whole, num_steps=6))
    run = train(DOCS, TOKENIZER, CONFIG, parts, num_steps=6)
    first = [next(run).index for _ in range(2)]
    assert first + [step.index for step in run] == list(range(6))
    assert data_of(parts) == data_of(whole)


def test_gradients_are_zero_after_each_step():
    state_dict = fresh()
    next(train(DOCS, TOKENIZER, CONFIG, state_dict))
    assert not any(param.grad for param in flatten(state_dict))


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled):
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        for _ in train(DOCS, TOKENIZER, CONFIG, fresh(), num_steps=2):
            assert gc.isenabled() == enabled
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_no_graph_is_left_behind():
    run = train(DOCS, TOKENIZER, CONFIG, fresh(), num_steps=3)
    next(run)
    gc.collect()
    before = sum(isinstance(thing, microgpt.Value) for thing in gc.get_objects())
    next(run)
    assert sum(isinstance(thing, microgpt.Value) for thing in gc.get_objects()) == before


def test_a_run_that_diverges_stops_and_keeps_the_last_good_weights():
    state_dict = fresh()
    steps = []
    with pytest.raises(TrainingDiverged, match="smaller than 1e\\+160") as caught:
        for step in train(DOCS, TOKENIZER, CONFIG, state_dict, 50, learning_rate=1e160):
            steps.append(step)
    assert caught.value.step == len(steps) and f"step {len(steps) + 1}:" in str(caught.value)
    assert all(math.isfinite(step.loss) for step in steps)
    assert all(math.isfinite(number) for number in data_of(state_dict))
    if len(steps) == 1:  # the first update did it: the weights are the initial ones
        assert data_of(state_dict) == data_of(fresh())
    ids = TOKENIZER.document_ids(DOCS[(len(steps) - 1) % len(DOCS)])
    assert microgpt.document_loss(ids, state_dict, CONFIG).data == steps[-1].loss


def test_a_last_update_that_spoils_a_weight_is_noticed_and_undone(monkeypatch):
    def spoil(adam, learning_rate):
        adam.params[0].data = math.inf

    monkeypatch.setattr(microgpt.Adam, "step", spoil)
    state_dict = fresh()
    with pytest.raises(TrainingDiverged):
        list(train(DOCS, TOKENIZER, CONFIG, state_dict, num_steps=1))
    assert data_of(state_dict) == data_of(fresh())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"docs": []}, ["no documents"]),
        ({"docs": "emma"}, ["list of documents", "emma"]),
        ({"docs": ["emma", "zoë"]}, ["'z'", "'zoë'", "vocabulary"]),
        ({"config": Config(9, n_embd=4, n_head=2, block_size=8)}, ["6 tokens", "9"]),
        ({"num_steps": -1}, ["num_steps", "-1"]),
        ({"num_steps": 1.5}, ["num_steps", "1.5"]),
        ({"learning_rate": 0}, ["learning_rate", "0"]),
        ({"learning_rate": math.nan}, ["learning_rate", "nan"]),
        ({"learning_rate": math.inf}, ["learning_rate", "inf"]),
    ],
)
def test_bad_input_is_refused_at_once(change, words):
    arguments = {"docs": DOCS, "tokenizer": TOKENIZER, "config": CONFIG, "state_dict": fresh()}
    with pytest.raises(ValueError) as caught:
        train(**{**arguments, **change})  # not even a first step is asked for
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_parameters_of_wrong_shape_are_named():
    state_dict = fresh()
    state_dict["lm_head"].pop()
    with pytest.raises(ValueError, match="'lm_head' has shape 5 x 4, but 6 x 4 is needed"):
        train(DOCS, TOKENIZER, CONFIG, state_dict)
    del state_dict["lm_head"]
    with pytest.raises(ValueError, match="'lm_head' is missing"):
        train(DOCS, TOKENIZER, CONFIG, state_dict)


@pytest.mark.parametrize("docs", [(doc for doc in ["ab"]), {"ab"}, None, "ab", b"ab"], ids=range(5))
def test_documents_that_cannot_be_taken_in_order_and_again_are_refused(docs):
    tokenizer, config = CharTokenizer("ab"), Config(vocab_size=3, n_embd=4, n_head=2)
    with pytest.raises((ValueError, TypeError), match="docs must be a list|a document is a text"):
        train(docs, tokenizer, config, init_params(config, random.Random(1)), num_steps=1)


def test_train_names_every_setting_and_its_default():
    named = list(inspect.signature(train).parameters.values())[4:]
    assert [(each.name, each.default) for each in named] == [
        (each.name, each.default) for each in fields(Settings)
    ]


def test_a_learner_that_lacks_a_part_cannot_be_made():
    half = type("Half", (Learner,), {"__init__": lambda self: None, "step": len, "undo": len})
    with pytest.raises(TypeError, match="weights"):
        half()
