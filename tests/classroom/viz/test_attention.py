import random
import re

import pytest

from classroom.lab.embeddings import group_similarity, similarity
from classroom.lab.tracing import trace
from classroom.viz.attention import attention_picture
from classroom.viz.heads import heads_picture
from classroom.viz.kit.cells import share_cell, signed_cell, two_digits
from classroom.viz.kit.palette import COLOURS, DARK, PAPER, TEXT
from classroom.viz.kit.style import ABOVE, BELOW, contrast
from classroom.viz.one_head import head_sum, qkv_picture
from microgpt import Config, Value, init_params, load

MODEL = load()
STATE_DICT, CONFIG, TOKENIZER = MODEL
UNTRAINED = init_params(CONFIG, random.Random(42))
MODELS = {"untrained": UNTRAINED, "trained": STATE_DICT}


def traces(name):
    return {title: trace(name, model, CONFIG, TOKENIZER) for title, model in MODELS.items()}


def test_similarity_of_values_and_floats():
    assert similarity([1.0, 0.0], [0.0, 5.0]) == 0
    assert similarity([Value(2.0), Value(1.0)], [-4.0, -2.0]) == pytest.approx(-1)


def test_group_similarity_counts_each_pair_once_and_no_letter_with_itself():
    rows = {char: STATE_DICT["wte"][TOKENIZER.encode(char)[0]] for char in "aeo"}
    pairs = [("a", "e"), ("a", "o"), ("e", "o")]
    expected = sum(similarity(rows[x], rows[y]) for x, y in pairs) / 3
    assert group_similarity(STATE_DICT, TOKENIZER, "aeo", "aeo") == pytest.approx(expected)


def test_trained_vowels_are_alike_and_untrained_ones_are_not():
    assert group_similarity(STATE_DICT, TOKENIZER, "aeiou", "aeiou") > 0.4
    assert group_similarity(STATE_DICT, TOKENIZER, "aeiou", "bcdfgklmnt") < -0.1
    assert abs(group_similarity(UNTRAINED, TOKENIZER, "aeiou", "aeiou")) < 0.1


def test_one_head_by_hand_agrees_with_the_trace():
    found = head_sum("ava", 2, *MODEL, head=1)
    record = trace("ava", *MODEL).layers[0]
    assert found.weights == record.attn_weights[1][2]
    assert found.query == record.queries[2][4:8]
    assert len(found.keys) == len(found.values) == len(found.scores) == 3
    out = [sum(w * v[j] for w, v in zip(found.weights, found.values)) for j in range(4)]
    assert found.out == pytest.approx(out)


def test_the_by_hand_picture_says_every_number():
    found = head_sum("ava", 2, *MODEL, head=1)
    alt = qkv_picture("ava", 2, *MODEL, head=1).alt
    for numbers in (found.query, *found.keys, *found.values, found.out):
        assert "[" + ", ".join(f"{x:.2f}" for x in numbers) + "]" in alt
    for weight in found.weights:
        assert f"weight {weight:.2f}" in alt


@pytest.mark.parametrize("position", [-1, 4])
def test_a_position_that_is_not_there_is_told(position):
    with pytest.raises(ValueError, match=f"positions 0 to 3, not {position}"):
        qkv_picture("ava", position, *MODEL)
    with pytest.raises(ValueError, match=f"positions 0 to 3, not {position}"):
        attention_picture(traces("ava"), position)


@pytest.mark.parametrize("name", ["", "anna", "aaaaaaaaaaaaaaa"])
def test_the_picture_says_every_weight_of_the_query_in_both_models(name):
    picture = attention_picture(traces(name), len(name), head=2)
    for title, model in MODELS.items():
        row = trace(name, model, CONFIG, TOKENIZER).layers[0].attn_weights[2][-1]
        assert f"{title}: {', '.join(f'{w:.2f}' for w in row)}" in picture.alt


