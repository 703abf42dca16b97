"""Chapter 09: other right ways pass, and what no slip of its tables says is told as well."""

import math
import random

from told import chapter_tests, edited

from classroom.exercises import ch09, evaluate
from microgpt import load, sample
from microgpt.inference import float_softmax, float_weights

ANEW = "keys, values = empty_cache(config), empty_cache(config)⏎        "
READ = "float_gpt(i, n, keys, values, weights, config) for n, i in enumerate([tokenizer.BOS, *ids])"
MODEL = "logits = float_gpt(token_id, pos_id, keys, values, weights, config) ->"
WITHOUT_A_CACHE = f"{MODEL} {ANEW}logits = [{READ}][-1]"
RIGHT = [
    ("9.2", lambda x, t: tuple(1 / sum(math.exp(min((b - a) / t, 700)) for b in x) for a in x)),
    ("9.4", lambda name: [len(name) + 1, sum(range(len(name) + 2))]),
    ("9.5", WITHOUT_A_CACHE),
]
WRONG = [
    ("9.1", "return last -> probs.append(0.0)⏎    return last", "changed"),
    ("9.1", lambda u, probs: ch09.draw(probs, u), "the list first"),
    ("9.1", lambda probs, u: next(i for i, p in enumerate(probs) if u < p), "second argument"),
    ("9.2", lambda x, t: [math.exp(a / t) / sum(math.exp(b / t) for b in x) for a in x], "too lar"),
    ("9.2", lambda x, t: float_softmax(x / t), "divide each logit"),
    ("9.4", lambda name: "4 and 10", "not text"),
    ("9.5", lambda *a: sample(*a), "write it yourself"),
    ("9.5", lambda _, *rest: ch09.invent(float_weights(load()[0]), *rest), "✗"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_the_loop_is_the_sampler():
    state_dict, config, tokenizer = load()
    model = float_weights(state_dict), config, tokenizer
    for seed in range(5):
        rngs = random.Random(seed), random.Random(seed)
        assert ch09.invent(*model, rngs[0], 0.7) == sample(*model, rngs[1], 0.7)


def test_the_draw_is_that_of_random_choices():
    rng = random.Random(9)
    for seed in range(300):
        probs = float_softmax([rng.gauss(0, 2) for _ in range(27)])
        chosen = random.Random(seed).choices(range(27), weights=probs)[0]
        assert ch09.draw(probs, random.Random(seed).random()) == chosen


def test_a_draw_that_may_end_on_an_impossible_token_gets_a_remark():
    result = evaluate("9.1", edited("9.1", "return last -> return len(probs) - 1"))
    assert result.status == "right" and "whose probability is 0" in result.remark
    assert evaluate("9.1", ch09.draw).remark == ""
