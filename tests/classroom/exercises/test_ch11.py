"""Chapter 11: right answers pass, plausible wrong ones are refused with the right cause."""

import math

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch11 import (
    FACTORS,
    SECONDS,
    attend,
    batch_loss,
    causal_softmax,
    nodes_of_dot,
    training_days,
)
from classroom.exercises.shared.masks import (
    ATTENTION,
    ROWS,
    attention_variant,
    masked_afterwards,
    masked_to_zero,
    whole,
    with_hidden,
)
from microgpt.autograd import Value, topological_sort
from microgpt.engines.plain import PlainValue

RIGHT = {
    "11.1": nodes_of_dot,
    "11.2": causal_softmax,
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
    ("11.2", with_hidden(past=True), "the wrong triangle"),
    ("11.2", strictly_before, "let a position look at itself"),
    ("11.3", attention_variant(weigh=whole), "nothing is hidden"),
    ("11.3", attention_variant(scale=lambda d, n: 1.0), "not divided"),
    ("11.3", attention_variant(scale=lambda d, n: float(d)), "its square root"),
    ("11.3", attention_variant(swapped=True), "asks with the keys"),
    ("11.3", transposed_wrongly, "transpose k"),
    ("11.4", mean_of_everything, "the padding counts"),
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


TABLES = {
    "11.2": [(lambda scores, wrong=wrong: wrong(scores), words) for wrong, words in ROWS],
    "11.3": [(lambda q, k, v, wrong=wrong: wrong(q, k, v), w) for wrong, w in ATTENTION],
    "11.5": [
        *((lambda p, t, f, k=k: k * p * t / f / 86_400, words) for k, words in FACTORS.items()),
        *((lambda p, t, f, k=k: 6 * p * t / f / k, words) for k, words in SECONDS.items()),
    ],
}


@pytest.mark.parametrize("key", TABLES)
def test_every_known_slip_is_refused_and_told_its_own_cause(key):
    for number, (wrong, words) in enumerate(TABLES[key]):
        result = evaluate(key, wrong)
        assert result.status == "wrong", (number, words)
        both_hide = "-inf" in words and "-inf" in result.cause
        assert result.cause == words or both_hide, (number, str(result), words)


def position_by_position(q, k, v):
    return [attend(q[: t + 1], k[: t + 1], v[: t + 1])[t] for t in range(len(q))]


def test_a_loop_over_positions_is_told_though_its_numbers_are_right():
    result = evaluate("11.3", position_by_position)
    assert result.status == "wrong" and "all scores at once" in result.cause


def test_the_right_attention_is_that_of_the_machine():
    assert attention_variant()([[1.0]], [[2.0]], [[3.0]]) == [[3.0]]


MORE = [
    ("11.1", lambda n: n, "each product is a node"),
    ("11.1", lambda n: 3 * n, "made once"),
    ("11.1", lambda n: 2 * n + 2, "one too many"),
    ("11.1", lambda n: n * n, "not each with each"),
    ("11.4", lambda r, n: sum(sum(a[-b:]) / b for a, b in zip(r, n)) / len(n), "at the end"),
    ("11.4", lambda r, n: sum(sum(a[:b]) / b for a, b in zip(r, n)) / 2, "two documents"),
    ("11.4", lambda r, n: sum(sum(a[:b]) for a, b in zip(r, n)) / len(n), "its own mean"),
    ("11.4", lambda r, n: [sum(a[:b]) / b for a, b in zip(r, n)], "the mean of them"),
    ("11.5", lambda p, t, f: 6 * p * t // f // 86_400, "less than a day"),
    ("11.5", lambda p, t, f: f / (6 * p * t) / 86_400, "upside down"),
    ("11.5", lambda p, t, f: 6 * p**2 * t / f / 86_400, "not squared"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), MORE)
def test_more_wrong_answers_are_told_why(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong" and cause in result.cause, str(result)
