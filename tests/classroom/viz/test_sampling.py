"""The next character's numbers, its bars, the loaded die; the temperature picture; name trees."""

from __future__ import annotations

import math
import random
import re

import pytest

from classroom.viz.palette import in_light
from classroom.viz.sampling import (
    die_picture,
    entropy_bits,
    next_character,
    temperature_bars,
    ten_names,
)
from classroom.viz.temperature import EMPTY, certainty, in_the_data, temperature_picture
from classroom.viz.tree import DEPTH, Branch, name_tree, tree_picture
from microgpt import load, load_docs, next_token_probs, sample

MODEL = load()
KNOWN = frozenset(load_docs())


@pytest.mark.parametrize("prefix", ["", "em", "a" * 15])
@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.05, None), (3.0, 4), (1.0, 99)])
def test_the_arithmetic_ends_at_the_models_probabilities(prefix, temperature, top_k):
    guess = next_character(*MODEL, prefix, temperature, top_k)
    expected = next_token_probs(*MODEL, prefix, temperature, top_k)
    assert guess.probs == pytest.approx(expected, abs=1e-12)
    assert guess.names == (*"abcdefghijklmnopqrstuvwxyz", "end")
    assert list(guess.steps.logits) == sorted(guess.steps.logits, reverse=True)
    assert [guess.logits[i] for i in guess.kept] == list(guess.steps.logits)


@pytest.mark.parametrize(
    ("prefix", "temperature", "top_k", "words"),
    [
        ("Em", 1.0, None, "character 'E'"),
        ("a" * 16, 1.0, None, "at most 15"),
        ("", 0.0, None, "temperature must be"),
        ("", 1.0, 0, "top_k must be"),
    ],
)
def test_what_the_sampler_refuses_is_refused(prefix, temperature, top_k, words):
    with pytest.raises(ValueError, match=words):
        next_character(*MODEL, prefix, temperature, top_k)


def test_entropy():
    assert entropy_bits([1.0, 0.0]) == 0
    assert math.copysign(1, entropy_bits([1.0])) == 1
    assert entropy_bits([0.25] * 4) == 2
    assert entropy_bits([0.7, 0.2, 0.1]) == pytest.approx(1.1568, abs=1e-4)


def test_ten_names_are_ten_calls_of_sample_each_with_its_own_dice():
    names = ten_names(*MODEL, "ma", 0.7, 5, seed=2)
    assert names == [sample(*MODEL, random.Random(s), 0.7, "ma", 5) for s in range(20, 30)]
    assert names == ten_names(*MODEL, "ma", 0.7, 5, seed=2)


def test_bars_at_several_temperatures_say_the_best_and_the_entropy():
    picture = temperature_bars([next_character(*MODEL, "em", t) for t in (0.2, 1.5)], "em")
    assert "T = 0.2: a 0.8495, 0.73 bits; T = 1.5: a 0.1632, 4.14 bits" in picture.alt


def test_a_dart_lands_on_the_piece_that_the_running_sum_gives():
    guess = next_character(*MODEL, "em")
    picture = die_picture(guess, (0.0, 0.5, 0.9))
    assert "27 pieces" in picture.alt
    assert "0.00 lands on a, 0.50 lands on i, 0.90 lands on u" in picture.alt
    widths = [float(w) for w in re.findall(r'<rect x="[^"]+" y="40" width="([^"]+)"', picture.data)]
    assert widths == pytest.approx([920 * p for p in guess.probs], rel=1e-4)


def shown(prefix="em", temperature=0.5, top_k=None, **options):
    guess = next_character(*MODEL, prefix, temperature, top_k)
    names = ten_names(*MODEL, prefix, temperature, top_k)
    plain = next_character(*MODEL, prefix)
    return guess, names, temperature_picture(guess, plain, names, KNOWN, prefix, **options)


