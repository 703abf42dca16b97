import random
import re

import pytest

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.ch06 import PAIRS, count_parameters, fresh_order, steepest
from classroom.exercises.shared.block_slips import BLOCK_SLIPS, GPT_SLIPS, block_with, gpt_with
from microgpt import Value, linear, rmsnorm


def block(x, keys, values, wq, wk, wv, wo, fc1, fc2, n_head):
    listened = microgpt.attention(rmsnorm(x), keys, values, wq, wk, wv, wo, n_head)
    x = [a + b for a, b in zip(listened, x)]
    return [a + b for a, b in zip(microgpt.mlp(rmsnorm(x), fc1, fc2), x)]


def gpt_looping(loops, block=block):
    """A whole gpt whose loop over the layers runs some number of times."""

    def gpt(token_id, pos_id, keys, values, state_dict, config):
        pairs = zip(state_dict["wte"][token_id], state_dict["wpe"][pos_id])
        x = rmsnorm([t + p for t, p in pairs])
        for i in range(loops(config)):
            names = ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")
            matrices = [state_dict[f"layer{i}.{name}"] for name in names]
            x = block(x, keys[i], values[i], *matrices, config.n_head)
        return linear(x, state_dict["lm_head"])

    return gpt


RIGHT = {
    "6.1": count_parameters,
    "6.2": microgpt.mlp,
    "6.3": [True, False, True, False],
    "6.4": block,
    "6.5": gpt_looping(lambda config: config.n_layer),
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


def mlp_like(cut):
    return lambda x, fc1, fc2: linear([cut(h) for h in linear(x, fc1)], fc2)


def only_the_awake(x, fc1, fc2):
    return linear([h for h in linear(x, fc1) if h.data > 0], fc2)


def gpt_appending(token_id, pos_id, keys, values, state_dict, config):
    x = rmsnorm(state_dict["wte"][token_id] + state_dict["wpe"][pos_id])
    key = "layer0.attn_wq"
    return linear(linear(x, state_dict[key]), state_dict["lm_head"])


def gpt_with_all_caches(token_id, pos_id, keys, values, state_dict, config):
    heads = [state_dict[f"layer0.attn_w{kind}"] for kind in "qkvo"]
    x = rmsnorm(state_dict["wte"][token_id])
    return microgpt.attention(x, keys, values, *heads, config.n_head)


def block_of_numbers(*arguments):
    return [y.data for y in block(*arguments)]


def block_cut_between(x, keys, values, *rest):
    return block([Value(xi.data) for xi in x], keys, values, *rest)


def places_of(state_dict):
    return [
        (key, i, j)
        for key, rows in state_dict.items()
        for i, row in enumerate(rows)
        for j in range(len(row))
    ]


def found_with(size, weights="trained", marks=True):
    def wrong(name):
        state_dict, config, tokenizer = microgpt.load()
        if weights == "fresh":
            state_dict = microgpt.init_params(config, random.Random(42))
        ids = tokenizer.document_ids(name) if marks else tokenizer.encode(name)
        microgpt.document_loss(ids, state_dict, config).backward()
        places = [
            (k, i, j) for k, m in state_dict.items() for i, r in enumerate(m) for j in range(len(r))
        ]
        return max(places, key=lambda p: size(state_dict[p[0]][p[1]][p[2]]))

    return wrong


def in_lm_head_alone(name):
    return max((abs(g), place) for place, g in slopes(name).items() if place[0] == "lm_head")[1]


TRAINED, _, TOKENIZER = microgpt.load()


def with_old_gradients(name):
    config = microgpt.Config(27)
    microgpt.document_loss(TOKENIZER.document_ids(name), TRAINED, config).backward()
    found = [
        (abs(p.grad), k, i, j)
        for k, m in TRAINED.items()
        for i, r in enumerate(m)
        for j, p in enumerate(r)
    ]
    return max(found)[1:]


WRONG = [
    ("6.1", counted_without("lm_head"), "(`wte`, `lm_head`) is missing"),
    ("6.1", counted_without("attn"), "four attention matrices and two"),
    ("6.1", counted_without("mlp"), "two MLP matrices are missing"),
    ("6.1", counted_without("fc2"), "four attention matrices and two"),
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
    ("6.1", lambda v, n, layers, block: layers * count_parameters(v, n, 1, block), "there once"),
    ("6.2", lambda x, a, b: linear(linear([y.relu() for y in x], a), b), "not before the first"),
    ("6.2", lambda x, a, b: [y.relu() for y in microgpt.mlp(x, a, b)], "one ReLU is enough"),
    *(("6.4", block_with(slip), text) for slip, text in BLOCK_SLIPS.items()),
    *(("6.5", gpt_with(slip), text) for slip, text in {**BLOCK_SLIPS, **GPT_SLIPS}.items()),
    ("6.2", lambda x, a, b: [h.relu() for h in linear(x, a)], "brings it back"),
    ("6.2", lambda x, a, b: linear([h.relu for h in linear(x, a)], b), "call it"),
    ("6.3", [True, True, False, False], "of one kind"),
    ("6.3", [True, True, True, False], "another letter asks"),
    ("6.5", gpt_with_one_cache, "the cache of its layer"),
    ("6.5", gpt_cut_off, "graph is cut"),
    ("6.6", lambda name: ("wte", 26, 15), "are the gradients 0"),
    ("6.6", largest_with_sign, "`abs`"),
    ("6.6", most_negative, "`abs`"),
    ("6.6", lambda name: abs(slopes(name)[steepest(name)]), "where it *stands*"),
    ("6.1", lambda v, n, layers, b: 4192, "whatever the sizes"),
    ("6.1", lambda v, n, layers, b: (2 * v + b) * n + layers * 12 * n ^ 2, "no power"),
    (
        "6.1",
        lambda v, n, la, b: count_parameters(v, n, la, b) + 9 * la * n,
        "no biases",
    ),
    (
        "6.1",
        lambda v, n, layers, b: (v + b) * n + layers * 8 * n**2,
        "is missing; and a layer lacks",
    ),
    ("6.1", lambda v, n, layers, b: 2 * v * n + 12 * n * n, "block_size × n_embd; and each layer"),
    ("6.1", lambda v, n, layers, b: (2 * v + b) * n + layers * 11 * n * n, "`attn_wo` among"),
    ("6.1", lambda v, n, layers, b: count_parameters(v + 1, n, layers, b), "BOS is in"),
    ("6.2", only_the_awake, "not left out"),
    ("6.2", mlp_like(lambda h: max(0, h.data)), "no nodes"),
    ("6.2", mlp_like(lambda h: max(h, 0)), "cannot compare"),
    ("6.2", mlp_like(lambda h: h if h.data > 0 else h * 0.01), "small share"),
    ("6.2", mlp_like(lambda h: h if h.data > 0 else -h), "without its sign"),
    ("6.2", mlp_like(lambda h: h.data.relu()), "plain number has no"),
    ("6.2", lambda x, a, b: linear(linear(x, a).relu(), b), "a list has no"),
    ("6.2", lambda x, a, b: microgpt.mlp(rmsnorm(x), a, b), "no norm here"),
    ("6.2", lambda x, a, b: microgpt.mlp(x, a, a), "first `fc1`"),
    ("6.2", lambda x, a, b: microgpt.mlp(x, TRAINED["layer0.mlp_fc1"], b), "trained model's"),
    ("6.2", lambda x, a, b: linear(x, a), "before the cut"),
    ("6.2", lambda x, a, b: [y.data for y in microgpt.mlp(x, a, b)], "return the nodes"),
    ("6.3", ["True", "False", "True", "False"], "quotation marks"),
    ("6.3", ["mari", "anna"], "for each pair"),
    ("6.3", "True, False", "a list is asked for"),
    ("6.4", block_of_numbers, "graph is cut"),
    ("6.4", block_cut_between, "graph is cut"),
    ("6.4", lambda x, *rest: None, "nothing is returned"),
    ("6.4", lambda x, *rest: x + block(x, *rest), "one behind the other"),
    ("6.5", gpt_looping(lambda config: config.n_head), "runs too often"),
    ("6.5", gpt_looping(lambda config: config.n_layer + 1), "runs too often"),
    ("6.5", gpt_appending, "one after the other"),
    ("6.5", gpt_with_all_caches, "not the list of all"),
    ("6.5", lambda *a: gpt_looping(lambda c: 2)(*a[:4], TRAINED, a[5]), "are they the notebook's"),
    ("6.5", lambda t, p, k, v, sd, c: linear(sd["wte"][t], sd["head"]), "no matrix of that name"),
    ("6.6", in_lm_head_alone, "steepest of `lm_head` alone"),
    ("6.6", found_with(lambda p: abs(p.grad * p.data)), "gradient times weight"),
    ("6.6", found_with(lambda p: abs(p.data)), "largest *weight*"),
    ("6.6", found_with(lambda p: abs(p.grad), marks=False), "marks at both ends"),
    ("6.6", found_with(lambda p: abs(p.grad), weights="fresh"), "untrained weights"),
    ("6.6", lambda name: steepest("emma"), "answer for `emma`"),
    ("6.6", lambda name: (steepest(name)[0], *steepest(name)[:0:-1]), "row and column are swapped"),
    ("6.6", lambda name: (*steepest(name)[1:], steepest(name)[0]), "matrix comes first"),
    ("6.6", lambda name: steepest(name)[0], "all three"),
    ("6.6", with_old_gradients, "load the weights inside"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_wrong_answers_get_their_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong"
    assert cause in result.cause, result


def test_the_packages_mlp_is_told_that_the_work_is_the_packages():
    result = evaluate("6.2", microgpt.mlp)
    assert result.status == "right" and "the work is the package's" in str(result)


def test_the_packages_gpt_is_not_taken_for_the_readers():
    result = evaluate("6.5", lambda *arguments: microgpt.gpt(*arguments))
    assert result.status == "wrong" and "yourself" in result.cause


@pytest.mark.parametrize("seed", range(6))
def test_the_same_question_with_other_names_has_its_answer(seed):
    fresh = fresh_order(random.Random(seed))
    name, *others = re.findall(r"'(\w+)'", fresh.question)
    state_dict, config, tokenizer = microgpt.load()
    state_dict["wpe"] = [[Value(0.0) for _ in row] for row in state_dict["wpe"]]
    probs = [
        microgpt.next_token_probs(state_dict, config, tokenizer, word) for word in (name, *others)
    ]
    same = [max(abs(a - b) for a, b in zip(probs[0], p)) < 1e-9 for p in probs[1:]]
    assert same == fresh.expected
