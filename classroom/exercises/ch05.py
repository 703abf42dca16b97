"""Exercises of chapter 05: attention, from a dictionary set by hand to four heads."""

from __future__ import annotations

import itertools
import math  # noqa: F401 - for slips
import random
from types import SimpleNamespace
from typing import Any

import microgpt
from classroom.exercises.judges.flow import expect_cache, flows
from classroom.exercises.kit.causes import gives, raises, when
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.comparing import is_number, plain
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.solutions import Case, solution
from classroom.exercises.kit.state import remark
from microgpt import Value, dot, softmax
from microgpt.inference import float_softmax

trained, config, tokenizer = microgpt.load()
untrained = microgpt.init_params(config, random.Random(42))

LIST, ROWS = "[Value(x) for x in {%d}]", "[[Value(x) for x in row] for row in {%d}]"


TASKS = {"oliv": 3, "olivia": 6, "ashlynn": 1}
"""Three names, and the place of the last vowel of each."""


@exercise("5.1", "Fetch the last vowel", difficulty=1, minutes=6, kind="experiment")
def check_fetching(query: Any, vowel: Any, consonant: Any) -> None:
    """Check the numbers of a soft dictionary: each last vowel weighs at least 0.9."""
    query, vowel, consonant = plain([query, vowel, consonant])
    pair = query if isinstance(query, list) else []
    require(
        len(pair) == 2 and all(map(is_number, [*pair, vowel, consonant])),
        f"query is {query!r}, vowel {vowel!r}, consonant {consonant!r}.",
        "`query` is a list of two numbers; `vowel` and `consonant` are one number each.",
    )
    for name, place in TASKS.items():
        keys = [(vowel if c in "aeiou" else consonant, at) for at, c in enumerate(name, 1)]
        scores = [pair[0] * kind + pair[1] * at for kind, at in keys]
        weights = float_softmax(scores)
        best = weights.index(max(weights)) + 1
        require(
            weights[place - 1] >= 0.9,
            f"{name}: the {name[place - 1]} at place {place} weighs {weights[place - 1]:.2f}. The "
            f"largest score, {max(scores):g}, has the {name[best - 1]} at place {best}.",
            why_not_fetched(pair, vowel, consonant, best == place)
            or why_too_little(name, place, scores),
        )


def why_too_little(name: str, place: int, scores: list[float]) -> str:
    """Which lead is too small: the last vowel's over another kind, or over an earlier place."""
    others = [at for at in range(1, len(name) + 1) if at != place]
    next_best = max(others, key=lambda at: scores[at - 1])
    letter, lead = name[next_best - 1], scores[place - 1] - scores[next_best - 1]
    more = "a later place must count more" if letter in "aeiou" else "the kinds must differ more"
    return f"its lead over the {letter} at place {next_best} is {lead:g}, too little: {more}."


def why_not_fetched(query: list[float], vowel: float, consonant: float, wins: bool) -> str:
    """What the four numbers do instead of fetching the last vowel: true whatever they are."""
    for_kind, for_place = query[0] * (vowel - consonant), query[1]
    if for_kind == for_place == 0:
        return "all scores are equal: that is the mean. Ask for a kind and for a place."
    if for_place == 0:
        return "no place is asked for, so letters of one kind count the same: set `query[1]`."
    if for_place < 0:
        return "early places win: `query[1]` is below 0."
    if for_kind <= 0:
        return (
            "a vowel scores no more for its kind than the others: its first number, times "
            "`query[0]`, must be the larger one."
        )
    if wins:
        return ""
    return (
        f"a vowel scores {for_kind:g} more for its kind, a consonant {for_place:g} more for each "
        "place that it is later. Make the kinds differ more; numbers below 0 are allowed."
    )


def linear_case(draw: Draw, rows: int, columns: int) -> Case:
    """A vector, and a matrix of that many rows."""
    return draw.vector(columns), draw.matrix(rows, columns)


def require_flow_and_dot(answer: Any) -> None:
    """Gradients reach all; who has made a chain of nodes in place of each `dot` is told so."""
    case = ([1.3, -0.7], [[0.4, 0.0], [0.0, -1.6], [2.5, 0.9]])
    flows(microgpt.linear, case, ("x", "w"), "linear(x, w) with x = {0}, w = {1}")(answer)
    made = answer([Value(1.3), Value(-0.7)], [[Value(0.4), Value(2.5)]])[0]
    if len(getattr(made, "_children", "dot's")) < 4:
        remark("`dot` was asked for: it makes one node of each row, yours a chain of them.")


