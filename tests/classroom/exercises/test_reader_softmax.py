"""What the reader of chapter 04 ends up with is what the package ships: values and gradients."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT

import microgpt
from classroom.exercises.kit.pages import find_places, read_cells
from microgpt import Value

LOGITS = st.lists(st.floats(-30, 30), min_size=1, max_size=12)
SHIFT = st.sampled_from([0.0, 100.0, -1000.0, 1000.0])


@pytest.fixture(scope="module")
def reader():
    """Everything that the solutions of the notebook define, on top of the package's names."""
    cells = read_cells(ROOT / "notebooks" / "04_next_token.ipynb")
    solutions = {place.id: place.solution for place in find_places(cells)}
    space = {"softmax": microgpt.softmax, "Value": Value}
    for key in ("4.4", "4.5"):
        exec(compile(solutions[key], f"<solution of {key}>", "exec"), space)
    return space


def slopes(function, numbers, weights=None):
    """Data that come out, and the gradients of their weighted sum at the inputs."""
    logits = [Value(x) for x in numbers]
    out = function(logits)
    root = out if weights is None else sum(p * w for p, w in zip(out, weights))
    root.backward()
    data = [out.data] if weights is None else [p.data for p in out]
    return data + [logit.grad for logit in logits]


@settings(deadline=None)
@given(LOGITS, SHIFT, st.data())
def test_the_readers_softmax_is_the_packages(reader, numbers, shift, data):
    numbers = [x + shift for x in numbers]
    size = len(numbers)
    weights = data.draw(st.lists(st.floats(-3, 3), min_size=size, max_size=size))
    mine = slopes(reader["my_softmax"], numbers, weights)
    assert mine == pytest.approx(slopes(microgpt.softmax, numbers, weights), rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(LOGITS, SHIFT, st.data(), st.booleans())
def test_the_readers_cross_entropy_is_the_packages(reader, numbers, shift, data, own):
    numbers = [x + shift for x in numbers]
    target = data.draw(st.integers(0, len(numbers) - 1))
    reader["softmax"] = reader["my_softmax"] if own else microgpt.softmax
    mine = slopes(lambda logits: reader["my_cross_entropy"](logits, target), numbers)
    shipped = slopes(lambda logits: microgpt.cross_entropy(logits, target), numbers)
    assert mine == pytest.approx(shipped, rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(LOGITS, st.data())
def test_the_gradient_is_the_probability_minus_one_at_the_target(numbers, data):
    target = data.draw(st.integers(0, len(numbers) - 1))
    grads = slopes(lambda logits: microgpt.cross_entropy(logits, target), numbers)[1:]
    probs = [p.data for p in microgpt.softmax([Value(x) for x in numbers])]
    expected = [p - (i == target) for i, p in enumerate(probs)]
    assert grads == pytest.approx(expected, rel=1e-9, abs=1e-12)
