"""The checks of chapter 11: nodes of a dot product, mask, attention at once, batches, FLOPs."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.checking import expect_calls, gives, raises, require, when
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.sources import source_of
from classroom.exercises.shared.masks import (
    ATTENTION,
    ROWS,
    Matrix,
    attention_variant,
    causal_softmax,
)


def nodes_of_dot(n: int) -> int:
    """Nodes of a dot product of n pairs as a chain: products, sums, and the 0 that `sum` adds."""
    return 2 * n + 1


@exercise("11.1", "A chain or one node", difficulty=1, minutes=5)
def check_nodes_of_dot(answer: Any) -> None:
    """Check ``nodes_of_dot(n)``."""
    expect_calls(
        answer,
        nodes_of_dot,
        cases=[(1,), (4,), (16,)],
        causes=[
            gives(
                lambda n: 2 * n,
                "`sum` begins with the number 0, and a number that meets a node becomes a node.",
            ),
            gives(
                lambda n: 2 * n - 1,
                "`sum` begins with 0: so n additions, not n - 1, and the 0 is a node as well.",
            ),
            gives(lambda n: n + 1, "the additions are nodes too: one for each product."),
            gives(lambda n: n, "that is one kind only: each product is a node, and each addition."),
            gives(lambda n: n - 1, "the products are nodes, too, and `sum` begins with the 0."),
            gives(
                lambda n: 2 * n + 2,
                "one too many: n products, n additions, and the 0 that `sum` begins with.",
            ),
            gives(lambda n: 3 * n, "the 0 is made once, not for every pair."),
            gives(lambda n: 4 * n, "the 2n numbers that go in do not count, but the 0 does."),
            gives(lambda n: n * n, "each pair is multiplied once, not each with each."),
            gives(lambda n: 1, "that is `dot`; the question is about the chain of `*` and `+`."),
            gives(
                lambda n: 4 * n + 1, "the 2n numbers that go in were there before: do not count."
            ),
        ],
    )


@exercise("11.2", "Nobody looks ahead", difficulty=2, minutes=10, kind="find the bug")
def check_causal_softmax(answer: Any) -> None:
    """Check ``causal_softmax(scores)``, repaired: the mask before the softmax."""
    expect_calls(
        answer,
        causal_softmax,
        cases=[
            ([[0.5]],),
            ([[0.0, 1.0], [1.0, 1.0]],),
            ([[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0], [0.0, 1.0, -2.0]],),
            ([[0.0, 800.0], [0.5, 0.0]],),
            ([[0.0, 720.0], [0.5, 0.0]],),
            ([[1.0, 0.0], [800.0, 799.0]],),
        ],
        causes=[
            *(gives(wrong, words) for wrong, words in ROWS),
            when(
                lambda got, expected: _has_nan(got),
                "`nan`: a row with nothing left to look at, or infinity times 0. Add the mask to "
                "the scores, and let a position look at itself.",
            ),
            raises(
                AttributeError,
                "a list has no `max`: make an array of it, `np.array(scores)`.",
                "'list'",
            ),
        ],
    )


def _has_nan(thing: Any) -> bool:
    if isinstance(thing, (list, tuple)):
        return any(_has_nan(part) for part in thing)
    return isinstance(thing, float) and math.isnan(thing)


attend = attention_variant()
"""The right answer of 11.3."""

Q = [[1.0, 0.0], [0.5, -1.0], [2.0, 1.0]]
K = [[0.0, 1.0], [1.0, 1.5], [-1.0, 0.5]]
V = [[1.0, 2.0], [3.0, -1.0], [0.0, 5.0]]
FAR = [[400.0, 0.0], [0.0, 1.0]], [[-1.0, 0.5], [2.0, 1.0]]  # a hidden score far above the seen one
WIDE = [[1.0, 0.5, -1.0], [0.0, 2.0, 1.5]], [[0.5, -1.0, 1.0], [1.0, 0.0, 2.0]]


@exercise("11.3", "All positions at once", difficulty=3, minutes=20, extra=True)
def check_attend(answer: Any) -> None:
    """Check ``attend(q, k, v)`` for one head, q, k, v of shape (n, head_dim)."""
    expect_calls(
        answer,
        attend,
        cases=[
            (Q[:1], K[:1], V[:1]),
            (Q[:2], K[:2], V[:2]),
            (Q, K, V),
            (*WIDE, WIDE[0]),
            (*FAR, V[:2]),
        ],
        tolerance=1e-7,
        causes=[
            *(gives(wrong, words) for wrong, words in ATTENTION),
            when(
                lambda got, expected: _has_nan(got), "NaN: mask before softmax, and keep t itself."
            ),
            when(
                lambda got, expected: len(got) == len(expected) and len(got[0]) != len(expected[0]),
                "the rows have the wrong length: `weights @ v` gives (n, head_dim).",
            ),
            raises(ValueError, "shapes: (n, d) @ (d, n) gives the (n, n) scores; transpose k."),
        ],
    )
    require(
        not _loops(answer),
        "every number is right, but there is a loop over the positions.",
        "NumPy can do without: `q @ k.T` is all scores at once.",
    )


def _loops(answer: Any) -> bool:
    """Whether the answer's source has a loop or a comprehension in it."""
    source = source_of(answer)
    if source is None:
        return False
    kinds = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
    return any(isinstance(node, kinds) for node in ast.walk(source.definition))


