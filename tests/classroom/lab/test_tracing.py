import random

import pytest
from support import assert_same_floats

import microgpt
from classroom.lab.tracing import trace
from microgpt import Config, init_params, load
from microgpt.sampling import float_softmax, next_token_probs

NAMES = ["", "a", "ava", "anna", "aaaaaaaaaaaaaaa", "maximilianoabcd"]


@pytest.mark.parametrize("name", NAMES)
def test_logits_are_those_of_the_inference(name):
    model = load()
    probs = float_softmax(trace(name, *model).logits[-1])
    assert_same_floats(probs, next_token_probs(*model, name))


def test_weights_are_those_of_the_model_in_every_layer_and_head():
    _, _, tokenizer = load()
    config = Config(vocab_size=27, n_embd=8, n_head=2, n_layer=3)
    params = init_params(config, random.Random(1), std=0.5)
    found = trace("olivia", params, config, tokenizer)
    for layer in found.layers:
        for head in range(2):
            part = slice(4 * head, 4 * head + 4)
            for pos, weights in enumerate(layer.attn_weights[head]):
                nodes = [
                    [[microgpt.Value(x) for x in vector[part]] for vector in vectors]
                    for vectors in (layer.queries, layer.keys[: pos + 1], layer.values[: pos + 1])
                ]
                expected = microgpt.attention_head(nodes[0][pos], *nodes[1:])[1]
                assert_same_floats(weights, [w.data for w in expected])


@pytest.mark.parametrize("name", NAMES)
def test_each_row_of_weights_covers_the_past_and_adds_up_to_1(name):
    found = trace(name, *load())
    assert len(found.labels) == len(name) + 1
    for rows in found.layers[0].attn_weights:
        assert [len(row) for row in rows] == list(range(1, len(name) + 2))
        assert all(abs(sum(row) - 1) < 1e-12 for row in rows)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a" * 16, "16 characters"),
        ("x" * 5000, "5000 characters"),
        ("Emma", "'E'"),
        ("zo\u00eb", "'\u00eb'"),
        ("a😀", "'😀'"),
        ("анна", "'а'"),
        ("a b", "' '"),
    ],
)
def test_a_name_that_cannot_be_read_is_told(name, said):
    with pytest.raises(ValueError, match="at most 15|not in the vocabulary") as caught:
        trace(name, *load())
    assert said in str(caught.value)
    assert len(str(caught.value)) < 200
