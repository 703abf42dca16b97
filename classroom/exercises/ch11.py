"""Exercises of chapter 11: nodes of a dot product, mask, attention at once, batches, FLOPs."""

from __future__ import annotations

import ast
import importlib
import statistics  # noqa: F401 - for slips
from typing import Any

from classroom.exercises.kit.causes import raises, when
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.solutions import solution
from classroom.exercises.kit.sources import source_of
from classroom.exercises.kit.verdicts import require_function

EACH = "return 2 * n + 1 ->"


@solution(
    "11.1", "A chain or one node", difficulty=1, minutes=5,
    cases=[(1,), (4,), (16,), (3,), (7,), (29,)],
    slips={
        f"{EACH} return 2 * n": "`sum` begins with the number 0, and a number that meets a node becomes a node.",
        f"{EACH} return 2 * n - 1": "`sum` begins with 0: so n additions, not n - 1, and the 0 is a node as well.",
        f"{EACH} return 2 * n + 2": "one too many: n products, n additions, and the 0 that `sum` begins with.",
        f"{EACH} return n + 1": "n products, n additions and the 0 of `sum`: 2 * n + 1. (Of what `count` says, 2n inputs are taken off: are there as many?)",
        f"{EACH} return 3 * n": "the 0 is made once, not for every pair.",
        f"{EACH} return 4 * n + 1": "the 2n numbers that go in were there before: do not count them.",
        f"{EACH} return 4 * n": "those are arrows, two to each node that is made; the nodes are asked for.",
        f"{EACH} return n * n + n + 1": "each pair is multiplied once, not each with each.",
        f"{EACH} return n * n": "each pair is multiplied once, not each with each.",
        f"{EACH} return 1": "that is `dot`; the question is about the chain of `*` and `+`.",
        f"{EACH} return 33": "that is the number for 16 pairs; it depends on n.",
    },
)  # fmt: skip
def nodes_of_dot(n):
    return 2 * n + 1  # n products, n additions, and the 0


class _NumPy:
    """NumPy, imported when something of it is asked for: the other chapters need none."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("numpy"), name)


np: Any = _NumPy()


def _quietly(answer: Any, *case: Any) -> Any:
    """Call an answer without NumPy's warnings: the check says what came out."""
    with np.errstate(all="ignore"):
        return answer(*case)


TRIANGLE, AXIS_SUM = "np.triu(np.full((n, n), -np.inf), 1) ->", "exps.sum(1, keepdims=True) ->"
ROOM = "np.tril(np.ones((n, n)))"
PAST = "the wrong triangle: row t may look at 0 to t, which is on and below the diagonal."
NO_KEEPDIMS = "without `keepdims=True` the sums of the rows are laid beside the columns."


def _hiding(hide: str, scores: str, before: str = "") -> dict[str, str]:
    """Slips of the mask and the softmax that 11.2 and 11.3 have in common, by their lines."""
    skip = f"{hide} ->{before}"
    largest = f"{scores}.max(1, keepdims=True) ->"
    sums = "exps / exps.sum(1, keepdims=True) ->"
    to_zero = hide.replace("= scores + mask", "= np.where(mask < 0, 0.0, scores)")
    return {
        f"{skip}\n{sums} exps / exps.sum(1, keepdims=True) * {ROOM}": "the mask comes after the softmax: the later positions have had their share, so a row no longer adds up to 1.",
        f"{skip}\n{sums} exps / exps.sum(1, keepdims=True) + mask": "-inf is added after the softmax; added to the scores before it, it becomes a 0.",
        f"{skip}\n{sums} exps * {ROOM} / (exps * {ROOM}).sum(1, keepdims=True)": "the largest of a row may be a score that is hidden later; then nothing but zeros is left to scale up. Hide first, then subtract the largest.",
        f"{skip}\n({scores} - {scores}.max(1, keepdims=True)) -> ({scores} - {scores}.max(1, keepdims=True)) + mask": "-inf is added after `exp`; added to the scores before it, it becomes a 0.",
        f"{sums} [row[: t + 1] for t, row in enumerate(exps / exps.sum(1, keepdims=True))]": "the later positions are left out; each row has n numbers, with 0 for these.",
        f"{hide} -> {to_zero}": "a score of 0 still gets a share, since exp(0) is 1: a hidden score must be -inf.",
        **{
            f"{TRIANGLE} np.triu(np.full((n, n), -{low}), 1)": "a finite number is not low enough: a hidden score keeps a share. Use -inf."
            for low in ("1.0", "10.0", "100.0", "1000.0")
        },
        f"{TRIANGLE} np.tril(np.full((n, n), -np.inf), -1)": PAST,
        f"{TRIANGLE} np.tril(np.full((n, n), -np.inf))": PAST,
        skip: "nothing is hidden: what is added to a score of a later position must be -inf.",
        f"{largest} {scores}.max(0, keepdims=True)\n{AXIS_SUM} exps.sum(0, keepdims=True)": "the softmax runs down the columns; each *row* must add up to 1: axis 1.",
        f"- {scores}.max(1, keepdims=True) ->": "a score above 709 is too large for `exp`: hide what is later with -inf, then subtract each row's largest.",
        f"{skip}\nnp.exp({scores} - {scores}.max(1, keepdims=True)) -> np.exp({scores}) * {ROOM}": "a score may be so large that `exp` makes infinity of it, and infinity by infinity, or 0 times infinity, is no number. Hide first, with -inf, and subtract the largest.",
        f"{skip}\n{sums} (lambda w: w / w.sum(1))(exps / exps.sum(1, keepdims=True) * {ROOM})": NO_KEEPDIMS,
        f"{largest} {scores}.max(1)\n{AXIS_SUM} exps.sum(1)": NO_KEEPDIMS,
    }


