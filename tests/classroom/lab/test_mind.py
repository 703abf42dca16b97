"""The model as something to play with: its numbers are the core's own."""

from __future__ import annotations

import random
import re

import pytest

from classroom.lab.addresses import Unknown
from classroom.lab.film import packed, stored_film, unpacked
from classroom.lab.mind import Mind
from classroom.lab.runs import run_start
from classroom.lab.taps import read
from microgpt import (
    Adam,
    Config,
    document_loss,
    flatten,
    init_params,
    load,
    mean_loss,
    next_token_probs,
    sample,
)
from microgpt.inference import empty_cache, float_gpt, float_weights

MODEL = load()
STATE_DICT, CONFIG, TOKENIZER = MODEL
MIND = Mind(*MODEL)


def loss_with(square: str, move: float, name: str) -> float:
    """The loss of a name, found by the core in a model of which one weight is moved."""
    state_dict, config, tokenizer = load()
    key, row, column = MIND.square(square)
    state_dict[key][row][column].data += move
    return document_loss(tokenizer.document_ids(name), state_dict, config).data


@pytest.mark.parametrize("layers", [1, 3])
def test_a_pass_with_taps_is_the_core_s_to_the_last_bit(layers):
    config = Config(vocab_size=27, n_embd=8, n_head=2, n_layer=layers, block_size=8)
    weights = float_weights(init_params(config, random.Random(layers)))
    ids = TOKENIZER.document_ids("olivia")[:-1]
    keys, values = empty_cache(config), empty_cache(config)
    logits = [float_gpt(t, p, keys, values, weights, config) for p, t in enumerate(ids)]
    assert read(ids, weights, config)["logits"] == logits


def test_a_tap_can_take_a_head_out_and_give_another_vector():
    def tap(name, x):
        return [0.0] * len(x) if name == "layer0.heads" else x

    seen = read(TOKENIZER.document_ids("mia")[:-1], MIND.weights, CONFIG, tap)
    assert seen["layer0.halfway"] == seen["embedded"]
    silenced = MIND.reading("mia", MIND.changed(off="heads"))
    assert silenced.seen["logits"] == seen["logits"]


@pytest.mark.parametrize("name", ["", "emma", "abcdefghijklmno"])
def test_a_reading_has_the_core_s_loss_and_probabilities(name):
    reading = MIND.reading(name)
    assert reading.loss == pytest.approx(mean_loss([name], *MODEL), abs=1e-12)
    assert reading.probs(len(name)) == pytest.approx(next_token_probs(*MODEL, name), abs=1e-12)


@pytest.mark.parametrize("square", ["wte[4][3]", "lm_head[12][11]", "attn_wv[5][2]"])
def test_a_slope_is_what_nudging_finds_and_a_move_is_the_core_s(square):
    up, down = (loss_with(square, move, "emma") for move in (1e-5, -1e-5))
    key, row, column = MIND.square(square)
    assert MIND.slopes("emma")[key][row][column] == pytest.approx((up - down) / 2e-5, abs=1e-7)
    moved = MIND.reading("emma", MIND.changed(square, 0.7)).loss
    assert moved == pytest.approx(loss_with(square, 0.7, "emma"), abs=1e-12)


def test_a_step_is_adam_s_and_the_model_stays_as_it_is():
    before = [[list(row) for row in rows] for rows in MIND.weights.values()]
    document_loss(TOKENIZER.document_ids("emma"), load()[0], CONFIG)
    state_dict = load()[0]
    document_loss(TOKENIZER.document_ids("emma"), state_dict, CONFIG).backward()
    Adam(flatten(state_dict)).step(0.01)
    assert MIND.stepped("emma") == float_weights(state_dict)
    MIND.changed("wte[0][0]", 1.0, "head 0, detector 7, lm_head[3]")
    assert [[list(row) for row in rows] for rows in MIND.weights.values()] == before


def test_names_are_those_that_the_core_samples_with_dice_of_their_own():
    assert MIND.names(count=4) == [sample(*MODEL, random.Random(seed)) for seed in range(4)]
    weights = MIND.changed("lm_head[12][11]", -1.0)
    model = weights, CONFIG, TOKENIZER
    assert MIND.names(weights, 4) == [sample(*model, random.Random(seed)) for seed in range(4)]


def test_what_chapter_0_says_of_emma():
    slopes = MIND.slopes("emma")
    assert [i for i, row in enumerate(slopes["wte"]) if any(row)] == [0, 4, 12, TOKENIZER.BOS]
    assert sum(any(row) for row in slopes["layer0.mlp_fc1"]) == 8
    assert MIND.reading("emma", MIND.stepped("emma")).loss < MIND.reading("emma").loss
    film = stored_film()
    assert (film.names[0][0], film.names[-1][0]) == ("vulhojtjknxniuph", "shaman")


def test_one_detector_out_changes_only_where_it_is_awake():
    awake = [hidden[40] > 0 for hidden in MIND.reading("olivia").seen["layer0.hidden"]]
    out = MIND.reading("olivia", MIND.changed(off="detector 40"))
    pairs = zip(MIND.reading("olivia").losses, out.losses)
    assert [a != b for a, b in pairs] == awake and any(awake) and not all(awake)


