import math
import random

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch09 import calls, draw, invent, keep_top_k, with_temperature
from classroom.exercises.shared.loaded_dice import (
    DRAW_SLIPS,
    TEMPERATURE_SLIPS,
    TOP_K_SLIPS,
    draw_like,
    top_k_like,
)
from classroom.exercises.shared.sampling_loops import SLIPS, invent_like
from microgpt import load
from microgpt.inference import empty_cache, plain_gpt, plain_softmax, plain_weights

RIGHT = {
    "9.1": draw,
    "9.2": with_temperature,
    "9.3": keep_top_k,
    "9.4": calls,
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer(key):
    result = evaluate(key, RIGHT[key])
    assert result.status == "right", result


def own_loop(weights, config, tokenizer, rng, temperature):
    """Written as the notebook's solution is."""
    keys, values = empty_cache(config), empty_cache(config)
    token_id, name = tokenizer.BOS, ""
    for pos_id in range(config.block_size):
        logits = plain_gpt(token_id, pos_id, keys, values, weights, config)
        probs = plain_softmax([logit / temperature for logit in logits])
        token_id = rng.choices(range(len(probs)), weights=probs)[0]
        if token_id == tokenizer.BOS:
            break
        name += tokenizer.chars[token_id]
    return name


def test_a_right_loop_and_a_borrowed_one():
    assert evaluate("9.5", own_loop).status == "right"
    borrowed = evaluate("9.5", invent)
    assert borrowed.status == "wrong" and "the package's" in str(borrowed)


def draw_without_end(probs, u):
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed += prob
        if u < passed:
            return token_id


def bare_softmax(logits, temperature):
    exps = [math.exp(logit / temperature) for logit in logits]
    return [e / sum(exps) for e in exps]


def zero_logits(logits, k):
    cut = sorted(logits, reverse=True)[:k][-1]
    return plain_softmax([logit if logit >= cut else 0 for logit in logits])


def keep_ties(logits, k):
    cut = sorted(logits, reverse=True)[:k][-1]
    return plain_softmax([logit if logit >= cut else -math.inf for logit in logits])


def keep_lowest(logits, k):
    cut = sorted(logits)[:k][-1]
    return plain_softmax([logit if logit <= cut else -math.inf for logit in logits])


def strict_k(logits, k):
    cut = sorted(logits, reverse=True)[k - 1]
    return keep_top_k(logits, k) if cut is not None else None


def keeps_the_mark(weights, config, tokenizer, rng, temperature):
    keys, values = empty_cache(config), empty_cache(config)
    ids = [tokenizer.BOS]
    for pos_id in range(config.block_size):
        logits = plain_gpt(ids[-1], pos_id, keys, values, weights, config)
        probs = plain_softmax([logit / temperature for logit in logits])
        ids += rng.choices(range(len(probs)), weights=probs)
        if ids[-1] == tokenizer.BOS:
            break
    return tokenizer.decode(ids[1:])


WRONG = [
    ("9.1", lambda probs, u: int(u * len(probs)), "same length"),
    ("9.2", lambda x, t: plain_softmax([a // t for a in x]), "rounds down"),
    ("9.5", invent_like("strip"), "last letter"),
    ("9.5", invent_like("even"), "equally likely"),
    ("9.1", draw_like(reach=lambda u, s: u <= s), "`u < sum`"),
    ("9.1", lambda probs, u: next((i for i, p in enumerate(probs) if u < p), None), "add them up"),
    ("9.1", lambda probs, u: probs.index(max(probs)), "whatever `u` is"),
    ("9.1", lambda probs, u: probs[draw(probs, u)], "its position in the list"),
    ("9.1", lambda probs, u: draw(probs, u) + 1, "from 0"),
    ("9.1", draw_without_end, "the last token is meant"),
    ("9.2", lambda x, t: plain_softmax([xi * t for xi in x]), "dividing is meant"),
    ("9.2", lambda x, t: [p / t for p in plain_softmax(x)], "divide the *logits*"),
    ("9.2", lambda x, t: plain_softmax(x), "not used"),
    ("9.2", lambda x, t: [xi / t for xi in x], "softmax makes probabilities"),
    ("9.2", bare_softmax, "subtract the largest first"),
    ("9.3", zero_logits, "`-math.inf`"),
    ("9.3", keep_ties, "exactly k"),
    ("9.3", keep_lowest, "k *lowest*"),
    ("9.3", lambda x, k: plain_softmax(sorted(x, reverse=True)[:k]), "for each id"),
    ("9.3", strict_k, "larger than the list"),
    ("9.4", lambda name: (len(name), sum(range(len(name) + 1))), "one position more"),
    ("9.4", lambda name: calls(name)[::-1], "with the cache first"),
    ("9.4", lambda name: (len(name) + 1, (len(name) + 1) ** 2), "add these up"),
    ("9.4", lambda name: calls(name + "s"), "nobody reads it"),
    ("9.4", lambda name: len(name) + 1, "as a pair"),
    ("9.5", invent_like("cache"), "empty cache"),
    ("9.5", invent_like("multiply"), "divide them"),
    ("9.5", invent_like("cache multiply"), "and divide by"),
    ("9.5", invent_like("position"), "pass `pos_id`"),
    ("9.5", invent_like("token"), "BOS is read again"),
    ("9.5", invent_like("greedy"), "draw one"),
    ("9.5", invent_like("temperature"), "not divided by the temperature"),
    ("9.5", invent_like("mark"), "BOS ends the name"),
    ("9.5", invent_like("block"), "no position after"),
    ("9.5", keeps_the_mark, "before it is kept"),
    ("9.5", lambda w, c, t, r, T: t.encode(invent(w, c, t, r, T)), "`tokenizer.decode`"),
]


@pytest.mark.parametrize(("key", "answer", "cause"), WRONG)
def test_wrong_answers_get_their_cause(key, answer, cause):
    result = evaluate(key, answer)
    assert result.status == "wrong"
    assert cause in result.cause, result


def test_a_loop_without_slip_is_the_sampler():
    state_dict, config, tokenizer = load()
    model = plain_weights(state_dict), config, tokenizer
    for seed in range(5):
        rngs = random.Random(seed), random.Random(seed)
        assert invent_like("")(*model, rngs[0], 0.7) == invent(*model, rngs[1], 0.7)


def test_the_draw_is_that_of_random_choices():
    rng = random.Random(9)
    for seed in range(300):
        probs = plain_softmax([rng.gauss(0, 2) for _ in range(27)])
        chosen = random.Random(seed).choices(range(27), weights=probs)[0]
        assert draw(probs, random.Random(seed).random()) == chosen


def draws_the_impossible(probs, u):
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed += prob
        if u < passed:
            return token_id
    return len(probs) - 1


def test_a_draw_that_may_end_on_an_impossible_token_gets_a_remark():
    result = evaluate("9.1", draws_the_impossible)
    assert result.status == "right" and "whose probability is 0" in result.remark
    assert evaluate("9.1", draw).remark == ""


SLIP_TABLES = {
    "9.1": DRAW_SLIPS,
    "9.2": TEMPERATURE_SLIPS,
    "9.3": [(top_k_like(slip), words) for slip, words in TOP_K_SLIPS.items()],
}


@pytest.mark.parametrize("key", SLIP_TABLES)
def test_every_known_slip_is_refused_and_told_its_own_cause(key):
    for number, (wrong, words) in enumerate(SLIP_TABLES[key]):

        def answer(first, second, wrong=wrong):
            return wrong(first, second)

        result = evaluate(key, answer)
        assert result.status == "wrong" and result.cause == words, (number, str(result), words)


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_of_the_loop_is_told(slip):
    result = evaluate("9.5", invent_like(slip))
    assert result.status == "wrong" and result.cause == SLIPS[slip], str(result)


def uses_the_notebooks_weights(weights, config, tokenizer, rng, temperature):
    state_dict, _, _ = load()
    return own_loop(plain_weights(state_dict), config, tokenizer, rng, temperature)


def test_the_weights_of_the_notebook_are_not_right_by_luck():
    result = evaluate("9.5", uses_the_notebooks_weights)
    assert result.status == "wrong" and "small model" in str(result)


def test_again_asks_for_the_calls_of_other_names():
    from classroom.exercises.again import fresh_question, is_right
    from classroom.exercises.kit.registry import find

    fresh = fresh_question(find("9.4"), 1)
    assert "calls(" in fresh.question and is_right(fresh, fresh.expected)
    assert fresh_question(find("9.4"), 2).question != fresh.question
