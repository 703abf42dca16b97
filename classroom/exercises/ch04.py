"""Exercises of chapter 04, Next token: surprise, pairs, softmax, cross-entropy, smoothing."""

from __future__ import annotations

import functools
import math
import random
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import (
    Wrong,
    expect_calls,
    expect_parts,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.comparing import name_of
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.flow import code_of, expect_flow
from classroom.exercises.shared.pairs import count_pairs, pair_causes
from classroom.exercises.shared.surprise_causes import (
    cross_entropy_causes,
    loss_causes,
    perplexity_causes,
    softmax_causes,
)
from microgpt import Value


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
        several=True,
    )


@exercise("4.1", "Four doors", difficulty=1, minutes=4, kind="predict", again=four_doors_again)
def check_four_doors(loss: Any, perplexity: Any) -> None:
    """Check loss and perplexity of a fair guess among four, each by itself."""
    expect_parts(
        {
            "loss_of_four": lambda: expect_value(
                _number(loss), math.log(4), tolerance=5e-3, causes=loss_causes()
            ),
            "perplexity_of_four": lambda: expect_value(
                _number(perplexity), 4, tolerance=5e-3, causes=perplexity_causes()
            ),
        }
    )


def _number(answer: Any) -> Any:
    """A Value's number; anything else as it is."""
    return answer.data if isinstance(answer, Value) else answer


@exercise("4.2", "Names that never end", difficulty=2, minutes=8, kind="find the bug")
def check_count_pairs(answer: Any) -> None:
    """Check the mended ``count_marked(names)``."""
    require(callable(answer), 'pass the function itself: check("4.2", count_marked).')

    @functools.wraps(answer)
    def counted(names: Sequence[str]) -> Any:
        got = answer(names)
        return dict(got) if isinstance(got, dict) else got  # a Counter will do

    expect_calls(
        counted,
        count_pairs,
        cases=[(["jo"],), (["jo", "al"],), (["aaa"],), (["ava", "ava"],), (["aa", "aaa"],),
               (["anna", "nan", "o"],)],
        show_as="count_marked({0})",
        causes=pair_causes(),
    )  # fmt: skip


SHAPES = {
    "plus_100": ("same", "only differences count: exp(x + 100) / exp(y + 100) = exp(x - y)."),
    "times_2": ("sharper", "doubled differences; exp(2x) / exp(2y) is the old ratio squared."),
    "half": ("flatter", "halved differences; the ratio becomes its square root, nearer to 1."),
}


@exercise("4.3", "Move, stretch, squeeze", difficulty=1, minutes=4, kind="predict")
def check_shapes(plus_100: Any, times_2: Any, half: Any) -> None:
    """Check what three changes of all logits do to the probabilities, one by one."""
    answers = zip(SHAPES.items(), (plus_100, times_2, half))
    expect_parts(
        {name: partial(_expect_shape, got, right, text) for (name, (right, text)), got in answers}
    )


def _expect_shape(got: Any, right: str, text: str) -> None:
    words = [word for word, _ in SHAPES.values()]
    known = isinstance(got, str) and got.strip().lower() in words
    meant = f"answer with one of the words {', '.join(map(repr, words))}."
    expect_value(got, right, causes=[Cause(text if known else meant, lambda _: True)])


@exercise("4.4", "softmax", difficulty=2, minutes=10, own=("softmax", "naive_softmax"))
def check_softmax(answer: Any) -> None:
    """Check ``softmax(logits)`` on lists of Values: numbers, large ones, gradients."""
    require(callable(answer), 'pass the function itself: check("4.4", my_softmax).')
    cases = ([0.0, 1.0], [3.0], [1.0, 2.0, 3.0], [-2.0, 0.5, 0.5, 4.0], [1000.0, 1001.0],
             [-1000.0, -1001.0], [1000.0, 0.0], [0.0, 1000.0], [-3.0, -800.0, 800.0])  # fmt: skip
    expect_calls(
        answer,
        microgpt.softmax,
        cases=[([Value(x) for x in logits],) for logits in cases],
        show_as=f"{name_of(answer, microgpt.softmax)}([Value(x) for x in {{0}}])",
        causes=softmax_causes(code_of(answer)),
    )
    x = [1.0, 2.0, 0.5]
    half_cut = "the sum, too, is made of the logits: add up the nodes, not their `.data`."
    constant_sum = [float(place) * p.data for place, p in enumerate(
        microgpt.softmax([Value(v) for v in x]), start=1)]  # fmt: skip
    expect_flow(f"{name_of(answer, microgpt.softmax)}(logits) with logits = {x}", answer,
                microgpt.softmax, (x,), ("logits",), [gives(constant_sum, half_cut)])  # fmt: skip


