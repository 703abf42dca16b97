"""What goes wrong with ids and marks, and what it gives: the causes of exercises 3.1 to 3.4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, gives, raises, when


def zoe_causes() -> list[Cause]:
    """Causes for wrong ids of ``zoe``."""
    return [
        gives([25, 14, 4], "the letters are right; the mark is missing at both ends."),
        gives([26, 25, 14, 4], "the end is marked too, with the same id."),
        gives([25, 14, 4, 26], "the beginning is marked too, with the same id."),
        gives([26, 4, 14, 25, 26], "the letters are in reverse order."),
        gives([26, 26, 15, 5, 26], "you began to count at a = 1; ids begin at 0."),
        gives([27, 26, 15, 5, 27], "you began to count at a = 1; ids begin at 0."),
        gives([26, 15, 5], "you began to count at a = 1, and the marks are missing."),
        gives([0, 26, 15, 5, 0], "the mark is the last id, 26, not the first."),
        when(lambda got, _: "BOS" in got, "the mark has a number as well: the last id."),
        when(lambda got, _: got and all(isinstance(i, str) for i in got), "ids are numbers."),
        when(
            lambda got, _: got[1:-1] == [25, 14, 4],
            "the letters are right; both marks are the next free id after z.",
        ),
        when(
            lambda got, _: len(got) == 5 and got[0] == got[-1] == 26,
            "the marks are right; count the letters again, from a = 0.",
        ),
        when(lambda got, _: len(got) != 5, "five ids are asked for: mark, three letters, mark."),
    ]


def of_empty(text: str) -> Cause:
    """A cause for answers that are wrong on an empty first argument only."""

    def fits(attempt: Attempt) -> bool:
        return not attempt.args[0]

    return Cause(text, fits)


def encode_causes(code: str) -> list[Cause]:
    """Causes for wrong ids of an `encode`, given its source without blanks."""
    return [*_other_ids(), *_other_lists(code)]


def _other_ids() -> list[Cause]:
    return [
        of_empty("an empty text has no characters, so no ids: the answer is `[]`."),
        gives(lambda t, c: [c.index(x) + 1 for x in t], "ids begin at 0, yours at 1."),
        gives(lambda t, c: [ord(x) - ord("a") for x in t], "an id is a place in `chars`, whatever "
              "is in there; you count from the letter a."),
        gives(lambda t, c: [ord(x) for x in t], "`ord` gives Python's number of a character; an id "
              "is its place in `chars`."),
        gives(lambda t, c: [len(c), *map(c.index, t), len(c)], "only the characters are asked for; "
              "the marks are put around them elsewhere."),
        gives(lambda t, c: [len(c), *map(c.index, t)], "only the characters are asked for; the "
              "mark is put before them elsewhere."),
    ]  # fmt: skip


def _other_lists(code: str) -> list[Cause]:
    other = "these characters are all in `chars`: look them up there, in the argument, not in "
    other += "another alphabet."
    return [
        gives(lambda t, c: list(range(len(t))), "those are places in the text; an id is the "
              "character's place in `chars`."),
        gives(lambda t, c: [i for i, x in enumerate(c) if x in t], "the loop goes over `chars`; go "
              "over the text, in its order."),
        gives(lambda t, c: sorted(map(c.index, t)), "the order of the text is lost."),
        gives(lambda t, c: list(dict.fromkeys(map(c.index, t))), "a character that comes twice has "
              "its id twice."),
        gives(lambda t, c: [(x, c.index(x)) for x in t], "pairs came out; only the ids are asked "
              "for."),
        gives(lambda t, c: {x: c.index(x) for x in t}, "a dict loses order and repeats; a list of "
              "ids is asked for."),
        gives(lambda t, c: "".join(str(c.index(x)) for x in t), "the ids are put together as text; "
              "a list of numbers is asked for."),
        raises(ValueError, other),
        *([raises(KeyError, other)] if "ids_of" in code else []),
    ]  # fmt: skip


def not_refused(got: Any, text: str) -> str:
    """Why an unknown character did not stop an `encode` that gave `got`."""
    if isinstance(got, BaseException):
        return "`return` hands an error back like any result; `raise` stops the work with it."
    if got is None:
        return "nothing comes back, and nobody is told; `raise ValueError(...)` stops the work."
    if isinstance(got, list) and len(got) < len(text):
        return (
            "the character is left out and nobody is told; it must stop the work with a "
            "`ValueError`."
        )
    if isinstance(got, str):
        return "a message that is returned looks like a result; `raise ValueError(message)`."
    return "an id is made up for the character; it must stop the work with a `ValueError`."


def without_marks(ids: Sequence[int], chars: Sequence[str]) -> list[str]:
    """The characters of ids, marks left out."""
    return [chars[i] for i in ids if i != len(chars)]


def decode_causes(code: str) -> list[Cause]:
    """Causes for a wrong `decode`, given its source without blanks."""
    return [*_other_marks(code), *_other_texts(), *_decode_errors(code)]


def _other_marks(code: str) -> list[Cause]:
    fixed = "26 is the mark of 26 letters only: the mark is `len(chars)`."
    told = {"26": fixed, "tokenizer": "the mark of *these* `chars` is `len(chars)`; `tokenizer` "
            "knows the 26 letters only.", "BOS": fixed}  # fmt: skip
    return [
        *(Cause(text, _with_another_alphabet) for part, text in told.items() if part in code),
        gives(lambda ids, chars: "".join(chars[i] for i in ids if i and i != len(chars)),
              "id 0 is a letter, but `if i` takes 0 for False."),
        gives(lambda ids, chars: "".join(chars[i] for i in ids if i > 0 and i != len(chars)),
              "id 0 is a letter, too: `i > 0` leaves it out."),
        gives(lambda ids, chars: "".join(chars[i] for i in ids if i < len(chars) - 1), "the last "
              "letter is lost: its id is `len(chars) - 1`, the mark's is `len(chars)`."),
        gives(lambda ids, chars: "".join(chars[i] for i in ids[1:-1]), "leave the mark out "
              "wherever it is; an end may be a letter."),
        gives(lambda ids, chars: "".join(without_marks(ids[1:-1], chars)), "leave the mark out "
              "wherever it is; an end may be a letter."),
    ]  # fmt: skip


def _other_texts() -> list[Cause]:
    right = without_marks
    return [
        gives(_until_a_mark, "the work stops at the first mark; leave it out and go on."),
        gives(lambda ids, chars: "".join([*chars, "BOS"][i] for i in ids), "the mark is no text: "
              "leave it out."),
        gives(lambda ids, chars: "".join(right(list(dict.fromkeys(ids)), chars)), "an id that "
              "comes twice is a letter that comes twice."),
        gives(lambda ids, chars: "".join(str(i) for i in ids if i != len(chars)), "those are the "
              "ids; the character of id `i` is `chars[i]`."),
        gives(lambda ids, chars: "".join([*right(ids, chars), ""][:1]) or None, "only the first "
              "letter came out: the `return` is inside the loop."),
        gives(right, "join the letters to one string."),
        gives(lambda ids, chars: " ".join(right(ids, chars)), "join with nothing between."),
        gives(lambda ids, chars: ",".join(right(ids, chars)), "join with nothing between."),
        gives(lambda ids, chars: "".join(right(ids, chars)).capitalize(), "the letters are as they "
              "are in `chars`, none is made large."),
        gives(lambda ids, chars: "".join(right(ids[::-1], chars)), "the letters are in reverse "
              "order."),
        gives(lambda ids, chars: "".join(chars[i - 1] for i in ids if i != len(chars)), "ids begin "
              "at 0: the character of id `i` is `chars[i]`."),
    ]  # fmt: skip


def _decode_errors(code: str) -> list[Cause]:
    return [
        *([raises(Exception, "`index` finds the id of a character; the character of an id is "
                  "`chars[i]`.")] if ".index(" in code else []),
        *([raises(ValueError, "`remove` takes one mark away and fails where there is none: leave "
                  "the marks out as you go.")] if ".remove(" in code else []),
        *([Cause("marks are taken off the ends only; leave them out wherever they are.",
                 lambda attempt: len(attempt.args[1]) in attempt.args[0][1:-1])]
          if "ids[-1]" in code or "ids[0]" in code else []),
        raises(IndexError, "the mark has no character: leave it out before you look it up."),
    ]  # fmt: skip


def _with_another_alphabet(attempt: Attempt) -> bool:
    return len(attempt.args[1]) != 26


def _until_a_mark(ids: Sequence[int], chars: Sequence[str]) -> str:
    end = list(ids).index(len(chars)) if len(chars) in ids else len(ids)
    return "".join(chars[i] for i in ids[:end])


def pairs_of(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Each id with the one that comes next."""
    return list(zip(ids, ids[1:]))


