"""What goes wrong in an `attention_head`, and what it gives: the causes of exercise 5.4."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause, gives, raises, when
from classroom.exercises.shared.likenesses import head_like, rows_not_added, winner_takes_all
from microgpt import Value, dot, softmax


def head_causes(code: str) -> list[Cause]:
    """Causes for a wrong `attention_head`, given its source without blanks."""
    return [*_other_scores(), *_other_weights(), *_other_results(), *_head_errors(code)]


def weighing(weights: Callable[[Any], Any]) -> Callable[..., Any]:
    """A head that makes its weights of the scores in another way."""

    def head(q: Any, keys: Any, values: Any) -> Any:
        found = weights([dot(q, key) / len(q) ** 0.5 for key in keys])
        return [dot(found, column) for column in zip(*values)], found

    return head


def _other_scores() -> list[Cause]:
    scaled_by = "the scores are divided by {}; the root of the query's length is needed."
    return [
        gives(head_like(scale=lambda n: 1.0), "the scores are not divided by sqrt(head_dim)."),
        gives(head_like(scale=float), "you divide by head_dim; its square root is needed."),
        gives(head_like(scale=lambda n: n**-0.5), "the scores are multiplied by the root; divide."),
        gives(head_like(scale=lambda n: n * 2.0), "`** 1/2` is `(** 1) / 2`: write `** 0.5`."),
        gives(head_like(scale=lambda n: n / 2), "`** 1/2` is `(** 1) / 2`: write `** 0.5`."),
        gives(head_like(scale=lambda n: n**2), "you divide by the square; the root is needed."),
        gives(head_like(scale=lambda n: 2.0), "2 is the root of 4 only; `len(q) ** 0.5` fits any."),
        gives(head_like(scale=lambda n: 4.0), scaled_by.format("4, or by the root of 16")),
        gives(_scaled_by(lambda q, k, v: len(k) ** 0.5),
              scaled_by.format("the root of `len(keys)`, the number of keys")),
        gives(_scaled_by(lambda q, k, v: len(v[0]) ** 0.5),
              scaled_by.format("the root of a *value's* length")),
        gives(head_like(scale=lambda n: -(n**0.5)), "the sign: a key that fits has a large score."),
    ]  # fmt: skip


def _other_weights() -> list[Cause]:
    return [
        gives(weighing(lambda scores: softmax(softmax(scores))), "softmax once: the second one "
              "makes all weights nearly equal."),
        gives(lambda q, k, v: (v[-1], microgpt.attention_head(q, k, v)[1]), "only the last value "
              "came out; mix all of them with the weights."),
        gives(_over_their_number, "the weights add up to 1 already: nothing is divided by the "
              "number of values."),
        gives(head_like(soft=False), "the scores have not been through `softmax`."),
        gives(weighing(lambda scores: [w / len(scores) ** 0.5 for w in softmax(scores)]),
              "the weights are divided after the softmax; divide the scores, before."),
        gives(weighing(lambda scores: [Value(1.0) for _ in scores]),
              "softmax takes all scores at once; of a single one it is always 1."),
        gives(weighing(lambda scores: [Value(1 / len(scores)) for _ in scores]),
              "all weights are equal: that is the mean, the scores do not count."),
    ]  # fmt: skip


def _other_results() -> list[Cause]:
    right = microgpt.attention_head
    return [
        gives(head_like(of_keys=True), "you add up the keys; the *values* carry the answer."),
        gives(lambda q, k, v: (right(q, k, v)[0], [dot(q, key) / len(q) ** 0.5 for key in k]),
              "the output is right; beside it belong the weights, not the scores."),
        gives(lambda q, k, v: right(q, k, v)[0],
              "the output is right; return the weights with it: `return head_out, attn_weights`."),
        gives(lambda q, k, v: right(q, k, v)[1],
              "the weights are right; the output comes first: `return head_out, attn_weights`."),
        gives(lambda q, k, v: right(q, k, v)[::-1],
              "the right parts in the wrong order: first the output, then the weights."),
        gives(lambda q, k, v: [x for part in right(q, k, v) for x in part],
              "output and weights are in one list; return two."),
        gives(winner_takes_all, "the best key's value alone came out; mix all of the values."),
        gives(rows_not_added, "the weighted values must be added up, number by number."),
        gives(lambda q, k, v: (_one_after_the_other(q, k, v), right(q, k, v)[1]),
              "the weighted values are put one after the other; add them up, number by number."),
        gives(lambda q, k, v: (microgpt.total(right(q, k, v)[0]), right(q, k, v)[1]),
              "the output is as long as a value; all its numbers are added up to one."),
        gives(lambda q, k, v: (right(q, k, v)[0][: len(q)], right(q, k, v)[1]),
              "the output is as long as a *value*, which need not be the query's length: "
              "`zip(*values)` makes its columns."),
        when(lambda got, right: len(got) == 2 and abs(sum(got[1]) - 1) > 1e-6,
             "the weights do not add up to 1: take the softmax of all scores, and change nothing "
             "after it."),
    ]  # fmt: skip


def _scaled_by(root: Callable[..., float]) -> Callable[..., Any]:
    def head(q: Any, keys: Any, values: Any) -> Any:
        weights = softmax([dot(q, key) / root(q, keys, values) for key in keys])
        return [dot(weights, column) for column in zip(*values)], weights

    return head


def _over_their_number(q: Any, keys: Any, values: Any) -> Any:
    out, weights = microgpt.attention_head(q, keys, values)
    return [each / len(values) for each in out], weights


def _one_after_the_other(q: Any, keys: Any, values: Any) -> Any:
    weights = microgpt.attention_head(q, keys, values)[1]
    return [w * v for w, row in zip(weights, values) for v in row]


def _head_errors(code: str) -> list[Cause]:
    """Causes of errors that the source tells."""
    column = (
        "number j of the output mixes number j of all values: a *column*, as `zip(*values)` "
        "makes them."
    )
    cache = "is the cache of whoever calls: a head only reads it."
    whole = "the slices are cut before the call: `q` is the head's own, use all of it."
    told: list[tuple[str, str]] = [
        ("zip(*keys)", "a score is the dot product with one whole key: go over `keys`, not over "
                       "its columns."),
        ("keys[:-1]", "the last key is left out; a position sees itself, too."),
        ("values[:-1]", "the last value is left out; a position sees itself, too."),
        ("keys.append(", f"`keys` {cache}"),
        ("values.append(", f"`values` {cache}"),
        ("q[4:8]", whole),
        ("[part]", whole),
        ("dot(q,keys)", "`dot` takes the query and *one* key; make a score for each of them."),
        ("math.exp", "`math` takes plain numbers; `softmax` does it for Values."),
    ]  # fmt: skip
    certain = [Cause(text, lambda _: True) for part, text in told if part in code]
    if re.search(r"dot\(q,(\w+)\)[^\[\]]*for\1invalues", code):
        certain.append(Cause("the scores come from the *keys*, not the values.", lambda _: True))
    over_rows = re.search(r"for(\w+)invalues[\]:]", code)
    if over_rows and f",{over_rows[1]})" in code:
        certain.append(raises(ValueError, column))
    return certain
