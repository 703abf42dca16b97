"""What a head looks at most, found rightly and in the ways that go wrong: exercise 5.6."""

from __future__ import annotations

import random

import microgpt
from classroom.exercises.kit.causes import Cause, gives, when
from classroom.exercises.shared.likenesses import others, smallest, weights_of_head


def largest(name: str, head: int) -> list[float]:
    """The largest weight of each row."""
    return [max(row) for row in weights_of_head(name, head)]


def by_columns(name: str, head: int) -> list[int]:
    """For each position, the later one that asks it most."""
    rows = weights_of_head(name, head)
    columns = [[row[t] for row in rows[t:]] for t in range(len(rows))]
    return [t + column.index(max(column)) for t, column in enumerate(columns)]


def of_heads(name: str, _: int) -> list[int]:
    """The head forgotten: the largest of each head's rows."""
    heads = [weights_of_head(name, head) for head in range(4)]
    return [rows.index(max(rows)) for rows in heads]


def no_mark(name: str, head: int) -> list[int]:
    """Where each row is largest, the mark left out."""
    rows = weights_of_head(name, head)
    return [row.index(max(row[1:] or row)) for row in rows]


def untrained(name: str, head: int) -> list[int]:
    """Where each row of the untrained model is largest."""
    config = microgpt.load()[1]
    rows = weights_of_head(name, head, microgpt.init_params(config, random.Random(42)))
    return [row.index(max(row)) for row in rows]


def favourites(name: str, head: int) -> list[int]:
    """For each position of a name, the position that a head of the shipped model looks at most."""
    return [max(range(len(row)), key=row.__getitem__) for row in weights_of_head(name, head)]


def favourite_causes() -> list[Cause]:
    """Causes for wrong `favourites`."""
    return [*_other_favourites(), *_off_by_one(), *_other_places(), *_others_taken()]


def _other_favourites() -> list[Cause]:
    return [
        gives(lambda name, head: favourites(name, 0), "you look at head 0 whatever `head` is."),
        gives(lambda name, head: favourites(name, 1), "you look at head 1 whatever `head` is."),
        gives(of_heads, "`attn_weights` holds all heads: take `[head]` first."),
        gives(by_columns, "each *row* belongs to the position that asks; you go by columns."),
        gives(untrained, "these are the untrained model's; the shipped one is `trained`."),
        gives(lambda name, head: favourites("ava", head), "you look at `ava` whatever `name` is."),
    ]


def _off_by_one() -> list[Cause]:
    return [
        gives(
            lambda name, head: favourites("olivia", head),
            "you look at `olivia` whatever `name` is.",
        ),
        when(
            lambda got, _: got and all(isinstance(at, str) for at in got),
            "the letters came out; the positions are asked for.",
        ),
        gives(
            lambda name, head: [at - 1 for at in favourites(name, head)],
            "the mark is position 0, so the first letter is position 1.",
        ),
        gives(
            lambda name, head: [at + 1 for at in favourites(name, head)],
            "positions are counted from 0, the mark; yours are one too large.",
        ),
    ]


def _other_places() -> list[Cause]:
    return [
        gives(smallest, "the position of the *smallest* weight came out."),
        gives(others, "a position may look at itself, too: leave it in."),
        gives(no_mark, "a position may look at the mark, too: leave it in."),
        gives(
            lambda name, head: list(enumerate(favourites(name, head))),
            "pairs came out; of each only the second is asked for.",
        ),
        gives(
            lambda name, head: [1 / len(row) for row in weights_of_head(name, head)],
            "these are means, an even share; where the largest weight *is* is asked.",
        ),
        gives(
            lambda name, head: max(weights_of_head(name, head)),
            "one row of weights came out; the place of the largest is asked, for each row.",
        ),
    ]


def _others_taken() -> list[Cause]:
    return [
        gives(largest, "the largest weights came out; where they *are* is asked."),
        when(
            lambda got, _: isinstance(got, int),
            "one position came out; there is a favourite for each position that asks.",
        ),
        gives(
            lambda name, head: favourites(name, head)[1:],
            "the mark's own position is missing: it can look only at itself, at 0.",
        ),
        gives(
            lambda name, head: favourites(name, head)[:-1],
            "the last letter asks, too: its position is missing.",
        ),
    ]
