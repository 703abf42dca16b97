"""A soft dictionary is an attention head without the root."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.lab.soft_dictionary import soft_lookup
from microgpt import Value, attention_head

NUMBERS = st.integers(-8, 8).map(lambda n: n / 2)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


def test_keys_are_the_kind_and_the_place():
    found = soft_lookup("oliv", (4, 3), vowel=4, consonant=-1)
    assert found.keys == [(4, 1), (-1, 2), (4, 3), (-1, 4)]
    assert found.scores == [19, 2, 25, 8]
    assert found.weights[2] == pytest.approx(1 / sum(math.exp(s - 25) for s in found.scores))


def test_without_a_question_all_letters_count_the_same():
    assert soft_lookup("olivia", (0, 0)).weights == [pytest.approx(1 / 6)] * 6
    assert soft_lookup("anna", (0, 0)).shares == {"a": 0.5, "n": 0.5}


@given(NAMES, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_it_is_an_attention_head_without_the_root(name, q0, q1, vowel, consonant):
    found = soft_lookup(name, (q0, q1), vowel, consonant)
    assert sum(found.weights) == pytest.approx(1)
    assert sum(found.shares.values()) == pytest.approx(1)
    query = [Value(q * 2**0.5) for q in (q0, q1)]
    keys = [[Value(float(k)) for k in key] for key in found.keys]
    _, weights = attention_head(query, keys, keys)
    assert [w.data for w in weights] == pytest.approx(found.weights)


@pytest.mark.parametrize("name", ["", "ninechars"])
def test_names_that_do_not_fit_are_refused(name):
    with pytest.raises(ValueError, match=f"{len(name)} letters: type 1 to 8"):
        soft_lookup(name, (1, 1))


@pytest.mark.parametrize("name", ["\x00", "a\x1b[m", "ab\u202e"])
def test_what_nobody_can_see_is_no_letter(name):
    with pytest.raises(ValueError, match="what no letter is"):
        soft_lookup(name, (0, 0))
