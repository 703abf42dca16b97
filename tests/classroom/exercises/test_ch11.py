"""Chapter 11: right answers pass, plausible wrong ones are refused with the right cause."""

import math

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch11 import (
    attend,
    attention_variant,
    batch_loss,
    causal_softmax,
    masked_afterwards,
    masked_past,
    masked_to_zero,
    nodes_of_dot,
    training_days,
)
from microgpt.autograd import Value, topological_sort
from microgpt.engines.plain import PlainValue

RIGHT = {
    "11.1": nodes_of_dot,
    "11.2": causal_softmax,
    "11.3": attend,
    "11.4": batch_loss,
    "11.5": training_days,
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    result = evaluate(key, RIGHT[key])
    assert result.status == "right", result


def test_the_count_of_nodes_is_that_of_the_plain_engine():
    for n in (1, 4, 16):
        w, x = ([PlainValue(1.0) for _ in range(n)] for _ in range(2))
        root = sum(wi * xi for wi, xi in zip(w, x))
        assert len(topological_sort(root)) - 2 * n == nodes_of_dot(n)


def with_numpy(q, k, v):
    """Written as the notebook's solution is."""
    np = pytest.importorskip("numpy")
    q, k, v = map(np.array, (q, k, v))
    scores = q @ k.T / q.shape[1] ** 0.5 + np.triu(np.full((len(q), len(q)), -np.inf), 1)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True) @ v


def test_arrays_are_a_right_answer_too():
    assert evaluate("11.3", with_numpy).status == "right"


def strictly_before(scores):
    n = len(scores)
    return [[math.nan] * n] + causal_softmax(scores)[1:]


def transposed_wrongly(q, k, v):
    np = pytest.importorskip("numpy")
    return np.array(q) @ np.array(k) @ np.array(v)


def mean_of_everything(surprise, lengths):
    return sum(map(sum, surprise)) / sum(map(len, surprise))


def mean_of_positions(surprise, lengths):
    return sum(sum(row[:n]) for row, n in zip(surprise, lengths)) / sum(lengths)


def padded_length(surprise, lengths):
    return sum(sum(row[:n]) / len(row) for row, n in zip(surprise, lengths)) / len(lengths)


WRONG = [
    ("11.1", lambda n: 2 * n, "`sum` begins with the number 0"),
    ("11.1", lambda n: 2 * n - 1, "n additions, not n - 1"),
    ("11.1", lambda n: 1, "that is `dot`"),
    ("11.1", lambda n: 4 * n + 1, "were there before"),
    ("11.2", masked_afterwards, "the mask comes after the softmax"),
    ("11.2", masked_to_zero, "exp(0) is 1"),
    ("11.2", masked_past, "the wrong triangle"),
    ("11.2", strictly_before, "a position may look at itself"),
    ("11.3", attention_variant(masked=False), "nothing is hidden"),
    ("11.3", attention_variant(scale=lambda d: 1.0), "not divided"),
    ("11.3", attention_variant(scale=float), "its square root"),
    ("11.3", attention_variant(swapped=True), "asks with the keys"),
    ("11.3", transposed_wrongly, "transpose k"),
    ("11.4", mean_of_everything, "the filling counts"),
    ("11.4", mean_of_positions, "a long document counts more"),
    ("11.4", padded_length, "the document's own"),
    ("11.5", lambda p, t, f: 2 * p * t / f / 86_400, "forward pass alone"),
    ("11.5", lambda p, t, f: 6 * p * t / f, "those are seconds"),
    ("11.5", lambda p, t, f: 6 * p / f / 86_400, "one token"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_a_wrong_answer_is_refused_with_its_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong", result
    assert cause in result.cause, result


def test_the_count_does_not_depend_on_the_class():
    root = sum(Value(1.0) * Value(2.0) for _ in range(3))
    assert len(topological_sort(root)) - 6 == nodes_of_dot(3)
