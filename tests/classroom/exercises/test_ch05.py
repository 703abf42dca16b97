import math
import random

import pytest

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.ch05 import favourites, scores_needed
from classroom.exercises.shared.likenesses import attention_like
from classroom.viz.tracing import trace
from microgpt import Value, dot, softmax


def my_linear(x, w):
    return [dot(row, x) for row in w]


def my_linear_written_out(x, w):
    return [microgpt.total([wi * xi for wi, xi in zip(row, x)]) for row in w]


def my_rmsnorm(x):
    mean_square = sum(xi * xi for xi in x) / len(x)
    return [xi / (mean_square + 1e-5) ** 0.5 for xi in x]


def my_head(q, keys, values):
    weights = softmax([dot(q, key) / len(q) ** 0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values)], weights


def my_head_in_loops(q, keys, values):
    weights = softmax([dot(key, q) * len(key) ** -0.5 for key in keys])
    out = [Value(0.0)] * len(values[0])
    for weight, value in zip(weights, values):
        out = [o + weight * v for o, v in zip(out, value)]
    return tuple(out), weights


RIGHT = [
    ("5.1", scores_needed),
    ("5.1", lambda name: sum(range(1, len(name) + 2))),
    ("5.1", lambda name: (len(name) + 1) * (len(name) + 2) / 2),
    ("5.2", my_linear),
    ("5.2", my_linear_written_out),
    ("5.3", my_rmsnorm),
    ("5.4", my_head),
    ("5.4", my_head_in_loops),
    ("5.6", favourites),
]


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_the_right_answer(key, answer):
    result = evaluate(key, answer)
    assert result.status == "right", result


def data(x):
    return [xi.data for xi in x]


def linear_on_data(x, w):
    return [Value(sum(wi.data * xi.data for wi, xi in zip(row, x))) for row in w]


def rmsnorm_with_a_constant_scale(x):
    mean_square = sum(xi.data**2 for xi in x) / len(x)
    return [xi * (mean_square + 1e-5) ** -0.5 for xi in x]


def rmsnorm_without_root(x):
    mean_square = dot(x, x) / len(x) + 1e-5
    return [xi / mean_square for xi in x]


def rmsnorm_of_the_sum(x):
    return [xi * (dot(x, x) + 1e-5) ** -0.5 for xi in x]


def rmsnorm_without_epsilon(x):
    return [xi * (dot(x, x) / len(x)) ** -0.5 for xi in x]


def rmsnorm_less_the_mean(x):
    mean = sum(x[1:], x[0]) / len(x)
    return my_rmsnorm([xi - mean for xi in x])


def head(divide, soft=softmax, keys_for_values=False, out_only=False):
    def attention_head(q, keys, values):
        weights = soft([dot(q, key) / divide(len(q)) for key in keys])
        out = [dot(weights, column) for column in zip(*(keys if keys_for_values else values))]
        return out if out_only else (out, weights)

    return attention_head


def softmax_on_data(scores):
    return [Value(w.data) for w in softmax(scores)]


def softmax_then_divide(scores):
    return [w / 2 for w in softmax(scores)]


def head_by_rows(q, keys, values):
    weights = my_head(q, keys, values)[1]
    return [dot(weights, row) for row in values], weights


def head_of_the_winner(q, keys, values):
    weights = my_head(q, keys, values)[1]
    best = data(weights).index(max(data(weights)))
    return values[best], weights


def head_with_a_table(q, keys, values):
    weights = my_head(q, keys, values)[1]
    return [[w * v for v in row] for w, row in zip(weights, values)], weights


def rmsnorm_with_epsilon_outside(x):
    return [xi / ((dot(x, x) / len(x)) ** 0.5 + 1e-5) if any(data(x)) else xi for xi in x]


def side_by_side(head, size):
    return slice(head * size, (head + 1) * size)