def test_light_is_weight_times_what_comes_in_and_its_sums_are_the_scores():
    reading = MIND.reading("emma")
    keys = list(MIND.weights)
    light = MIND.light(reading, 3, keys, MIND.weights)
    sums = [sum(row) for row in light["lm_head"]]
    assert sums == pytest.approx(reading.seen["logits"][3], abs=1e-12)
    assert [i for i, row in enumerate(light["wte"]) if any(row)] == [12]
    asleep = [h == 0 for h in reading.seen["layer0.hidden"][3]]
    assert [not any(row) for row in light["layer0.mlp_fc1"]] == asleep
    assert [not any(row[i] for row in light["layer0.mlp_fc2"]) for i in range(64)] == asleep


def made(seen, key, row):
    """What a row of a matrix comes to when the model reads on, at position 2."""
    at = {name.rpartition(".")[2]: vectors[2] for name, vectors in seen.items()}
    there = {"attn_wq": "query", "attn_wk": "key", "attn_wv": "value", "mlp_fc1": "hidden"}
    if key == "attn_wo":
        return at["halfway"][row] - at["embedded"][row]
    if key == "mlp_fc2":
        return at["stream"][row] - at["halfway"][row]
    return at[there.get(key, "logits")][row]


@pytest.mark.parametrize("key", [key for key in CONFIG.shapes() if "_" in key])
def test_a_product_and_its_sum_are_what_the_model_goes_on_with(key):
    reading, short = MIND.reading("emma"), key.rpartition(".")[2]
    for row in (3, 12):
        product, total = MIND.added_up((key, row, 5), reading, 2, MIND.weights)
        weight, came, times = map(float, re.findall(r"-?\d+\.\d+", product))
        assert times == pytest.approx(weight * came, abs=0.003)
        number = float(re.search(r"in the frame: (-?[\d.]+),", total)[1])
        wanted = made(reading.seen, short, row)
        if short == "mlp_fc1":
            assert total.endswith("is awake" if wanted else "sleeps (ReLU)")
            number = max(0.0, number)
        assert number == pytest.approx(wanted, abs=0.006)


def test_of_wte_and_wpe_only_what_is_read_is_added():
    reading = MIND.reading("emma")
    m = TOKENIZER.encode("m")[0]
    for square, other in ((("wte", m, 3), ("wpe", 3, 3)), (("wpe", 3, 3), ("wte", m, 3))):
        product, told = MIND.added_up(square, reading, 3, MIND.weights)
        numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", product)]
        weights = [MIND.weights[key][row][column] for key, row, column in (square, other)]
        assert numbers == pytest.approx([*weights, sum(weights)], abs=0.0006)
        assert told.endswith(f"makes it {reading.seen['embedded'][3][3]:.2f}")
    assert "not used now" in MIND.added_up(("wte", 0, 3), reading, 3, MIND.weights)[0]
    assert "not used now" in MIND.added_up(("wpe", 2, 3), reading, 3, MIND.weights)[0]


@pytest.mark.parametrize(
    ("square", "off", "words"),
    [
        ("wte[27][0]", "", "wte has rows 0 to 26, columns 0 to 15"),
        ("wte", "", "no weight is called 'wte'"),
        ("", "head 4", "there is no head 4: they are 0 to 3"),
        ("", "detector 64", "there is no detector 64: they are 0 to 63"),
        ("", "wxe[1]", "there is no wxe[1]: there is no such matrix"),
        ("", "everything", "'everything' is no part"),
    ],
)
def test_what_is_not_there_is_told(square, off, words):
    with pytest.raises(Unknown) as error:
        MIND.changed(square, 1.0 if square else 0.0, off)
    assert words in str(error.value)


def test_the_meaning_of_a_weight_of_each_matrix():
    words = {key: MIND.meaning((key, 5, 2)) for key in CONFIG.shapes()}
    assert words["layer0.attn_wq"] == "from number 2 of the stream to query 1 of head 1"
    assert words["lm_head"] == "from number 2 of the stream to the score of 'f'"
    assert len(set(words.values())) == 9
    assert MIND.parts_of(("layer0.attn_wo", 5, 9)) == ["attn_wo[5]", "head 2"]


def test_a_model_of_other_sizes_is_refused():
    config = Config(vocab_size=27, n_layer=2)
    with pytest.raises(ValueError, match="the screen is made for"):
        Mind(init_params(config, random.Random(1)), config, TOKENIZER)


def test_the_film_begins_with_the_first_weights_and_ends_with_the_shipped_ones():
    film = stored_film()
    first = [p.data for p in flatten(run_start()[3])]
    last = [p.data for p in flatten(STATE_DICT)]
    for frame, weights in ((0, first), (-1, last)):
        away = max(abs(number / 500 - w) for number, w in zip(film.frames[frame], weights))
        assert away <= 0.0011
    assert film.steps[0] == 0 and film.steps[-1] == 1000 and film.losses[-1] < film.losses[0]
    assert film.names[-1] == MIND.names()
    assert list(film.shapes) == list(CONFIG.shapes())


def test_what_is_packed_comes_out_again():
    frames = [[0.5, -1.25, 0.0], [0.75, -1.5, 0.002], [-0.3, 1.5, 0.0]]
    found = unpacked(packed(frames), 3)
    assert [[n / 500 for n in frame] for frame in found] == frames
