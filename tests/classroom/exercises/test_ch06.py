import pytest

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.ch06 import PAIRS, count_parameters, steepest
from classroom.exercises.shared.likenesses import block_like, gpt_like
from microgpt import Value, linear, rmsnorm


def block(x, keys, values, wq, wk, wv, wo, fc1, fc2, n_head):
    listened = microgpt.attention(rmsnorm(x), keys, values, wq, wk, wv, wo, n_head)
    x = [a + b for a, b in zip(listened, x)]
    return [a + b for a, b in zip(microgpt.mlp(rmsnorm(x), fc1, fc2), x)]


RIGHT = {
    "6.1": count_parameters,
    "6.2": microgpt.mlp,
    "6.3": [True, False, True, False],
    "6.4": block,
    "6.5": microgpt.gpt,
    "6.6": steepest,
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    result = evaluate(key, RIGHT[key])
    assert result.status == "right", result


def test_the_count_is_that_of_the_shapes():
    for sizes in ((27, 16, 1, 16), (27, 32, 2, 8), (5, 4, 3, 9)):
        vocab_size, n_embd, n_layer, block_size = sizes
        config = microgpt.Config(vocab_size, n_embd, 4, n_layer, block_size)
        shapes = config.shapes().values()
        assert count_parameters(*sizes) == sum(rows * columns for rows, columns in shapes)


def test_the_predictions_of_6_3_are_what_the_model_without_positions_does():
    state_dict, config, tokenizer = microgpt.load()
    state_dict["wpe"] = [[Value(0.0) for _ in row] for row in state_dict["wpe"]]

    def probs(name):
        return microgpt.next_token_probs(state_dict, config, tokenizer, name)

    same = [max(abs(a - b) for a, b in zip(probs(x), probs(y))) < 1e-9 for x, y in PAIRS]
    assert same == RIGHT["6.3"]


def mlp_without_relu(x, fc1, fc2):
    return linear(linear(x, fc1), fc2)


def mlp_on_data(x, fc1, fc2):
    return linear([Value(max(h.data, 0)) for h in linear(x, fc1)], fc2)


def counted_without(what):
    def count(vocab_size, n_embd, n_layer, block_size):
        config = microgpt.Config(vocab_size, n_embd, 1, n_layer, block_size)
        shapes = config.shapes().items()
        return sum(rows * columns for name, (rows, columns) in shapes if what not in name)

    return count


def slopes(name):
    state_dict, config, tokenizer = microgpt.load()
    microgpt.document_loss(tokenizer.document_ids(name), state_dict, config).backward()
    return {
        (key, i, j): param.grad
        for key, rows in state_dict.items()
        for i, row in enumerate(rows)
        for j, param in enumerate(row)
    }


def largest_with_sign(name):
    return max(slopes(name).items(), key=lambda item: item[1])[0]


def most_negative(name):
    return min(slopes(name).items(), key=lambda item: item[1])[0]


def gpt_cut_off(*arguments):
    return [Value(logit.data) for logit in microgpt.gpt(*arguments)]


def gpt_with_one_cache(token_id, pos_id, keys, values, state_dict, config):
    cache = [keys] * config.n_layer, [values] * config.n_layer
    return microgpt.gpt(token_id, pos_id, *cache, state_dict, config)


WRONG = [
    ("6.1", counted_without("lm_head"), "`lm_head` is missing"),
    ("6.1", counted_without("attn"), "four attention matrices, two of the MLP"),
    ("6.1", counted_without("mlp"), "two MLP matrices are missing"),
    ("6.1", counted_without("fc2"), "four attention matrices, two of the MLP"),
    ("6.1", counted_without("wpe"), "position embeddings"),
    ("6.1", lambda v, n, layers, b: count_parameters(v, n, 1, b), "each layer"),
    ("6.2", mlp_without_relu, "the ReLU between"),
    ("6.2", lambda x, a, b: [y.relu() for y in mlp_without_relu(x, a, b)], "behind the second"),
    ("6.2", lambda x, a, b: [y + z for y, z in zip(microgpt.mlp(x, a, b), x)], "does the adding"),
    ("6.2", lambda x, a, b: microgpt.mlp(x, b, a), "first `fc1`"),
    ("6.2", mlp_on_data, "graph is cut"),
    ("6.3", [False, False, False, False], "in which order its terms"),
    ("6.3", [True, True, True, True], "who asks still matters"),
    ("6.3", [True, False, True, True], "one n more"),
    ("6.3", [True], "each of the four"),
    ("6.4", block_like("both"), "both additions"),
    ("6.4", block_like("second"), "the first addition is mended"),
    ("6.4", block_like("overwrites"), "overwritten"),
    ("6.4", block_like("never norms"), "must still read the normed"),
    ("6.5", gpt_like("positions"), "position embedding"),
    ("6.5", gpt_like("first norm"), "right after the embedding"),
    ("6.5", gpt_like("residual"), "overwrite x"),
    ("6.5", gpt_like("second layer"), "only one layer"),
    ("6.5", gpt_like("lm_head"), "linear(x, lm_head)"),
    ("6.5", gpt_like("attention"), "attention is missing"),
    ("6.1", lambda v, n, layers, block: layers * count_parameters(v, n, 1, block), "there once"),
    ("6.2", lambda x, a, b: linear(linear([y.relu() for y in x], a), b), "not before the first"),
    ("6.2", lambda x, a, b: [y.relu() for y in microgpt.mlp(x, a, b)], "one ReLU is enough"),
    ("6.2", lambda x, a, b: [h.relu() for h in linear(x, a)], "brings it back"),
    ("6.2", lambda x, a, b: linear([h.relu for h in linear(x, a)], b), "call it"),
    ("6.3", [True, True, False, False], "of one kind"),
    ("6.3", [True, True, True, False], "another letter asks"),
    ("6.4", block_like("first"), "look at the first one"),
    ("6.4", block_like("mlp unnormed"), "the MLP must still read"),
    ("6.4", block_like("attention unnormed"), "attention must still read"),
    ("6.5", gpt_like("same layer"), "not always `layer0`"),
    ("6.5", gpt_like("last norm"), "GPT-2 has a norm"),
    ("6.5", gpt_like("softmax"), "these are probabilities"),
    ("6.5", gpt_with_one_cache, "the cache of its layer"),
    ("6.5", gpt_cut_off, "graph is cut"),
    ("6.6", lambda name: ("wte", 26, 15), "are the gradients 0"),
    ("6.6", largest_with_sign, "`abs`"),
    ("6.6", most_negative, "`abs`"),
    ("6.6", lambda name: abs(slopes(name)[steepest(name)]), "where it *stands*"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_wrong_answers_get_their_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong"
    assert cause in result.cause, result
