"""Chapter 05: other right ways pass, and what no slip of its tables says is told as well."""

import math

import pytest

import microgpt
from classroom.exercises import evaluate
from classroom.lab.tracing import trace
from microgpt import Value, dot, softmax


def linear_in_sums(x, w):
    return tuple(sum(wi * xi for wi, xi in zip(row, x)) for row in w)


def rmsnorm_by_exp(x):
    mean_square = sum(xi**2 for xi in x) * (1 / len(x))
    scale = ((mean_square + 10**-5).log() * -0.5).exp()
    return tuple(xi * scale for xi in x)


def head_in_loops(q, keys, values):
    weights = softmax([dot(key, q) * len(key) ** -0.5 for key in keys])
    out = [Value(0.0)] * len(values[0])
    for weight, value in zip(weights, values):
        out = [o + weight * v for o, v in zip(out, value)]
    return [out, weights]


def attention_with(gather, after=microgpt.linear):
    """An `attention` that gathers its heads' outputs in a way of its own."""

    def attention(x, keys, values, wq, wk, wv, wo, n_head):
        q = microgpt.linear(x, wq)
        keys.append(microgpt.linear(x, wk))
        values.append(microgpt.linear(x, wv))
        size = len(q) // n_head
        out = []
        for begin in range(0, len(q), size):
            part = range(begin, begin + size)
            cache = [[[k[i] for i in part] for k in held] for held in (keys, values)]
            out.extend(gather(microgpt.attention_head([q[i] for i in part], *cache)[0]))
        return after(out, wo)

    return attention


def favourites_by_key(name, head):
    rows = trace(name, *microgpt.load()).layers[0].attn_weights[head]
    return tuple(max(range(len(row)), key=lambda t: row[t]) for row in rows)


RIGHT = [
    ("5.2", linear_in_sums),
    ("5.2", lambda x, w: list(map(lambda row: dot(x, row), w))),
    ("5.4", rmsnorm_by_exp),
    ("5.4", lambda x: [xi / (dot(x, x) / len(x) + 1e-5) ** 0.5 for xi in x]),
    ("5.3", head_in_loops),
    ("5.5", attention_with(list)),
    ("5.6", favourites_by_key),
]


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_other_right_ways_pass(key, answer):
    assert evaluate(key, answer).status == "right"


def on_data(function):
    """The same numbers as new leaves."""

    def cut(x, *rest):
        return [Value(each.data) for each in function(x, *rest)]

    return cut


def constant_scale(x):
    mean_square = sum(xi.data**2 for xi in x) / len(x)
    return [xi * (mean_square + 1e-5) ** -0.5 for xi in x]


def old_keys_first(x, keys, values, *rest):
    out = microgpt.attention(x, keys, values, *rest)
    keys.insert(0, keys.pop())
    values.insert(0, values.pop())
    return out


def soft_get_scores(q, keys, values):
    return head_in_loops(softmax([Value(float(qi)) for qi in q]), keys, values)


def weighted_lists(q, keys, values):
    weights = softmax([dot(q, key) for key in keys])
    return [weight * value for weight, value in zip(weights, values)], weights


def generated(q, keys, values):
    out, weights = head_in_loops(q, keys, values)
    return (each for each in out), weights


WRONG = [
    ("5.2", lambda x, w: [microgpt.linear(x, [row])[0] for row in w], "done by `linear`"),
    ("5.2", on_data(linear_in_sums), "the graph is cut"),
    ("5.2", lambda x, w: [y.data for y in linear_in_sums(x, w)], "compute with the Values"),
    ("5.2", lambda x, w: linear_in_sums(x, [[Value(a.data) for a in r] for r in w]), "reaches w"),
    ("5.4", on_data(rmsnorm_by_exp), "the graph is cut"),
    ("5.4", constant_scale, "the scale is made of x, too"),
    ("5.4", lambda x: [xi / math.sqrt(dot(x, x)) for xi in x], "plain numbers"),
    ("5.4", lambda x: [xi * (dot(x, x) / len(x)) ^ 2 for xi in x], "no power in Python"),
    ("5.3", lambda q, *rest: head_in_loops([Value(a.data) for a in q], *rest), "reaches q"),
    ("5.3", lambda *given: microgpt.attention_head(*given), "done by `attention_head`"),
    ("5.3", soft_get_scores, "is a Value already"),
    ("5.3", weighted_lists, "a whole list meet"),
    ("5.3", generated, "the output is a generator"),
    ("5.5", attention_with(lambda out: [Value(h.data) for h in out]), "no gradient reaches x"),
    ("5.5", attention_with(list, after=lambda out, wo: out), "`wo` blends"),
    ("5.5", attention_with(lambda out: [out]), "`append` puts a list"),
    ("5.5", old_keys_first, "the new vector comes to its end"),
    ("5.5", microgpt.attention, "asks for yours"),
    ("5.6", lambda name, head: ["BOS", *name], "the positions are asked for"),
    ("5.6", lambda name, head: 1, "for each position that asks"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_what_no_edit_describes_is_told_why(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong" and cause in result.told, result