@exercise("4.5", "cross_entropy", difficulty=2, minutes=6, own=("cross_entropy",))
def check_cross_entropy(answer: Any) -> None:
    """Check ``cross_entropy(logits, target_id)``: values, then gradients."""
    require(callable(answer), 'pass the function itself: check("4.5", my_cross_entropy).')
    name = name_of(answer, microgpt.cross_entropy)
    cases = (([0.5, 2.0, 1.0], 0), ([1.0, 2.0, 3.0], 2), ([1.7, 0.2, 0.3, 0.9], 2),
             ([0.0] * 27, 3), ([800.0, 801.0, 790.0], 1))  # fmt: skip
    _require_a_solved_softmax(answer)
    expect_calls(
        answer,
        microgpt.cross_entropy,
        cases=[([Value(x) for x in logits], target_id) for logits, target_id in cases],
        show_as=f"{name}([Value(x) for x in {{0}}], {{1}})",
        causes=cross_entropy_causes(code_of(answer)),
    )
    x = [1.0, 2.0, 0.5]
    expect_flow(f"{name}(logits, 1) with logits = {x}", answer, microgpt.cross_entropy,
                (x, 1), ("logits",))  # fmt: skip


def _require_a_solved_softmax(answer: Callable[..., Any]) -> None:
    """Raise ``Wrong`` if the stub of another exercise stops the answer."""
    try:
        answer([Value(0.5), Value(2.0)], 0)
    except NotImplementedError as error:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        stub = frames[-1].f_code.co_name
        if stub != getattr(answer, "__name__", stub):
            message = f"`{stub}`, which your answer calls, is not written yet."
            cause = "solve 4.4 first, or call the package's `softmax`."
            raise Wrong(message, cause=cause) from None
        raise
    except Exception:  # the examples will show it
        return


def smoothed(row: Sequence[int], k: float) -> list[float]:
    """Probabilities of a row of counts after `k` was added to each."""
    total = sum(row) + k * len(row)
    return [(count + k) / total for count in row]


def _where_zero(row: Sequence[int], k: float) -> list[float]:
    raised = [count or k for count in row]
    return [count / sum(raised) for count in raised]


def smoothed_causes() -> list[Cause]:
    """Causes for a wrong `smoothed`."""
    return [
        gives(lambda row, k: [(n + k) / sum(row) for n in row], "the total grows too: k for each "
              "place of the row."),
        gives(lambda row, k: [(n + k) / (sum(row) + k) for n in row], "k is added to every place, "
              "so the total grows by k times the length of the row."),
        gives(lambda row, k: [(n + k) / (sum(row) + 27 * k) for n in row], "27 is one length of a "
              "row; `len(row)` fits any."),
        gives(lambda row, k: [(n + k) / (sum(row) + len(row)) for n in row], "the total grows by k "
              "for each place, not by 1."),
        gives(lambda row, k: [n / sum(row) + k for n in row], "add k to the count, and divide "
              "then."),
        gives(lambda row, k: [n + k for n in row], "these are counts: divide by their sum."),
        gives(lambda row, k: [n / sum(row) for n in row], "k is not in it yet."),
        gives(lambda row, k: [n / (sum(row) + k * len(row)) for n in row], "the total has its k; "
              "each count needs it, too."),
        gives(lambda row, k: [max(n, k) / sum(max(m, k) for m in row) for n in row], "k is added "
              "to every count; it is no smallest value."),
        gives(_where_zero, "k is added to *every* count, not only where it is 0."),
        gives(lambda row, k: [(n + 1) / (sum(row) + len(row)) for n in row], "1 is added; add "
              "`k`."),
        gives(lambda row, k: [(n + k) / max(n + k for n in row) for n in row], "divide by the sum, "
              "not by the largest."),
        gives(lambda row, k: [(n + k) / len(row) for n in row], "divide by the sum of the counts, "
              "not by how many there are."),
        raises(ZeroDivisionError, "a row without any count still has the k of each place."),
        raises(TypeError, "a list plus a number: add k to each count of the row.", "concatenate"),
        when(lambda got, _: abs(sum(got) - 1) > 1e-9, "the answers do not add up to 1."),
    ]  # fmt: skip


@exercise("4.6", "Never say never", difficulty=3, minutes=12, kind="experiment", extra=True)
def check_smoothed(answer: Any, best_k: Any) -> None:
    """Check ``smoothed(row, k)``, then the k that was found with it."""
    expect_calls(
        answer,
        smoothed,
        cases=[([3, 1, 0], 2), ([0, 0], 3), ([5, 0, 0, 4], 0.5), ([7, 3], 0), ([1, 2, 6], 1)],
        causes=smoothed_causes(),
    )
    near = "near, but the loss at {} is not the least: look at all five again."
    expect_value(
        best_k,
        0.3,
        causes=[
            gives(0.003, "that is best on the names that were counted; look at the others."),
            gives(30, "so large a k levels all rows; seek the least loss."),
            gives(3, near.format(3)),
            gives(0.03, near.format(0.03)),
            when(lambda got, _: 2.4 < got < 2.6, "k is asked for, not its loss."),
            when(lambda got, _: got in range(5), "k itself is asked for, not its place."),
            when(lambda got, _: got not in (0.003, 0.03, 0.3, 3, 30), "it is one of the five k."),
        ],
    )  # fmt: skip
