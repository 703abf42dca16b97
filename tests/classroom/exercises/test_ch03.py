"""Chapter 03: other right ways pass, and what no slip of its tables says is told as well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exercises import ch03, evaluate
from classroom.exercises.again import fresh_question
from classroom.exercises.kit.registry import find
from microgpt import CharTokenizer


def encode_by_dict(text, chars):
    ids_of = {char: i for i, char in enumerate(chars)}
    unknown = [char for char in text if char not in ids_of]
    if unknown:
        raise ValueError(f"no id: {', '.join(unknown)}")
    return tuple(ids_of[char] for char in text)


def encode_by_error(text, chars):
    ids = []
    for char in text:
        try:
            ids += [list(chars).index(char)]
        except ValueError:
            raise ValueError(f"character {char!r} is unknown") from None
    return ids


def decode_in_a_loop(ids, chars):
    text = ""
    for i in ids:
        if i < len(chars):
            text = text + chars[i]
    return text


def guesses_in_a_loop(ids):
    pairs, previous = [], None
    for token_id in ids:
        if previous is not None:
            pairs.append([previous, token_id])
        previous = token_id
    return pairs


def merge_by_skipping(ids, pair, new_id):
    out, skip = [], False
    for i in range(len(ids)):
        if skip:
            skip = False
        elif ids[i : i + 2] == list(pair):
            out, skip = [*out, new_id], True
        else:
            out.append(ids[i])
    return out


def merge_again(ids, pair, new_id):
    if len(ids) < 2:
        return list(ids)
    if (ids[0], ids[1]) == tuple(pair):
        return [new_id, *merge_again(ids[2:], pair, new_id)]
    return [ids[0], *merge_again(ids[1:], pair, new_id)]


RIGHT = [
    ("3.1", (26, 25, 14, 4, 26)),
    ("3.2", encode_by_dict),
    ("3.2", encode_by_error),
    ("3.3", decode_in_a_loop),
    ("3.3", lambda ids, chars: "".join([*chars, ""][i] for i in ids)),
    ("3.4", guesses_in_a_loop),
    ("3.4", lambda ids: tuple((ids[i], ids[i + 1]) for i in range(len(ids) - 1))),
    ("3.5", merge_by_skipping),
    ("3.5", merge_again),
]


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_other_right_ways_pass(key, answer):
    assert evaluate(key, answer).status == "right"


@pytest.mark.parametrize(
    ("ids", "cause"),
    [
        ("26 25 14 4 26", "ids are numbers"),
        (["BOS", 25, 14, 4, "BOS"], "has a number as well"),
        ([27, 25, 14, 4, 27], "the letters are right"),
        ([26, 25, 4, 14, 26], "in another order"),
        ([26, 25, 15, 4, 26], "only the id of `o`"),
        ([26, 24, 15, 4, 26], "count the letters again"),
        ([[26, 25, 14, 4, 26]], "inside the list"),
        ([26, 4, 12, 12, 0, 26], "five ids"),
    ],
)
def test_wrong_ids_are_told_what_is_true_of_them(ids, cause):
    result = evaluate("3.1", ids)
    assert result.status == "wrong" and cause in result.cause


def refusing(error):
    def encode(text, chars):
        for char in text:
            if char not in chars:
                raise error(text, char)
        return [chars.index(char) for char in text]

    return encode


def handed_back(result):
    return lambda text, chars: [chars.index(c) for c in text] if set(text) <= set(chars) else result


def raising_a_text(text, chars):
    if not set(text) <= set(chars):
        raise "unknown"  # noqa: B016
    return [chars.index(char) for char in text]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda text, chars: [chars.index(char) for char in text], "an error of your own"),
        (refusing(lambda text, char: ValueError("unknown")), "must name the character"),
        (refusing(lambda text, char: ValueError(f"bad text {text}")), "names the whole text"),
        (refusing(lambda text, char: ValueError("{char!r} has no id")), "needs an `f`"),
        (refusing(lambda text, char: KeyError(char)), "another exception than a `ValueError`"),
        (raising_a_text, "needs an exception"),
        (handed_back(ValueError("no id")), "`raise` stops the work"),
        (handed_back("no id"), "looks like a result"),
        (handed_back(None), "nobody is told"),
        (lambda text, chars: [chars.index(text[0]), *map(chars.index, text[1:])], "an empty text"),
    ],
)
def test_a_refusal_that_is_none_is_told_why(answer, cause):
    result = evaluate("3.2", answer)
    assert result.status == "wrong" and cause in result.cause


def removing(ids, chars):
    ids = list(ids)
    ids.remove(len(chars))
    ids.remove(len(chars))
    return "".join(chars[i] for i in ids)


def appending_two(ids):
    pairs = []
    for a, b in zip(ids, ids[1:]):
        pairs.append(a, b)
    return pairs


def beginning_with_the_first(ids, pair, new_id):
    return ch03.merge([ids[0], *ids[1:]], pair, new_id)


@pytest.mark.parametrize(
    ("key", "answer", "cause"),
    [
        ("3.3", removing, "`remove` takes one"),
        ("3.3", lambda ids, chars: "".join(i for i in ids if i != len(chars)), "needs the letters"),
        ("3.4", appending_two, "two brackets"),
        ("3.4", lambda ids: [zip(ids, ids[1:])], "a `zip` in it"),
        ("3.4", lambda ids: [(ids[0], ids[1]), *ch03.guesses(ids[1:])], "behind the end"),
        ("3.5", beginning_with_the_first, "an empty list has no pairs"),
    ],
)
def test_what_no_edit_describes_is_told_why(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong" and cause in result.cause


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
    for merge in (ch03.merge, ch03.merge_behind):
        assert "".join("abcde"[i] for i in merge(ids, (0, 0), 4)) == expected


def test_zoe_again():
    tokenizer = CharTokenizer(ch03.LETTERS)
    for turn in range(1, 6):
        fresh = fresh_question(find("3.1"), turn)
        name = fresh.question.split("'")[1]
        assert fresh.expected == tokenizer.document_ids(name)
