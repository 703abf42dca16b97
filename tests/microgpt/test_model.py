"""The model: its sizes, its gradients, and that no position sees the future."""

from __future__ import annotations

import random

import pytest

from microgpt import Config, Value, attention_head, document_loss, flatten, gpt, init_params, mlp

SMALL = Config(vocab_size=5, n_embd=4, n_head=2, n_layer=2, block_size=4)


def logits_of(ids, state_dict, config):
    keys, values = ([[] for _ in range(config.n_layer)] for _ in range(2))
    return [
        [logit.data for logit in gpt(token, position, keys, values, state_dict, config)]
        for position, token in enumerate(ids)
    ]


def test_the_reference_sizes_have_4192_parameters():
    state_dict = init_params(Config(vocab_size=27), random.Random(42))
    assert len(flatten(state_dict)) == 4192
    shapes = {name: (len(rows), len(rows[0])) for name, rows in state_dict.items()}
    assert shapes == Config(vocab_size=27).shapes()


def test_the_same_seed_gives_the_same_parameters():
    first, again, other = (
        [p.data for p in flatten(init_params(SMALL, random.Random(seed)))] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_gradients_are_the_slopes_in_every_matrix():
    state_dict = init_params(SMALL, random.Random(3), std=0.5)
    ids = [4, 0, 1, 1, 4]
    document_loss(ids, state_dict, SMALL).backward()
    for name, matrix in state_dict.items():
        param = max((p for row in matrix for p in row), key=lambda p: abs(p.grad))
        data, h = param.data, 1e-6
        losses = []
        for param.data in (data + h, data - h):
            losses.append(document_loss(ids, state_dict, SMALL).data)
        param.data = data
        assert param.grad == pytest.approx((losses[0] - losses[1]) / (2 * h), rel=1e-4), name
        assert abs(param.grad) > 1e-6, name


def test_a_later_token_never_changes_an_earlier_output():
    state_dict = init_params(SMALL, random.Random(3), std=0.5)
    one, other = (logits_of([4, 0, 1, last], state_dict, SMALL) for last in (2, 3))
    assert one[:3] == other[:3] and one[3] != other[3]


def test_an_earlier_token_does_change_a_later_output():
    state_dict = init_params(SMALL, random.Random(3), std=0.5)
    one, other = (logits_of([4, first, 1, 2], state_dict, SMALL) for first in (0, 3))
    assert one[3] != other[3]


def test_attention_weights_add_up_to_one_and_a_matching_key_wins():
    q = [Value(3.0), Value(0.0)]
    keys = [[Value(0.0), Value(3.0)], [Value(3.0), Value(0.0)]]
    values = [[Value(1.0), Value(0.0)], [Value(0.0), Value(1.0)]]
    head_out, weights = attention_head(q, keys, values)
    assert sum(w.data for w in weights) == pytest.approx(1)
    assert weights[1].data > 0.99
    assert [x.data for x in head_out] == [w.data for w in weights]


def test_mlp_is_wide_inside_and_bent_at_zero():
    fc1 = [[Value(1.0)], [Value(-1.0)]]
    fc2 = [[Value(10.0), Value(100.0)]]
    assert [mlp([Value(x)], fc1, fc2)[0].data for x in (2.0, -2.0)] == [20.0, 200.0]


def test_twelve_layers_work():
    config = Config(vocab_size=5, n_embd=4, n_head=2, n_layer=12, block_size=4)
    state_dict = init_params(config, random.Random(1))
    document_loss([4, 0, 4], state_dict, config).backward()
    assert all(any(p.grad for row in rows for p in row) for rows in state_dict.values())


def test_a_document_longer_than_the_block_is_cut():
    state_dict = init_params(SMALL, random.Random(1))
    cut, fits = (
        document_loss(ids, state_dict, SMALL) for ids in ([4, 0, 1, 2, 3, 4], [4, 0, 1, 2, 3])
    )
    assert cut.data == fits.data


@pytest.mark.parametrize(
    ("sizes", "kind", "words"),
    [
        ({"n_embd": 18}, ValueError, ["18", "n_head 4", "multiple"]),
        ({"n_head": 0}, ValueError, ["n_head", "0"]),
        ({"n_layer": -1}, ValueError, ["n_layer", "-1"]),
        ({"block_size": 0}, ValueError, ["block_size", "0"]),
        ({"vocab_size": 0}, ValueError, ["vocab_size", "0"]),
        ({"n_embd": 16.0}, TypeError, ["n_embd", "16.0"]),
        ({"n_layer": True}, TypeError, ["n_layer", "True"]),
    ],
)
def test_sizes_that_cannot_be_are_refused(sizes, kind, words):
    with pytest.raises(kind) as caught:
        Config(**{"vocab_size": 27, **sizes})
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("token", "position"), [(5, 0), (-1, 0), (0, 4), (0, -1)])
def test_tokens_and_positions_out_of_range_are_refused(token, position):
    state_dict = init_params(SMALL, random.Random(1))
    with pytest.raises(IndexError, match=r"must be below"):
        gpt(token, position, [[], []], [[], []], state_dict, SMALL)


def test_a_document_of_one_id_is_refused():
    with pytest.raises(ValueError, match="at least 2 ids"):
        document_loss([4], init_params(SMALL, random.Random(1)), SMALL)
