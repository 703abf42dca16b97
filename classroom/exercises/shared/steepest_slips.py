"""The steepest weight of a name, and what is plausibly taken for it: for exercise 6.6."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import gives, when


def steepest(name: str) -> tuple[str, int, int]:
    """Matrix, row and column of the weight that the loss of a name depends on most."""
    return max(_all_slopes(name), key=lambda found: abs(found[0]))[1]


Found = tuple[float, tuple[str, int, int]]


@cache
def _all_slopes(name: str, weights: str = "trained", marks: bool = True) -> list[Found]:
    """The gradient of every weight by a name's loss, with its place."""
    return [(slope, place) for slope, _, place in _everything(name, weights, marks)]


@cache
def _everything(name: str, weights: str, marks: bool) -> list[tuple[float, float, Any]]:
    state_dict, config, tokenizer = microgpt.load()
    if weights == "fresh":
        state_dict = microgpt.init_params(config, random.Random(42))
    ids = tokenizer.document_ids(name) if marks else tokenizer.encode(name)
    microgpt.document_loss(ids, state_dict, config).backward()
    return [
        (param.grad, param.data, (key, i, j))
        for key, rows in state_dict.items()
        for i, row in enumerate(rows)
        for j, param in enumerate(row)
    ]


def _best(name: str, size: Callable[[float, float], float], *how: Any) -> tuple[str, int, int]:
    """The place where a size, of gradient and weight, is largest."""
    return max(_everything(name, *(how or ("trained", True))), key=lambda f: size(f[0], f[1]))[2]


def _in_matrix(name: str, key: str) -> tuple[str, int, int]:
    """The steepest weight of one matrix."""
    return max((f for f in _all_slopes(name) if f[1][0] == key), key=lambda f: abs(f[0]))[1]


_SLIPS: list[tuple[Any, str]] = [
    (
        lambda name: max(_all_slopes(name))[1],
        "the largest gradient with its sign; a large negative one counts as much: `abs`.",
    ),
    (
        lambda name: min(_all_slopes(name))[1],
        "the most negative gradient; a large positive one counts as much: `abs`.",
    ),
    (
        lambda name: _best(name, lambda g, d: -abs(g)),
        "that is the flattest of all; the steepest is asked for: `max`.",
    ),
    (
        lambda name: _best(name, lambda g, d: abs(g * d)),
        "gradient times weight; the gradient alone says it.",
    ),
    (
        lambda name: _best(name, lambda g, d: abs(d)),
        "that is the largest *weight*: compare `grad`, not `data`.",
    ),
    (
        lambda name: _best(name, lambda g, d: d),
        "that is the largest *weight*: compare `grad`, not `data`.",
    ),
    (
        lambda name: _best(name, lambda g, d: abs(g), "trained", False),
        "the marks at both ends are missing: `document_ids`, not `encode`.",
    ),
    (
        lambda name: _best(name, lambda g, d: abs(g), "fresh", True),
        "those are untrained weights: load the shipped ones with `microgpt.load()`.",
    ),
    (lambda name: steepest("emma"), "that is the answer for `emma`, whatever the name is."),
    (
        lambda name: ("wte", 26, 15),
        "that is the last of `wte`: are the gradients 0? `backward()` fills them in.",
    ),
    (
        lambda name: ("wte", 0, 0),
        "that is the first of all: are the gradients 0? `backward()` fills them in.",
    ),
    (lambda name: (steepest(name)[0], *steepest(name)[:0:-1]), "row and column are swapped."),
    (
        lambda name: (*steepest(name)[1:], steepest(name)[0]),
        "the matrix comes first, then row and column.",
    ),
    (
        lambda name: (steepest(name)[0], [*steepest(name)[1:]]),
        "three parts: matrix, row, column, without brackets inside.",
    ),
    (
        lambda name: (steepest(name)[0], *(n + 1 for n in steepest(name)[1:])),
        "rows and columns count from 0.",
    ),
]

_SHAPES = [
    when(
        lambda got, right: got in (right[0], right[1:]),
        "all three are asked for: matrix, row and column.",
    ),
    when(
        lambda got, right: isinstance(got, float),
        "the gradient came out; where it *stands* is asked: matrix, row, column.",
    ),
    when(
        lambda got, right: len(got) == 4 and got[1:] == right,
        "the gradient itself is not asked for: only matrix, row and column.",
    ),
    when(lambda got, right: isinstance(got, str), "a tuple of three is asked for, not a text."),
]


def steepest_causes(answer: Any) -> list[Cause]:
    """What the check of exercise 6.6 can name, for this answer."""
    found = [gives(wrong, text) for wrong, text in _SLIPS]
    for key in microgpt.load()[0]:
        only = (
            f"that is the steepest of `{key}` alone: look through *all* matrices, and set the "
            "best so far once, before the loops."
        )
        found.append(gives(lambda name, key=key: _in_matrix(name, key), only))
    inside = (
        "load the weights inside the function: in old ones the gradients of other names pile up."
    )
    names = getattr(getattr(answer, "__code__", None), "co_names", ("load",))
    return [
        *found,
        *_SHAPES,
        when(lambda got, right: "load" not in names and len(got) == 3, inside),
    ]
