"""Exercises of chapter 03, Tokenizer: ids by hand, encode, a vanishing letter, pairs, merging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.checking import (
    expect_calls,
    expect_raises,
    expect_value,
    gives,
    raises,
    when,
)
from classroom.exercises.kit.registry import exercise

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOS = len(LETTERS)


@exercise("3.1", "A name in ids", difficulty=1, minutes=3, kind="predict")
def check_ids_of_zoe(ids: Any) -> None:
    """Check the ids of ``zoe`` with its marks, written by hand."""
    expect_value(
        ids,
        [26, 25, 14, 4, 26],
        causes=[
            gives([25, 14, 4], "the letters are right; the mark is missing at both ends."),
            gives([26, 25, 14, 4], "the end is marked too, with the same id."),
            gives([26, 26, 15, 5, 26], "you began to count at a = 1; ids begin at 0."),
            gives([27, 26, 15, 5, 27], "you began to count at a = 1; ids begin at 0."),
            gives([0, 26, 15, 5, 0], "the mark is the last id, 26, not the first."),
            gives([25, 14, 4, 26], "the beginning is marked too, with the same id."),
            when(lambda got, _: got and all(isinstance(i, str) for i in got), "ids are numbers."),
            when(lambda got, _: "BOS" in got, "the mark has a number as well: the last id."),
            when(
                lambda got, _: got[1:-1] == [25, 14, 4],
                "the letters are right; both marks are the next free id after z.",
            ),
            when(
                lambda got, _: len(got) == 5 and got[0] == got[-1] == 26,
                "the marks are right; count the letters again, from a = 0.",
            ),
            when(
                lambda got, _: len(got) != 5, "five ids are asked for: mark, three letters, mark."
            ),
        ],
    )


def encode(text: str, chars: str) -> list[int]:
    """The id of each character; a ValueError that names one which has none."""
    for position, char in enumerate(text):
        if char not in chars:
            raise ValueError(f"character {char!r} (position {position}) has no id")
    return [chars.index(char) for char in text]


@exercise("3.2", "encode", difficulty=2, minutes=8)
def check_encode(answer: Any) -> None:
    """Check ``encode(text, chars)``: the ids, then what it says of a character without one."""
    expect_calls(
        answer,
        encode,
        cases=[("ba", "abc"), ("", "abc"), ("emma", LETTERS), ("cab", "bca"), ("日本", "日本語")],
        causes=[
            gives(lambda t, c: [c.index(x) + 1 for x in t], "ids begin at 0, yours at 1."),
            gives(lambda t, c: [ord(x) - ord("a") for x in t], "an id is a place in `chars`, "
                  "whatever stands there; you count from the letter a."),
            gives(lambda t, c: [len(c), *map(c.index, t), len(c)], "only the characters are asked "
                  "for; the marks are put around them elsewhere."),
            gives(lambda t, c: list(range(len(t))), "those are places in the text; an id is the "
                  "character's place in `chars`."),
            gives(lambda t, c: sorted(map(c.index, t)), "the order of the text is lost."),
            raises(ValueError, "these characters are all in `chars`: look them up there, in the "
                   "argument, not in another alphabet."),
        ],
    )  # fmt: skip
    cause = "a character without an id must stop the work with a `ValueError` that names it."
    for text, char in (("Emma", "E"), ("zoë", "ë")):
        expect_raises(
            f"encode({text!r}, letters)",
            lambda text=text: answer(text, LETTERS),  # type: ignore[misc]
            ValueError,
            mentions=char,
            cause=cause,
        )


def decode(ids: Sequence[int], chars: str) -> str:
    """The characters of the ids, the mark left out."""
    return "".join(chars[token_id] for token_id in ids if token_id != len(chars))


def without_id_0(ids: Sequence[int], chars: str) -> str:
    """What the notebook's broken function answers: id 0 counts as nothing."""
    return "".join(chars[i] for i in ids if i and i != len(chars))


def only_one_mark(ids: Sequence[int], chars: str) -> str:
    """Cut the two ends off, whatever they are."""
    return "".join(chars[i] for i in ids[1:-1])


@exercise("3.3", "The vanishing letter", difficulty=2, minutes=6, kind="find the bug")
def check_decode(answer: Any) -> None:
    """Check the mended ``decode(ids, chars)``."""
    expect_calls(
        answer,
        decode,
        cases=[
            ([26, 4, 12, 12, 0, 26], LETTERS),
            ([0], LETTERS),
            ([26, 26], LETTERS),
            ([9, 14, 26], LETTERS),
            ([2, 0, 1, 3], "abc"),
        ],
        causes=[
            gives(without_id_0, "id 0 is a letter, but `if token_id` takes 0 for False."),
            gives(
                lambda ids, chars: "".join(chars[i] for i in ids if i < len(chars) - 1),
                "the last letter is lost: its id is `len(chars) - 1`, the mark's is `len(chars)`.",
            ),
            gives(only_one_mark, "leave the mark out wherever it stands; an end may be a letter."),
            gives(lambda ids, chars: list(decode(ids, chars)), "join the letters to one string."),
            gives(lambda ids, chars: " ".join(decode(ids, chars)), "join with nothing between."),
            gives(
                lambda ids, chars: "".join(chars[i - 1] for i in ids if i != len(chars)),
                "ids begin at 0: the character of id `i` is `chars[i]`.",
            ),
            raises(IndexError, "the mark has no character: leave it out before you look it up."),
        ],
    )