def batch_loss(losses: Matrix, lengths: Sequence[int]) -> float:
    """The mean over the documents of each one's mean over its own positions."""
    return sum(sum(row[:n]) / n for row, n in zip(losses, lengths)) / len(lengths)


LONG_COUNTS = (
    "every position counts the same, so a long document counts more; each document counts the "
    "same: take its own mean first."
)
BATCH_CAUSES = [
    gives(
        lambda rows, lengths: sum(map(sum, rows)) / sum(map(len, rows)),
        "the padding counts: use only the first `lengths[b]` numbers of row b.",
    ),
    gives(
        lambda rows, lengths: sum(sum(r) / len(r) for r in rows) / len(rows),
        "the padding counts: use only the first `lengths[b]` numbers of row b.",
    ),
    gives(
        lambda rows, lengths: sum(sum(r) / n for r, n in zip(rows, lengths)) / len(rows),
        "the padding is added up, too: `row[:n]` leaves it out.",
    ),
    gives(
        lambda rows, lengths: sum(sum(r[-n:]) / n for r, n in zip(rows, lengths)) / len(rows),
        "the last n numbers are taken; the padding is at the end: `row[:n]`.",
    ),
    gives(
        lambda rows, lengths: sum(sum(row[:n]) for row, n in zip(rows, lengths)) / sum(lengths),
        LONG_COUNTS,
    ),
    gives(
        lambda rows, lengths: sum(sum(r[:n]) for r, n in zip(rows, lengths)) / len(rows),
        "each document's sum goes in; its own mean is wanted: divide by n as well.",
    ),
    gives(
        lambda rows, lengths: (
            sum(sum(row[:n]) / len(row) for row, n in zip(rows, lengths)) / len(rows)
        ),
        "you divide by the padded length; divide by the document's own.",
    ),
    gives(
        lambda rows, lengths: sum(sum(row[:n]) / n for row, n in zip(rows, lengths)),
        "the sum over the documents; the mean is wanted.",
    ),
    gives(
        lambda rows, lengths: sum(sum(r[:n]) / n for r, n in zip(rows, lengths)) / 2,
        "you divide by 2; there need not be two documents: `len(losses)`.",
    ),
    gives(
        lambda rows, lengths: sum(rows[0][: lengths[0]]) / lengths[0],
        "only the first document counts: is `return` inside the loop?",
    ),
    gives(
        lambda rows, lengths: sum(rows[-1][: lengths[-1]]) / lengths[-1],
        "only the last document counts: collect the means in a list.",
    ),
    gives(
        lambda rows, lengths: [sum(row[:n]) / n for row, n in zip(rows, lengths)],
        "these are the documents' means; the mean of them is wanted.",
    ),
]


