"""Exercises of chapter 04, Next token: surprise, pairs, softmax, cross-entropy, smoothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import microgpt
from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.pairs import (
    bare,
    count_pairs,
    joined,
    of_the_first,
    with_double_marks,
    without_beginnings,
    without_ends,
)
from microgpt import Value


@exercise("4.1", "Four doors", difficulty=1, minutes=4, kind="predict")
def check_four_doors(loss: Any, perplexity: Any) -> None:
    """Check loss and perplexity of a fair guess among four."""
    expect_value(
        loss,
        math.log(4),
        tolerance=5e-3,
        causes=[
            gives(0.25, "that is the probability; the surprise is minus its logarithm."),
            gives(-math.log(4), "the logarithm of 0.25 is negative; the surprise is minus that."),
            gives(2, "that is in bits, log2; a nat is the unit of the natural logarithm, ln."),
            gives(4, "that is the number of equal choices; the loss is its natural logarithm."),
            gives(math.log(27), "that is for 27 equal choices; this model weighs four only."),
            gives(math.log(23), "the other 23 are impossible, so they are no choices."),
            gives(4 * math.log(4), "one character came, not four: its surprise alone counts."),
        ],
    )
    expect_value(
        perplexity,
        4,
        tolerance=5e-3,
        causes=[
            when(lambda got, _: abs(got - math.log(4)) < 0.005, "that is the loss; exp of it."),
            gives(0.25, "that is the probability of one choice; count the choices."),
            gives(27, "27 is for 27 equal choices; here are four."),
            gives(23, "the other 23 are impossible, so they are no choices."),
        ],
    )


@exercise("4.2", "Names that never end", difficulty=2, minutes=8, kind="find the bug")
def check_count_pairs(answer: Any) -> None:
    """Check the mended ``count_marked(names)``."""
    require(callable(answer), 'pass the function itself: check("4.2", count_marked).')

    def counted(names: Sequence[str]) -> Any:
        got = answer(names)
        return dict(got) if isinstance(got, dict) else got  # a Counter will do

    expect_calls(
        counted,
        count_pairs,
        cases=[(["jo"],), (["jo", "al"],), (["ava", "ava"],), (["anna", "nan", "o"],)],
        show_as="count_marked({0})",
        causes=[
            gives(joined, "the names still run into each other: mark both ends of each one."),
            gives(without_ends, "the pair of the last letter and the mark is missing."),
            gives(without_beginnings, "the pair of the mark and the first letter is missing."),
            gives(bare, "the marks are missing: nothing says where a name begins and ends."),
            gives(with_double_marks, "the pair of two marks is no guess: count name by name."),
            gives(lambda names: count_pairs(sorted(set(names))), "each repeat of a name counts."),
            gives(of_the_first, "only one name is counted: the `return` is indented too far."),
            when(
                lambda got, _: all(isinstance(key, str) for key in got),
                "the keys are pairs, as `zip` makes them: two characters, not one string.",
            ),
            when(
                lambda got, right: sorted(got.values()) == sorted(right.values()),
                "the counts are right; is your mark another character than `·`?",
            ),
        ],
    )


SHAPES = ("same", "sharper", "flatter")


@exercise("4.3", "Move, stretch, squeeze", difficulty=1, minutes=4, kind="predict")
def check_shapes(plus_100: Any, times_2: Any, half: Any) -> None:
    """Check what three changes of all logits do to the probabilities."""
    changes = (
        (plus_100, "same", "only differences count: exp(x + 100) / exp(y + 100) = exp(x - y)."),
        (times_2, "sharper", "doubled differences; exp(2x) / exp(2y) is the old ratio squared."),
        (half, "flatter", "halved differences; the ratio becomes its square root, nearer to 1."),
    )
    names = ("plus_100", "times_2", "half")
    for name, (got, right, cause) in zip(names, changes):
        require(got in SHAPES, f"{name} = {got!r} is none of {', '.join(map(repr, SHAPES))}.")
        require(got == right, f"{name} = {got!r} is not right.", cause)


MATH = "`math` takes plain numbers; a `Value` has `.exp()` and `.log()` of its own."


def on_exps(function: Callable[[list[float]], Any]) -> Callable[[list[float]], Any]:
    """A wrong softmax, computed from the exps; None where they overflow, as another mistake."""

    def wrong(logits: list[float]) -> Any:
        return function([math.exp(x) for x in logits]) if max(logits) < 700 else None

    return wrong


@exercise("4.4", "softmax", difficulty=2, minutes=10)
def check_softmax(answer: Any) -> None:
    """Check ``softmax(logits)`` on lists of Values: numbers, large ones, gradients."""
    require(callable(answer), 'pass the function itself: check("4.4", my_softmax).')
    expect_calls(
        lambda logits: answer([Value(x) for x in logits]),
        lambda logits: microgpt.softmax([Value(x) for x in logits]),
        cases=[
            ([0.0, 1.0],),
            ([3.0],),
            ([1.0, 2.0, 3.0],),
            ([-2.0, 0.5, 0.5, 4.0],),
            ([1000.0, 1001.0],),
            ([-1000.0, -1001.0],),
        ],
        show_as="softmax({0})",
        causes=[
            raises(OverflowError, "exp of a large logit: subtract the largest logit first."),
            raises(ZeroDivisionError, "exp of every logit came out 0: subtract the largest first."),
            raises(TypeError, MATH, "real number"),
            gives(on_exps(list), "these are the exps: divide each by their sum."),
            gives(lambda x: [math.exp(v - max(x)) for v in x], "these are the exps of the shifted "
                  "logits: divide each by their sum."),
            gives(on_exps(lambda e: [v / max(e) for v in e]), "divide by the sum of the exps, "
                  "not by the largest."),
            gives(on_exps(lambda e: [v / len(e) for v in e]), "divide by the sum of the exps, "
                  "not by how many there are."),
            gives(lambda x: [v / sum(x) for v in x], "the logits are divided as they are: exp "
                  "comes first."),
            when(lambda got, _: abs(sum(got) - 1) > 1e-6, "the answers do not add up to 1."),
        ],
    )  # fmt: skip
    _expect_gradients("softmax", lambda logits: answer(logits)[0], lambda x: microgpt.softmax(x)[0])


def _expect_gradients(
    name: str, mine: Callable[[list[Value]], Any], right: Callable[[list[Value]], Value]
) -> None:
    """Expect that backward reaches the logits, and with the right slopes."""
    text, numbers = f"gradients of {name} at [1, 2, 0.5]", [1.0, 2.0, 0.5]

    def slopes(function: Callable[[list[Value]], Any]) -> list[float]:
        logits = [Value(x) for x in numbers]
        root = function(logits)
        if not hasattr(root, "backward"):
            shown = f"{name} returned a {type(root).__name__}, not a Value."
            raise Wrong(shown, cause="compute with the Values; `.data` and `math` leave the graph.")
        root.backward()
        return [float(logit.grad) for logit in logits]

    cut_off = "the graph is cut: a new `Value(...)` of a plain number knows no children."
    expected = slopes(right)
    half_cut = "the sum, too, is made of the logits: add up the nodes, not their `.data`."
    causes = [
        gives([0.0, 0.0, 0.0], cut_off),
        when(lambda got, _: got[0] != 0 and got[1] == got[2] == 0, half_cut),
    ]
    expect(text, slopes(mine), expected, causes=causes)


def on_probs(
    function: Callable[[list[float], int], Any],
) -> Callable[[list[float], int], Any]:
    """A wrong loss, computed from the probabilities."""

    def wrong(logits: list[float], target_id: int) -> Any:
        probs = [p.data for p in microgpt.softmax([Value(x) for x in logits])]
        return function(probs, target_id)

    return wrong


@exercise("4.5", "cross_entropy", difficulty=2, minutes=6)
def check_cross_entropy(answer: Any) -> None:
    """Check ``cross_entropy(logits, target_id)``: values, then gradients."""
    require(callable(answer), 'pass the function itself: check("4.5", my_cross_entropy).')
    expect_calls(
        lambda logits, target_id: answer([Value(x) for x in logits], target_id),
        lambda logits, target_id: microgpt.cross_entropy([Value(x) for x in logits], target_id),
        cases=[
            ([0.5, 2.0, 1.0], 0),
            ([1.0, 2.0, 3.0], 2),
            ([0.0] * 27, 3),
            ([800.0, 801.0, 790.0], 1),
        ],
        show_as="cross_entropy({0}, {1})",
        causes=[
            gives(on_probs(lambda p, t: math.log(p[t])), "the minus is missing: a surprise is not "
                  "negative."),
            gives(on_probs(lambda p, t: p[t]), "that is the probability; take minus its log."),
            gives(on_probs(lambda p, t: 1 - p[t]), "1 - p is another measure; take minus the log."),
            gives(on_probs(lambda p, t: -math.log(1 - p[t])), "that is the surprise if the target "
                  "had *not* come: no `1 -`."),
            gives(on_probs(lambda p, t: -math.log(p[t - 1])), "`target_id` is the index itself: "
                  "ids begin at 0."),
            gives(on_probs(lambda p, t: [-math.log(q) for q in p]), "all surprises came out; one "
                  "is asked for, the target's."),
            gives(on_probs(lambda p, t: -sum(map(math.log, p)) / len(p)), "only the target's "
                  "probability counts, not the mean over all."),
            gives(on_probs(lambda p, t: -math.log2(p[t])), "log2 gives bits; nats need log."),
            gives(lambda logits, t: -logits[t], "a logit is no probability: softmax first."),
            gives(on_probs(lambda p, t: -sum(map(math.log, p))), "only the target's probability "
                  "counts, not all of them."),
            gives(on_probs(lambda p, t: -math.log(max(p))), "the target's probability counts, not "
                  "the largest."),
            raises(OverflowError, "exp of a large logit: softmax subtracts the largest first."),
            raises(TypeError, MATH, "real number"),
        ],
    )  # fmt: skip
    _expect_gradients(
        "cross_entropy",
        lambda logits: answer(logits, 1),
        lambda logits: microgpt.cross_entropy(logits, 1),
    )


def smoothed(row: Sequence[int], k: float) -> list[float]:
    """Probabilities of a row of counts after `k` was added to each."""
    total = sum(row) + k * len(row)
    return [(count + k) / total for count in row]


@exercise("4.6", "Never say never", difficulty=3, minutes=12, kind="experiment", extra=True)
def check_smoothed(answer: Any, best_k: Any) -> None:
    """Check ``smoothed(row, k)``, then the k that was found with it."""
    expect_calls(
        answer,
        smoothed,
        cases=[([3, 1, 0], 1), ([0, 0], 2), ([5, 0, 0, 5], 0.5), ([7, 3], 0)],
        causes=[
            gives(lambda row, k: [(n + k) / sum(row) for n in row], "the total grows too: k for "
                  "each place of the row."),
            gives(lambda row, k: [(n + k) / (sum(row) + k) for n in row], "k is added to every "
                  "place, so the total grows by k times the length of the row."),
            gives(lambda row, k: [(n + k) / (sum(row) + 27 * k) for n in row], "27 is one "
                  "length of a row; `len(row)` fits any."),
            gives(lambda row, k: [n / sum(row) + k for n in row], "add k to the count, and divide "
                  "then."),
            gives(lambda row, k: [n + k for n in row], "these are counts: divide by their sum."),
            gives(lambda row, k: [n / sum(row) for n in row], "k is not in it yet."),
            raises(ZeroDivisionError, "a row without any count still has the k of each place."),
            when(lambda got, _: abs(sum(got) - 1) > 1e-9, "the answers do not add up to 1."),
        ],
    )  # fmt: skip
    expect_value(
        best_k,
        0.3,
        causes=[
            gives(0.003, "that is best on the names that were counted; look at the others."),
            gives(30, "so large a k levels all rows; seek the least loss."),
            gives(3, "near, but the loss at 3 is not the least: look at all five again."),
            gives(0.03, "near, but the loss at 0.03 is not the least: look at all five again."),
            when(
                lambda got, _: 2.4 < got < 2.6, "k is asked for, not the loss that belongs to it."
            ),
            when(lambda got, _: got not in (0.003, 0.03, 0.3, 3, 30), "it is one of the five k."),
        ],
    )
