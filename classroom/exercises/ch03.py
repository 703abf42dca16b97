"""Exercises of chapter 03, Tokenizer: ids by hand, encode, a vanishing letter, pairs, merging."""

from __future__ import annotations

import random
from itertools import dropwhile, takewhile  # noqa: F401 - for slips
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, Raised, outcome, raises, when
from classroom.exercises.kit.comparing import name_of
from classroom.exercises.kit.errors import Wrong, error_name
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import Asked, prediction, solution

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOS = len(LETTERS)
ZOE = [BOS, 25, 14, 4, BOS]


def ids_again(rng: random.Random) -> Fresh:
    """The question of 3.1 with another name."""
    name = "".join(rng.choice(LETTERS) for _ in range(rng.choice((2, 3, 4))))
    return Fresh(
        f"The ids of {name!r}, with `BOS` at both ends.",
        [BOS, *map(LETTERS.index, name), BOS],
        "`BOS`, 26, then "
        + ", ".join(f"{char} = {LETTERS.index(char)}" for char in name)
        + ", then `BOS`, 26.",
    )


def _only(place: int) -> Cause:
    """One id is wrong, the others are right."""
    what = f"only the id of `{'zoe'[place - 1]}` is wrong: count its place again, from a = 0."
    return when(lambda got, _: [*got[:place], ZOE[place], *got[place + 1 :]] == ZOE, what)


FROM_ONE = "you began to count at a = 1; ids begin at 0."
prediction(
    "3.1", "A name in ids", difficulty=1, minutes=3, again=ids_again,
    asked={"ids_of_zoe": Asked(
        ZOE,
        {
            **dict.fromkeys([(3, 2, 1, 0, 3), (3, 0, 1, 2, 3)], "the vocabulary is that of all names, with 26 letters, not that of one name."),
            (25, 14, 4): "the letters are right; `BOS` is missing at both ends.",
            (26, 25, 14, 4): "the end is marked too, with the same id.",
            (26, 4, 14, 25, 26): "the letters are in reverse order.",
            (26, 26, 15, 5, 26): FROM_ONE,
            (27, 26, 15, 5, 27): FROM_ONE,
            (0, 26, 15, 5, 0): "`BOS` is the last id, 26, not the first; `a` is 0.",
        },
        also=(
            when(lambda got, _: "BOS" in got, "`BOS` has a number as well: the last id."),
            when(lambda got, _: got and all(isinstance(i, str) for i in got), "ids are numbers."),
            when(lambda got, _: got[1:-1] == ZOE[1:-1], "the letters are right; `BOS` is the next free id after z."),
            *(_only(place) for place in (1, 2, 3)),
            when(lambda got, _: len(got) == 5 and got[0] == got[-1] == BOS, "`BOS` is right; count the letters again, from a = 0."),
            when(lambda got, _: any(isinstance(i, list) for i in got), "there are lists or pairs inside: five numbers in one list are asked for."),
            when(lambda got, _: len(got) != 5, "five ids are asked for: `BOS`, three letters, `BOS`."),
        ),
    )},
)  # fmt: skip


def _another_error(attempt: Attempt) -> bool:
    """Whether the refusal is there, but as another kind of exception."""
    error = getattr(attempt.got, "error", None)
    is_refusal = isinstance(error, (KeyError, AssertionError, RuntimeError))
    return isinstance(attempt.expected, Raised) and (is_refusal or type(error) is Exception)


def _of_nothing(attempt: Attempt) -> bool:
    """Whether an empty text is refused, or has no answer."""
    error = getattr(attempt.got, "error", None)
    return attempt.args[0] == "" and isinstance(error, (IndexError, ValueError))