def attention_with(part_of, blend=microgpt.linear):
    def attention(x, keys, values, wq, wk, wv, wo, n_head):
        q = microgpt.linear(x, wq)
        keys.append(microgpt.linear(x, wk))
        values.append(microgpt.linear(x, wv))
        x_attn = []
        for head in range(n_head):
            part = part_of(head, len(q) // n_head)
            cache = [k[part] for k in keys], [v[part] for v in values]
            x_attn += microgpt.attention_head(q[part], *cache)[0]
        return blend(x_attn, wo)

    return attention


def favourites_of_others(name, head):
    rows = [row[:-1] or row for row in weights_of(name, head)]
    return [row.index(max(row)) for row in rows]


def weights_of(name, which):
    return trace(name, *microgpt.load()).layers[0].attn_weights[which]


def linear_with_swapped_arguments(w, x):
    return my_linear(x, w)


def linear_over_x(x, w):
    return [dot(row, w) for row in x]


def linear_with_plain_weights(x, w):
    return [microgpt.total([xi * wi.data for wi, xi in zip(row, x)]) for row in w]


def borrowed_linear(x, w):
    return microgpt.linear(x, w)


def borrowed_head(q, keys, values):
    return microgpt.attention_head(q, keys, values)


def head_as_long_as_the_query(q, keys, values):
    weights = my_head(q, keys, values)[1]
    out = [sum(w * v[j] for w, v in zip(weights, values)) for j in range(len(q))]
    return out, weights


def head_by_the_values_length(q, keys, values):
    weights = softmax([dot(q, key) / len(values[0]) ** 0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values)], weights


def head_with_plain_weights(q, keys, values):
    out, weights = my_head(q, keys, values)
    return out, [weight.data for weight in weights]


def head_that_fills_the_cache(q, keys, values):
    keys.append(q)
    return my_head(q, keys, values)


def head_without_the_last(q, keys, values):
    weights = softmax([dot(q, key) / len(q) ** 0.5 for key in keys[:-1]])
    return [dot(weights, column) for column in zip(*values[:-1])], weights


def half_mended(x, keys, values, wq, wk, wv, wo, n_head):
    q = microgpt.linear(x, wq)
    keys.append(microgpt.linear(x, wk))
    values.append(microgpt.linear(x, wv))
    head_dim = len(q) // n_head
    x_attn = []
    for head in range(n_head):
        part = slice(head * head_dim, head + head_dim)
        cache = [k[part] for k in keys], [v[part] for v in values]
        x_attn += microgpt.attention_head(q[part], *cache)[0]
    return microgpt.linear(x_attn, wo)


def by_the_number_of_heads(x, keys, values, wq, wk, wv, wo, n_head):
    q = microgpt.linear(x, wq)
    keys.append(microgpt.linear(x, wk))
    values.append(microgpt.linear(x, wv))
    x_attn = []
    for head in range(n_head):
        part = slice(head * n_head, (head + 1) * n_head)
        cache = [k[part] for k in keys], [v[part] for v in values]
        x_attn += microgpt.attention_head(q[part], *cache)[0]
    return microgpt.linear(x_attn, wo)


def overwritten(x, keys, values, wq, wk, wv, wo, n_head):
    q = microgpt.linear(x, wq)
    keys.append(microgpt.linear(x, wk))
    values.append(microgpt.linear(x, wv))
    head_dim = len(q) // n_head
    x_attn = []
    for head in range(n_head):
        part = slice(head * head_dim, (head + 1) * head_dim)
        cache = [k[part] for k in keys], [v[part] for v in values]
        head_out, _ = microgpt.attention_head(q[part], *cache)
        x_attn = head_out
    return microgpt.linear(x_attn, wo)


def with_matrices_mixed_up(x, keys, values, wq, wk, wv, wo, n_head):
    return attention_with(side_by_side)(x, keys, values, wq, wv, wk, wo, n_head)


def scores_of_ten(name):
    return 10


def scores_without_parentheses(name):
    n = len(name) + 1
    return n * n + 1 // 2


def favourites_untrained(name, head):
    _, config, tokenizer = microgpt.load()
    untrained = microgpt.init_params(config, random.Random(42))
    rows = trace(name, untrained, config, tokenizer).layers[0].attn_weights[head]
    return [row.index(max(row)) for row in rows]


def favourites_without_head(name, head):
    heads = trace(name, *microgpt.load()).layers[0].attn_weights
    return [row.index(max(row)) for row in heads]


WRONG = [
    ("5.1", scores_of_ten, "does not look at `name`"),
    ("5.1", scores_without_parentheses, "binds more tightly"),
    ("5.1", lambda name: 4 * scores_needed(name), "not all four"),
    ("5.1", lambda name: scores_needed("".join(set(name))), "`set` loses one"),
    ("5.1", lambda name: scores_needed(name) if name else 0, "the empty name"),
    ("5.1", lambda name: (len(name) + 1) // 2 * (len(name) + 2), "multiply before"),
    ("5.2", linear_over_x, "the loop goes over `x`"),
    ("5.2", linear_with_plain_weights, "no gradient reaches w"),
    ("5.2", borrowed_linear, "the work is done by `linear`"),
    ("5.2", lambda x, w: [y.relu() for y in my_linear(x, w)], "chapter 6"),
    ("5.2", lambda x, w: [y + 1 for y in my_linear(x, w)], "no bias"),
    ("5.3", lambda x: [xi * (dot(x, x) / 16 + 1e-5) ** -0.5 for xi in x], "16 is one length"),
    ("5.3", lambda x: [xi * (dot(x, x) / len(x) + 1e-5) ** -1 / 2 for xi in x], "`** -0.5`"),
    ("5.3", lambda x: [xi * ((dot(x, x) + 1e-5) / len(x)) ** -0.5 for xi in x], "to the sum"),
    ("5.3", lambda x: [xi * (dot(x, x) / len(x) + 1e-8) ** -0.5 for xi in x], "not 1e-8"),
    ("5.4", borrowed_head, "the work is done by `attention_head`"),
    ("5.4", head_as_long_as_the_query, "need not be the query's"),
    ("5.4", head_by_the_values_length, "a *value's* length"),
    ("5.4", head_with_plain_weights, "compute with the Values"),
    ("5.4", head_that_fills_the_cache, "cache of whoever calls"),
    ("5.4", head_without_the_last, "sees itself"),
    ("5.4", head(lambda n: n**-0.5), "multiplied by the root"),
    ("5.4", head(lambda n: n * 2.0), "`** 0.5`"),
    ("5.4", head(lambda n: n**0.5, soft=lambda s: [w for x in s for w in softmax([x])]), "at once"),
    ("5.6", favourites_untrained, "the shipped one"),
    ("5.6", favourites_without_head, "take `[head]` first"),
    ("5.6", lambda name, head: [t + 1 for t in favourites(name, head)], "one too large"),
    ("5.1", lambda name: (len(name) + 1) ** 2, "the later ones too"),
    ("5.1", lambda name: len(name) * (len(name) + 1) // 2, "BOS is a position, too"),
    ("5.1", lambda name: (len(name) + 2) * (len(name) + 3) // 2, "only a target"),
    ("5.1", lambda name: len(name) + 1, "*every* position"),
    ("5.2", lambda x, w: [dot(column, x) for column in zip(*w)], "each *row*"),
    ("5.2", lambda x, w: dot(w[0], x), "one number came out"),
    ("5.2", lambda x, w: [[a * b for a, b in zip(row, x)] for row in w], "added up"),
    ("5.2", lambda x, w: dot(w, x), "one row of `w`"),
    ("5.2", linear_on_data, "graph is cut"),
    ("5.3", rmsnorm_of_the_sum, "*sum* of squares"),
    ("5.3", rmsnorm_without_root, "square root is needed"),
    ("5.3", rmsnorm_without_epsilon, "1e-5"),
    ("5.3", rmsnorm_less_the_mean, "LayerNorm"),
    ("5.3", lambda x: [Value(y.data) for y in my_rmsnorm(x)], "graph is cut"),
    ("5.3", rmsnorm_with_a_constant_scale, "the scale is made of x, too"),
    ("5.2", lambda x, w: [y.data for y in my_linear(x, w)], "compute with the Values"),
    ("5.2", linear_with_swapped_arguments, "first the vector"),
    ("5.3", rmsnorm_with_epsilon_outside, "under the root"),
    ("5.3", lambda x: [xi / (sum(x) / len(x)) for xi in x], "divide by the mean"),
    ("5.3", lambda x: [xi / math.sqrt(dot(x, x) / len(x) + 1e-5) for xi in x], "plain numbers"),
    ("5.4", head(lambda n: 2), "2 is the root of 4 only"),
    ("5.4", head(lambda n: n**0.5, soft=softmax_on_data), "no gradient reaches q"),
    ("5.4", head_by_rows, "a *column*"),
    ("5.4", head_of_the_winner, "mix all of the values"),
    ("5.4", head_with_a_table, "added up, number by number"),
    ("5.4", head(lambda n: 1, soft=softmax_then_divide), "change nothing after it"),
    ("5.4", head(lambda n: 1.0), "not divided by sqrt"),
    ("5.4", head(float), "its square root is needed"),
    ("5.4", head(lambda n: n**0.5, soft=list), "`softmax`"),
    ("5.4", head(lambda n: n**0.5, keys_for_values=True), "the *values*"),
    ("5.4", head(lambda n: n**0.5, out_only=True), "return the weights with it"),
    ("5.5", attention_like(lambda head, size: head), "overlap"),
    ("5.5", attention_like(lambda head, size: 0), "the same slice"),
    ("5.5", attention_like(lambda head, size: head * size, late=True), "too late"),
    ("5.5", attention_like(lambda head, size: head * size, whole=True), "owns a slice"),
    ("5.5", attention_with(lambda head, size: slice(head, None, 2)), "every n_head-th"),
    ("5.5", half_mended, "your slice of head 1 is 3:4"),
    ("5.5", by_the_number_of_heads, "your slice of head 1 is 2:4"),
    ("5.5", overwritten, "only the last is left"),
    ("5.5", with_matrices_mixed_up, "the matrices are mixed up"),
    ("5.5", attention_with(side_by_side, blend=lambda heads, wo: heads), "`attn_wo` blends"),
    ("5.6", lambda name, head: favourites(name, 1), "head 1 whatever"),
    ("5.6", lambda name, h: [("·" + name)[t] for t in favourites(name, h)], "the positions"),
    ("5.6", lambda name, h: [t - 1 for t in favourites(name, h)], "the mark is position 0"),
    ("5.6", lambda name, h: [row.index(min(row)) for row in weights_of(name, h)], "*smallest*"),
    ("5.6", favourites_of_others, "look at itself, too"),
    ("5.6", lambda name, head: favourites(name, 0), "whatever `head` is"),
    ("5.6", lambda name, h: [["BOS", *name][t] for t in favourites(name, h)], "the positions"),
    ("5.6", lambda name, h: [max(row) for row in weights_of(name, h)], "where they *are*"),
    ("5.6", lambda name, head: favourites(name, head)[1:], "the mark's own position"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_wrong_answers_get_their_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong"
    assert cause in result.cause, result


@pytest.mark.parametrize("head", range(4))
def test_favourites_agree_with_the_traced_weights(head):
    rows = weights_of("olivia", head)
    assert favourites("olivia", head) == [row.index(max(row)) for row in rows]
