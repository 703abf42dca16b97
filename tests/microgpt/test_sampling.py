"""Sampling in floats: the numbers of the graph, the effect of each setting, clear errors."""

from __future__ import annotations

import math
import random

import pytest
from support import assert_same_floats

import microgpt
from microgpt import Value, gpt, mean_loss, next_token_probs, sample, softmax
from microgpt.inference import float_gpt, float_weights


@pytest.fixture(scope="module")
def model():
    return microgpt.load()


def caches(config):
    return [[[] for _ in range(config.n_layer)] for _ in range(2)]


def test_floats_give_the_logits_of_the_graph(model):
    state_dict, config, tokenizer = model
    weights, graph_cache, float_cache = float_weights(state_dict), caches(config), caches(config)
    for position, token in enumerate([tokenizer.BOS, *tokenizer.encode("olivia")]):
        graph = gpt(token, position, *graph_cache, state_dict, config)
        floats = float_gpt(token, position, *float_cache, weights, config)
        assert_same_floats([logit.data for logit in graph], floats)


def test_two_layers_too():
    config = microgpt.Config(5, n_embd=6, n_head=3, n_layer=2, block_size=4)
    state_dict = microgpt.init_params(config, random.Random(1), std=0.7)
    weights, graph_cache, float_cache = float_weights(state_dict), caches(config), caches(config)
    for position, token in enumerate([4, 0, 1, 1]):
        graph = gpt(token, position, *graph_cache, state_dict, config)
        floats = float_gpt(token, position, *float_cache, weights, config)
        assert_same_floats([logit.data for logit in graph], floats)


def test_no_graph_is_built(model, monkeypatch):
    def forbidden(*arguments, **settings):
        raise AssertionError("a Value was made")

    monkeypatch.setattr(Value, "__init__", forbidden)
    assert sample(*model, random.Random(1))


def test_probabilities_are_the_softmax_of_the_tempered_logits(model):
    state_dict, config, tokenizer = model
    logits = gpt(tokenizer.BOS, 0, *caches(config), state_dict, config)
    expected = [p.data for p in softmax([logit / 0.7 for logit in logits])]
    assert_same_floats(next_token_probs(*model, temperature=0.7), expected)


def test_the_same_seed_gives_the_same_name_and_the_prefix_is_kept(model):
    names = [sample(*model, random.Random(seed), prefix="an") for seed in (1, 1, 2, 3, 4)]
    assert names[0] == names[1] and len(set(names)) > 1
    assert all(name.startswith("an") and len(name) <= 16 for name in names)


def test_top_1_is_the_most_probable_and_needs_no_luck(model):
    assert len({sample(*model, random.Random(seed), top_k=1) for seed in range(8)}) == 1
    probs = next_token_probs(*model, prefix="em", top_k=3)
    assert sum(p > 0 for p in probs) == 3 and sum(probs) == pytest.approx(1)
    untouched = next_token_probs(*model, prefix="em")
    assert {i for i, p in enumerate(probs) if p} == set(
        sorted(range(27), key=untouched.__getitem__)[-3:]
    )
    assert next_token_probs(*model, prefix="em", top_k=99) == untouched


def test_a_low_temperature_favours_the_favourite(model):
    cold, warm, hot = (max(next_token_probs(*model, temperature=t)) for t in (0.1, 1.0, 10.0))
    assert cold > warm > hot > 1 / 27
    assert max(next_token_probs(*model, temperature=1e-6)) == 1.0


def test_mean_loss_is_that_of_the_graph_over_all_tokens(model):
    state_dict, config, tokenizer = model
    docs = ["emma", "jo"]
    lengths = [len(doc) + 1 for doc in docs]
    losses = [
        microgpt.document_loss(tokenizer.document_ids(doc), state_dict, config).data for doc in docs
    ]
    expected = sum(n * loss for n, loss in zip(lengths, losses)) / sum(lengths)
    assert mean_loss(docs, *model) == pytest.approx(expected, rel=1e-12)


def test_an_untrained_model_guesses_blindly_the_trained_one_does_not(model):
    _, config, tokenizer = model
    docs = microgpt.load_docs()[:50]
    untrained = microgpt.init_params(config, random.Random(42))
    assert mean_loss(docs, untrained, config, tokenizer) == pytest.approx(math.log(27), abs=0.2)
    assert mean_loss(docs, *model) < 2.45


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"temperature": 0}, ["temperature", "0", "top_k=1"]),
        ({"temperature": -1.0}, ["temperature", "-1.0"]),
        ({"temperature": math.nan}, ["temperature", "nan"]),
        ({"temperature": math.inf}, ["temperature", "inf"]),
        ({"top_k": 0}, ["top_k", "0"]),
        ({"top_k": 1.5}, ["top_k", "1.5"]),
        ({"prefix": "aZ"}, ["'Z'", "position 1"]),
        ({"prefix": "a" * 16}, ["16 characters", "at most 15"]),
    ],
)
def test_settings_out_of_range_are_refused(model, wrong, words):
    for function in (
        lambda: sample(*model, random.Random(1), **wrong),
        lambda: next_token_probs(*model, **wrong),
    ):
        with pytest.raises(ValueError) as caught:
            function()
        assert all(word in str(caught.value) for word in words), str(caught.value)


def test_the_loss_of_no_documents_is_refused(model):
    with pytest.raises(ValueError, match="no documents"):
        mean_loss([], *model)
