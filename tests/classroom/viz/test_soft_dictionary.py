import pytest

from classroom.lab.soft_dictionary import soft_lookup
from classroom.viz.soft_dictionary import shares_in_words, soft_dictionary_picture


def test_the_picture_says_every_number():
    alt = soft_dictionary_picture(soft_lookup("ava", (1.5, -2), vowel=4, consonant=0)).alt
    assert "'ava', asked with query [1.5, -2]" in alt
    assert "2 v: key [0, 2], score -4, weight 0.00" in alt
    assert "Answer: 0.98 a + 0.02 v" in alt or shares_in_words(soft_lookup("ava", (1.5, -2))) in alt


@pytest.mark.parametrize("query", [(0, 0), (4, 4), (-4, -4), (-4, 4), (0, -0.5)])
@pytest.mark.parametrize("name", ["a", "q", "olivia", "😀é", "abcdefgh"])
def test_every_picture_has_one_size(name, query):
    assert soft_dictionary_picture(soft_lookup(name, query, -4, 4)).size == (900, 392)