def _squares(draw: Draw) -> list[tuple[Any, ...]]:
    squares = [[draw.numbers(n) for _ in range(n)] for n in (2, 3, 4, 5)]
    return [(rows,) for rows in squares] + [(np.array(squares[1]),)]


def hidden_behind(scores):
    scores = np.array(scores)
    mask = np.tril(np.ones(scores.shape))  # 1 where a position may look, 0 elsewhere
    seen = np.where(mask > 0, scores, -np.inf)  # the scores, with -inf at all later positions
    exps = np.exp(seen - seen.max(1, keepdims=True))  # exp of each, its row's largest subtracted
    return exps / exps.sum(1, keepdims=True)  # each row divided by its own sum


HIDE = "scores = scores + mask"


@solution(
    "11.2", "Nobody looks ahead", difficulty=2, minutes=10, kind="find the bug",
    run=_quietly, show_as="repaired({0})", roads=[hidden_behind],
    before=lambda answer: require_function(answer, [([[0.5]],)]),
    cases=lambda draw: [
        ([[0.5]],), ([[0.0, 1.0], [1.0, 1.0]],), ([[3, 1, 2], [2, 5, 1], [1, 4, 2]],),
        ([[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0], [0.0, 1.0, -2.0]],), ([[0.0, 800.0], [0.5, 0.0]],),
        ([[0.0, 720.0], [0.5, 0.0]],), ([[1.0, 0.0], [800.0, 799.0]],),
        ([[-600.5, 700.0], [-599.5, -600.25]],), *_squares(draw),
    ],
    slips={
        **_hiding(HIDE, "scores", " pass"),
    },
)  # fmt: skip
def repaired(scores):
    scores = np.array(scores)
    n = len(scores)
    mask = np.triu(np.full((n, n), -np.inf), 1)  # -inf above the diagonal, 0 elsewhere
    scores = scores + mask  # the scores, with -inf at all later positions
    exps = np.exp(scores - scores.max(1, keepdims=True))  # exp of each, its row's largest off it
    return exps / exps.sum(1, keepdims=True)  # each row divided by its own sum


def _heads(draw: Draw) -> list[tuple[Any, ...]]:
    heads = [
        tuple([draw.numbers(size, -2, 2) for _ in range(n)] for _ in range(3))
        for n, size in ((3, 2), (2, 3), (4, 2), (3, 5), (4, 4))
    ]
    return [*heads, tuple(map(np.array, heads[0]))]


def _require_no_loop(answer: Any) -> None:
    source = source_of(answer)
    kinds = (ast.For, ast.While, ast.comprehension)
    loops = source and any(
        isinstance(node, kinds)
        and not isinstance(getattr(node, "iter", None), (ast.Tuple, ast.List))
        for node in ast.walk(source.definition)  # over q, k and v is none over positions
    )
    require(
        not loops,
        "every number is right, but there is a loop over the positions.",
        "NumPy can do without: `q @ k.T` is all scores at once.",
    )


