"""Causal softmax and attention of all positions with one thing wrong: for chapter 11's checks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

Matrix = Sequence[Sequence[float]]
Rows = list[list[float]]
Softmax = Callable[[Matrix], Rows]


def softmax_row(row: Sequence[float]) -> list[float]:
    """Softmax of one row; NaN where nothing but -inf is left."""
    largest = max(row)
    if largest == -math.inf:
        return [math.nan] * len(row)
    exps = [math.exp(score - largest) for score in row]
    return [e / sum(exps) for e in exps]


def hidden(scores: Matrix, value: float = -math.inf, shift: int = 0, past: bool = False) -> Rows:
    """The scores with a number added to all that a position may not see."""
    return [
        [x + value if (s < t if past else s > t + shift) else x for s, x in enumerate(row)]
        for t, row in enumerate(scores)
    ]


def causal_softmax(scores: Matrix) -> Rows:
    """Softmax of each row t over the positions 0 to t; 0 on the later ones."""
    return [softmax_row(row) for row in hidden(scores)]


def whole(scores: Matrix) -> Rows:
    """Nothing hidden."""
    return [softmax_row(row) for row in scores]


def with_hidden(**how: Any) -> Softmax:
    """A softmax over scores that are hidden in another way."""
    return lambda scores: [softmax_row(row) for row in hidden(scores, **how)]


def masked_afterwards(scores: Matrix) -> Rows:
    """Softmax over everything, then zeros: what the stub of 11.2 shows."""
    return [[w * (s <= t) for s, w in enumerate(r)] for t, r in enumerate(whole(scores))]


def hidden_afterwards(scores: Matrix) -> Rows:
    """Softmax over everything, then the mask of -inf added."""
    return hidden(whole(scores))


def scaled_again(scores: Matrix) -> Rows:
    """Softmax, zeros, and each row divided by its sum: the hidden scores chose the largest."""
    rows = []
    for t, row in enumerate(scores):
        exps = [math.exp(x - max(row)) * (s <= t) for s, x in enumerate(row)]
        rows.append([e / sum(exps) if sum(exps) else math.nan for e in exps])
    return rows


def without_largest(scores: Matrix) -> Rows:
    """The same without subtracting anything: where exp overflows, NaN."""
    rows = []
    for t, row in enumerate(scores):
        exps = [math.exp(x) if x < 709 else math.inf for x in row]
        cut = [e * (s <= t) for s, e in enumerate(exps)]
        rows.append([e / sum(cut) if sum(cut) else math.nan for e in cut])
    return rows


def masked_to_zero(scores: Matrix) -> Rows:
    """The scores themselves set to 0, and e to the 0 is 1."""
    return [
        softmax_row([x if s <= t else 0.0 for s, x in enumerate(row)])
        for t, row in enumerate(scores)
    ]


def by_columns(scores: Matrix) -> Rows:
    """The softmax taken down the columns."""
    columns = [softmax_row(list(column)) for column in zip(*hidden(scores))]
    return [list(row) for row in zip(*columns)]


def without_keepdims(scores: Matrix) -> Rows:
    """Each column divided by the sum of the row of that number."""
    rows = hidden(scores)
    exps = [[math.exp(x - max(row)) for x in row] for row in rows]
    return [[e / sum(exps[s]) for s, e in enumerate(row)] for row in exps]


def unscaled(scores: Matrix) -> Rows:
    """Exponentials that are not divided by their sum."""
    return [[math.exp(x - max(row)) for x in row] for row in hidden(scores)]


def uniform(scores: Matrix) -> Rows:
    """Every position that may be seen counts the same."""
    count = len(scores)
    return [[(s <= t) / (t + 1) for s in range(count)] for t in range(count)]


def rounded(digits: int) -> Softmax:
    """The right weights, rounded."""
    return lambda scores: [[round(w, digits) for w in row] for row in causal_softmax(scores)]


ROWS: tuple[tuple[Softmax, str], ...] = (
    (
        masked_afterwards,
        "the mask comes after the softmax: the later positions have had their share, so a row no "
        "longer adds up to 1.",
    ),
    (
        hidden_afterwards,
        "-inf is added after the softmax; added to the scores before it, it becomes a 0.",
    ),
    (
        scaled_again,
        "the largest of a row may be a score that is hidden later; then nothing but zeros is left "
        "to scale up. Hide first, then subtract the largest.",
    ),
    (
        without_largest,
        "a hidden score may be so large that `exp` makes infinity of it, and 0 times infinity is "
        "no number. Hide first, with -inf, and subtract the largest.",
    ),
    (
        masked_to_zero,
        "a score of 0 still gets a share, since exp(0) is 1: a hidden score must be -inf.",
    ),
    *(
        (
            with_hidden(value=value),
            "a finite number is not low enough: a hidden score keeps a share. Use -inf.",
        )
        for value in (-1.0, -10.0, -100.0)
    ),
    (
        with_hidden(past=True),
        "the wrong triangle: row t may look at 0 to t, which is on and below the diagonal.",
    ),
    (
        with_hidden(shift=-1),
        "a row with nothing left to look at gives NaN: a position may look at itself.",
    ),
    (with_hidden(shift=1), "each row sees one position too many: hide from t + 1 on."),
    (whole, "nothing is hidden: add the mask to the scores."),
    (by_columns, "the softmax runs down the columns; each *row* must add up to 1: axis 1."),
    (
        without_keepdims,
        "without `keepdims=True` the sums of the rows are laid beside the columns.",
    ),
    (unscaled, "the exponentials are not divided by their sum."),
    (hidden, "these are the masked scores; the softmax is missing."),
    (uniform, "the scores are not used: all that may be seen counts the same in yours."),
    *(
        (rounded(digits), "the weights are rounded; leave them as they are.")
        for digits in (2, 3, 4)
    ),
)
"""Ways to hide the future that are wrong, and the sentence that says why."""


def attention_variant(
    weigh: Softmax = causal_softmax,
    scale: Callable[[int, int], float] = lambda size, count: size**0.5,
    swapped: bool = False,
    turned: bool = False,
    of_keys: bool = False,
) -> Callable[[Matrix, Matrix, Matrix], Rows]:
    """Attention of all positions of one head, right or with a known flaw."""

    def attend(q: Matrix, k: Matrix, v: Matrix) -> Rows:
        queries, keys = (k, q) if swapped else (q, k)
        divisor = scale(len(q[0]), len(q))
        scores = [[sum(map(_times, a, b)) / divisor for b in keys] for a in queries]
        weights = weigh(scores)
        if turned:
            weights = [list(column) for column in zip(*weights)]
        return [
            [sum(map(_times, row, column)) for column in zip(*(k if of_keys else v))]
            for row in weights
        ]

    return attend


def weights_only(q: Matrix, k: Matrix, v: Matrix) -> Rows:
    """What the values are to be mixed by, not the mixture."""
    scores = [[sum(map(_times, a, b)) / len(a) ** 0.5 for b in k] for a in q]
    return causal_softmax(scores)


def _times(a: float, b: float) -> float:
    return a * b


ATTENTION: tuple[tuple[Callable[..., Any], str], ...] = (
    *(
        (attention_variant(weigh=weigh), words)
        for weigh, words in ROWS
        if weigh is not without_largest
    ),
    (
        attention_variant(scale=lambda size, count: 1.0),
        "the scores are not divided by the square root of head_dim.",
    ),
    (
        attention_variant(scale=lambda size, count: float(size)),
        "you divide by head_dim; the scale is its square root.",
    ),
    (
        attention_variant(scale=lambda size, count: count**0.5),
        "you divide by the root of the number of positions; head_dim is `q.shape[1]`.",
    ),
    (
        attention_variant(scale=lambda size, count: size**-0.5),
        "you multiply by the square root of head_dim; divide by it.",
    ),
    (
        attention_variant(swapped=True),
        "`k @ q.T` asks with the keys: row t must be the query of position t, `q @ k.T`.",
    ),
    (
        attention_variant(turned=True),
        "the weights are turned round: row t of them mixes the values for position t.",
    ),
    (attention_variant(of_keys=True), "the weights mix the keys; the values are what is mixed."),
    (weights_only, "these are the weights; they mix the values: `weights @ v`."),
    (lambda q, k, v: v, "these are the values as they came; the weights must mix them."),
)
"""Attention of all positions that is wrong, and the sentence that says why."""