def guess_causes() -> list[Cause]:
    """Causes for wrong `guesses`."""
    return [*_other_neighbours(), *_other_pairs()]


def _other_neighbours() -> list[Cause]:
    return [
        gives(lambda ids: list(zip(ids, ids)), "each id is paired with itself, not the next."),
        gives(lambda ids: list(zip(ids[1:], ids)), "turned round: first what is seen, then what "
              "comes next."),
        gives(lambda ids: pairs_of(ids[1:]), "the first guess is missing: from the mark alone, the "
              "first letter."),
        gives(lambda ids: pairs_of(ids[:-1]), "the last guess is missing: that the name ends."),
        gives(lambda ids: pairs_of(ids[1:-1]), "the marks take part, too: the first and the last "
              "guess are missing."),
        gives(lambda ids: pairs_of([26, *ids, 26]), "the marks are in `ids` already."),
        gives(lambda ids: list(zip(ids[::2], ids[1::2])), "pairs overlap: each id but the first is "
              "guessed."),
        gives(lambda ids: list(zip(ids, [*ids[1:], *ids[:1]])), "the last id is paired with the "
              "first: after the end comes nothing."),
        gives(lambda ids: [(ids[i - 1], ids[i]) for i in range(len(ids))], "before the first id "
              "there is nothing; `ids[-1]` is the last one."),
    ]  # fmt: skip


