"""A pair of ids merged in the ways that go wrong: the causes of exercise 3.5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause, gives, raises

Pair = tuple[int, int]


def overlapping(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Look at every neighbouring pair, also at ids that are merged already."""
    out, last = [], len(ids) - 1
    for i, token_id in enumerate(ids):
        if i < last and (ids[i], ids[i + 1]) == pair:
            out.append(new_id)
        elif not (i > 0 and (ids[i - 1], ids[i]) == pair):
            out.append(token_id)
    return out


def first_only(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Stop after the first pair."""
    for i in range(len(ids) - 1):
        if (ids[i], ids[i + 1]) == pair:
            return [*ids[:i], new_id, *ids[i + 2 :]]
    return list(ids)


def kept_second(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Put the new id in, but leave the second of the pair where it was."""
    return [
        new_id if (token_id, *ids[i + 1 : i + 2]) == pair else token_id
        for i, token_id in enumerate(ids)
    ]


def via_text(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Write the ids as text and replace there: 10, 13 holds the text of 0, 13."""
    text = " ".join(map(str, ids)).replace(f"{pair[0]} {pair[1]}", str(new_id))
    return [int(part) for part in text.split()]


def walked(
    ids: Sequence[int],
    pair: Any,
    new_id: int,
    *,
    step: int = 1,
    upto: int = 0,
    either: bool = False,
) -> list[int]:
    """The right walk with a slip: another step past what is no pair, an end, either order."""
    out: list[int] = []
    i = 0
    while i < len(ids) - upto:
        two = tuple(ids[i : i + 2])
        hit = two == tuple(pair) or (either and set(two) == set(pair))
        out += [new_id] if hit else ids[i : i + step]
        i += 2 if hit else step
    return out


def from_the_right(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Scan from the last id."""
    return walked(ids[::-1], pair[::-1], new_id)[::-1]


def neighbours(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Replace in the list of neighbours, which is one shorter."""
    return [new_id if two == pair else two[0] for two in zip(ids, ids[1:])]


def by_one(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Replace every id that is in the pair."""
    return [new_id if token_id in pair else token_id for token_id in ids]


def merge_causes(code: str) -> list[Cause]:
    """Causes for a wrong `merge`, given its source without blanks."""
    fixed = "27 is the new id of one example only: append `new_id`."
    return [
        *([gives(lambda ids, pair, new_id: walked(ids, pair, 27), fixed)] if "27" in code else []),
        gives(
            lambda ids, pair, new_id: list(ids),
            "nothing was merged. A list never equals a tuple: compare `tuple(ids[i:i+2])`.",
        ),
        gives(via_text, "digits were merged, not ids: the text of 10, 13 holds that of 0, 13."),
        gives(lambda *case: walked(*case, step=2), "pairs are looked for at every second place "
              "only: on no hit go on by 1."),
        gives(first_only, "every pair in the list is merged, not only the first."),
        gives(kept_second, "the new id stands for both: the second of the pair must go too."),
        gives(lambda *case: walked(*case, upto=1), "the last id is lost when it belongs to no "
              "pair."),
        gives(
            overlapping, "an id that was merged may not begin another pair: go on behind it."
        ),
        gives(neighbours, "the neighbours are one fewer than the ids, and the second of a pair "
              "must go, too."),
        gives(lambda *case: walked(*case, either=True), "a pair has an order: 13, 0 is not 0, 13."),
        gives(from_the_right, "merge from left to right: in 7, 7, 7 the first two."),
        gives(by_one, "an id alone is no pair: both, side by side, become the new one."),
        gives(lambda ids, pair, new_id: [new_id] * walked(ids, pair, -1).count(-1), "what is no "
              "pair must stay in the list."),
        raises(IndexError, "the last id has nothing after it: do not reach over the end."),
    ]  # fmt: skip
