"""Exercises of chapter 04, Next token: surprise, pairs, softmax, cross-entropy, smoothing."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from classroom.exercises.judges.flow import flows
from classroom.exercises.kit.causes import Attempt, Cause, Raised, gives, raises, when
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.comparing import is_number, name_of
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import Asked, prediction, solution
from microgpt import Value, softmax, total

MATH = "`math` takes plain numbers; a `Value` has `.exp()` and `.log()` of its own."


def four_doors_again(rng: random.Random) -> Fresh:
    """The question of 4.1 with another number of characters that can come."""
    doors = rng.choice([3, 5, 6, 8, 9, 12, 16, 20])
    return Fresh(
        f"A model thinks {doors} of the 27 characters equally likely and the others impossible; "
        f"one of the {doors} comes. Its loss in nats, and its perplexity?",
        (math.log(doors), doors),
        f"The character had probability 1/{doors}: the loss is ln {doors} = {math.log(doors):.4f}, "
        f"and exp of it is {doors} again.",
        tolerance=5e-3,
    )


NO_CHOICES = "the other 23 are impossible, so they are no choices."
prediction(
    "4.1", "Four doors", difficulty=1, minutes=4, again=four_doors_again,
    asked={
        "loss_of_four": Asked(
            math.log(4),
            {
                0.25: "that is the probability; the surprise is minus its logarithm.",
                -math.log(4): "the logarithm of 0.25 is negative; the surprise is minus that.",
                2: "that is in bits, log2; a nat is the unit of the natural logarithm, ln.",
                4: "that is the number of equal choices; the loss is its natural logarithm.",
                math.log10(4): "that is the logarithm to base 10; a nat needs the natural one, ln.",
                4 * math.log(4): "those are the surprises of all four; one of them came.",
                math.log(4) / 4: "that is a share of a mean; the surprise itself is asked for, at its full weight.",
                math.log(27): "that is for 27 equal choices; this model weighs four only.",
                math.log(23): NO_CHOICES,
                math.log(27 / 4): "that is how much was gained over blind guessing; the loss is minus the logarithm of 1/4.",
                math.inf: "infinite would be the surprise if one of the 23 came; one of the four came.",
                0: "0 is the loss of a model that was sure; this one had four choices.",
            },
            tolerance=5e-3,
            also=(when(lambda got, right: abs(got - right) < 0.05, "rounded too far: give three digits."),),
            first="the character that came had probability 1/4: its surprise is asked for, in nats.",
        ),
        "perplexity_of_four": Asked(
            4,
            {
                0.25: "that is the probability of one choice; count the choices.",
                27: "27 is for 27 equal choices; here are four.",
                23: NO_CHOICES,
                2: "that is the loss in bits, or the root of 4; the perplexity is the number of equally likely choices.",
                math.exp(2): "exp undoes the natural logarithm: of the loss in nats, not in bits.",
                **{x: "2 to the power of undoes log2; nats are undone by exp." for x in (2 ** math.log(4), 2.61, 2.6)},
                1: "1 would be a model that was sure; this one had four choices.",
            },
            tolerance=5e-3,
            also=(when(lambda got, _: abs(got - math.log(4)) < 0.02, "that is the loss; the perplexity is exp of it."),),
            first="a perplexity says among how many equally likely characters the model chose.",
        ),
    },
)  # fmt: skip


def _another_mark(got: Any, right: Any) -> bool:
    """Whether other signs are wherever the mark should be."""
    known = {char for pair in right for char in pair}
    marked = {tuple(c if c in known else "·" for c in pair): n for pair, n in got.items()}
    return got != right and marked == right


@solution(
    "4.2", "Names that never end", difficulty=2, minutes=8, kind="find the bug",
    cases=lambda draw: [
        (["jo"],), (["jo", "al"],), (["aaa"],), (["ava", "ava"],), (["aa", "aaa"],), (["o"],), ([
        "anana", "al"],),
        (["anna", "nan", "o"],), *(([draw.word(n) for n in (4, 3, 5)],) for _ in range(2)),
    ],
    slips={
        'for name in names: -> for name in ["".join(names)]:': "the names still run into each other: put a mark before and after each one.",
        'for name in names: -> for name in ["··".join(names)]:': "the pair of two marks is no guess: count name by name.",
        '+ name + "·" -> + name': "the pair of the last letter and `·` is missing.",
        '"·" + name + "·" -> name + "·"': "the pair of `·` and the first letter is missing.",
        "for name in names: -> for name in sorted(set(names)):": "each repeat of a name counts.",
        "counts.get(pair, 0) + 1 -> 1": "every count is 1: add 1 to what is there already.",
        "counts.get(pair, 0) + 1 -> counts.get(pair, 1) + 1": "every count is one too high: a pair that is new has come 0 times so far.",
        "counts.get(pair, 0) + 1 -> pairs.count(pair)": "a later name overwrites the counts of an earlier one: add to them.",
    },
    also=[
        raises(KeyError, "a pair that comes for the first time has no count yet: `counts.get(pair, 0)`."),
        when(lambda got, _: got and all(isinstance(key, str) for key in got), "the keys are pairs, as `zip` makes them: two characters, not one string."),
        when(lambda got, _: got and all(isinstance(key[0], int) for key in got), "the keys are pairs of characters, not of ids."),
        when(_another_mark, "the counts are right, but your mark is another sign than `·`."),
    ],
)  # fmt: skip
def count_marked(names):
    counts = {}
    for name in names:
        marked = "·" + name + "·"  # the name with BOS before and after it
        pairs = list(zip(marked, marked[1:]))  # each character with the next one
        for pair in pairs:
            counts[pair] = counts.get(pair, 0) + 1  # one more for each pair
    return counts


WORDS = ("same", "sharper", "flatter")


def _shape(right: str, why: str) -> Asked:
    """One of the three questions of 4.3."""
    meant = f"answer with one of the words {', '.join(map(repr, WORDS))}."
    no_word = when(lambda got, _: str(got).strip().lower() not in WORDS, meant)
    return Asked(right, {word: why for word in WORDS if word != right}, also=(no_word,))


prediction(
    "4.3", "Move, stretch, squeeze", difficulty=1, minutes=4,
    asked={
        "plus_100": _shape("same", "only differences count: exp(x + 100) / exp(y + 100) = exp(x - y)."),
        "times_2": _shape("sharper", "the differences are doubled, and exp(2x) / exp(2y) is the old ratio squared."),
        "half": _shape("flatter", "the differences are halved, and the ratio becomes its square root, nearer to 1."),
    },
)  # fmt: skip


def _require_gradients(answer: Any, right: Any, *more: Any, causes: Sequence[Cause] = ()) -> None:
    """Raise ``Wrong`` unless gradients flow through a reader's function, on `backward` alone."""
    logits = [Value(x) for x in LOGITS]
    answer(logits, *more)
    call = f"{name_of(answer, right)}({', '.join(['logits', *map(str, more)])})"
    touched = "`backward` is for whoever uses the result: leave it out, and return the result."
    require(not any(x.grad for x in logits), f"{call} changes gradients.", touched)
    flows(right, (LOGITS, *more), ("logits",), f"{call} with logits = {{0}}", causes)(answer)


