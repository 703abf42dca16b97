"""The checks of chapter 03: right answers pass, wrong ones get the right cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exercises import ch03, evaluate
from classroom.exercises.again import fresh_question
from classroom.exercises.kit.registry import find
from classroom.exercises.shared import merging
from microgpt import CharTokenizer

RIGHT = {
    "3.1": [26, 25, 14, 4, 26],
    "3.2": ch03.encode,
    "3.3": ch03.decode,
    "3.4": ch03.guesses,
    "3.5": ch03.merge,
}


def silent_encode(text, chars):
    return [chars.index(char) for char in text if char in chars]


def unnamed(text, chars):
    if not set(text) <= set(chars):
        raise ValueError("unknown character")
    return [chars.index(char) for char in text]


def key_error(text, chars):
    ids = {char: token_id for token_id, char in enumerate(chars)}
    return [ids[char] for char in text]


def handed_back(text, chars):
    for char in text:
        if char not in chars:
            return ValueError(f"{char!r} has no id")
    return [chars.index(char) for char in text]


def plain_index(text, chars):
    return [chars.index(char) for char in text]


def naming_the_text(text, chars):
    if not set(text) <= set(chars):
        raise ValueError(f"{text} has an unknown character")
    return [chars.index(char) for char in text]


def with_minus_one(text, chars):
    return [chars.index(char) if char in chars else -1 for char in text]


def without_the_f(text, chars):
    for char in text:
        if char not in chars:
            raise ValueError("{char!r} has no id")
    return [chars.index(char) for char in text]


def crashing_on_nothing(text, chars):
    if text[0] not in chars:
        raise ValueError(f"{text[0]!r} has no id")
    return ch03.encode(text, chars)


def broken_decode(ids, chars):
    return "".join(chars[i] for i in ids if i and i != len(chars))


def with_a_fixed_mark(ids, chars):
    return "".join(chars[i] for i in ids if i != 26)


def stopping_at_a_mark(ids, chars):
    text = ""
    for i in ids:
        if i == len(chars):
            break
        text += chars[i]
    return text


def stripping_both_ends(ids, chars):
    if ids[0] == len(chars):
        ids = ids[1:]
    if ids[-1] == len(chars):
        ids = ids[:-1]
    return "".join(chars[i] for i in ids)


def removing_marks(ids, chars):
    ids = list(ids)
    ids.remove(len(chars))
    ids.remove(len(chars))
    return "".join(chars[i] for i in ids)


def with_a_fixed_id(ids, pair, new_id):
    out, i = [], 0
    while i < len(ids):
        hit = tuple(ids[i : i + 2]) == tuple(pair)
        out.append(27 if hit else ids[i])
        i += 2 if hit else 1
    return out


def list_against_tuple(ids, pair, new_id):
    out, i = [], 0
    while i < len(ids):
        hit = ids[i : i + 2] == pair
        out.append(new_id if hit else ids[i])
        i += 2 if hit else 1
    return out


def all_pairs(ids):
    return [(ids[i], ids[i + 1]) for i in range(len(ids))]


def bare_lookup(ids, chars):
    return "".join(chars[i] for i in ids)


def reaching_over(ids, pair, new_id):
    out, i = [], 0
    while i < len(ids):
        hit = (ids[i], ids[i + 1]) == pair
        out.append(new_id if hit else ids[i])
        i += 2 if hit else 1
    return out


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    assert evaluate(key, RIGHT[key]).status == "right"


@pytest.mark.parametrize(
    ("key", "answer", "cause"),
    [
        ("3.1", [25, 14, 4], "the mark is missing at both ends"),
        ("3.1", [26, 25, 14, 4], "the end is marked too"),
        ("3.1", [26, 26, 15, 5, 26], "count at a = 1"),
        ("3.1", [0, 26, 15, 5, 0], "the last id, 26"),
        ("3.1", [25, 14, 4, 26], "the beginning is marked too"),
        ("3.1", ["26", "25", "14", "4", "26"], "ids are numbers"),
        ("3.1", ["BOS", 25, 14, 4, "BOS"], "has a number as well"),
        ("3.1", [27, 25, 14, 4, 27], "the letters are right"),
        ("3.1", [26, 25, 15, 4, 26], "count the letters again"),
        ("3.1", [], "five ids"),
        ("3.2", lambda t, c: list(range(len(t))), "places in the text"),
        ("3.2", lambda t, c: [ch03.LETTERS.index(x) for x in t], "whatever is in there"),
        ("3.2", handed_back, "`raise` stops"),
        ("3.2", lambda t, c: [c.index(x) + 1 for x in t], "begin at 0"),
        ("3.2", lambda t, c: [ord(x) - 97 for x in t], "a place in `chars`"),
        ("3.2", lambda t, c: [len(c), *[c.index(x) for x in t], len(c)], "only the characters"),
        ("3.2", silent_encode, "must stop the work"),
        ("3.2", plain_index, "raise an error of your own"),
        ("3.2", naming_the_text, "names the whole text"),
        ("3.2", with_minus_one, "an id is made up"),
        ("3.2", without_the_f, "needs an `f`"),
        ("3.2", crashing_on_nothing, "an empty text"),
        ("3.2", lambda t, c: list(dict.fromkeys(map(c.index, t))), "its id twice"),
        ("3.3", with_a_fixed_mark, "26 letters only"),
        ("3.3", stopping_at_a_mark, "leave it out and go on"),
        ("3.3", stripping_both_ends, "wherever"),
        ("3.3", removing_marks, "`remove` takes one"),
        ("3.3", lambda i, c: "".join(str(x) for x in i if x != len(c)), "those are the ids"),
        ("3.3", lambda i, c: "".join(dict.fromkeys(ch03.decode(i, c))), "comes twice"),
        ("3.4", lambda ids: [(ids[: i + 1], ids[i + 1]) for i in range(len(ids) - 1)], "*one* id"),
        ("3.4", lambda ids: [(ids[i - 1], ids[i]) for i in range(len(ids))], "`ids[-1]`"),
        ("3.4", lambda ids: list(zip(ids, ids[1:] + ids[:1])), "after the end comes nothing"),
        ("3.4", lambda ids: sorted(ch03.guesses(ids)), "do not sort"),
        ("3.4", lambda ids: ch03.guesses([26, *ids, 26]), "in `ids` already"),
        ("3.5", with_a_fixed_id, "append `new_id`"),
        ("3.5", lambda *case: merging.walked(*case, step=2), "every second place"),
        ("3.5", lambda *case: merging.walked(*case, either=True), "a pair has an order"),
        ("3.5", merging.from_the_right, "from left to right"),
        ("3.5", merging.by_one, "an id alone is no pair"),
        ("3.5", merging.neighbours, "one fewer"),
        ("3.1", [26, 4, 14, 25, 26], "in reverse order"),
        ("3.2", unnamed, "must name the character"),
        ("3.2", key_error, "not a `KeyError`"),
        ("3.3", broken_decode, "takes 0 for False"),
        ("3.3", lambda i, c: "".join(c[x] for x in i[1:-1]), "wherever it is"),
        ("3.3", bare_lookup, "before you look it up"),
        ("3.3", lambda i, c: list(ch03.decode(i, c)), "join the letters"),
        ("3.3", lambda i, c: "".join(c[x] for x in i if x < len(c) - 1), "last letter is lost"),
        ("3.3", lambda i, c: " ".join(ch03.decode(i, c)), "nothing between"),
        ("3.3", lambda i, c: "".join(c[x - 1] for x in i if x != len(c)), "`chars[i]`"),
        ("3.4", lambda ids: list(zip(ids[1:], ids)), "turned round"),
        ("3.4", lambda ids: ch03.guesses(ids[1:]), "the first guess is missing"),
        ("3.4", lambda ids: ch03.guesses(ids[:-1]), "the last guess is missing"),
        ("3.4", lambda ids: list(zip(ids[::2], ids[1::2])), "pairs overlap"),
        ("3.4", all_pairs, "stop one earlier"),
        ("3.5", merging.first_only, "not only the first"),
        ("3.5", list_against_tuple, "never equals a tuple"),
        ("3.5", merging.via_text, "digits were merged"),
        ("3.5", merging.kept_second, "must go too"),
        ("3.5", lambda *case: merging.walked(*case, upto=1), "the last id is lost"),
        ("3.5", merging.overlapping, "may not begin another pair"),
        ("3.5", reaching_over, "reach over the end"),
    ],
)
def test_wrong_answers_get_their_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong"
    assert cause in result.cause, result


@given(st.text(alphabet="abc", max_size=20))
def test_the_answers_are_those_of_the_package(text):
    tokenizer = CharTokenizer("abc")
    assert ch03.encode(text, "abc") == tokenizer.encode(text)
    ids = tokenizer.document_ids(text)
    assert ch03.decode(ids, "abc") == text
    assert len(ch03.guesses(ids)) == len(text) + 1


@given(st.lists(st.integers(0, 3), max_size=30))
def test_merging_is_replacing_from_the_left(ids):
    letters = "".join("abcd"[i] for i in ids)
    expected = letters.replace("aa", "e")
    assert "".join("abcde"[i] for i in ch03.merge(ids, (0, 0), 4)) == expected


def test_zoe_again():
    tokenizer = CharTokenizer(ch03.LETTERS)
    for turn in range(1, 6):
        fresh = fresh_question(find("3.1"), turn)
        name = fresh.question.split("'")[1]
        assert fresh.expected == tokenizer.document_ids(name)