def _require_named(answer: Any) -> None:
    """Raise ``Wrong`` unless the message names the character that has no id."""
    for text, char, chars in (("aQb", "Q", "ab"), ("ëoz", "ë", list("eoz")), ("b7", "7", "abc")):
        got: Any = outcome(answer, (text, chars))
        said = str(got.error)
        if char in said.replace(text, ""):
            continue
        cause = f"the message must name the character, {char!r}; yours does not."
        if text in said:
            cause = f"the message names the whole text; name the character, {char!r}."
        if "{" in said:
            cause = "the message needs an `f` before its quotes, to put the character in."
        if "substring not found" in said:
            cause = "`index` itself does not name the character: raise an error of your own first."
        call = f"{name_of(answer, encode)}({text!r}, {chars!r})"
        raise Wrong(f"{call} raised {error_name(got.error)}", cause=cause)


ALPHABET = (
    "the ids are places in `chars`, the argument; yours are those of another list of letters."
)


@solution(
    "3.2", "encode", difficulty=2, minutes=8, then=_require_named,
    cases=lambda draw: [
        ("ba", "abc"), ("bc", "abc"), ("b", ["a", "b"]), ("", "abc"), ("cab", "bca"),
        ("zz", ["x", "y", "z"]), ("日本", ["日", "本", "語"]), ("emma", list(LETTERS)), ("bcabb", "abc"),
        *((draw.word(n, "ekmrst"), draw.sample("ekmrst", 6)) for n in (4, 6)), ("aQ", "ab"),
        ("Ab", ["a", "b"]), ("zoë", list("eoz")), ("a b", "ab"), ("x", "ab"),
        ("Emma", list(LETTERS)),
    ],
    slips={
        "return ids -> return [len(chars), *ids, len(chars)]": "only the characters are asked for; `BOS` is put around them elsewhere.",
        "ids.append(chars.index(char)) -> ids.append(text.index(char))": "`text.index` gives a place in the text; an id is the character's place in `chars`.",
        "chars.index(char) -> ord(char) - ord('a')": ALPHABET,
        "return ids -> return [i for i, char in enumerate(chars) if char in text]": "each id is there once, in the order of `chars`: go over the text, in its order, and keep repeats.",
        "for char in text: -> for char in text.lower():": "a capital is another character than its small letter: refuse it if it is not in `chars`, do not make it small.",
        "chars.index(char) -> LETTERS.index(char)": ALPHABET,
        "char not in chars -> char not in LETTERS\nchars.index(char) -> LETTERS.index(char)": ALPHABET,
        "raise ValueError(f\"{char!r} has no id\") -> continue": "the unknown character is left out, and the work goes on; a `ValueError` must stop it.",
    },
    also=[
        Cause("the character is refused, but with another exception than a `ValueError`.", _another_error),
        Cause("an empty text has no characters, so no ids: the answer is `[]`.", _of_nothing),
    ],
)  # fmt: skip
def encode(text, chars):
    ids = []
    for char in text:
        if char not in chars:
            raise ValueError(f"{char!r} has no id")
        ids.append(chars.index(char))  # each character's place in chars
    return ids


ENDS = "the first and the last id are taken off, whatever they are; leave `BOS` out wherever it is."
NO_TEXT = "`BOS` is no text: leave it out."