def _require_a_whole_graph(answer: Any) -> None:
    """Raise ``Wrong`` unless gradients flow through each exp of a softmax, and through the sum."""
    half_cut = "the sum, too, is made of the logits: add up the nodes, not their `.data`."
    probs = softmax([Value(x) for x in LOGITS])
    constant_sum = [float(n) * p.data for n, p in enumerate(probs, 1)]
    _require_gradients(answer, my_softmax, causes=[gives(constant_sum, half_cut)])


def _require_a_graph_of_the_loss(answer: Any) -> None:
    """Raise ``Wrong`` unless gradients flow through a reader's cross-entropy."""
    _require_gradients(answer, my_cross_entropy, 1)


LOGITS = [1.0, 2.0, 0.5]
FIXED = "a fixed number is subtracted, which fits some logits only: the largest logit always fits."
NAIVE = "(logit - largest).exp() -> logit.exp()"
LARGEST = "max(logit.data for logit in logits)"


@solution(
    "4.4", "softmax", difficulty=2, minutes=10, own=("softmax", "naive_softmax"),
    show_as="my_softmax([Value(x) for x in {0}])",
    then=_require_a_whole_graph,
    cases=lambda draw: [
        *(([Value(x) for x in logits],) for logits in (
            [0.0, 1.0], [3.0], [1.0, 2.0, 3.0], [-2.0, 0.5, 0.5, 4.0], [1000.0, 1001.0],
            [-1000.0, -1001.0], [1000.0, 0.0], [0.0, 1000.0], [-3.0, -800.0, 800.0],
            [-800.0, 5.0],
        )),
        (draw.vector(3),), (draw.vector(5),), (draw.vector(4, 1, 4),), (draw.vector(3, -4, -1),),
    ],
    slips={
        NAIVE: "`exp` of a large logit does not fit into a float: subtract the largest logit from each first.",
        "(logit - largest).exp() -> ((logit - largest) * 2).exp()": "the logits are multiplied by 2; take them as they are.",
        f"{LARGEST} -> min(logit.data for logit in logits)": "the smallest logit is subtracted; subtract the largest.",
        f"{LARGEST} -> logits[0].data": "the first logit is subtracted; subtract the largest.",
        f"{LARGEST} -> sum(logit.data for logit in logits) / len(logits)": "the mean is subtracted; subtract the largest.",
        f"{LARGEST} -> max(abs(logit.data) for logit in logits)": "`abs` takes the sign off: subtract the largest logit, which may be negative.",
        f"{LARGEST} -> max(0, *(logit.data for logit in logits))": "where all logits are far below 0, every exp comes out as 0: subtract the largest there, too.",
        **{f"{LARGEST} -> {number}": FIXED for number in (100, 500, 700, 709, 1000)},
        "(logit - largest) -> (logit / largest)": "only differences count: subtract the largest; a division changes the differences.",
        "[(logit - largest).exp() for logit in logits] -> logits": "the logits are divided as they are: exp comes first.",
        "(logit - largest).exp() -> Value(math.exp(min(logit.data, 700)))": "large logits are cut off, so their differences are lost: subtract the largest from all.",
    },
    also=[
        raises(TypeError, "Values cannot be compared: take the largest of their `.data`.", "not supported between"),
        raises(TypeError, "a number to the power of a Value is not defined: `x.exp()` is e to the power of x.", "** or pow"),
        raises(TypeError, MATH, "must be real number"),
    ],
)  # fmt: skip
def my_softmax(logits):
    largest = max(logit.data for logit in logits)  # the largest logit, a plain number
    exps = [(logit - largest).exp() for logit in logits]  # exp of each, less the largest
    exp_sum = sum(exps)  # the sum of the exps
    return [e / exp_sum for e in exps]  # each exp divided by the sum