@solution(
    "5.2", "linear", difficulty=1, minutes=8, own=("linear",),
    cases=lambda draw: [
        linear_case(draw, *size) for size in ((2, 2), (3, 2), (2, 3), (1, 5), (3, 1), (3, 3))
    ],
    show_as=f"linear({LIST % 0}, {ROWS % 1})",
    slips={
        "[dot(row, x) for row in w] -> microgpt.total([dot(row, x) for row in w])": "all rows are added up to one number; each row makes a number of its own.",
        "dot(row, x) -> [wi * xi for wi, xi in zip(row, x)]": "the products are right; each row's products must be added up to one number.",
        "dot(row, x) -> dot(row, x).relu()": "the numbers below 0 are cut off: `relu` belongs to chapter 6.",
        "dot(row, x) for row in w -> dot(w[i], x) for i in range(len(x))": "the loop counts the numbers of `x`; go over the rows of `w`, each makes one output.",
    },
    then=require_flow_and_dot,
)  # fmt: skip
def linear(x, w):
    return [dot(row, x) for row in w]  # the dot product of each row of w with x


def smaller_query(q, keys, values):  # noqa: D103
    smaller = [qi / len(q) ** 0.5 for qi in q]  # the query divided by the root of len(q)
    scaled = [dot(smaller, k) for k in keys]  # its dot product with each key
    weights = softmax(scaled)  # their softmax, the weights
    out = [dot(weights, column) for column in zip(*values)]  # the values, mixed by the weights
    return out, weights


def head_case(draw: Draw, positions: int, size: int, width: int) -> Case:
    """A query, and as many keys and values as there are positions."""
    q = draw.vector(size, -1.7, 1.7)
    return q, draw.matrix(positions, size, -1.7, 1.7), draw.matrix(positions, width)


DIVIDED_BY = (
    "the scores are divided by {}; the root of how many numbers the query has, `len(q)`, is needed."
)


@solution(
    "5.3", "One head", difficulty=3, minutes=20, own=("attention_head",
    "attention"), roads=[smaller_query],
    cases=lambda draw: [
        head_case(draw, *sizes)
        for sizes in ((1, 2, 3), (2, 3, 2), (3, 4, 2), (4, 3, 5), (3, 3, 3), (5, 9, 4))
    ],
    show_as=f"attention_head({LIST % 0}, {ROWS % 1}, {ROWS % 2})",
    slips={
        "s / len(q) ** 0.5 -> s": "the scores are not divided by the root of `len(q)`.",
        "s / len(q) ** 0.5 -> s / len(q)": "you divide by `len(q)`; its square root is needed.",
        "s / len(q) ** 0.5 -> s / 2": "2 is the root of 4 only; `len(q) ** 0.5` fits any.",
        "s / len(q) ** 0.5 -> s / len(keys) ** 0.5": DIVIDED_BY.format("the root of `len(keys)`, the number of keys"),
        "s / len(q) ** 0.5 -> s / len(values[0]) ** 0.5": DIVIDED_BY.format("the root of `len(values[0])`, how many numbers a value has"),
        "softmax(scaled) -> [w / len(q) ** 0.5 for w in softmax(scores)]": "the weights are divided after the softmax; divide the scores, before.",
        "zip(*values) -> zip(*keys)": "you add up the keys; the *values* carry the answer.",
        "= [dot(attn_weights, column) for column in zip(*values)] -> = values[max(range(len(keys)), key=lambda t: scores[t].data)]": "the best key's value alone came out; mix all of the values.",
    },
    then=flows(
        microgpt.attention_head, head_case(Draw("flow"), 2, 3, 2), ("q", "keys", "values"),
        "attention_head(q, keys, values) with q = {0}, keys = {1}, values = {2}",
    ),
)  # fmt: skip
def attention_head(q, keys, values):
    scores = [dot(q, k) for k in keys]  # the query's dot product with each key
    scaled = [s / len(q) ** 0.5 for s in scores]  # each divided by the root of len(q)
    attn_weights = softmax(scaled)  # their softmax, the weights
    head_out = [dot(attn_weights, column) for column in zip(*values)]  # the values, mixed
    return head_out, attn_weights


def divided_by_the_root(x):  # noqa: D103
    square_sum = sum(xi * xi for xi in x)  # the sum of the squares
    mean_square = square_sum / len(x)  # their mean
    inside = mean_square + 1e-5  # 1e-5 added to it
    root = inside**0.5  # its root
    return [xi / root for xi in x]  # each number divided by that


def _slopes_of_a_constant_scale(x: list[float]) -> list[float]:
    scale = float((sum(xi**2 for xi in x) / len(x) + 1e-5) ** -0.5)
    return [scale * place for place in range(1, len(x) + 1)]


X = [1.0, 2.0, -0.5]