@solution(
    "3.3", "The vanishing letter", difficulty=2, minutes=6, kind="find the bug", extra=True,
    cases=lambda draw: [
        ([26, 4, 12, 12, 0, 26], LETTERS), ([0], LETTERS), ([26, 26], LETTERS),
        ([9, 14, 26], LETTERS), ([2, 0, 1, 3], "abc"), ([1, 3, 0, 3, 2], list("abc")),
        ([2, 1, 0], "abc"), ([3, 2, 1, 1, 3], "xyz"), ([26, 25, 14, 4, 26], list(LETTERS)), ([3, 3, 1, 2], "abc"), ([], "abc"), ([300, 299, 0, 300], [chr(97 + k) for k in range(300)]),
        *(([n, *draw.choices(range(n), k=n), n], draw.sample(LETTERS, n)) for n in (4, 7)),
    ],
    slips={
        "if i != BOS -> if i and i != BOS": "id 0 is a letter, too; yours leaves it out: `if i` takes 0 for False, and 0 is not above 0.",
        "len(chars) -> 26": "your `BOS` is 26 for any `chars`; it is `len(chars)`.",
        "i != BOS -> i < BOS - 1": "the last letter is lost: its id is `len(chars) - 1`, that of `BOS` is `len(chars)`.",
        "[i for i in ids if i != BOS] -> ids[1:-1]": ENDS,
        "in ids if -> in ids[1:-1] if": ENDS,
        "[i for i in ids if i != BOS] -> ids[ids[:1] == [BOS] : len(ids) - (ids[-1:] == [BOS])]": "`BOS` is taken off the ends only; leave it out wherever it is.",
        "[i for i in ids if i != BOS] -> ids[: ids.index(BOS) if BOS in ids else None]": "the work ends at the first `BOS`; leave it out and go on.",
        "[i for i in ids if i != BOS] -> [*takewhile(BOS.__ne__, dropwhile(BOS.__eq__, ids))]": "the work ends at the second `BOS`; leave it out and go on.",
        "if i != BOS] -> ]": "`BOS` has no character: leave it out before you look it up.",
        **{f"[i for i in ids if i != BOS] -> ids⏎    chars = [*chars, {new}]": NO_TEXT for new in ("'BOS'", "' '", "'·'")},
        "in ids if -> in dict.fromkeys(ids) if": "an id that comes twice is a letter that comes twice.",
        "chars[i] for -> chars[i - 1] for": "ids begin at 0: the character of id `i` is `chars[i]`.",
    },
    also=[
        raises(ValueError, "`remove` takes one `BOS` away and fails where there is none: leave them out as you go.", "list.remove(x)"),
        when(lambda got, right: isinstance(got, list) and got == list(right), "join the letters to one string."),
    ],
)  # fmt: skip
def decode(ids, chars):
    BOS = len(chars)
    inner = [i for i in ids if i != BOS]  # the ids without BOS
    letters = [chars[i] for i in inner]  # the character of each id
    return "".join(letters)  # joined to one text


FOLLOWERS = "a dict keeps one follower for each id; a list of pairs is asked for."


@solution(
    "3.4", "What is guessed from what", difficulty=2, minutes=6,
    cases=lambda draw: [
        ([26, 0, 26],), ([26, 26],), ([7],), ([26, 4, 12, 12, 0, 26],), ([26, 9, 14, 26],),
        ([5, 0, 13, 0, 13, 5],), ([2, 0, 1, 3, 0],),
        *(([26, *draw.choices(range(26), k=n), 26],) for n in (5, 8)),
    ],
    slips={
        "zip(ids, after) -> zip(after, ids)": "turned round: first what is seen, then what comes next.",
        "zip(ids, after) -> zip(ids[:-1], ids[1:-1])": "the last guess is missing: that the name ends.",
        "zip(ids, after) -> zip(ids[::2], ids[1::2])": "pairs overlap: each id but the first is guessed.",
        "zip(ids, after) -> zip(ids, [*ids[1:], ids[0]])": "the last id is paired with the first: after the end comes nothing.",
        "zip(ids, after) -> zip([ids[-1], *ids], ids)": "before the first id there is nothing; `ids[-1]` is the last one.",
        "list(zip(ids, after)) -> [(ids[: i + 1], x) for i, x in enumerate(after)]": "the first of a pair is *one* id, the one before; not everything before.",
        "list(zip(ids, after)) -> [(a, ids[ids.index(a) + 1]) for a in ids[:-1]]": "`index` finds the first place of an id only: go by places.",
        "list(zip(ids, after)) -> dict(zip(ids, after))": FOLLOWERS,
        "list(zip(ids, after)) -> list(dict(zip(ids, after)).items())": FOLLOWERS,
        "list(zip(ids, after)) -> [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]": "each id is paired with all that come later; pair it with the next one alone.",
    },
    also=[
        raises(IndexError, "an index is behind the end: the last id has nothing after it.", "list index out of range"),
    ],
)  # fmt: skip
def guesses(ids):
    after = ids[1:]  # the ids from the second on
    return list(zip(ids, after))  # each id with the one that comes next


