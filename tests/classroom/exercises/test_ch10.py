"""Chapter 10: right answers pass, plausible wrong ones are told their cause."""

import random

import pytest
from own_parts import Mine, Overwrites, Stack, adam_class, no_maximum

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.assembly import parts
from classroom.exercises.shared import seeds
from classroom.exercises.shared.beginnings import FLAWS, Listener, complete, flawed


class Swapped(Mine):
    def __mul__(self, other):
        other = self.wrap(other)
        return self.node(self.data * other.data, (self, self.data), (other, other.data))


def endless(prefix, model, chars, rng, block_size=16):
    """Goes on for one position more than the block has."""
    ids = [len(chars)] + [chars.index(char) for char in prefix]
    for pos_id in range(block_size + 1):
        probs = model(ids[pos_id], pos_id)
        if pos_id + 1 == len(ids):
            ids.append(rng.choices(range(len(probs)), weights=probs)[0])
            if ids[-1] == len(chars):
                return "".join(chars[i] for i in ids[1:-1])
    return "".join(chars[i] for i in ids[1:])


def shows_bos(prefix, model, chars, rng, block_size=16):
    """Takes BOS for a letter."""
    ids = [len(chars)] + [chars.index(char) for char in prefix]
    for pos_id in range(block_size):
        probs = model(ids[pos_id], pos_id)
        if pos_id + 1 == len(ids):
            ids.append(rng.choices(range(len(probs)), weights=probs)[0])
    return "".join(chars[i] for i in ids[1:])


def changes_chars(prefix, model, chars, rng, block_size=16):
    name = complete(prefix, model, list(chars), rng, block_size)
    chars.append(".")
    return name


def own_dice(prefix, model, chars, rng, block_size=16):
    return complete(prefix, model, chars, random.Random(), block_size)


