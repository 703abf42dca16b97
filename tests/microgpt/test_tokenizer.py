"""Text to ids and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import CharTokenizer


@given(st.lists(st.text(min_size=1), min_size=1))
def test_decoding_what_was_encoded_gives_the_text_back(docs):
    tokenizer = CharTokenizer.from_docs(docs)
    assert [tokenizer.decode(tokenizer.encode(doc)) for doc in docs] == docs
    assert tokenizer.BOS == tokenizer.vocab_size - 1 == len(set("".join(docs)))


def test_ids_are_places_in_the_alphabet_and_the_mark_comes_last():
    tokenizer = CharTokenizer("abcdefghijklmnopqrstuvwxyz")
    assert tokenizer.document_ids("emma") == [26, 4, 12, 12, 0, 26]


def test_a_character_outside_the_vocabulary_is_named_with_its_place():
    with pytest.raises(
        ValueError, match=r"character 'Z' \(position 3 of 'aliZa'\) .* 3 characters"
    ):
        CharTokenizer("ail").encode("aliZa")


@pytest.mark.parametrize(("token_id", "what"), [(3, "BOS"), (4, "not in"), (-1, "not in")])
def test_an_id_that_is_no_character_is_named(token_id, what):
    with pytest.raises(ValueError, match=f"token id {token_id} is {what}"):
        CharTokenizer("abc").decode([0, token_id])


def test_vocabularies_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="empty"):
        CharTokenizer.from_docs([])
    with pytest.raises(ValueError, match="'a' more than once"):
        CharTokenizer("aba")
