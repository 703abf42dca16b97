"""The warm-up exercise of chapter 00, and the example of how a chapter's checks are written."""

from typing import Any

from classroom.exercises.kit.checking import expect_calls, gives, raises, when
from classroom.exercises.kit.registry import exercise

NAMES = ("emma", "ava", "jo", "zoe", "aaron", "christopher")


def next_letters(name: str) -> list[str]:
    """Every letter of a name but the first: what is to be guessed after each letter."""
    return list(name[1:])


def beginnings(name: str) -> list[str]:
    """What the model has read before each guess."""
    return [name[:i] for i in range(1, len(name))]


CAUSES = [
    gives(lambda name: name[1:], "a string came out; `list(...)` cuts it into letters."),
    gives(lambda name: [name[1:]], "the rest of the name is one entry; cut it into letters."),
    gives(
        lambda name: [name], "the whole name is one entry; cut it into letters, from the second."
    ),
    gives(lambda name: [name[0], name[1:]], "that is the name in two pieces; letters are asked."),
    gives(lambda name: " ".join(name[1:]), "a text with blanks came out; a list is asked for."),
    gives(lambda name: name[1:-1], "a string came out, and the last letter is missing."),
    gives(
        lambda name: [name[i:] for i in range(1, len(name))],
        "each entry is a whole rest of the name; its first letter alone is asked for.",
    ),
    gives(
        lambda name: [a + b for a, b in zip(name, name[1:])],
        "each entry is a pair of letters; only the second of each is asked for.",
    ),
    gives(lambda name: name[1:2], "one letter came out; all but the first are asked for."),
    gives(list, "the first letter is still there; nothing before it to guess from."),
    gives(lambda name: list(name[:1]), "that is the first letter, the one to leave out."),
    gives(lambda name: list(name[:-1]), "you left out the last letter, not the first."),
    gives(lambda name: list(name[1:-1]), "the last letter is missing, too; only the first goes."),
    gives(lambda name: list(name[:0:-1]), "the letters came out from the last to the first."),
    gives(lambda name: list(name[::-1]), "the name is turned round, and all of it is there."),
    gives(
        lambda name: list(name.lstrip(name[0])),
        "`lstrip` takes every equal letter at the beginning away: `aaron` lost two.",
    ),
    gives(
        lambda name: list(name.replace(name[0], "")),
        "each letter that equals the first is gone, not only the first: `ava` lost two.",
    ),
    gives(lambda name: list(name[2:]), "two letters are gone; positions begin at 0, so use 1."),
    gives(lambda name: sorted(name[1:]), "the letters were sorted; their order is the name's."),
    gives(
        lambda name: list(dict.fromkeys(name[1:])),
        "letters that occur twice came once: leave out by position, not by letter.",
    ),
    when(
        lambda got, expected: len(got) <= len(expected) and sorted(got) == sorted(set(expected)),
        "a set has no order and keeps a letter once; a list keeps all, in order.",
    ),
    gives(
        lambda name: list(zip(name, name[1:])),
        "pairs came out: of each, only the second, the letter to be guessed, is asked for.",
    ),
    gives(beginnings, "those are the beginnings; the letter that follows each is asked for."),
    gives(lambda name: list(range(1, len(name))), "those are positions; the letters are asked."),
    gives(lambda name: len(name) - 1, "that is how many letters; the letters are asked for."),
    when(
        lambda got, expected: got[:-1] == expected,
        "something follows the last letter; the end of a name is not asked for here.",
    ),
    when(
        lambda got, expected: [letter.lower() for letter in got] == expected,
        "the letters are capitals now; leave them as they are.",
    ),
    when(
        lambda got, expected: got == list("mma") != expected,
        "that is the answer for `emma`, whatever the name: use the parameter.",
    ),
    when(
        lambda got, expected: [pair[-1] for pair in got] == expected != got,
        "each entry holds more than the letter; the letter alone is asked for.",
    ),
    raises(AttributeError, "a string has no such method; a slice such as `name[1:]` does it."),
]


@exercise("0.1", "What comes next?", difficulty=1, minutes=5)
def check_next_letters(answer: Any) -> None:
    """Check ``next_letters(name)``."""
    expect_calls(answer, next_letters, cases=[(name,) for name in NAMES], causes=CAUSES)
