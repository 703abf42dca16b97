import math
import re

import pytest

from classroom.viz.knockout import knock_out, knocked_out, knockout_picture, letter_losses
from classroom.viz.lens import lens_picture, logit_lens
from classroom.viz.tracing import trace
from microgpt import load, next_token_probs, rmsnorm
from microgpt.inference import plain_linear, plain_softmax

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
    assert lens.probs[0][0] == pytest.approx(plain_softmax(plain_linear(x, lm_head)), abs=1e-12)
    assert lens.stages == ["embedding", "+ attention", "+ MLP"]
    assert lens.targets == ["m", "i", "a", "end"]


def test_between_the_parts_each_adds_its_own():
    found = trace("ava", *MODEL)
    layer = found.layers[0]
    fc2 = [[p.data for p in row] for row in STATE_DICT["layer0.mlp_fc2"]]
    for x, hidden, after in zip(layer.halfway, layer.hidden, layer.stream):
        thought = plain_linear(hidden, fc2)
        assert after == pytest.approx([a + b for a, b in zip(x, thought)], abs=1e-12)
    assert len(found.embedded) == 4 and found.embedded != layer.halfway


def test_the_picture_tells_every_stage_at_every_position():
    lens = logit_lens("olivia", *MODEL)
    words = str(lens_picture(lens, 6))
    assert "end 0.35 → 0.40 → 0.61" in words and "+ MLP: end 0.61" in words
    assert lens_picture(logit_lens("", *MODEL), 0).size[1] <= 520
    assert lens_picture(logit_lens("a" * 15, *MODEL), 15).size[1] <= 520


def test_a_column_asks_its_position_and_bars_have_names():
    drawn = lens_picture(logit_lens("mia", *MODEL), 1).data
    asked = re.findall(r'id="column-(\d)" data-set="position=(\d)" data-label="([^"]*)"', drawn)
    assert asked == [
        (str(at), str(at), f"look at position {at}, {read}")
        for at, read in enumerate(["BOS", *"mia"])
    ]
    bars = re.findall(r'id="bar-(\d)-(\w+)"', drawn)
    assert len(set(bars)) == 3 * 27 and ("2", "end") in bars
    drawn = knockout_picture(knock_out("mia", *MODEL, heads=[2])).data
    assert re.findall(r'id="(after|before)-(\d)"', drawn) == [
        (when, str(at)) for at in range(4) for when in ("after", "before")
    ]


def test_a_position_that_the_name_does_not_have():
    with pytest.raises(ValueError, match="positions 0 to 3, not 4"):
        lens_picture(logit_lens("mia", *MODEL), 4)


def test_losses_by_letter_are_those_of_the_model():
    losses = letter_losses("emma", *MODEL)
    probs = next_token_probs(STATE_DICT, CONFIG, TOKENIZER, "em")
    assert losses[2] == pytest.approx(-math.log(probs[12]))
    assert len(losses) == 5


def test_all_heads_out_is_attention_out_and_nothing_out_is_nothing():
    weights = knocked_out(STATE_DICT, CONFIG, heads=range(4))
    assert not any(map(any, weights["layer0.attn_wo"]))
    found = trace("mia", weights, CONFIG, TOKENIZER)
    assert found.layers[0].halfway == found.embedded
    assert knock_out("mia", *MODEL).change == 0
    assert knock_out("mia", *MODEL, heads=range(4)).what == "heads 0 to 3"


def test_one_detector_out_changes_only_where_it_is_awake():
    awake = [hidden[40] > 0 for hidden in trace("olivia", *MODEL).layers[0].hidden]
    found = knock_out("olivia", *MODEL, detectors=[40])
    assert [a != b for a, b in zip(found.before, found.after)] == awake
    assert any(awake) and not all(awake)


def test_the_model_stays_as_it_is():
    before = [[p.data for p in row] for row in STATE_DICT["layer0.attn_wo"]]
    knock_out("mia", *MODEL, heads=[2], detectors=[0, 7])
    assert [[p.data for p in row] for row in STATE_DICT["layer0.attn_wo"]] == before


def test_the_picture_names_every_letter_and_what_is_out():
    words = str(knockout_picture(knock_out("mia", *MODEL, heads=[2], detectors=[0])))
    assert "head 2 and detector 0 out" in words and "end" in words
    assert knockout_picture(knock_out("a" * 15, *MODEL, heads=[0])).size[0] <= 960


@pytest.mark.parametrize("out", [{"heads": [4]}, {"detectors": [64]}, {"heads": [-1]}])
def test_a_head_or_detector_that_does_not_exist(out):
    with pytest.raises(ValueError, match="there is no"):
        knock_out("mia", *MODEL, **out)