@solution(
    "5.4", "rmsnorm", difficulty=2, minutes=15, own=("rmsnorm",), roads=[divided_by_the_root],
    cases=lambda draw: [
        ([Value(3.0), Value(4.0)],), ([Value(0.0), Value(0.0)],),
        ([Value(0.01), Value(-0.02), Value(0.03)],), *((draw.vector(n),) for n in (1, 3, 5)),
    ],
    show_as=f"rmsnorm({LIST % 0})",
    slips={
        "square_sum / len(x) -> square_sum": "you divide by the root of the *sum* of squares; the mean is needed.",
        "inside**-0.5 -> inside**-1": "you divide by the mean square itself; its square root is needed.",
        "scale = inside**-0.5 -> scale = 1 / (mean_square**0.5 + 1e-5)": "the 1e-5 belongs under the root: add it before you take the root.",
        "mean_square + 1e-5 -> mean_square": "the 1e-5 under the root is missing: small vectors show it.",
        "square_sum / len(x) -> square_sum / 16": "16 is one length of a vector; `len(x)` fits any.",
        "square_sum / len(x) -> (sum(x) / len(x)) ** 2": "that is the square of the mean; the mean of the squares is needed.",
        "square_sum = -> x = [xi - sum(x) / len(x) for xi in x]⏎    square_sum =": "you take the mean off first: that is LayerNorm.",
    },
    also=[
        raises(TypeError, "`math` takes plain numbers; use `** 0.5` on a node.", "must be real number"),
    ],
    then=flows(
        microgpt.rmsnorm, (X,), ("x",), "rmsnorm(x) with x = {0}",
        [gives(_slopes_of_a_constant_scale(X), "the scale is made of x, too: compute it from the nodes, not from `.data`.")],
    ),
)  # fmt: skip
def rmsnorm(x):
    square_sum = dot(x, x)  # the sum of the squares
    mean_square = square_sum / len(x)  # their mean
    inside = mean_square + 1e-5  # 1e-5 added to it
    scale = inside**-0.5  # one over the root of that
    return [xi * scale for xi in x]  # each number times that


def attention_case(draw: Draw, before: int, n_head: int, size: int) -> Case:
    """The arguments of an `attention` that has met some positions before."""
    n = n_head * size
    past = [draw.matrix(before, n) for _ in ("keys", "values")]
    return (draw.vector(n), *past, *(draw.matrix(n, n, -1.7, 1.7) for _ in "qkvo"), n_head)


MIXED = (
    "the matrices are mixed up: `wq` makes the query, `wk` the keys, `wv` the values, `wo` blends."
)
EMPTY = (
    "the slice of a head is empty: each begins at `head * head_dim` and ends at `(head + 1) * "
    "head_dim`, for head 0, 1, ..."
)

FLOW = attention_case(Draw("flow"), 1, 2, 2)


def require_cache_and_flow(answer: Any) -> None:
    """The cache grows by one, and gradients reach all that an attention is made from."""
    expect_cache(answer, microgpt.attention, FLOW, at=1)
    names = ("x", "keys", "values", "wq", "wk", "wv", "wo")
    flows(microgpt.attention, FLOW, names, "attention with 2 heads of 2 numbers, x = {0}")(answer)


