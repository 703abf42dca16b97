"""Chapter 11: other right ways pass, and what no slip of its tables says is told as well."""

import numpy as np
from told import chapter_tests

from classroom.exercises import ch11, evaluate
from microgpt.autograd import topological_sort
from microgpt.engines.plain import PlainValue

RIGHT = [
    ("11.1", lambda n: n + n + 1.0),
    (
        "11.2",
        "return exps / exps.sum(1, keepdims=True) -> return (exps.T / exps.sum(1)).T.tolist()",
    ),
    ("11.4", lambda losses, n: np.mean([np.mean(row[:k]) for row, k in zip(losses, n)])),
    ("11.5", lambda p, t, f: p / f * t / 14_400),
]


def test_the_count_of_nodes_is_that_of_the_plain_engine():
    for n in (1, 4, 16):
        w, x = ([PlainValue(1.0) for _ in range(n)] for _ in range(2))
        root = sum(wi * xi for wi, xi in zip(w, x))
        assert len(topological_sort(root)) - 2 * n == ch11.nodes_of_dot(n)


def position_by_position(q, k, v):
    return [ch11.attend(q[: t + 1], k[: t + 1], v[: t + 1])[t] for t in range(len(q))]


WRONG = [
    ("11.2", 3, "without parentheses"),
    ("11.2", "scores = scores + mask -> scores += mask", "whole numbers make an array of"),
    ("11.2", lambda scores: scores.max(1), "`np.array(scores)`"),
    ("11.3", lambda q, k, v: np.array(q) @ np.ones((7, 7)), "`q @ k.T`"),
    ("11.3", position_by_position, "all scores at once"),
    ("11.5", lambda p, t, f: f"{6 * p * t / f / 86_400:.2f} days", "without a unit"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_what_gives_no_number_warns_nobody(recwarn):
    evaluate("11.2", lambda scores: np.array(scores) * np.inf / 0)
    assert not recwarn.list