def test_repeated_letters_keep_rows_of_their_own():
    picture = attention_picture(traces("anna"), 3, head=1)
    assert "0 BOS, 1 a, 2 n, 3 n" in picture.alt
    first = attention_picture(traces("anna"), 2, head=1)
    assert first.alt != picture.alt


DISC = re.compile(
    r'<circle id="(\w+), head (\d): (\d+) to (\d+)" '
    r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"([^>]*)>'
)


@pytest.mark.parametrize(
    ("name", "cell"), [("ava", 22), ("olivia", 22), ("abcdefghijklmno", 11.25)]
)
def test_heads_picture_draws_each_weight_as_a_disc_of_this_area_beside_the_others(name, cell):
    drawn = DISC.findall(heads_picture(name, MODELS, CONFIG, TOKENIZER).data)
    count = len(name) + 1
    assert len(drawn) == len(set(disc[:4] for disc in drawn)) == 2 * 4 * count * (count + 1) // 2
    rows = {title: trace(name, m, CONFIG, TOKENIZER).layers[0] for title, m in MODELS.items()}
    for title, head, q, t, _, _, radius, look in drawn:
        weight = rows[title].attn_weights[int(head)][int(q)][int(t)]
        assert float(radius) == pytest.approx(0.52 * cell * weight**0.5, abs=0.051)
        assert ("--mg-data" in look) == (weight * (int(q) + 1) >= 2)
    assert len({disc[4:6] for disc in drawn}) == len(drawn)


def test_heads_picture_writes_strong_weights_where_there_is_room_and_says_them():
    picture = heads_picture("olivia", MODELS, CONFIG, TOKENIZER)
    written = re.findall(r">(\.\d\d)</text>", picture.data)
    assert sorted(written) == [".42", ".44", ".72", ".90", ".92"]
    assert "Trained head 1: position 2 l at 1 o 0.92, 3 i at 1 o 0.72, 4 v" in picture.alt
    assert "Untrained head 1: no weight reaches twice an even share" in picture.alt
    crowded = heads_picture("abcdefghijklmno", MODELS, CONFIG, TOKENIZER).data
    assert not re.search(r">(\.\d\d)</text>", crowded)


def test_heads_picture_of_other_sizes():
    config = Config(vocab_size=27, n_embd=8, n_head=2, n_layer=2)
    params = init_params(config, random.Random(1))
    picture = heads_picture("", {"one": params}, config, TOKENIZER, layer=1)
    assert picture.alt.count("head") == 2
    assert picture.size[0] == 900
    assert heads_picture("a" * 15, MODELS, CONFIG, TOKENIZER).size[1] <= 520


def test_words_on_every_share_can_be_read_on_a_light_and_on_a_dark_page():
    light = PAPER, TEXT, COLOURS["data"]
    for paper, ink, hue in (light, [DARK[colour] for colour in light]):
        for share in (0, 0.5, 1):
            opacity = float(
                re.search(r'opacity="([\d.]+)"', share_cell(0, 0, 9, 9, share, "", 9))[1]
            )
            pairs = [(int(hue[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
            mixed = "#" + "".join(f"{round(opacity * a + (1 - opacity) * b):02x}" for a, b in pairs)
            assert contrast(ink, mixed) >= 4.5


def test_a_signed_cell_says_its_sign_in_words_and_in_hue():
    high, low = (signed_cell(0, 0, 40, 30, value, 2.0) for value in (1.0, -3.0))
    assert f'fill="{ABOVE}" fill-opacity="0.25"' in high and ">1.0<" in high
    assert f'fill="{BELOW}" fill-opacity="0.50"' in low and ">\u22123.0<" in low


def test_a_cell_escapes_its_words():
    assert "&lt;b&gt;" in share_cell(0, 0, 9, 9, 0.5, "<b>", 9)


@pytest.mark.parametrize(("weight", "words"), [(0.0, ".00"), (0.954, ".95"), (0.999, "1.0")])
def test_two_digits(weight, words):
    assert two_digits(weight) == words