def _behind_the_end(attempt: Attempt) -> bool:
    error = getattr(attempt.got, "error", None)
    return isinstance(error, IndexError) and bool(attempt.args[0])


def merge_behind(ids, pair, new_id):  # noqa: D103
    merged = []
    for token_id in ids:
        merged.append(token_id)
        two = tuple(merged[-2:])  # the last two ids so far
        hit = two == tuple(pair)  # whether they are the pair
        merged = merged[:-2] + [new_id] if hit else merged  # the new id in place of the pair
    return merged


@solution(
    "3.5", "Merge a pair", difficulty=3, minutes=12, kind="experiment", extra=True,
    roads=[merge_behind],
    cases=lambda draw: [
        ([0, 13], (0, 13), 27), ([0, 13, 13, 0], (0, 13), 28), ([0, 13, 5, 0, 13], (0, 13), 29),
        ([5, 0, 13, 0, 13], (0, 13), 30), ([7, 7, 7], (7, 7), 27), ([7, 7, 7, 7], (7, 7), 31),
        ([13, 0], (0, 13), 27), ([10, 13, 0], (0, 13), 27), ([], (0, 13), 27), ([5, 4], (4, 4), 33),
        ([5, 0, 0, 13, 8], (0, 13), 32), ([0, 0, 13, 13, 13], (0, 13), 35),
        *((draw.choices((3, 4, 8), k=n), (4, 8), draw.whole(27, 60)) for n in (7, 10)),
        (draw.choices((3, 4), k=9), (3, 3), 28),
    ],
    slips={
        "merged.append(new_id if hit else ids[i]) -> merged.append(ids[i])\nhit else 1 -> False else 1": "nothing was merged: is a list compared with a tuple (`tuple(ids[i : i + 2])`), or one id with a pair?",
        "return merged -> text = ' '.join(map(str, ids)).replace(f'{pair[0]} {pair[1]}', str(new_id))⏎    return [int(part) for part in text.split()]": "digits were merged, not ids: the text of 10, 13 holds that of 0, 13.",
        "i += 2 if hit else 1 -> i += 2\nappend(new_id if hit else ids[i]) -> extend([new_id] if hit else ids[i : i + 2])": "pairs are looked for at every second place only: on no hit go on by 1.",
        "i += 2 if hit else 1 -> i += 1": "the new id stands for both: the second of the pair must go, too.",
        "new_id if hit else ids[i]) -> new_id if hit else ids[i])⏎        if hit: return merged + ids[i + 2:]": "every pair in the list is merged, not only the first.",
        "while i < len(ids): -> while i < len(ids) - 1:": "the last id is lost when it belongs to no pair.",
        "return merged -> return [new_id if two == tuple(pair) else two[0] for two in zip(ids, ids[1:])]": "the neighbours are one fewer than the ids, and the second of a pair must go, too.",
        "two == tuple(pair) -> sorted(two) == sorted(pair)": "a pair has an order: 13, 0 is not 0, 13.",
        "merged, i = [], 0 -> merged, i, ids, pair = [], 0, ids[::-1], pair[::-1]\nreturn merged -> return merged[::-1]": "merge from left to right, and an id belongs to one pair at most: in 7, 7, 7 the first two.",
        "return merged -> return [new_id if x in pair else x for x in ids]": "an id alone is no pair: both, side by side, become the new one.",
        "return merged -> return [new_id if x == pair[0] else x for x in ids]": "the first id of the pair becomes the new one wherever it is: look at the id after it, too.",
    },
    also=[
        Cause("an index goes past the end of a list: the last id has nothing after it, and a list in which two become one gets shorter, while a `range` does not.", _behind_the_end),
    ],
)  # fmt: skip
def merge(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        two = tuple(ids[i : i + 2])  # the id here and the one after it
        hit = two == tuple(pair)  # whether they are the pair
        merged.append(new_id if hit else ids[i])  # the new id for the pair, else the id here
        i += 2 if hit else 1  # on by two after a pair, else by one
    return merged
