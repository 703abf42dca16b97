"""Chapter 10: right answers pass, plausible wrong ones are told their cause."""

from own_parts import ADAM, Mine, Overwrites, Stack, no_maximum
from told import chapter_tests

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.assembly import parts
from classroom.exercises.ch10 import Listener
from classroom.exercises.kit.registry import find


class Swapped(Mine):
    def __mul__(self, other):
        other = self.wrap(other)
        return self.node(self.data * other.data, (self, self.data), (other, other.data))

    __rmul__ = Mine.__mul__  # a later operation does not have the mistake


def first_reads(prefix, model, chars, rng, block_size=16):
    """The beginning first, then letter by letter."""
    tokens, name = [*chars, None], prefix
    for pos_id, letter in enumerate([None, *prefix][:block_size]):
        probs = model(tokens.index(letter), pos_id)
    while len(name) < block_size and (letter := rng.choices(tokens, probs)[0]):
        name += letter
        if len(name) < block_size:
            probs = model(tokens.index(letter), len(name))
    return name


MINE = {
    "linear": lambda x, w: [parts._sum(wi * xi for wi, xi in zip(row, x)) for row in w],
    "rmsnorm": find("5.4").solution.right,
    "linear_decay": lambda rate, step, num_steps: rate * (1 - step / num_steps),
}
RIGHT = [
    ("10.3", Mine),
    ("10.4", MINE),
    ("10.1", [2, 7, 8]),
    ("10.1", {2, 7, 8}),
    (
        "10.2",
        "model(ids[pos_id], pos_id) -> [model(i, n) for n, i in enumerate(ids[: pos_id + 1])][-1]",
    ),
    ("10.2", first_reads),
    ("10.5", "return mean, min(extra), max(extra) -> return [mean, min(extra), max(extra)]"),
]

OWN_DICE = "=16): -> =16, dice=random.Random(0)):\nrng.choices -> dice.choices"
WRONG = [
    ("10.1", ([1, 2, 7, 8],), "sums and products"),
    ("10.1", ([7, 8],), "who calls `backward`"),
    ("10.1", ("2, 7, 8",), "numbers from 1 to 9"),
    ("10.1", (278,), "yours is a number"),
    ("10.1", ([2, 7, 8, 10],), "no other numbers"),
    ("10.1", (lambda: [2, 7, 8],), "a function"),
    ("10.2", OWN_DICE, "never uses its `rng`"),
    ("10.3", (Swapped,), "is the *other* factor"),
    ("10.3", (type("Odd", (Swapped,), {"__mult__": Mine.__mul__}),), "no `__mult__`: it calls"),
    ("10.4", ({"my_linear": len},), "did you mean 'linear'"),
    ("10.4", ({"softmax": "my_softmax"},), "without quotes"),
    ("10.4", ({"softmax": len},), "at least three"),
    ("10.3", (Stack,), "'a': 39"),
    ("10.3", (Overwrites,), "`=` stands in place of `+=`"),
    ("10.3", (Mine(2.0),), "the class itself"),
    ("10.4", ([len],), "a dict from names"),
    ("10.4", ({},), "open the notebook in which you solved it, run its first cell"),
    ("10.4", ({"backward": len},), "no part 'backward'"),
    ("10.4", ({**MINE, "relu": len},), "there is no part 'relu'"),
    ("10.4", ({**MINE, "softmax": microgpt.softmax},), "'softmax' is the package's"),
    ("10.4", ({**MINE, "softmax": no_maximum},), "subtract the largest logit from each"),
    ("10.4", ({**MINE, "mlp": 3},), "must be a class or a function"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_all_the_readers_own():
    everything = {**MINE, "value": Mine, "adam": ADAM}
    result = evaluate("10.4", everything)
    assert result.status == "right" and "5 of 10 parts are yours" in result.remark
    assert "value ✓" in str(result) and "adam ✓" in str(result)


def test_the_listener_depends_on_all_that_it_heard():
    first, second = Listener(4), Listener(4)
    first(3, 0)
    second(0, 0)
    assert first(1, 1) != second(1, 1)
