"""Chapter 03: other right ways pass, and what no slip of its tables says is told as well."""

from hypothesis import given
from hypothesis import strategies as st
from told import chapter_tests

from classroom.exercises import ch03
from microgpt import CharTokenizer

RIGHT = [
    ("3.1", ((26, 25, 14, 4, 26),)),
    ("3.2", 'raise ValueError(f"{char!r} has no id") -> raise ValueError("no id: " + char)'),
    ("3.2", "return ids -> return tuple(ids)"),
    ("3.3", lambda ids, chars: "".join([*chars, ""][i] for i in ids)),
    ("3.4", "list(zip(ids, after)) -> tuple(zip(ids, after))"),
]


RAISE = 'raise ValueError(f"{char!r} has no id") ->'
INNER = "inner = [i for i in ids if i != mark] -> ids = list(ids);"
WRONG = [
    ("3.1", "26 25 14 4 26", "ids are numbers"),
    ("3.1", ["BOS", 25, 14, 4, "BOS"], "has a number as well"),
    ("3.1", [27, 25, 14, 4, 27], "the letters are right"),
    ("3.1", [26, 25, 15, 4, 26], "only the id of `o`"),
    ("3.1", [26, 24, 15, 4, 26], "count the letters again"),
    ("3.1", [26, 4, 12, 12, 0, 26], "five ids"),
    ("3.2", lambda text, chars: [chars.index(char) for char in text], "an error of your own"),
    ("3.2", f'{RAISE} raise ValueError("unknown")', "must name the character"),
    ("3.2", f'{RAISE} raise ValueError(f"{{text[-1]!r}} has no id")', "must name the character"),
    ("3.2", f'{RAISE} raise ValueError(f"bad text {{text}}")', "names the whole text"),
    ("3.2", f'{RAISE} raise ValueError("{{char!r}} has no id")', "needs an `f`"),
    ("3.2", f"{RAISE} raise KeyError(char)", "another exception than a `ValueError`"),
    ("3.2", f'{RAISE} return ValueError("no id")', "`raise ValueError(message)`"),
    ("3.2", "ids = [] -> ids = [chars.index(text[0])][:0]", "an empty text"),
    ("3.4", "after = ids[1:] -> after = [ids[1], *ids[2:]]", "behind the end"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


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
