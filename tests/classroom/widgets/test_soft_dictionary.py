import pytest

from classroom.widgets.soft_dictionary import SoftDictionary


@pytest.fixture
def explorer():
    return SoftDictionary("oliv")


def test_it_begins_with_a_query_for_a_late_place_and_at_0_it_is_the_mean(explorer):
    assert explorer.result == "answer 0.64 v + 0.24 i + 0.09 l + 0.03 o"
    explorer.set(q1=0)
    assert "answer 0.25 o + 0.25 l + 0.25 i + 0.25 v" in repr(explorer)
    assert "all letters count the same" in explorer.result


def test_the_last_and_the_first_vowel_can_be_fetched(explorer):
    explorer.set(q0=4, q1=3, vowel=4, consonant=-4)
    assert explorer.result == "answer 1.00 i"
    assert explorer.set(name="ashlynn").result == "answer 1.00 a"
    assert explorer.set(name="olivia", q1=-3).result == "answer 1.00 o"


def test_a_consonant_wins_by_its_place_alone(explorer):
    assert "0.88 n" in explorer.set(name="ashlynn", q0=4, q1=3, vowel=4).result


def test_one_letter_is_no_vote(explorer):
    assert explorer.set(name="a").result == "answer 1.00 a"


@pytest.mark.parametrize("name", ["", "muhammadibrahim"])
def test_a_name_that_does_not_fit_is_told_and_the_next_one_clears_it(explorer, name):
    explorer.set(name=name)
    assert "type 1 to 8" in explorer.error
    assert explorer.set(name="jo").error == ""
