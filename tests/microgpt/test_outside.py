"""An outside oracle, where one is installed: PyTorch computes the same values and gradients.

Expressions are drawn at random; the layers and Adam are handed the same numbers.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import Adam, Value, attention_head, cross_entropy, linear, rmsnorm, softmax

torch = pytest.importorskip("torch")
functional = torch.nn.functional

# Each takes two nodes, of either kind, and stays between about -3 and 3 where they do.
OPERATIONS = (
    lambda a, b: (a + b) / 2,
    lambda a, b: a - b / 4,
    lambda a, b: a * b / 3,
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a / 3).exp() - b / 3,
    lambda a, b: (a * a + 1).log() + b / 2,
    lambda a, b: (a * a + 0.5) ** 0.5 - b**2 / 4,
    lambda a, b: (a - 1 + b).relu() / 2,
    lambda a, b: 2 - a / (3 + b**2),
)
NUMBERS = st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=2, max_size=4)
STEPS = st.lists(
    st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=25,
)


def tensors(rows):
    """The same numbers for PyTorch, as float64, with gradients."""
    return torch.tensor(rows, dtype=torch.float64, requires_grad=True)


def nodes(rows):
    """The same numbers as `Value`s."""
    return [nodes(row) if isinstance(row, list) else Value(row) for row in rows]


def grads(rows):
    return [grads(row) if isinstance(row, list) else row.grad for row in rows]


def drawn(rng, *shape):
    """Numbers between -1 and 1, in lists."""
    return [drawn(rng, *shape[1:]) for _ in range(shape[0])] if shape else rng.uniform(-1, 1)


def assert_same(ours, theirs):
    torch.testing.assert_close(
        torch.tensor(ours, dtype=torch.float64), theirs, rtol=1e-9, atol=1e-11
    )


def expression(leaves, steps):
    """An expression in which later steps use earlier ones, some of them often, some never."""
    pool = list(leaves)
    for operation, first, second in steps:
        pool.append(OPERATIONS[operation](pool[first % len(pool)], pool[second % len(pool)]))
    return pool[-1] + pool[-1] * pool[len(pool) // 2]


@given(NUMBERS, STEPS)
def test_a_random_expression_has_the_same_value_and_gradients(numbers, steps):
    ours, theirs = nodes(numbers), [tensors(number) for number in numbers]
    mine, other = expression(ours, steps), expression(theirs, steps)
    mine.backward()
    other.backward()
    assert mine.data == pytest.approx(other.item(), rel=1e-9, abs=1e-12)
    expected = [0.0 if leaf.grad is None else leaf.grad.item() for leaf in theirs]
    assert grads(ours) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def layers_of_ours(x, w):
    hidden = softmax(linear(rmsnorm(x), w))
    return cross_entropy([h * 3 for h in hidden], 2)


def layers_of_theirs(x, w):
    normed = functional.rms_norm(x, x.shape, eps=1e-5)
    return functional.cross_entropy((w @ normed).softmax(0) * 3, torch.tensor(2))


def head_of_ours(x, w):
    return sum(attention_head(x, w, [row[::-1] for row in w])[0], Value(0))


def head_of_theirs(x, w):
    queries, values = x[None, None], w.flip(1)[None]
    return functional.scaled_dot_product_attention(queries[0], w[None], values).sum()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(layers_of_ours, layers_of_theirs), (head_of_ours, head_of_theirs)],
    ids=["norm, matrix, softmax, loss", "attention head"],
)
@pytest.mark.parametrize("seed", range(5))
def test_the_layers_are_theirs(ours, theirs, seed):
    rng = random.Random(seed)
    x, w = drawn(rng, 4), drawn(rng, 5, 4)
    mine, other = (nodes(x), nodes(w)), (tensors(x), tensors(w))
    loss, expected = ours(*mine), theirs(*other)
    loss.backward()
    expected.backward()
    assert loss.data == pytest.approx(expected.item(), rel=1e-9)
    for own, foreign in zip(mine, other):
        assert_same(grads(own), foreign.grad)


@pytest.mark.parametrize("seed", range(3))
def test_adam_is_theirs(seed):
    rng = random.Random(seed)
    numbers = drawn(rng, 6)
    params, other = nodes(numbers), tensors(numbers)
    adam = Adam(params)
    theirs = torch.optim.Adam([other], betas=(0.85, 0.99), eps=1e-8)
    for step in range(50):
        slopes, rate = drawn(rng, 6), 0.02 * (1 - step / 50)
        for param, slope in zip(params, slopes):
            param.grad = slope
        other.grad = torch.tensor(slopes, dtype=torch.float64)
        adam.step(rate)
        theirs.param_groups[0]["lr"] = rate
        theirs.step()
    assert_same([param.data for param in params], other.detach())
