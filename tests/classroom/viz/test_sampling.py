"""The next character's numbers, its bars, the loaded die; the temperature picture; name trees."""

from __future__ import annotations

import re

import pytest

from classroom.lab.sampling import next_character, ten_names
from classroom.lab.tree import Branch, name_tree
from classroom.viz.kit.palette import in_light
from classroom.viz.sampling import dice_picture, die_picture
from classroom.viz.temperature import (
    EMPTY,
    _beside_the_line,
    certainty,
    in_the_data,
    temperature_picture,
)
from classroom.viz.tree import RIVER, tree_picture
from microgpt import load, load_docs

MODEL = load()
KNOWN = frozenset(load_docs())


def test_dice_at_several_temperatures_say_the_best_and_the_entropy():
    picture = dice_picture([next_character(*MODEL, "em", t) for t in (0.2, 1.5)], "em")
    assert "T = 0.2: a 0.8495, 0.73 bits; T = 1.5: a 0.1632, 4.14 bits" in picture.alt
    assert picture.size[1] < 520 and picture.data.count(' height="54"') == 2 * 27


def test_a_piece_of_the_die_is_named_where_its_letter_has_room():
    guess = next_character(*MODEL, "em")
    named = set(re.findall(r">([a-z]+)</text>", die_picture(guess, ()).data))
    rooms = {name for name, prob in zip(guess.names, guess.probs) if 920 * prob >= 8 * len(name)}
    assert named == rooms and {"u", "n"} < named and "q" not in named


def test_a_share_stands_on_its_bar_wherever_there_is_room():
    below, high = 18, 20
    for prob, before in [(50, 90), (50, 60), (5, 10), (50, 40), (50, 50)]:
        y, _ = _beside_the_line(prob, before)
        line_is_near = 0 < before - prob < below
        assert (y < prob) == (line_is_near and prob >= high)
        assert not y - 3 < before < y + 11, "no line crosses it"


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


def test_the_trees_picture_says_names_and_what_is_left_out():
    root = name_tree(*MODEL, "emm")
    picture = tree_picture(root, KNOWN)
    assert "Finished names (* in the data): emma* 0.0504, emman 0.0311" in picture.alt
    rest = 1 - sum(leaf.prob for leaf in root.leaves())
    assert f"rarer ones, together {rest:.4f}, are not" in picture.alt
    assert picture.data.count("<path") == sum(1 for _ in descendants(root)) - 1
    assert picture.data.count("<circle") == 4
    first = re.findall(r'stroke-width="([\d.]+)"', picture.data)
    assert max(map(float, first)) == pytest.approx(1 + RIVER * root.children[0].prob, abs=0.05)


def test_a_tree_of_one_leaf_can_be_drawn():
    alone = tree_picture(Branch("emma", 1.0), KNOWN)
    assert "Finished names (* in the data): none" in alone.alt
    assert "<path" not in alone.data and ">emma<" in alone.data


def descendants(branch):
    yield branch
    for child in branch.children:
        yield from descendants(child)
