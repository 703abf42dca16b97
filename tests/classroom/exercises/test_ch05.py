import math

import pytest

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.ch05 import favourites, scores_needed
from classroom.exercises.shared.likenesses import attention_like
from classroom.viz.tracing import trace
from microgpt import Value, dot, softmax

RIGHT = {
    "5.1": scores_needed,
    "5.2": microgpt.linear,
    "5.3": microgpt.rmsnorm,
    "5.4": microgpt.attention_head,
    "5.5": microgpt.attention,
    "5.6": favourites,
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    result = evaluate(key, RIGHT[key])
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
    return microgpt.rmsnorm([xi - mean for xi in x])


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
    weights = microgpt.attention_head(q, keys, values)[1]
    return [dot(weights, row) for row in values], weights


def head_of_the_winner(q, keys, values):
    weights = microgpt.attention_head(q, keys, values)[1]
    best = data(weights).index(max(data(weights)))
    return values[best], weights


def head_with_a_table(q, keys, values):
    weights = microgpt.attention_head(q, keys, values)[1]
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


WRONG = [
    ("5.1", lambda name: (len(name) + 1) ** 2, "the later ones too"),
    ("5.1", lambda name: len(name) * (len(name) + 1) // 2, "the mark BOS is a position"),
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
    ("5.3", lambda x: [Value(y.data) for y in microgpt.rmsnorm(x)], "graph is cut"),
    ("5.3", rmsnorm_with_a_constant_scale, "the scale, too, hangs on x"),
    ("5.2", lambda x, w: [y.data for y in microgpt.linear(x, w)], "graph is cut"),
    ("5.2", lambda w, x: microgpt.linear(x, w), "first the vector"),
    ("5.3", rmsnorm_with_epsilon_outside, "under the root"),
    ("5.3", lambda x: [xi / (sum(x) / len(x)) for xi in x], "divide by the mean"),
    ("5.3", lambda x: [xi / math.sqrt(dot(x, x) / len(x) + 1e-5) for xi in x], "plain numbers"),
    ("5.4", head(lambda n: 2), "2 is the root of 4 only"),
    ("5.4", head(lambda n: n**0.5, soft=softmax_on_data), "graph is cut"),
    ("5.4", head_by_rows, "a *column*"),
    ("5.4", head_of_the_winner, "mix all of the values"),
    ("5.4", head_with_a_table, "added up, number by number"),
    ("5.4", head(lambda n: 1, soft=softmax_then_divide), "then take the softmax"),
    ("5.4", head(lambda n: 1.0), "not divided by sqrt"),
    ("5.4", head(float), "its square root is needed"),
    ("5.4", head(lambda n: n**0.5, soft=list), "`softmax`"),
    ("5.4", head(lambda n: n**0.5, keys_for_values=True), "the *values*"),
    ("5.4", head(lambda n: n**0.5, out_only=True), "return the weights with it"),
    ("5.5", attention_like(lambda head, size: head), "overlap"),
    ("5.5", attention_like(lambda head, size: 0), "the same slice"),
    ("5.5", attention_like(lambda head, size: head * size, late=True), "too late"),
    ("5.5", attention_like(lambda head, size: head * size, whole=True), "owns a slice"),
    ("5.5", attention_like(lambda head, size: head * 4), "slice is empty"),
    ("5.5", attention_with(lambda head, size: slice(head, None, 3)), "side by side"),
    ("5.5", attention_with(side_by_side, blend=lambda heads, wo: heads), "`attn_wo` blends"),
    ("5.6", lambda name, head: favourites(name, 1), "head 1 whatever"),
    ("5.6", lambda name, h: [("·" + name)[t] for t in favourites(name, h)], "the positions"),
    ("5.6", lambda name, h: [t - 1 for t in favourites(name, h)], "the mark is position 0"),
    ("5.6", lambda name, h: [row.index(min(row)) for row in weights_of(name, h)], "*smallest*"),
    ("5.6", favourites_of_others, "look at itself, too"),
    ("5.6", lambda name, head: favourites(name, 0), "whatever `head` is"),
    ("5.6", lambda name, h: [["BOS", *name][t] for t in favourites(name, h)], "the positions"),
    ("5.6", lambda name, h: [max(row) for row in weights_of(name, h)], "where they *stand*"),
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