SCALE, MIX, DOTS = "products / head_dim**0.5 ->", "weights @ v ->", "q @ k.T ->"


@solution(
    "11.3", "All positions at once", difficulty=3, minutes=20, extra=True, tolerance=1e-7,
    run=_quietly, show_as="attend({0}, {1}, {2})", then=_require_no_loop,
    before=lambda answer: require_function(answer, [([[0.5]], [[0.5]], [[0.5]])]),
    cases=lambda draw: [
        ([[1.0, 0.0]], [[0.0, 1.0]], [[1.0, 2.0]]),
        ([[400.0, 0.0], [0.0, 1.0]], [[-1.0, 0.5], [2.0, 1.0]], [[1.0, 2.0], [3.0, -1.0]]),
        ([[500.0, 0.5], [0.5, 1.0]], [[-1.25, 0.5], [2.0, 1.0]], [[1.0, 2.0], [3.0, -1.0]]),
        ([[30.0, 0.5], [1.5, 40.0]], [[40.0, 1.0], [-1.0, 35.0]], [[1.0, 2.0], [3.0, -1.0]]),
        ([[30.0, 0.5], [1.5, 2.0]], [[-1.0, 0.25], [40.0, 1.0]], [[1.0, 2.0], [3.0, -1.0]]),
        *_heads(draw),
    ],
    slips={
        **_hiding("masked = scores + mask", "masked", " masked = scores"),
        f"{SCALE} products": "the scores are not divided by the square root of head_dim.",
        f"{SCALE} products / head_dim": "you divide by head_dim; the scale is its square root.",
        f"{SCALE} products / n**0.5": "you divide by the root of the number of positions; head_dim is `q.shape[1]`.",
        f"{DOTS} k @ q.T": "`k @ q.T` asks with the keys: row t must be the query of position t, `q @ k.T`.",
        f"{MIX} weights @ k": "the weights mix the keys; the values are what is mixed.",
        f"{MIX} weights": "these are the weights; they mix the values: `weights @ v`.",
        f"{MIX} (weights @ v, weights)": "the results alone are asked for, without the weights.",
    },
    also=[
        raises(ValueError, "`@` needs (n, d) @ (d, n) for the scores, `q @ k.T`, and (n, n) @ (n, d) for the results.", "matmul"),
    ],
)  # fmt: skip
def attend(q, k, v):
    q, k, v = np.array(q), np.array(k), np.array(v)
    n, head_dim = q.shape
    products = q @ k.T  # each query times each key
    scores = products / head_dim**0.5  # divided by the square root of head_dim
    mask = np.triu(np.full((n, n), -np.inf), 1)
    masked = scores + mask  # the scores, with -inf at all later positions
    exps = np.exp(masked - masked.max(1, keepdims=True))  # exp of each, its row's largest off it
    weights = exps / exps.sum(1, keepdims=True)  # each row divided by its own sum: the weights
    return weights @ v  # the values, mixed by the weights


OWN, ALL, CUT = "sum(row) / len(row) ->", "return sum(means) / len(means) ->", "row[:n] ->"
BY_LENGTH = "sum(row) / len(row) for row in rows -> sum(row) / n for row, n in zip(rows, lengths)"
ITS_PLACE = (
    "the mean of each document's first `lengths[b]` numbers is asked for, not one number of it."
)


def _batches(draw: Draw) -> list[tuple[Any, ...]]:
    """Rows of one length, with fewer real numbers in most of them."""
    shapes = ((3, [2, 3, 1]), (4, [4, 2]), (5, [1, 5, 3, 2]), (4, [3, 1, 2]), (6, [4, 2, 5, 1, 3]))
    return [([draw.numbers(size, 0, 9) for _ in n], n) for size, n in shapes]