@exercise("11.4", "A mean that leaves out the padding", difficulty=2, minutes=10)
def check_batch_loss(answer: Any) -> None:
    """Check ``batch_loss(losses, lengths)``."""
    expect_calls(
        answer,
        batch_loss,
        cases=[
            ([[2.0]], [1]),
            ([[1.0, 9.0], [3.0, 5.0]], [1, 2]),
            ([[3.0, 1.0, 7.0], [4.0, 9.0, 9.0]], [2, 1]),
            ([[0.0, 3.0, 8.0], [2.0, 5.0, 9.5], [1.0, 2.5, 0.5]], [2, 1, 3]),
        ],
        causes=BATCH_CAUSES,
    )


def training_days(params: float, tokens: float, flops_per_second: float) -> float:
    """Days of training: 6 operations for each parameter and each token."""
    return 6 * params * tokens / flops_per_second / 86_400


FACTORS = {
    1.0: "each parameter costs 6 operations a token.",
    2.0: "2 is the forward pass alone; backward costs twice as much again: 6 in all.",
    3.0: "a multiplication *and* an addition are 2 operations; three times that: 6.",
    4.0: "4 is the backward pass alone; the forward pass costs 2 more: 6 in all.",
    5.0: "each parameter costs 6 operations a token, not 5.",
    8.0: "each parameter costs 6 operations a token, 2 forwards and 4 backwards, not 8.",
    12.0: "each parameter costs 6 operations a token, 2 forwards and 4 backwards, not 12.",
}
SECONDS = {
    1.0: "those are seconds; a day has 86,400 of them.",
    60.0: "those are minutes; a day has 86,400 seconds.",
    3600.0: "those are hours; a day has 86,400 seconds.",
    1440.0: "a day has 1,440 minutes, and the time is in seconds: 86,400.",
    24.0: "a day has 24 hours, and the time is in seconds: 86,400.",
    86_400.0 * 7: "those are weeks; days are asked for.",
    86_400.0 * 365: "those are years; days are asked for.",
    68_400.0: "a day has 86,400 seconds, 24 * 60 * 60: two digits are swapped.",
    1 / 86_400.0: "seconds are divided by 86,400 to make days, not multiplied.",
}


@exercise("11.5", "How many days?", difficulty=1, minutes=5)
def check_training_days(answer: Any) -> None:
    """Check ``training_days(params, tokens, flops_per_second)``."""
    expect_calls(
        answer,
        training_days,
        cases=[(1e6, 1e9, 1e9), (4192, 7110, 1e6), (175e9, 300e9, 1e15)],
        causes=[
            *(
                gives(lambda p, t, f, k=k: k * p * t / f / 86_400, words)
                for k, words in FACTORS.items()
            ),
            *(gives(lambda p, t, f, k=k: 6 * p * t / f / k, words) for k, words in SECONDS.items()),
            gives(lambda p, t, f: 6 * p / f / 86_400, "that is one token; multiply by all."),
            gives(lambda p, t, f: 6 * t / f / 86_400, "that is one parameter; multiply by all."),
            gives(lambda p, t, f: 6 * p * t / 86_400, "divide by the operations a second, too."),
            gives(lambda p, t, f: 6 * p * t, "these are the operations; how long do they take?"),
            gives(
                lambda p, t, f: f / (6 * p * t) / 86_400,
                "the division is upside down: operations by operations a second are seconds.",
            ),
            gives(
                lambda p, t, f: f / (6 * p * t),
                "the division is upside down: operations by operations a second are seconds.",
            ),
            gives(
                lambda p, t, f: 6 * p * t // f // 86_400,
                "`//` cuts off what is less than a day: use `/`.",
            ),
            gives(
                lambda p, t, f: 6 * (p + t) / f / 86_400,
                "every token meets every parameter: multiply the two.",
            ),
            gives(
                lambda p, t, f: 6 * p**2 * t / f / 86_400,
                "the parameters count once, not squared: 6 operations for each and each token.",
            ),
        ],
    )
