"""Chips, histograms, and what a tokenizer makes of any text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.lab.reading import char_name, read_text, shorten
from classroom.viz.tokens import (
    MOST_CHIPS,
    length_histogram,
    letter_histogram,
    token_chips,
    visible,
)
from microgpt import CharTokenizer, load_docs

LETTERS = CharTokenizer("abcdefghijklmnopqrstuvwxyz")
SVG = "{http://www.w3.org/2000/svg}"
ANY_TEXT = st.text(st.characters(), max_size=80)  # lone surrogates and control characters too


def texts(picture):
    return [element.text for element in ET.fromstring(picture.data).iter(f"{SVG}text")]


def test_the_chips_of_emma():
    picture = token_chips("emma", LETTERS)
    words = ["BOS", "26", "e", "4", "m", "12", "m", "12", "a", "0", "BOS", "26"]
    assert texts(picture)[:12] == words
    assert "BOS 26, e 4, m 12, m 12, a 0, BOS 26." in picture.alt
    assert picture.alt.endswith("[26, 4, 12, 12, 0, 26] and back: 'emma', the same text.")


def test_nothing_is_two_marks():
    reading = read_text("", LETTERS)
    assert (reading.ids, reading.back, reading.unknown) == ([26, 26], "", {})
    assert texts(token_chips("", LETTERS))[:4] == ["BOS", "26", "BOS", "26"]


def test_unknown_characters_are_told_with_their_first_place():
    reading = read_text("Zoë Zoë", LETTERS)
    assert reading.unknown == {"Z": 0, "ë": 2, " ": 3}
    assert reading.ids is None and reading.back is None
    assert "'Z' (LATIN CAPITAL LETTER Z) at position 0" in reading.words
    assert "'␣' (SPACE) at position 3" in reading.words
    picture = token_chips("Zoë Zoë", LETTERS)
    assert picture.data.count("stroke-dasharray") == 5
    assert texts(picture)[-1] == "No ids: not among the 26 characters are  Z  ë  ␣"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("名前", 2),
        ("שלום", 4),
        ("👩\u200d👩\u200d👧", 5),
        ("e\u0301", 2),
        ("é", 1),
        ("a\nb\x00", 4),
    ],
)
def test_other_scripts_and_invisible_characters(text, count):
    reading = read_text(text, LETTERS)
    assert len(reading.found) == count and reading.ids is None
    assert token_chips(text, LETTERS).alt.startswith(f"{count} characters as chips")


def test_a_very_long_text_is_counted_not_drawn():
    picture = token_chips("anna" * 5000, LETTERS)
    assert len(texts(picture)) == 2 * MOST_CHIPS + 1
    assert f"… +{20_000 - (MOST_CHIPS - 3)}" in picture.alt
    assert "(20002 in all)" in picture.alt and len(picture.alt) < 1500


def test_a_text_that_just_fits_is_drawn_whole():
    for length in (MOST_CHIPS - 3, MOST_CHIPS - 2):
        picture = token_chips("a" * length, LETTERS)
        assert ("…" in texts(picture)) == (length > MOST_CHIPS - 3)


@given(ANY_TEXT)
def test_any_text_gives_a_sound_picture_and_the_tokenizers_own_ids(text):
    reading = read_text(text, LETTERS)
    ET.fromstring(token_chips(text, LETTERS).data.encode("utf-8"))
    try:
        expected = LETTERS.document_ids(text)
    except ValueError:
        expected = None
    assert reading.ids == expected
    assert reading.back == (None if expected is None else text)


def controls(picture):
    parts = ET.fromstring(picture.data).iter(f"{SVG}g")
    return [part.get("data-set") for part in parts if part.get("data-set")]


def test_every_token_can_be_typed_and_every_chip_be_taken_away():
    picture = token_chips("ada", LETTERS, keys=True)
    assert picture.alt == token_chips("ada", LETTERS).alt
    typed = [f"text=ada{char}" for char in LETTERS.chars]
    assert controls(picture) == ["text=da", "text=aa", "text=ad", *typed]
    assert controls(token_chips("ada", LETTERS)) == []
    assert controls(token_chips("a;b=%", LETTERS, keys=True))[0] == "text=%3Bb%3D%25"


def test_a_thread_leads_from_each_chip_that_has_an_id_to_its_token():
    thread = r'id="thread-(\d)" d="\S+ \S+ \S+ (\S+),'
    one, two = (
        dict(re.findall(thread, token_chips(text, LETTERS, keys=True).data))
        for text in ("ada", "a\u00eba")
    )
    assert one["1"] == one["3"] != one["2"] and one["0"] == one["4"]
    assert sorted(two) == ["0", "1", "3", "4"]


def test_a_long_text_or_a_large_vocabulary_has_no_keys():
    assert controls(token_chips("anna" * 50, LETTERS, keys=True)) == []
    many = CharTokenizer("".join(map(chr, range(97, 197))))
    assert controls(token_chips("ab", many, keys=True)) == ["text=b", "text=a"]


def test_what_cannot_be_seen_is_named():
    assert visible("\ud83d") == "U+D83D"
    assert char_name("\x07") == "'U+0007' (U+0007)"


def test_long_lists_and_texts_are_shortened_in_the_middle():
    assert shorten([1, 2, 3]) == "[1, 2, 3]"
    assert shorten(list(range(20))) == "[0, 1, 2, 3, 4, 5 … 18, 19] (20 in all)"
    assert shorten("a" * 36) == repr("a" * 36)
    assert shorten("ab" * 20) == f"'{'ab' * 9} … ab' (40 in all)"


def test_the_letters_of_the_shipped_names():
    picture = letter_histogram(load_docs())
    assert "26 letters occurs among 197,547" in picture.alt
    assert "a 34,123 (17.3%)" in picture.alt and "q 274" in picture.alt
    assert picture.size == (900, 320)


def test_the_lengths_of_the_shipped_names():
    picture = length_histogram(load_docs())
    assert "32,257 names" in picture.alt and "6: 9,731" in picture.alt
    assert "Mean 6.12, longest 15." in picture.alt


def test_a_length_that_does_not_occur_has_an_empty_place():
    assert "1: 1, 2: 0, 3: 2." in length_histogram(["a", "abc", "def"]).alt
