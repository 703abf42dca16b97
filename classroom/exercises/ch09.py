"""The checks of chapter 09: the loaded die, temperature, top-k, calls, the loop."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.checking import (
    expect_calls,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.loaded_dice import (
    SLIPS,
    TOP_K_SLIPS,
    first_at_least,
    invent_like,
    scaled_probs,
    top_k_like,
    with_model,
)
from microgpt import sample
from microgpt.inference import plain_softmax


def draw(probs: Sequence[float], u: float) -> int:
    """The token on whose piece of the way from 0 to 1 the number u lands."""
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed += prob
        if u < passed:
            return token_id
    return len(probs) - 1


@exercise("9.1", "The loaded die", difficulty=1, minutes=10)
def check_draw(answer: Any) -> None:
    """Check ``draw(probs, u)``."""
    expect_calls(
        answer,
        draw,
        cases=[
            ([1.0], 0.5),
            ([0.5, 0.5], 0.2),
            ([0.2, 0.3, 0.5], 0.3),
            ([0.6, 0.3, 0.1], 0.65),
            ([0.6, 0.3, 0.1], 0.95),
            ([0.5, 0.5], 0.5),
            ([0.0, 1.0], 0.0),
            ([0.1] * 10, 1 - 2**-53),
        ],
        causes=[
            when(
                lambda got, expected: got is None and expected == 9,
                "ten times 0.1 adds up to a bit less than 1, and `u` can lie behind it: then the "
                "last token is meant.",
            ),
            gives(first_at_least, "`u <= sum` lets a piece of length 0 win; it must be `u < sum`."),
            gives(
                lambda probs, u: next((i for i, p in enumerate(probs) if u < p), None),
                "you compare `u` with each probability alone; add them up on the way.",
            ),
            gives(
                lambda probs, u: next((i for i, p in enumerate(probs) if u < p), len(probs) - 1),
                "you compare `u` with each probability alone; add them up on the way.",
            ),
            gives(
                lambda probs, u: int(u * len(probs)),
                "all pieces have the same length in yours; each is as long as its probability.",
            ),
            when(
                lambda got, expected: got == -1,
                "-1 means the last one to Python, but the check wants its position.",
            ),
            gives(
                lambda probs, u: max(range(len(probs)), key=probs.__getitem__),
                "you take the most probable one whatever `u` is.",
            ),
            gives(
                lambda probs, u: probs[draw(probs, u)],
                "you return the probability; its position in the list is asked for.",
            ),
            gives(lambda probs, u: draw(probs, u) + 1, "positions in a list are counted from 0."),
        ],
    )


def with_temperature(logits: Sequence[float], temperature: float) -> list[float]:
    """Softmax of the logits divided by the temperature."""
    return plain_softmax([logit / temperature for logit in logits])


@exercise("9.2", "Temperature", difficulty=2, minutes=10)
def check_with_temperature(answer: Any) -> None:
    """Check ``with_temperature(logits, temperature)``."""
    expect_calls(
        answer,
        with_temperature,
        cases=[
            ([2.0, 1.0], 1.0),
            ([2.0, 1.0], 0.5),
            ([3.0, 1.0], 2.0),
            ([2.0, 0.0, -1.0], 1.5),
            ([3.0, 1.0, 0.0], 0.001),
        ],
        causes=[
            raises(
                OverflowError,
                "at a low temperature the divided logits are large: subtract the largest first, "
                "or call `plain_softmax`.",
            ),
            gives(
                lambda logits, t: plain_softmax([logit * t for logit in logits]),
                "you multiply by the temperature; dividing is meant: small T, large differences.",
            ),
            gives(scaled_probs, "you divide the probabilities; divide the *logits*, then softmax."),
            gives(
                lambda logits, t: plain_softmax(scaled_probs(logits, t)),
                "you take softmax twice; once, of the logits divided by the temperature.",
            ),
            gives(
                lambda logits, t: plain_softmax([logit // t for logit in logits]),
                "`//` rounds down: use `/`.",
            ),
            gives(
                lambda logits, t: plain_softmax(logits),
                "the temperature is not used, or has no effect: softmax does not see what is "
                "added to all logits. Divide.",
            ),
            gives(
                lambda logits, t: [logit / t for logit in logits],
                "these are the divided logits; softmax makes probabilities of them.",
            ),
            gives(
                lambda logits, t: [math.exp(logit / t) for logit in logits],
                "these are the exponentials; divide each by their sum.",
            ),
        ],
    )


def keep_top_k(logits: Sequence[float], k: int) -> list[float]:
    """Probabilities in which only the k highest logits take part; ties go to the lower id."""
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    kept = set(order[:k])
    return plain_softmax([x if i in kept else -math.inf for i, x in enumerate(logits)])


@exercise("9.3", "Top-k", difficulty=2, minutes=15)
def check_keep_top_k(answer: Any) -> None:
    """Check ``keep_top_k(logits, k)``."""
    expect_calls(
        answer,
        keep_top_k,
        cases=[
            ([1.0, 3.0], 1),
            ([2.0, 0.0, 1.0], 2),
            ([-5.0, -1.0, -2.0], 2),
            ([-3.0, -4.0, -2.5, -6.0], 2),
            ([1.0, 1.0, 1.0], 2),
            ([0.5, 1.5], 5),
        ],
        causes=[
            *(gives(top_k_like(slip), words) for slip, words in TOP_K_SLIPS.items()),
            raises(IndexError, "k may be larger than the list: then all are kept."),
        ],
    )


def calls(name: str) -> tuple[int, int]:
    """Calls of gpt for a name that ends with the mark: with the cache, and without it."""
    positions = len(name) + 1
    return positions, positions * (positions + 1) // 2


@exercise("9.4", "Calls with and without the cache", difficulty=1, minutes=5, kind="predict")
def check_calls(answer: Any) -> None:
    """Check ``calls(name)``."""
    expect_calls(
        answer,
        calls,
        cases=[("",), ("a",), ("ava",), ("olivia",), ("maximiliano",)],
        causes=[
            gives(
                lambda name: (len(name), len(name) * (len(name) + 1) // 2),
                "the mark at the beginning is read, too: one position more than letters.",
            ),
            gives(lambda name: calls(name)[::-1], "with the cache first, then without."),
            gives(
                lambda name: (len(name) + 1, (len(name) + 1) ** 2),
                "without the cache the first draw reads 1 token, the next 2, then 3: add these up.",
            ),
            gives(
                lambda name: calls(name + "x"),
                "the closing mark is drawn, but nobody reads it any more.",
            ),
            when(lambda got, expected: got == expected[0], "two numbers are asked for, as a pair."),
        ],
    )


def invent(weights: Any, config: Any, tokenizer: Any, rng: random.Random, t: float) -> str:
    """The sampling loop; what `microgpt.sample` does without beginning and top-k."""
    return sample(weights, config, tokenizer, rng, t)


@exercise(
    "9.5", "Three bugs in eleven lines", difficulty=3, minutes=20, kind="find the bug", extra=True
)
def check_invent(answer: Any) -> None:
    """Check ``invent(weights, config, tokenizer, rng, temperature)``."""
    require(callable(answer), 'pass the function itself: check("9.5", invent).')
    expect_calls(
        with_model(answer),
        with_model(invent),
        cases=[(0, 0.5), (1, 0.5), (2, 1.0), (3, 0.2), (4, 2.0), (1, 3.0)],
        show_as="invent(weights, config, tokenizer, random.Random({0}), {1})",
        causes=[
            *(gives(with_model(invent_like(slip)), words) for slip, words in SLIPS.items()),
            raises(IndexError, "there is no position 16: the block's end ends the name, too."),
            raises(ValueError, "the mark is no letter: `break` before it is kept.", "mark BOS"),
            when(
                lambda got, expected: isinstance(got, list),
                "ids came out; `tokenizer.decode` makes a name of them.",
            ),
        ],
    )