@solution(
    "5.5", "Four heads, one wrong line", difficulty=2, minutes=12, kind="find the bug", extra=True,
    own=("attention",), may_change=True,
    cases=lambda draw: [
        attention_case(draw, *sizes)
        for sizes in ((0, 2, 3), (1, 2, 3), (2, 2, 3), (2, 3, 2), (1, 1, 3))
    ],
    show_as="attention with n_head = {7} for x = {0}, after keys = {1} and values = {2},",
    slips={
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head, head + head_dim)": "head h still begins at number h: the slices overlap, and some numbers are never used.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head * head_dim, head + head_dim)": "the beginnings are right, but head h ends at `h + head_dim`: it ends at `(head + 1) * head_dim`, in parentheses.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head * head_dim, (head + 1) * head_dim - 1)": "each head is one number short: the end of a slice is not in it, `(head + 1) * head_dim`.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head, None, n_head)": "a head's numbers are side by side; yours takes every n_head-th.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head, None, head_dim)": "a head has `head_dim` numbers, side by side.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice(head * n_head, (head + 1) * n_head)": "head `head` begins at `head * head_dim`, where `head_dim` is `len(q) // n_head`; and not at a multiple of `n_head`.",
        "slice(head * head_dim, (head + 1) * head_dim) -> slice((head + 1) * head_dim, (head + 2) * head_dim)": EMPTY,
        "[v[part] for v in values] -> values": "each head mixes whole values; it owns a slice of query, keys and values only.",
        """[k[part] for k in keys] -> [k[head : head + head_dim] for k in keys]
        [v[part] for v in values] -> [v[head : head + head_dim] for v in values]""": "the query's slices are right; those of the keys and values still begin at number h.",
        "x_attn += head_out -> x_attn = head_out": "only as many numbers as one head has reach `wo`: put the outputs of all heads one behind the other, `x_attn += head_out`, and `return` behind the loop.",
        "in range(n_head): -> in range(0, len(q), head_dim):": EMPTY,
        "return microgpt.linear(x_attn, wo) -> return x_attn": "the last step is missing: `wo` blends the heads.",
        **{f"q = microgpt -> {one}, {other} = {other}, {one}⏎    q = microgpt": MIXED for one, other in itertools.combinations(("wq", "wk", "wv", "wo"), 2)},
    },
    also=[
        raises(AttributeError, "a list is where a Value should be: `append` puts a list into the list, `+=` puts its numbers there.", "'list' object has no attribute 'data'"),
    ],
    then=require_cache_and_flow,
)  # fmt: skip
def attention(x, keys, values, wq, wk, wv, wo, n_head):
    q = microgpt.linear(x, wq)  # the query: x through wq
    keys.append(microgpt.linear(x, wk))  # the new key, x through wk, in the cache
    values.append(microgpt.linear(x, wv))  # the new value, x through wv, in the cache
    head_dim = len(q) // n_head
    x_attn = []
    for head in range(n_head):
        part = slice(head * head_dim, (head + 1) * head_dim)
        head_out, _ = microgpt.attention_head(
            q[part],  # each head's own part of the query
            [k[part] for k in keys],  # its part of every key
            [v[part] for v in values],  # its part of every value
        )
        x_attn += head_out  # the heads' outputs, one behind the other
    return microgpt.linear(x_attn, wo)  # these through wo


def trace(name: str, weights: Any, config: Any, tokenizer: Any) -> Any:
    """Of what the notebook's `trace` finds, the attention weights: all that 5.6 asks for."""
    keys: list[Any] = []
    heads: list[Any] = [[] for _ in range(config.n_head)]
    for pos_id, token_id in enumerate([tokenizer.BOS, *tokenizer.encode(name)]):
        pair = zip(weights["wte"][token_id], weights["wpe"][pos_id])
        x = microgpt.rmsnorm(microgpt.rmsnorm([t + p for t, p in pair]))
        q = microgpt.linear(x, weights["layer0.attn_wq"])
        keys.append(microgpt.linear(x, weights["layer0.attn_wk"]))
        for head, rows in enumerate(heads):
            part = slice(head * config.head_dim, (head + 1) * config.head_dim)
            held = [k[part] for k in keys]
            rows.append([w.data for w in microgpt.attention_head(q[part], held, held)[1]])
    return SimpleNamespace(layers=[SimpleNamespace(attn_weights=heads)])


@solution(
    "5.6", "Who looks at whom", difficulty=2, minutes=10, kind="experiment", extra=True,
    cases=[("ava", 1), ("ava", 0), ("olivia", 1), ("olivia", 0), ("olivia", 2), ("liam", 2), (
    "", 3), ("ashlynn", 3)],
    slips={
        "attn_weights[head] -> attn_weights[1]": "you look at head 1 whatever `head` is.",
        "trace(name, trained, -> trace(name, untrained,": "these are the untrained model's; the shipped one is `trained`.",
        "row.index(max(row)) -> max(row)": "the largest weights came out; where they *are* is asked.",
        "row.index(max(row)) -> row.index(max(row)) - 1": "`BOS` is position 0, so the first letter is position 1.",
        "row.index(max(row)) -> row.index(max(map(max, rows)))": "the largest weight of *all* rows is looked for in each row; every row has a largest of its own.",
        "[row.index(max(row)) for row in rows] -> [[row[t] for row in rows[t:]].index(max(row[t] for row in rows[t:])) + t for t in range(len(rows))]": "each *row* belongs to the position that asks; you go by columns.",
        "[row.index(max(row)) for row in rows] -> [rows[0].index(max(rows[0]))]": "the position of `BOS` alone came out; there is one for each row. (`return` behind the loop; and `zip(*rows)` ends with the shortest row.)",
        "for row in rows] -> for row in rows][1:]": "the position of `BOS` is missing: it can look only at itself, at 0.",
    },
    also=[
        when(lambda got, _: isinstance(got, list) and got and all(isinstance(at, str) for at in got), "the letters came out; the positions are asked for."),
        when(lambda got, _: isinstance(got, int), "one position came out; there is a favourite for each position that asks."),
    ],
)  # fmt: skip
def favourites(name, head):
    found = trace(name, trained, config, tokenizer)
    rows = found.layers[0].attn_weights[head]  # the rows of weights of this head
    return [row.index(max(row)) for row in rows]  # where each row has its largest