@solution(
    "11.4", "A mean that leaves out the padding", difficulty=2, minutes=10,
    cases=lambda draw: [
        ([[2.0]], [1]), ([[1.0, 9.0], [3.0, 5.0]], [1, 2]),
        ([[3.0, 1.0, 7.0], [4.0, 9.0, 9.0]], [2, 1]),
        ([[0.0, 3.0, 8.0], [2.0, 5.0, 9.5], [1.0, 2.5, 0.5]], [2, 1, 3]), *_batches(draw), ([[1.5, 9.0], [1.5, 9.0]], [2, 1]),
    ],
    slips={
        f"{CUT} row": "the padding counts: use only the first `lengths[b]` numbers of row b.",
        f"{CUT} row[-n:]": "the last n numbers are taken; the padding is at the end: `row[:n]`.",
        f"{CUT} row[: n + 1]": "one number too many: `row[:n]` are n already.",
        f"{CUT} row[: n + 1]\n{BY_LENGTH}": "one number too many: `row[:n]` are n already.",
        f"{CUT} row[: min(lengths)]": "every row is cut at the smallest length; each has its own.",
        f"{CUT} row[: lengths[0]]": "every row is cut at the first length; each has its own.",
        "zip(losses, lengths)] -> zip(losses, lengths)]⏎    rows = [[row[i] for row in rows if i < len(row)] for i in range(max(lengths))]": "you take the mean of each position over the documents; a mean of each *document* is asked for.",
        f"{CUT} [row[n - 1]]": ITS_PLACE,
        f"{CUT} [row[0]]": ITS_PLACE,
        f"{ALL} return sum(map(sum, rows)) / sum(lengths)": "every position counts the same, so a long document counts more; each document counts the same, with its own mean.",
        f"{OWN} sum(row) / len(losses[0])": "you divide by the padded length; divide by the document's own.",
        f"{OWN} sum(row)": "each document's sum is to be divided by the document's own length.",
        f"{ALL} return sum(means)": "the sum over the documents; the mean is wanted.",
        f"{ALL} return means": "these are the documents' means; the mean of them is wanted.",
    },
)  # fmt: skip
def batch_loss(losses, lengths):
    rows = [row[:n] for row, n in zip(losses, lengths)]  # each document's real numbers
    means = [sum(row) / len(row) for row in rows]  # each document's own mean
    return sum(means) / len(means)  # the mean of these


SIX, DAY, ALL_OF = "6 * params ->", "seconds / 86_400 ->", "operations / flops_per_second ->"
NOT_ROUNDED = "the days are rounded: a run may take less than one. Use `/`, and leave every digit."
SECONDS = {
    "1": "those are seconds; a day has 86,400 of them.",
    "60": "those are minutes; a day has 86,400 seconds.",
    "3600": "those are hours; a day has 86,400 seconds.",
    "1440": "a day has 1,440 minutes, and the time is in seconds: 86,400.",
    "172_800": "half of the right answer: a multiplication *and* an addition are 2 operations, three times that 6; and a day has 86,400 seconds.",
    "86_400 * 365": "those are years; days are asked for.",
}


@solution(
    "11.5", "How many days?", difficulty=1, minutes=5,
    cases=lambda draw: [
        (1e6, 1e9, 1e9), (4192, 7110, 1e6), (175e9, 300e9, 1e15), (175e9, 300e9, 6e5), (3e9, 7e10, 5e14),
        (124e6, 1e10, 1e14), (draw.whole(3, 99) * 1e6, draw.whole(3, 99) * 1e8, 2e11),
    ],
    slips={
        f"{SIX} params": "each parameter costs 6 operations a token: multiply by 6.",
        f"{SIX} 2 * params": "2 is the forward pass alone; backward costs twice as much again: 6 in all.",
        f"{SIX} 4 * params": "a token costs 2 operations a parameter forward and 4 backward: 6, not 4.",
        **{f"{DAY} seconds / ({k})": words for k, words in SECONDS.items()},
        "6 * params * tokens -> 6 * (params + tokens)": "every token meets every parameter: multiply the two.",
        f"{ALL_OF} flops_per_second / operations": "the division is upside down: operations by operations a second are seconds.",
        f"{DAY} seconds // 86_400": NOT_ROUNDED,
        **{f"{DAY} round(seconds / 86_400{digits})": NOT_ROUNDED for digits in ("", ", 1", ", 2", ", 3")},
    },
    also=[
        when(lambda got, _: isinstance(got, str), "a number is asked for, without a unit: no text."),
    ],
)  # fmt: skip
def training_days(params, tokens, flops_per_second):
    operations = 6 * params * tokens  # 6 operations for each parameter and each token
    seconds = operations / flops_per_second  # the seconds that they take
    return seconds / 86_400  # the days: one has 86,400 seconds