def by_differences(logits, target_id):  # noqa: D103
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    exp_sum = total(exps)  # the sum of the exps, each less the largest
    log = exp_sum.log()  # its logarithm
    whole = log + largest  # the largest again
    return whole - logits[target_id]  # minus the target's logit


ONLY_TARGET = "only the target's probability counts, not {}."
ADDED = "nothing needs to be added to the probability: softmax never gives 0 here."


@solution(
    "4.5", "cross_entropy", difficulty=2, minutes=6, own=("cross_entropy",),
    show_as="my_cross_entropy([Value(x) for x in {0}], {1})", roads=[by_differences],
    then=_require_a_graph_of_the_loss,
    cases=lambda draw: [
        *(([Value(x) for x in logits], target_id) for logits, target_id in (
            ([0.5, 2.0, 1.0], 0), ([1.0, 2.0, 3.0], 2), ([1.7, 0.2, 0.3, 0.9], 2), ([0.0] * 27, 3),
            ([800.0, 801.0, 790.0], 1), ([40.0, 0.5], 1),
        )),
        (draw.vector(3), 1), (draw.vector(5), 3), (draw.vector(4), 0), (draw.vector(2), 1),
    ],
    slips={
        "return -log -> return log": "the minus is missing: a surprise is not negative.",
        "return -log -> return 1 - prob": "1 - p is another measure; take minus the log.",
        "return -log -> return -log / math.log(2)": "log2 gives bits; nats need log.",
        "probs[target_id] -> probs[target_id - 1]": "`target_id` is the index itself: ids begin at 0.",
        "log = prob.log() -> log = logits[target_id]": "a logit is no probability: softmax first.",
        "return -log -> return -total([p.log() for p in probs])": ONLY_TARGET.format("all of them"),
        "return -log -> return -total([p * p.log() for p in probs])": "that is the entropy, over all; only the target's probability counts.",
        "probs[target_id] -> max(probs, key=lambda p: p.data)": "the target's probability counts, not the largest.",
        "return -log -> return -log - total([(1 - p).log() for i, p in enumerate(probs) if i != target_id])": "only the target counts; that the others did not come is in its probability.",
        **{f"prob.log() -> (prob + {small}).log()": ADDED for small in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)},
    },
    also=[
        raises(OverflowError, "`exp` of a large logit does not fit into a float: `softmax` subtracts the largest first."),
        raises(TypeError, MATH, "must be real number"),
    ],
)  # fmt: skip
def my_cross_entropy(logits, target_id):
    probs = softmax(logits)  # the softmax of the logits
    prob = probs[target_id]  # the probability of the target
    log = prob.log()  # its logarithm
    return -log  # with a minus


