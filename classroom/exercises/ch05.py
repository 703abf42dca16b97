"""The checks of chapter 05: attention, from counting scores to four heads."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect_calls, gives, raises, require
from classroom.exercises.kit.comparing import name_of
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.favourite_positions import favourite_causes, favourites
from classroom.exercises.shared.flow import code_of, expect_flow, plain
from classroom.exercises.shared.head_causes import head_causes
from classroom.exercises.shared.heads_causes import heads_causes
from classroom.exercises.shared.likenesses import (
    matrix,
    read_sequence,
    vector,
)
from classroom.exercises.shared.norm_causes import norm_causes
from classroom.exercises.shared.score_counts import count_causes, scores_needed
from microgpt import Value, dot, softmax

LIST = "[Value(x) for x in {%d}]"
ROWS = "[[Value(x) for x in row] for row in {%d}]"
"""How a vector and a list of vectors are printed, so that they can be pasted into a cell."""


@exercise("5.1", "How many scores", difficulty=1, minutes=5, kind="predict")
def check_scores_needed(answer: Any) -> None:
    """Check ``scores_needed(name)``."""
    expect_calls(
        answer,
        scores_needed,
        cases=[("",), ("a",), ("ava",), ("olivia",), ("maximiliano",)],
        causes=count_causes(code_of(answer)),
    )


def _transposed(x: Sequence[Value], w: Sequence[Sequence[Value]]) -> list[Value]:
    return [dot(column, x) for column in zip(*w)]


@exercise("5.2", "linear", difficulty=1, minutes=8, own=("linear",))
def check_linear(answer: Any) -> None:
    """Check ``linear(x, w)``: values, then the gradients of both."""
    rng = random.Random(52)
    two, three = vector(rng, 2), vector(rng, 3)
    code = code_of(answer)
    expect_calls(
        answer,
        microgpt.linear,
        cases=[
            (two, matrix(rng, 2, 2)),
            (two, matrix(rng, 3, 2)),
            (three, matrix(rng, 2, 3)),
            (vector(rng, 5), matrix(rng, 1, 5)),
        ],
        show_as=f"{name_of(answer, microgpt.linear)}({LIST % 0}, {ROWS % 1})",
        causes=[
            *_misread(code),
            gives(_transposed, "you multiply by the columns; each *row* of `w` makes one output."),
            gives(lambda x, w: dot(w[0], x), "one number came out; there is one for each row."),
            gives(lambda x, w: [dot(w[0], x)], "only the first row: there is a number for each."),
            gives(lambda x, w: [dot(w[-1], x)], "only the last row is kept: append each number."),
            gives(
                lambda x, w: microgpt.total(microgpt.linear(x, w)),
                "all rows are added up to one number; each row makes a number of its own.",
            ),
            gives(
                lambda x, w: [[wi * xi for wi, xi in zip(row, x)] for row in w],
                "the products are right; each row's products must be added up to one number.",
            ),
            gives(
                lambda x, w: [wi * xi for row in w for wi, xi in zip(row, x)],
                "these are all products; those of one row must be added up to one number.",
            ),
            gives(lambda x, w: [dot(row, x) + 1 for row in w], "nothing is added to a dot product: "
                  "`linear` has no bias here."),
            gives(lambda x, w: [dot(row, x).relu() for row in w], "the numbers below 0 are cut "
                  "off: `relu` belongs to chapter 6."),
            gives(lambda x, w: softmax(microgpt.linear(x, w)), "the dot products are asked for; "
                  "no softmax here."),
            gives(
                lambda x, w: [dot(row, x) for row in w][:-1] or [Value(0.0)],
                "the last row is missing.",
            ),
        ],
    )  # fmt: skip
    x, w = [1.5, -2.0], [[3.0, 4.0], [0.5, -1.0], [2.0, 0.25]]
    expect_flow(f"linear(x, w) with x = {x}, w = {w}", answer, microgpt.linear, (x, w), "xw")


def _misread(code: str) -> list[Cause]:
    """What the source of a `linear` says of an error: a loop over `x`, or `w` taken whole."""
    if re.match(r"def\w+\(w,x\)", code):
        return [
            Cause("the order of the arguments: first the vector, `linear(x, w)`.", lambda _: True)
        ]
    over_x = "forrowinx:" in code or "forrowinx]" in code or "forxiinx]" in code
    if over_x:
        text = "the loop goes over `x`; go over the rows of `w`: each makes one output."
        return [Cause(text, lambda _: True)]
    if "dot(w,x)" in code or "dot(x,w)" in code:
        text = "`dot` takes one row of `w` and `x`, not the whole of `w`."
        return [Cause(text, lambda _: True)]
    if code and "dot(" not in code:
        return []
    return [
        raises(AttributeError, "`dot` takes two lists of Values: one row of `w`, and `x`.", "data"),
        raises(TypeError, "`dot` takes two whole lists, not single Values.", "Value"),
    ]


@exercise("5.3", "rmsnorm", difficulty=2, minutes=15, own=("rmsnorm",))
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
            (vector(rng, 5),),
        ],
        show_as=f"{name_of(answer, microgpt.rmsnorm)}({LIST % 0})",
        causes=norm_causes(code_of(answer)),
    )
    x = [1.0, 2.0, -0.5]
    expect_flow(f"rmsnorm(x) with x = {x}", answer, microgpt.rmsnorm, (x,), ("x",), [
        gives(_slopes_of_a_constant_scale(x), "the scale is made of x, too: compute it from the "
              "nodes, not from `.data`."),
    ])  # fmt: skip


def _slopes_of_a_constant_scale(x: list[float]) -> list[float]:
    scale = float((sum(xi**2 for xi in x) / len(x) + 1e-5) ** -0.5)
    return [scale * place for place in range(1, len(x) + 1)]


@exercise("5.4", "One head", difficulty=3, minutes=20, own=("attention_head", "attention"))
def check_attention_head(answer: Any) -> None:
    """Check ``attention_head(q, keys, values)``: both results, what it changes, gradients."""
    rng = random.Random(54)
    sizes = ((1, 2, 3), (2, 3, 2), (3, 4, 2), (4, 3, 5), (5, 9, 4))  # positions, key's, value's
    cases = [
        (vector(rng, size), matrix(rng, positions, size), matrix(rng, positions, width))
        for positions, size, width in sizes
    ]
    expect_calls(
        answer,
        microgpt.attention_head,
        cases,
        show_as=f"{name_of(answer, microgpt.attention_head)}({LIST % 0}, {ROWS % 1}, {ROWS % 2})",
        causes=head_causes(code_of(answer)),
    )
    case = tuple(map(plain, cases[1]))
    text = "attention_head(q, keys, values) with q = {}, keys = {}, values = {}".format(*case)
    expect_flow(text, answer, microgpt.attention_head, case, ("q", "keys", "values"))


@exercise("5.5", "Four heads, one wrong line", difficulty=2, minutes=12, kind="find the bug",
          own=("attention",))  # fmt: skip
def check_attention(answer: Any) -> None:
    """Check a mended ``attention`` on sequences of one to three positions, 2 heads of 3."""
    require(callable(answer), 'pass the mended function itself: check("5.5", attention).')
    rng = random.Random(55)
    weights = [matrix(rng, 6, 6) for _ in range(4)]
    cases = [(matrix(rng, positions, 6), weights, 2) for positions in (1, 2, 3)]
    expect_calls(
        lambda *case: read_sequence(answer, *case),
        lambda *case: read_sequence(microgpt.attention, *case),
        cases,
        show_as="attention with {2} heads for each of the positions {0}, the output",
        may_change=True,
        causes=heads_causes(answer),
    )


@exercise("5.6", "Who looks at whom", difficulty=2, minutes=10, kind="experiment", extra=True)
def check_favourites(answer: Any) -> None:
    """Check ``favourites(name, head)``."""
    expect_calls(
        answer,
        favourites,
        cases=[("ava", 1), ("ava", 0), ("olivia", 1), ("olivia", 0), ("liam", 2), ("", 3)],
        causes=favourite_causes(),
    )
