"""Attention heads and MLPs with one thing wrong, and the sentence that says what. Chapter 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.exercises.assembly import parts as right
from classroom.exercises.assembly.slips import Slip, added


def head_like(
    scale: Callable[[int, int], float] = lambda size, count: size**0.5,
    weigh: Callable[..., Any] = right.softmax,
    of_keys: bool = False,
    since: int = 0,
    until: int | None = None,
) -> Callable[..., Any]:
    """An attention_head with another scale or softmax, of the keys, or of some positions only."""

    def head(q: Any, keys: Any, values: Any) -> Any:
        keys, values = keys[since:until], values[since:until]
        scores = [added(a * b for a, b in zip(q, k)) / scale(len(q), len(keys)) for k in keys]
        weights = weigh(scores)
        columns = zip(*(keys if of_keys else values))
        return [added(w * v for w, v in zip(weights, column)) for column in columns], weights

    return head


def _only_out(q: Any, keys: Any, values: Any) -> Any:
    return head_like()(q, keys, values)[0]


def _best(q: Any, keys: Any, values: Any) -> Any:
    weights = head_like()(q, keys, values)[1]
    return list(values[max(range(len(keys)), key=lambda t: weights[t].data)]), weights


def _rows(q: Any, keys: Any, values: Any) -> Any:
    weights = head_like()(q, keys, values)[1]
    return [[w * v for v in row] for w, row in zip(weights, values)], weights


HEAD: tuple[Slip, ...] = (
    (
        head_like(lambda size, count: 1.0),
        "the scores are not divided by the root of `len(q)`.",
    ),
    (head_like(lambda size, count: float(size)), "you divide by `len(q)`; by its root is meant."),
    (head_like(lambda size, count: size**-0.5), "you multiply by the root of `len(q)`; divide."),
    (
        head_like(lambda size, count: 2.0),
        "the 2 is the root of 4, the head_dim of this course; use `len(q) ** 0.5`.",
    ),
    (head_like(lambda size, count: 4.0), "the 4 is hard-coded; use `len(q) ** 0.5`."),
    (
        head_like(lambda size, count: count**0.5),
        "you divide by the root of the number of keys; the length of the query is meant.",
    ),
    (head_like(weigh=lambda scores: scores), "the scores are the weights in yours: softmax first."),
    (head_like(of_keys=True), "the weights mix the keys; the values are what is fetched."),
    (head_like(until=-1), "the last position is left out: a letter listens to itself, too."),
    (head_like(since=-1), "only the last position is listened to."),
    (head_like(until=1), "only the first position is listened to."),
    (_only_out, "two things are asked for: `return out, weights`."),
    (
        lambda q, keys, values: head_like()(q, keys, values)[::-1],
        "the two results are swapped: `return out, weights`.",
    ),
    (_best, "you take the value of the best key; mix all values by their weights."),
    (_rows, "the weighted values are not added up: one number for each column."),
    (
        lambda q, keys, values: (
            head_like()(q, keys, values)[0],
            head_like(weigh=list)(q, keys, values)[1],
        ),
        "the second result should be the weights, after the softmax; yours are the scores.",
    ),
)


def _after(x: Any, fc1: Any, fc2: Any) -> Any:
    return [y.relu() for y in right.linear(right.linear(x, fc1), fc2)]


def _before(x: Any, fc1: Any, fc2: Any) -> Any:
    return right.linear(right.linear([xi.relu() for xi in x], fc1), fc2)


def mlp(x: Any, fc1: Any, fc2: Any) -> Any:
    """The right one: two layers and a ReLU between them."""
    return right.linear([h.relu() for h in right.linear(x, fc1)], fc2)


MLP: tuple[Slip, ...] = (
    (
        lambda x, fc1, fc2: right.linear(right.linear(x, fc1), fc2),
        "there is no `relu` between the two layers, so they are one.",
    ),
    (_after, "the `relu` comes after both layers; it belongs between them."),
    (_before, "the `relu` comes before both layers; it belongs between them."),
    (lambda x, fc1, fc2: [y.relu() for y in mlp(x, fc1, fc2)], "there is a second `relu`."),
    (
        lambda x, fc1, fc2: [a + b for a, b in zip(mlp(x, fc1, fc2), x)],
        "`x` is added here already; `gpt` adds it.",
    ),
    (lambda x, fc1, fc2: mlp(right.rmsnorm(x), fc1, fc2), "`x` is normed already; no `rmsnorm`."),
    (lambda x, fc1, fc2: mlp(x, fc2, fc1), "the two matrices are swapped: `fc1` first."),
    (lambda x, fc1, fc2: [h.relu() for h in right.linear(x, fc1)], "the second layer is missing."),
    (lambda x, fc1, fc2: right.linear(x, fc1), "only the first layer is there."),
)
