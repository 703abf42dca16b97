"""The tokenizer explorer, moved as a hand would."""

from __future__ import annotations

import pytest

from classroom.widgets.tokens import TokenizerExplorer
from microgpt import CharTokenizer


@pytest.fixture
def explorer():
    return TokenizerExplorer("emma", CharTokenizer("abcdefghijklmnopqrstuvwxyz"))


def test_it_begins_with_a_picture_and_a_result(explorer):
    assert "e 4, m 12" in explorer.picture.alt
    assert repr(explorer).endswith("[26, 4, 12, 12, 0, 26] and back: 'emma', the same text.")


def test_typing_moves_the_chips(explorer):
    explorer.controls["text"].value = "ava"
    assert "a 0, v 21, a 0" in explorer.picture.alt
    assert "a 0, v 21, a 0" in explorer._view.html
    assert explorer.result.startswith("[26, 0, 21, 0, 26]")


@pytest.mark.parametrize("text", ["Emma", "名", "👩\u200d👧", "a b", "\ud83d", "<b>&"])
def test_an_unknown_character_is_told_and_raises_nothing(explorer, text):
    explorer.set(text=text)
    assert explorer.error == "" and explorer.result.startswith("No ids: not in the vocabulary")


def test_nothing_and_very_much(explorer):
    assert explorer.set(text="").result.startswith("[26, 26] and back: ''")
    explorer.set(text="anna" * 2500)
    assert explorer.error == "" and "(10002 in all)" in explorer.result
    assert len(explorer.result) < 300


def test_it_reacts_while_one_types(explorer):
    assert explorer.controls["text"].continuous_update


def test_without_a_tokenizer_it_takes_that_of_the_names():
    assert "26, 25, 14, 4, 26" in repr(TokenizerExplorer("zoe"))
