"""What every stage of the model would guess, and what lies between the stages."""

import pytest

from classroom.lab.lens import logit_lens
from classroom.lab.tracing import trace
from microgpt import load, next_token_probs, rmsnorm
from microgpt.inference import float_linear, float_softmax

MODEL = load()
STATE_DICT, CONFIG, TOKENIZER = MODEL


def test_the_last_stage_is_what_the_model_says_and_the_first_reads_the_embedding():
    lens = logit_lens("mia", *MODEL)
    for end in range(4):
        probs = next_token_probs(STATE_DICT, CONFIG, TOKENIZER, "mia"[:end])
        assert lens.probs[-1][end] == pytest.approx(probs, abs=1e-12)
    pair = zip(STATE_DICT["wte"][TOKENIZER.BOS], STATE_DICT["wpe"][0])
    x = [xi.data for xi in rmsnorm([t + p for t, p in pair])]
    lm_head = [[p.data for p in row] for row in STATE_DICT["lm_head"]]
    assert lens.probs[0][0] == pytest.approx(float_softmax(float_linear(x, lm_head)), abs=1e-12)
    assert lens.stages == ["embedding", "+ attention", "+ MLP"]
    assert lens.targets == ["m", "i", "a", "BOS"]


def test_between_the_parts_each_adds_its_own():
    found = trace("ava", *MODEL)
    layer = found.layers[0]
    fc2 = [[p.data for p in row] for row in STATE_DICT["layer0.mlp_fc2"]]
    for x, hidden, after in zip(layer.halfway, layer.hidden, layer.stream):
        thought = float_linear(hidden, fc2)
        assert after == pytest.approx([a + b for a, b in zip(x, thought)], abs=1e-12)
    assert len(found.embedded) == 4 and found.embedded != layer.halfway