NEAR = "near, but the loss at {} is not the least: compare all five again."


def without_counts(attempt: Attempt) -> bool:
    """Whether a row without any count was divided by its sum."""
    error = attempt.got.error if isinstance(attempt.got, Raised) else None
    return isinstance(error, ZeroDivisionError) and not any(attempt.args[0])


@solution(
    "4.6", "Never say never", difficulty=3, minutes=12, kind="experiment", extra=True,
    cases=lambda draw: [
        ([3, 1, 0], 2), ([0, 0], 3), ([5, 0, 0, 4], 0.5), ([7, 3], 0), ([1, 2, 6], 1),
        ([8, 0, 0, 0, 0, 5], 0.3),
        *(([draw.whole(3, 40) for _ in range(n)], draw.number(0, 4)) for n in (3, 5)),
    ],
    slips={
        "sum(raised) -> sum(row)": "the total grows, too: by k for each place of the row.",
        "sum(raised) -> sum(row) + k": "k is added to every place, so the total grows by k times the length of the row.",
        "[n + k for n in row] -> [n or k for n in row]": "k is added to *every* count, not only where it is 0.",
    },
    also=[
        Cause("k is added to each count *before* these are divided by their sum, so a row without any count has a sum, too.", without_counts),
    ],
    asked={"best_k": Asked(
        0.3,
        {
            0.003: "that is best on the names that were counted; compare the losses on the others.",
            30: "so large a k levels all rows; seek the least loss.",
            3: NEAR.format(3),
            0.03: NEAR.format(0.03),
        },
        also=(
            when(lambda got, _: 2.4 < got < 2.6, "k is asked for, not its loss."),
            when(lambda got, _: is_number(got) and got not in (0.003, 0.03, 0.3, 3, 30), "it is one of the five k."),
        ),
    )},
)  # fmt: skip
def smoothed(row, k):
    raised = [n + k for n in row]  # k added to each count
    row_sum = sum(raised)  # the sum of the raised counts
    return [n / row_sum for n in raised]  # each divided by that sum