def guesses(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Each id with the one that comes next."""
    return list(zip(ids, ids[1:]))


@exercise("3.4", "What is guessed from what", difficulty=2, minutes=6)
def check_guesses(answer: Any) -> None:
    """Check ``guesses(ids)``."""
    expect_calls(
        answer,
        guesses,
        cases=[([26, 0, 26],), ([26, 26],), ([26, 4, 12, 12, 0, 26],), ([26, 9, 14, 26],)],
        causes=[
            gives(lambda ids: list(zip(ids, ids)), "each id is paired with itself, not the next."),
            gives(lambda ids: list(zip(ids[1:], ids)), "turned round: first what is seen, then "
                  "what comes next."),
            gives(lambda ids: guesses(ids[1:]), "the first guess is missing: from the mark alone, "
                  "the first letter."),
            gives(lambda ids: guesses(ids[:-1]), "the last guess is missing: that the name ends."),
            gives(lambda ids: list(zip(ids[::2], ids[1::2])), "pairs overlap: each id but the "
                  "first is guessed."),
            raises(IndexError, "the last id has nothing after it: stop one earlier."),
        ],
    )  # fmt: skip


def merge(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """One step of byte-pair encoding: each `pair`, from the left, becomes `new_id`."""
    merged: list[int] = []
    for token_id in ids:
        merged.append(token_id)
        if tuple(merged[-2:]) == tuple(pair):
            merged[-2:] = [new_id]
    return merged


def overlapping(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Look at every neighbouring pair, also at ids that are merged already."""
    out, last = [], len(ids) - 1
    for i, token_id in enumerate(ids):
        if i < last and (ids[i], ids[i + 1]) == pair:
            out.append(new_id)
        elif not (i > 0 and (ids[i - 1], ids[i]) == pair):
            out.append(token_id)
    return out


def first_only(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Stop after the first pair."""
    for i in range(len(ids) - 1):
        if (ids[i], ids[i + 1]) == pair:
            return [*ids[:i], new_id, *ids[i + 2 :]]
    return list(ids)


def kept_second(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Put the new id in, but leave the second of the pair where it was."""
    return [
        new_id if (token_id, *ids[i + 1 : i + 2]) == pair else token_id
        for i, token_id in enumerate(ids)
    ]


def via_text(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Write the ids as text and replace there: 10, 13 holds the text of 0, 13."""
    text = " ".join(map(str, ids)).replace(f"{pair[0]} {pair[1]}", str(new_id))
    return [int(part) for part in text.split()]


def without_last(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Lose the last id when it is in no pair."""
    out, i = [], 0
    while i < len(ids) - 1:
        hit = (ids[i], ids[i + 1]) == pair
        out.append(new_id if hit else ids[i])
        i += 2 if hit else 1
    return out


@exercise("3.5", "Merge a pair", difficulty=3, minutes=12, kind="experiment", extra=True)
def check_merge(answer: Any) -> None:
    """Check ``merge(ids, pair, new_id)``."""
    expect_calls(
        answer,
        merge,
        cases=[
            ([0, 13], (0, 13), 27),
            ([0, 13, 13, 0], (0, 13), 27),
            ([0, 13, 5, 0, 13], (0, 13), 27),
            ([7, 7, 7], (7, 7), 27),
            ([7, 7, 7, 7], (7, 7), 27),
            ([13, 0], (0, 13), 27),
            ([10, 13, 0], (0, 13), 27),
            ([], (0, 13), 27),
        ],
        causes=[
            gives(
                lambda ids, pair, new_id: list(ids),
                "nothing was merged. A list never equals a tuple: compare `tuple(ids[i:i+2])`.",
            ),
            gives(via_text, "digits were merged, not ids: the text of 10, 13 holds that of 0, 13."),
            gives(first_only, "every pair in the list is merged, not only the first."),
            gives(kept_second, "the new id stands for both: the second of the pair must go too."),
            gives(without_last, "the last id is lost when it belongs to no pair."),
            gives(
                overlapping, "an id that was merged may not begin another pair: go on behind it."
            ),
            raises(IndexError, "the last id has nothing after it: do not reach over the end."),
        ],
    )