def test_the_temperature_picture_writes_out_the_arithmetic():
    guess, names, picture = shown()
    steps = guess.steps
    for number in (steps.logits[0], steps.logits[0] / 0.5, steps.exp_sum):
        assert f"{number:.4f}" in picture.alt
        assert f"{number:.4f}</text>" in picture.data
    assert steps.exps[0] / steps.exp_sum == pytest.approx(steps.probs[0])
    assert f"{certainty(guess)}; {in_the_data(names, KNOWN)}".split(";")[0] in picture.alt
    assert [name in picture.alt for name in names] == [True] * 10
    assert picture.data.count("<circle") == 10


def test_names_in_the_data_are_marked():
    _, names, picture = shown()
    filled = in_light(picture.data).count('r="5" fill="#005B8F"')
    assert filled == sum(name in KNOWN for name in names) > 0
    for name in names:
        assert (f"{name}*" in picture.alt) == (name in KNOWN)


def test_top_k_crosses_the_others_out():
    guess, _, picture = shown(top_k=3)
    assert "3 of 27 tokens allowed" in picture.alt
    assert picture.data.count(">×<") == 24
    assert sum(p > 0 for p in guess.probs) == 3


def test_the_smaller_face_has_names_but_no_arithmetic():
    _, names, picture = shown(arithmetic=False)
    assert "logit" not in picture.data + picture.alt
    assert picture.data.count("<circle") == 10
    assert picture.size[1] < shown()[2].size[1]


def test_a_name_that_ended_at_once_is_shown_as_such():
    guess = next_character(*MODEL)
    picture = temperature_picture(guess, guess, ["", "emma"], KNOWN)
    assert EMPTY in picture.alt and EMPTY in picture.data
    ended = temperature_picture(guess, guess, ["emma"], KNOWN, "emma")
    assert EMPTY not in ended.data


def probability(name, ended):
    """Product of the model's probabilities along the way."""
    _, _, tokenizer = MODEL
    product = 1.0
    for place in range(2, len(name) + 1):
        probs = next_token_probs(*MODEL, name[:place])
        token_id = tokenizer.encode(name[place])[0] if place < len(name) else tokenizer.BOS
        if place < len(name) or ended:
            product *= probs[token_id]
    return product


def test_a_tree_holds_every_way_that_is_probable_enough():
    root = name_tree(*MODEL, "em", smallest=0.02)
    first = next_token_probs(*MODEL, "em")
    assert [c.prob for c in root.children] == sorted((p for p in first if p >= 0.02), reverse=True)
    leaves = list(root.leaves())
    assert leaves and all(leaf.prob >= 0.02 for leaf in leaves)
    for leaf in leaves:
        assert leaf.prob == pytest.approx(probability(leaf.text, leaf.ended))
    assert all(len(leaf.text) <= 2 + DEPTH for leaf in leaves)


def test_a_tree_ends_where_the_block_does():
    root = name_tree(*MODEL, "a" * 15, 0.5, 0.05)
    assert max(len(leaf.text) for leaf in root.leaves()) == 16


def test_a_tree_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="from 0.01 to 1, not 0"):
        name_tree(*MODEL, "em", smallest=0)
    with pytest.raises(ValueError, match="character 'E'"):
        name_tree(*MODEL, "E")


def test_the_trees_picture_says_names_and_what_is_left_out():
    root = name_tree(*MODEL, "emm")
    picture = tree_picture(root, KNOWN)
    assert "Finished names (* in the data): emma* 0.0504, emman 0.0311" in picture.alt
    rest = 1 - sum(leaf.prob for leaf in root.leaves())
    assert f"rarer ones, together {rest:.4f}, are not" in picture.alt
    assert picture.data.count("<path") == sum(1 for _ in descendants(root)) - 1
    assert picture.data.count("<circle") == 4
    first = re.findall(r'stroke-width="([\d.]+)"', picture.data)
    assert max(map(float, first)) == pytest.approx(1 + 16 * root.children[0].prob, abs=0.05)


def test_a_tree_of_one_leaf_can_be_drawn():
    alone = tree_picture(Branch("emma", 1.0), KNOWN)
    assert "Finished names (* in the data): none" in alone.alt
    assert "<path" not in alone.data and ">emma<" in alone.data


def descendants(branch):
    yield branch
    for child in branch.children:
        yield from descendants(child)
