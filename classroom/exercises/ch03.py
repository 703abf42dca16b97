"""Exercises of chapter 03, Tokenizer: ids by hand, encode, a vanishing letter, pairs, merging."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Raised, outcome
from classroom.exercises.kit.checking import Wrong, expect_calls, expect_value
from classroom.exercises.kit.comparing import name_of, show
from classroom.exercises.kit.errors import error_name, wrong_because_raised
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.flow import code_of
from classroom.exercises.shared.merging import merge_causes
from classroom.exercises.shared.token_causes import (
    decode_causes,
    encode_causes,
    guess_causes,
    not_refused,
    zoe_causes,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOS = len(LETTERS)


def ids_again(rng: random.Random) -> Fresh:
    """The question of 3.1 with another name."""
    name = "".join(rng.choice(LETTERS) for _ in range(rng.choice((2, 3, 4))))
    return Fresh(
        f"The ids of {name!r}, with its marks.",
        [BOS, *map(LETTERS.index, name), BOS],
        "The mark 26, then "
        + ", ".join(f"{char} = {LETTERS.index(char)}" for char in name)
        + ", then the mark 26.",
    )


@exercise("3.1", "A name in ids", difficulty=1, minutes=3, kind="predict", again=ids_again)
def check_ids_of_zoe(ids: Any) -> None:
    """Check the ids of ``zoe`` with its marks, written by hand."""
    expect_value(ids, [26, 25, 14, 4, 26], causes=zoe_causes())


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
        cases=[("ba", "abc"), ("", "abc"), ("emma", list(LETTERS)), ("cab", "bca"),
               ("日本", ["日", "本", "語"]), ("zz", "xyz")],
        causes=encode_causes(code_of(answer)),
    )  # fmt: skip
    for text, char in (("Emma", "E"), ("zoë", "ë"), ("anna lena", " ")):
        _expect_refusal(answer, text, char, list(LETTERS), "chars")
    _expect_refusal(answer, "Emma", "E", LETTERS, repr(LETTERS))


def _expect_refusal(answer: Any, text: str, char: str, chars: Any, shown: str) -> None:
    """Expect a ValueError that names the character; the notebook's `chars` are the 26 letters."""
    call = f"{name_of(answer, encode)}({text!r}, {shown})"
    got = outcome(answer, (text, chars))
    if not isinstance(got, Raised):
        raise Wrong(f"{call} gave {show(got)}, expected a ValueError.",
                    cause=not_refused(got, text))  # fmt: skip
    if not isinstance(got.error, ValueError):
        cause = f"a `ValueError` is asked for, not a `{type(got.error).__name__}`."
        raise wrong_because_raised(call, got.error, cause)
    if char not in str(got.error).replace(text, ""):
        said = f"{call} raised {error_name(got.error)}"
        cause = f"the message must name the character, {char!r}; yours does not."
        if text in str(got.error):
            cause = f"the message names the whole text; name the character, {char!r}."
        if "{char" in str(got.error):
            cause = "the message needs an `f` before its quotes, to put the character in."
        if "not found" in str(got.error):
            cause = "`index` itself need not name the character: raise an error of your own first."
        raise Wrong(said, cause=cause)


def decode(ids: Sequence[int], chars: str) -> str:
    """The characters of the ids, the mark left out."""
    return "".join(chars[token_id] for token_id in ids if token_id != len(chars))


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
            ([1, 3, 0, 2], list("abc")),
        ],
        causes=decode_causes(code_of(answer)),
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
        cases=[([26, 0, 26],), ([26, 26],), ([7],), ([26, 4, 12, 12, 0, 26],),
               ([26, 9, 14, 26],)],
        causes=guess_causes(),
    )  # fmt: skip


def merge(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """One step of byte-pair encoding: each `pair`, from the left, becomes `new_id`."""
    merged: list[int] = []
    for token_id in ids:
        merged.append(token_id)
        if tuple(merged[-2:]) == tuple(pair):
            merged[-2:] = [new_id]
    return merged


@exercise("3.5", "Merge a pair", difficulty=3, minutes=12, kind="experiment", extra=True)
def check_merge(answer: Any) -> None:
    """Check ``merge(ids, pair, new_id)``."""
    expect_calls(
        answer,
        merge,
        cases=[
            ([0, 13], (0, 13), 27),
            ([0, 13, 13, 0], (0, 13), 28),
            ([0, 13, 5, 0, 13], (0, 13), 29),
            ([5, 0, 13, 0, 13], (0, 13), 30),
            ([7, 7, 7], (7, 7), 27),
            ([7, 7, 7, 7], (7, 7), 31),
            ([13, 0], (0, 13), 27),
            ([10, 13, 0], (0, 13), 27),
            ([], (0, 13), 27),
        ],
        causes=merge_causes(code_of(answer)),
    )