def my_linear(x, w):
    return [parts._sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def my_rmsnorm(x):
    scale = (parts._sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def my_decay(rate, step, num_steps):
    return rate * (1 - step / num_steps)


MINE = {"linear": my_linear, "rmsnorm": my_rmsnorm, "linear_decay": my_decay}

RIGHT = {
    "10.1": ([2, 7, 8],),
    "10.2": (complete,),
    "10.3": (Mine,),
    "10.4": (MINE,),
    "10.5": (seeds.worth,),
}

WRONG = [
    ("10.1", ([1, 2, 7, 8],), "sums and products"),
    ("10.1", ([2, 4, 7, 8],), "`softmax` makes them"),
    ("10.1", ([7, 8],), "who calls `backward`"),
    ("10.1", ([2, 8],), "stay where they are"),
    ("10.1", ([2, 3, 7, 8],), "no id becomes a letter"),
    ("10.2", (flawed("no BOS"),), "must be BOS, at position 0"),
    ("10.2", (flawed("only the last"),), "feed it every letter"),
    ("10.2", (flawed("overwritten"),), "ignore what the model proposes"),
    ("10.2", (flawed("not shown"),), "missing from the name"),
    *(("10.2", (flawed(flaw),), why) for flaw, why in FLAWS.items()),
    ("10.2", (endless,), "one further"),
    ("10.2", (shows_bos,), "has no letter"),
    ("10.2", (changes_chars,), "`chars` was changed"),
    ("10.2", (own_dice,), "other dice than `rng`"),
    ("10.1", ("2, 7, 8",), "this is text"),
    ("10.1", (278,), "one number"),
    ("10.1", (["2", "7", "8"],), "leave the quotes off"),
    ("10.1", ([2, 7, 8, 10],), "not 10"),
    ("10.1", ([[2], [7], [8]],), "lists inside"),
    ("10.1", (lambda: [2, 7, 8],), "a function"),
    ("10.4", ({"my_linear": len},), "did you mean 'linear'"),
    ("10.4", ({"decay": len},), "did you mean 'linear_decay'"),
    ("10.4", ({"softmax": "my_softmax"},), "without quotes"),
    ("10.4", ({"softmax": len},), "at least three"),
    ("10.5", (lambda a, b: seeds.worth(sorted(a), sorted(b)),), "sorted"),
    ("10.5", (lambda a, b: (seeds.worth(a, b)[0], min(b) - min(a), max(b) - max(a)),), "seed by"),
    ("10.5", (lambda a, b: tuple(y / 5 * 0 + y for y in seeds.worth(a, b)[1:]),), "mean comes"),
    ("10.5", (lambda a, b: seeds.around(*seeds.worth(a, b)),), "not how far"),
    ("10.3", (Swapped,), "the *other* factor"),
    ("10.5", (lambda a, b: seeds.worth(b, a),), "the sign"),
    ("10.5", (seeds.unpaired,), "different seeds"),
    ("10.5", (lambda a, b: seeds.worth(a, b)[0],), "three numbers"),
    ("10.5", (lambda a, b: (sum(b) - sum(a), *seeds.worth(a, b)[1:]),), "is the sum"),
    ("10.5", (lambda a, b: (min(b) - min(a), *seeds.worth(a, b)[1:]),), "over all seeds"),
]

TOLD = [
    ("10.1", ("all",), "a list of chapters' numbers"),
    ("10.1", ([0, 12],), "a list of chapters' numbers"),
    ("10.3", (Stack,), "3, not 39"),
    ("10.3", (Overwrites,), "`=` where `+=` is needed"),
    ("10.3", (Mine(2.0),), "the class itself"),
    ("10.4", ([my_linear],), "a dict from names"),
    ("10.4", ({"linear": my_linear},), "at least three"),
    ("10.4", ({**MINE, "relu": my_linear},), "there is no part 'relu'"),
    ("10.4", ({**MINE, "softmax": microgpt.softmax},), "'softmax' is the package's"),
    ("10.4", ({**MINE, "value": microgpt.Value},), "'value' is the package's"),
    ("10.4", ({**MINE, "adam": microgpt.Adam},), "'adam' is the package's"),
    ("10.4", ({**MINE, "softmax": no_maximum},), "subtract the largest logit first"),
    ("10.4", ({**MINE, "adam": adam_class(correct=False)},), "bias correction is missing"),
    ("10.4", ({**MINE, "value": Stack},), "3, not 39"),
    ("10.4", ({**MINE, "mlp": 3},), "must be a class or a function"),
]


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answers_pass(exercise):
    result = evaluate(exercise, *RIGHT[exercise])
    assert result.status == "right", str(result)


def test_the_order_of_the_chapters_does_not_matter():
    assert evaluate("10.1", (8, 2, 7)).status == "right"


def test_all_the_readers_own():
    everything = {**MINE, "value": Mine, "adam": adam_class()}
    result = evaluate("10.4", everything)
    assert result.status == "right" and "5 of 10 parts are yours" in result.remark
    assert "value ✓" in str(result) and "adam ✓" in str(result)


@pytest.mark.parametrize("exercise, answers, cause", WRONG)
def test_wrong_answers_are_told_why(exercise, answers, cause):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong"
    assert cause in result.cause, str(result)


@pytest.mark.parametrize("exercise, answers, words", TOLD)
def test_wrong_answers_are_told_what(exercise, answers, words):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong"
    assert words in str(result), str(result)


@pytest.mark.parametrize("exercise", RIGHT)
def test_stubs_are_open(exercise):
    def stub(*_arguments):
        raise NotImplementedError

    answer = stub if exercise in ("10.2", "10.5") else ...
    result = evaluate(exercise, answer)
    assert result.status == "not attempted" and not result.lines


def test_complete_on_the_trained_model_goes_on_from_the_beginning():
    from microgpt.inference import empty_cache, plain_gpt, plain_softmax, plain_weights

    state_dict, config, tokenizer = microgpt.load()
    weights, rng = plain_weights(state_dict), random.Random(1)
    for prefix in ("emm", "", "zzzz"):
        keys, values = empty_cache(config), empty_cache(config)

        def model(token_id, pos_id, keys=keys, values=values):
            return plain_softmax(plain_gpt(token_id, pos_id, keys, values, weights, config))

        assert complete(prefix, model, tokenizer.chars, rng).startswith(prefix)


def test_the_listener_depends_on_all_that_it_heard():
    first, second = Listener(4), Listener(4)
    first(3, 0)
    second(0, 0)
    assert first(1, 1) != second(1, 1)
