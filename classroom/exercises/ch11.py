"""The checks of chapter 11: nodes of a dot product, mask, attention at once, batches, FLOPs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.checking import expect_calls, gives, raises, when
from classroom.exercises.kit.registry import exercise

Matrix = Sequence[Sequence[float]]
Rows = list[list[float]]


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
            gives(lambda n: 1, "that is `dot`; the question is about the chain of `*` and `+`."),
            gives(
                lambda n: 4 * n + 1, "the 2n numbers that go in were there before: do not count."
            ),
        ],
    )


def _softmax(row: Sequence[float]) -> list[float]:
    largest = max(row)
    exps = [math.exp(score - largest) for score in row]
    return [e / sum(exps) for e in exps]


def causal_softmax(scores: Matrix) -> Rows:
    """Softmax of each row t over the positions 0 to t; 0 on the later ones."""
    n = len(scores)
    return [_softmax(row[: t + 1]) + [0.0] * (n - t - 1) for t, row in enumerate(scores)]


def masked_afterwards(scores: Matrix) -> Rows:
    """Softmax over everything, then zeros: what the stub of 11.2 shows."""
    return [
        [w if s <= t else 0.0 for s, w in enumerate(_softmax(row))] for t, row in enumerate(scores)
    ]


def masked_to_zero(scores: Matrix) -> Rows:
    """The scores themselves set to 0, and e to the 0 is 1."""
    return [_softmax([x if s <= t else 0.0 for s, x in enumerate(r)]) for t, r in enumerate(scores)]


def masked_past(scores: Matrix) -> Rows:
    """The wrong triangle: each looks at itself and at what comes."""
    return [[0.0] * t + _softmax(row[t:]) for t, row in enumerate(scores)]


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
        ],
        causes=[
            gives(
                masked_afterwards,
                "the mask comes after the softmax: the later positions have had their share, so a "
                "row no longer adds up to 1.",
            ),
            gives(
                masked_to_zero,
                "a score of 0 still gets a share, since exp(0) is 1: a hidden score must be -inf.",
            ),
            gives(
                masked_past,
                "the wrong triangle: row t may look at 0 to t, which is on and below the diagonal.",
            ),
            gives(lambda scores: [_softmax(row) for row in scores], "nothing is hidden."),
            when(
                lambda got, expected: _has_nan(got),
                "a row with nothing left to look at gives NaN: a position may look at itself.",
            ),
        ],
    )


def _has_nan(thing: Any) -> bool:
    if isinstance(thing, (list, tuple)):
        return any(_has_nan(part) for part in thing)
    return isinstance(thing, float) and math.isnan(thing)


def attention_variant(
    masked: bool = True, scale: Callable[[int], float] = math.sqrt, swapped: bool = False
) -> Callable[[Matrix, Matrix, Matrix], Rows]:
    """Attention of all positions of one head, right or with a known flaw."""

    def attend(q: Matrix, k: Matrix, v: Matrix) -> Rows:
        queries, keys = (k, q) if swapped else (q, k)
        divisor = scale(len(q[0]))
        scores = [[sum(map(_times, a, b)) / divisor for b in keys] for a in queries]
        weights = causal_softmax(scores) if masked else [_softmax(row) for row in scores]
        return [[sum(map(_times, row, column)) for column in zip(*v)] for row in weights]

    return attend


def _times(a: float, b: float) -> float:
    return a * b


attend = attention_variant()
"""The right answer of 11.3."""

Q = [[1.0, 0.0], [0.5, -1.0], [2.0, 1.0]]
K = [[0.0, 1.0], [1.0, 1.0], [-1.0, 0.5]]
V = [[1.0, 2.0], [3.0, -1.0], [0.0, 5.0]]


@exercise("11.3", "All positions at once", difficulty=3, minutes=20, extra=True)
def check_attend(answer: Any) -> None:
    """Check ``attend(q, k, v)`` for one head, q, k, v of shape (n, head_dim)."""
    expect_calls(
        answer,
        attend,
        cases=[(Q[:1], K[:1], V[:1]), (Q[:2], K[:2], V[:2]), (Q, K, V)],
        tolerance=1e-7,
        causes=[
            gives(
                attention_variant(masked=False), "nothing is hidden: add the mask to the scores."
            ),
            gives(
                attention_variant(scale=lambda d: 1.0),
                "the scores are not divided by the square root of head_dim.",
            ),
            gives(
                attention_variant(scale=lambda d: float(d)),
                "you divide by head_dim; the scale is its square root.",
            ),
            gives(
                attention_variant(swapped=True),
                "`k @ q.T` asks with the keys: row t must be the query of position t, `q @ k.T`.",
            ),
            when(
                lambda got, expected: _has_nan(got), "NaN: mask before softmax, and keep t itself."
            ),
            raises(ValueError, "shapes: (n, d) @ (d, n) gives the (n, n) scores; transpose k."),
        ],
    )


def batch_loss(surprise: Matrix, lengths: Sequence[int]) -> float:
    """The mean over the documents of each one's mean over its own positions."""
    return sum(sum(row[:n]) / n for row, n in zip(surprise, lengths)) / len(lengths)


@exercise("11.4", "A mean that leaves out the padding", difficulty=2, minutes=10)
def check_batch_loss(answer: Any) -> None:
    """Check ``batch_loss(surprise, lengths)``."""
    expect_calls(
        answer,
        batch_loss,
        cases=[
            ([[2.0]], [1]),
            ([[1.0, 9.0], [3.0, 5.0]], [1, 2]),
            ([[3.0, 1.0, 7.0], [4.0, 9.0, 9.0]], [2, 1]),
        ],
        causes=[
            gives(
                lambda rows, lengths: sum(map(sum, rows)) / sum(map(len, rows)),
                "the filling counts: use only the first `lengths[b]` numbers of row b.",
            ),
            gives(
                lambda rows, lengths: (
                    sum(sum(row[:n]) for row, n in zip(rows, lengths)) / sum(lengths)
                ),
                "every position counts the same, so a long document counts more; each document "
                "counts the same: take its own mean first.",
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
        ],
    )


def training_days(params: float, tokens: float, flops_per_second: float) -> float:
    """Days of training: 6 operations for each parameter and each token."""
    return 6 * params * tokens / flops_per_second / 86_400


@exercise("11.5", "How many days?", difficulty=1, minutes=5)
def check_training_days(answer: Any) -> None:
    """Check ``training_days(params, tokens, flops_per_second)``."""
    expect_calls(
        answer,
        training_days,
        cases=[(1e6, 1e9, 1e9), (4192, 7110, 1e6), (175e9, 300e9, 1e15)],
        causes=[
            gives(
                lambda p, t, f: 2 * p * t / f / 86_400,
                "2 is the forward pass alone; backward costs twice as much again: 6 in all.",
            ),
            gives(lambda p, t, f: 6 * p * t / f, "those are seconds; a day has 86,400 of them."),
            gives(lambda p, t, f: 6 * p / f / 86_400, "that is one token; multiply by all."),
            gives(lambda p, t, f: 6 * p * t / f / 3600, "those are hours."),
            gives(lambda p, t, f: p * t / f / 86_400, "each parameter costs 6 operations a token."),
        ],
    )
