"""The checks of chapter 05: attention, from counting scores to four heads."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import microgpt
from classroom.exercises.kit.checking import (
    expect,
    expect_calls,
    gives,
    gradients,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.likenesses import (
    attention_like,
    head_like,
    head_slopes,
    layernorm,
    matrix,
    others,
    read_sequence,
    rows_not_added,
    scaled,
    smallest,
    vector,
    weights_of_head,
    winner_takes_all,
    without_wo,
)
from microgpt import Value, dot

CUT = "the graph is cut: work with the nodes, not with their `.data`."


def scores_needed(name: str) -> int:
    """Scores that one head computes while it reads the mark and a name."""
    positions = len(name) + 1
    return positions * (positions + 1) // 2


@exercise("5.1", "How many scores", difficulty=1, minutes=5, kind="predict")
def check_scores_needed(answer: Any) -> None:
    """Check ``scores_needed(name)``."""
    expect_calls(
        answer,
        scores_needed,
        cases=[("",), ("a",), ("ava",), ("olivia",), ("maximiliano",)],
        causes=[
            gives(
                lambda name: (len(name) + 1) ** 2,
                "you let each position look at all positions, the later ones too.",
            ),
            gives(
                lambda name: len(name) * (len(name) + 1) // 2,
                "the mark BOS is a position, too, and each position looks at itself, too.",
            ),
            gives(
                lambda name: (len(name) + 2) * (len(name) + 3) // 2,
                "the second mark is only a target; the model never reads it.",
            ),
            gives(lambda name: len(name) + 1, "each position asks *every* position so far."),
        ],
    )


def _transposed(x: Sequence[Value], w: Sequence[Sequence[Value]]) -> list[Value]:
    return [dot(column, x) for column in zip(*w)]


@exercise("5.2", "linear", difficulty=1, minutes=8)
def check_linear(answer: Any) -> None:
    """Check ``linear(x, w)``: values, then gradients."""
    rng = random.Random(52)
    two, three = vector(rng, 2), vector(rng, 3)
    expect_calls(
        answer,
        microgpt.linear,
        cases=[
            (two, matrix(rng, 2, 2)),
            (two, matrix(rng, 3, 2)),
            (three, matrix(rng, 2, 3)),
        ],
        causes=[
            gives(_transposed, "you multiply by the columns; each *row* of `w` makes one output."),
            gives(
                lambda x, w: dot(w[0], x), "one number came out; there is one for each row of `w`."
            ),
            gives(
                lambda x, w: [[wi * xi for wi, xi in zip(row, x)] for row in w],
                "the products are right; each row's products must be added up to one number.",
            ),
            raises(AttributeError, "`dot` takes one row of `w` and `x`, not the whole of `w`."),
            raises(TypeError, "first the vector, then the matrix: `linear(x, w)`.", "len()"),
        ],
    )
    row = [[Value(3.0), Value(4.0)]]
    expect(
        "the gradients of x after linear(x, [[3, 4]])[0].backward()",
        lambda: gradients(lambda a, b: answer([a, b], row)[0], [1.0, 2.0], Value),
        [3.0, 4.0],
        causes=[gives([0, 0], CUT), raises(AttributeError, CUT, "backward")],
    )


@exercise("5.3", "rmsnorm", difficulty=2, minutes=15)
def check_rmsnorm(answer: Any) -> None:
    """Check ``rmsnorm(x)``: values, the vector of zeros, gradients."""
    rng = random.Random(53)
    expect_calls(
        answer,
        microgpt.rmsnorm,
        cases=[
            ([Value(3.0), Value(4.0)],),
            ([Value(0.0), Value(0.0)],),
            ([Value(0.01), Value(-0.02), Value(0.03)],),
            (vector(rng, 4),),
        ],
        causes=[
            gives(
                lambda x: scaled(x, lambda ms: (ms * len(x) + 1e-5) ** -0.5),
                "you divide by the root of the *sum* of squares; the mean is needed.",
            ),
            gives(
                lambda x: scaled(x, lambda ms: (ms + 1e-5) ** -1),
                "you divide by the mean square itself; its square root is needed (`** -0.5`).",
            ),
            gives(
                lambda x: scaled(x, lambda ms: (ms + 1e-5) ** 0.5),
                "you multiply by the root instead of dividing (`** -0.5`, not `** 0.5`).",
            ),
            gives(
                lambda x: scaled(x, lambda ms: 1 / (ms**0.5 + 1e-5)),
                "the 1e-5 belongs under the root: add it before you take the root.",
            ),
            gives(
                lambda x: [xi / (sum(x, Value(0)) / len(x)) for xi in x],
                "you divide by the mean; square the numbers first, take the root at last.",
            ),
            raises(TypeError, "`math` takes plain numbers; use `** 0.5` on a node.", "real number"),
            gives(layernorm, "you take the mean off first: that is LayerNorm."),
            gives(
                lambda x: scaled(x, lambda ms: ms**-0.5),
                "the 1e-5 under the root is missing: small vectors show it.",
            ),
            raises(ZeroDivisionError, "a vector of zeros must not divide by zero: add 1e-5."),
        ],
    )
    _expect_rmsnorm_slopes(answer)


def _expect_rmsnorm_slopes(answer: Any) -> None:
    """Expect that backward finds its way through the scale, too."""
    x = [1.0, 2.0]
    expect(
        "the gradients of x after rmsnorm([x0, x1])[0].backward() at [1, 2]",
        lambda: gradients(lambda *leaves: answer(list(leaves))[0], x, Value),
        gradients(lambda *leaves: microgpt.rmsnorm(list(leaves))[0], x, Value),
        causes=[
            gives([0, 0], CUT),
            raises(AttributeError, CUT, "backward"),
            when(
                lambda got, expected: got[1] == 0,
                "the scale, too, hangs on x: compute it from the nodes, not from `.data`.",
            ),
        ],
    )


@exercise("5.4", "One head", difficulty=3, minutes=20)
def check_attention_head(answer: Any) -> None:
    """Check ``attention_head(q, keys, values)``."""
    rng = random.Random(54)
    cases = [
        (vector(rng, size), matrix(rng, positions, size), matrix(rng, positions, size))
        for positions, size in ((1, 4), (2, 4), (3, 4), (5, 4), (3, 2), (2, 9))
    ]
    expect_calls(
        answer,
        microgpt.attention_head,
        cases,
        show_as="attention_head(q, keys, values) with keys {1}",
        causes=[
            gives(head_like(scale=lambda n: 1.0), "the scores are not divided by sqrt(head_dim)."),
            gives(
                head_like(scale=lambda n: float(n)),
                "you divide by head_dim; its square root is needed.",
            ),
            gives(
                head_like(scale=lambda n: 2.0), "2 is the root of 4 only; `len(q) ** 0.5` fits any."
            ),
            gives(head_like(soft=False), "the scores have not been through `softmax`."),
            gives(head_like(of_keys=True), "you add up the keys; the *values* carry the answer."),
            gives(
                lambda q, keys, values: microgpt.attention_head(q, keys, values)[0],
                "the output is right; return the weights with it: `return head_out, attn_weights`.",
            ),
            gives(
                lambda q, keys, values: microgpt.attention_head(q, keys, values)[::-1],
                "the right parts in the wrong order: first the output, then the weights.",
            ),
            gives(winner_takes_all, "the best key's value alone came out; mix all of the values."),
            gives(rows_not_added, "the weighted values must be added up, number by number."),
            raises(ValueError, "number j of the output mixes number j of all values: a *column*."),
            when(
                lambda got, right: abs(sum(got[1]) - 1) > 1e-6,
                "the weights do not add up to 1: divide the scores, then take the softmax.",
            ),
        ],
    )
    q, keys, values = cases[1]
    for name, at in (("q", q), ("keys[0]", keys[0]), ("values[0]", values[0])):
        expect(
            f"the gradients of {name} after head_out[0].backward()",
            lambda at=at: head_slopes(answer, (q, keys, values), at),
            head_slopes(microgpt.attention_head, (q, keys, values), at),
            causes=[gives([0, 0, 0, 0], CUT), raises(AttributeError, CUT)],
        )


def _heads(start: Callable[[int, int], int], whole: bool = False) -> Callable[..., Any]:
    """Outputs for a sequence of an `attention` whose slices begin elsewhere."""
    wrong = attention_like(start, whole=whole)
    return lambda *case: read_sequence(wrong, *case)


@exercise("5.5", "Four heads, one wrong line", difficulty=2, minutes=12, kind="find the bug")
def check_attention(answer: Any) -> None:
    """Check a mended ``attention`` on sequences of one to three positions."""
    require(callable(answer), 'pass the mended function itself: check("5.5", attention).')
    rng = random.Random(55)
    weights = [matrix(rng, 4, 4) for _ in range(4)]
    cases = [(matrix(rng, positions, 4), weights, 2) for positions in (1, 2, 3)]
    expect_calls(
        lambda *case: read_sequence(answer, *case),
        lambda *case: read_sequence(microgpt.attention, *case),
        cases,
        show_as="attention with {2} heads for each of the positions {0}, the output",
        may_change=True,
        causes=[
            gives(
                _heads(lambda head, size: head),
                "head h still begins at number h: the slices overlap, most numbers are never used.",
            ),
            gives(_heads(lambda head, size: 0), "every head works on the same slice, the first."),
            gives(
                _heads(lambda head, size: head * size, whole=True),
                "each head scores the whole query and key; it owns a slice of them only.",
            ),
            raises(
                ZeroDivisionError,
                "a head's slice is empty: write the slices down for 2 heads of 2 numbers each.",
            ),
            raises(
                ValueError,
                "the present key and value come into the cache too late: a position sees itself.",
                "no logits at all",
            ),
            raises(
                ValueError,
                "each head owns head_dim = len(q) // n_head numbers, side by side; "
                "together the heads give as many numbers as `x` has.",
            ),
            gives(
                lambda *case: read_sequence(without_wo, *case),
                "the last step is missing: `attn_wo` blends the heads.",
            ),
        ],
    )


def favourites(name: str, head: int) -> list[int]:
    """For each position of a name, the position that a head of the shipped model looks at most."""
    return [max(range(len(row)), key=row.__getitem__) for row in weights_of_head(name, head)]


def _largest(name: str, head: int) -> list[float]:
    return [max(row) for row in weights_of_head(name, head)]


@exercise("5.6", "Who looks at whom", difficulty=2, minutes=10, kind="experiment", extra=True)
def check_favourites(answer: Any) -> None:
    """Check ``favourites(name, head)``."""
    expect_calls(
        answer,
        favourites,
        cases=[("ava", 1), ("olivia", 1), ("olivia", 0), ("liam", 2), ("", 3)],
        causes=[
            gives(lambda name, head: favourites(name, 0), "you look at head 0 whatever `head` is."),
            gives(lambda name, head: favourites(name, 1), "you look at head 1 whatever `head` is."),
            when(
                lambda got, _: all(isinstance(at, str) for at in got),
                "the letters came out; the positions are asked for.",
            ),
            gives(
                lambda name, head: [at - 1 for at in favourites(name, head)],
                "the mark is position 0, so the first letter is position 1.",
            ),
            gives(smallest, "the position of the *smallest* weight came out."),
            gives(others, "a position may look at itself, too: leave it in."),
            gives(_largest, "the largest weights came out; where they *stand* is asked."),
            gives(
                lambda name, head: favourites(name, head)[1:],
                "the mark's own position is missing: it can look only at itself, at 0.",
            ),
        ],
    )
