import pytest

import microgpt
from microgpt import Value, dot, softmax
from microgpt.exercises import evaluate
from microgpt.exercises.ch05 import favourites, scores_needed
from microgpt.exercises.likenesses import attention_like
from microgpt.viz.trace import trace

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
    ("5.4", head(lambda n: 1.0), "not divided by sqrt"),
    ("5.4", head(float), "its square root is needed"),
    ("5.4", head(lambda n: n**0.5, soft=list), "`softmax`"),
    ("5.4", head(lambda n: n**0.5, keys_for_values=True), "the *values*"),
    ("5.4", head(lambda n: n**0.5, out_only=True), "return the weights with it"),
    ("5.5", attention_like(lambda head, size: head), "overlap"),
    ("5.5", attention_like(lambda head, size: 0), "the same slice"),
    ("5.5", attention_like(lambda head, size: head * size, late=True), "too late"),
    ("5.5", attention_like(lambda head, size: head * size, whole=True), "owns a slice"),
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