def _other_pairs() -> list[Cause]:
    return [
        gives(lambda ids: [(ids[: i + 1], ids[i + 1]) for i in range(len(ids) - 1)], "the first of "
              "a pair is *one* id, the one before; not the whole past."),
        gives(lambda ids: [(a, ids[list(ids).index(a) + 1]) for a in ids[:-1]], "`index` finds the "
              "first place of an id only: go by places."),
        gives(lambda ids: list(dict.fromkeys(pairs_of(ids))), "a pair that comes twice belongs in "
              "the list twice."),
        gives(lambda ids: sorted(pairs_of(ids)), "the order of the ids is lost: do not sort."),
        gives(lambda ids: [i for pair in pairs_of(ids) for i in pair], "one flat list; put each "
              "two into a pair, `(a, b)`."),
        gives(lambda ids: list(ids[1:]), "only what comes next; the id before it belongs to the "
              "pair, too."),
        gives(lambda ids: list(zip(ids, ids[2:])), "one id is jumped over: the next one is "
              "`ids[1:]`."),
        gives(lambda ids: dict(pairs_of(ids)), "a dict keeps one follower for each id; a list of "
              "pairs is asked for."),
        gives(lambda ids: list(dict(pairs_of(ids)).items()), "a dict keeps one follower for each "
              "id; a list of pairs is asked for."),
        gives(lambda ids: pairs_of(ids)[:1], "only the first pair: the `return` is inside the "
              "loop, or the loop is missing."),
        raises(IndexError, "the last id has nothing after it: stop one earlier."),
    ]  # fmt: skip
