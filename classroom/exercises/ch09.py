"""The checks of chapter 09: the loaded die, temperature, top-k, calls, the loop."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.checking import expect_calls, gives, raises, remark, require, when
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.loaded_dice import (
    DRAW_SLIPS,
    TEMPERATURE_SLIPS,
    TOP_K_SLIPS,
    draw,
    top_k_like,
)
from classroom.exercises.shared.sampling_loops import (
    SLIPS,
    invent_like,
    with_model,
    with_small_model,
)
from microgpt import sample
from microgpt.inference import plain_softmax

ROUNDED = [0.333, 0.333, 0.333]  # probabilities that add up to a bit less than 1


@exercise("9.1", "The loaded die", difficulty=1, minutes=10)
def check_draw(answer: Any) -> None:
    """Check ``draw(probs, u)``."""
    expect_calls(
        answer,
        draw,
        cases=[
            ([1.0], 0.5),
            ([0.5, 0.5], 0.2),
            ([0.2, 0.3, 0.5], 0.35),
            ([0.2, 0.3, 0.5], 0.1),
            ([0.6, 0.3, 0.1], 0.65),
            ([0.6, 0.3, 0.1], 0.95),
            ([0.1, 0.2, 0.3, 0.4], 0.35),
            ([0.1, 0.5, 0.4], 0.3),
            ([0.5, 0.5], 0.5),
            ([0.0, 1.0], 0.0),
            ([0.25, 0.0, 0.75], 0.25),
            ([0.125, 0.25, 0.625], 0.124),
            ([0.126, 0.25, 0.624], 0.128),
            (ROUNDED, 0.9995),
        ],
        causes=[
            *(gives(wrong, words) for wrong, words in DRAW_SLIPS),
            gives(
                lambda probs, u: probs[draw(probs, u)],
                "you return the probability; its position in the list is asked for.",
            ),
            raises(
                TypeError,
                "the arguments come as `(probs, u)`: the list first, then the number.",
                "not iterable",
            ),
            raises(
                IndexError,
                "`u` can lie behind the sum of all probabilities: then the last token is meant.",
            ),
            raises(
                StopIteration,
                "`u` can lie behind the sum of all probabilities: then the last token is meant.",
            ),
        ],
    )
    edge = [*ROUNDED, 0.0]
    if answer(edge, 0.9995) == 3:
        remark(
            f"draw({edge}, 0.9995) gives 3, whose probability is 0. Behind the sum return the "
            "last token that is possible."
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
            ([1.0, 2.5], 0.5),
            ([-1.0, 2.7], 2.0),
            ([0.5, -1.0, 2.2], 1.5),
            ([-2.0, -3.4], 0.75),
            ([3.0, 1.0, 0.0], 0.001),
            ([1.0, 3.0, 0.5], 0.001),
            ([-3.0, -1.0], 0.001),
            ([-3.0, 1.0], 0.001),
            ([1.0, 1.0], 0.001),
        ],
        causes=[
            *(gives(wrong, words) for wrong, words in TEMPERATURE_SLIPS),
            raises(
                OverflowError,
                "at a low temperature the divided logits are large: subtract the largest first, "
                "or call `plain_softmax`.",
            ),
            raises(
                ZeroDivisionError,
                "at a low temperature every `exp` came out 0: the largest *divided* logit must be "
                "subtracted, whatever its sign.",
            ),
            raises(TypeError, "a list cannot be divided; divide each logit.", "'list'"),
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
            ([0.5, 2.0, 1.0, 3.0], 3),
            ([-5.0, -1.0, -2.0], 2),
            ([-3.0, -4.0, -2.5, -6.0], 2),
            ([1.0, 1.0, 1.0], 2),
            ([1.0, 1.0, 3.0], 2),
            ([0.5, 1.5], 5),
        ],
        causes=[
            *(gives(top_k_like(slip), words) for slip, words in TOP_K_SLIPS.items()),
            when(
                lambda got, expected: got != got or any(x != x for x in got),
                "`nan`: nothing was kept, or infinity minus infinity was computed.",
            ),
            raises(IndexError, "k may be larger than the list: then all are kept."),
        ],
    )


def calls(name: str) -> tuple[int, int]:
    """Calls of gpt for a name that ends with the mark: with the cache, and without it."""
    positions = len(name) + 1
    return positions, positions * (positions + 1) // 2


def _fresh_name(rng: random.Random) -> Fresh:
    name = "".join(rng.choice("aeiklmnorst") for _ in range(rng.randint(3, 12)))
    n = len(name) + 1
    return Fresh(
        f"calls({name!r}): how often does gpt run with the cache, and how often without it?",
        calls(name),
        f"BOS and {len(name)} letters are read, so {n} calls; without the cache "
        f"1 + 2 + ... + {n} = {n} * {n + 1} / 2.",
        several=True,
    )


@exercise(
    "9.4",
    "Calls with and without the cache",
    difficulty=1,
    minutes=5,
    kind="predict",
    again=_fresh_name,
)
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
                lambda name: (len(name) + 1, len(name) * (len(name) + 1) // 2),
                "the last draw counts, too: it reads all tokens once more, so 1 + 2 + ... + n.",
            ),
            gives(
                lambda name: (len(name), (len(name) + 1) * (len(name) + 2) // 2),
                "with the cache it is one call for each token that is read, and BOS is read, too.",
            ),
            gives(
                lambda name: (1, calls(name)[1]),
                "the cache saves the earlier tokens' work; each new token still takes one call.",
            ),
            gives(
                lambda name: calls("".join(dict.fromkeys(name))),
                "a letter that comes twice is read twice: positions count, not different letters.",
            ),
            gives(
                lambda name: calls(name + "x"),
                "the closing mark is drawn, but nobody reads it any more.",
            ),
            gives(lambda name: calls("olivia"), "these are olivia's numbers, whatever the name."),
            when(lambda got, expected: got == expected[0], "two numbers are asked for, as a pair."),
            when(lambda got, expected: isinstance(got, str), "two numbers, not text."),
            raises(TypeError, "the argument is the name itself; its length is `len(name)`."),
        ],
    )


def invent(weights: Any, config: Any, tokenizer: Any, rng: random.Random, t: float) -> str:
    """The sampling loop; what `microgpt.sample` does without beginning and top-k."""
    return sample(weights, config, tokenizer, rng, t)


@exercise(
    "9.5",
    "Three bugs in eleven lines",
    difficulty=3,
    minutes=20,
    kind="find the bug",
    extra=True,
    own=("sample",),
)
def check_invent(answer: Any) -> None:
    """Check ``invent(weights, config, tokenizer, rng, temperature)``."""
    require(callable(answer), 'pass the function itself: check("9.5", invent).')
    for model, name in ((with_model, ""), (with_small_model, " of a small model of three letters")):
        expect_calls(
            model(answer),
            model(invent),
            cases=[(0, 0.5), (1, 0.5), (2, 1.0), (3, 0.2), (4, 2.0), (1, 3.0)],
            show_as="invent(weights, config, tokenizer, random.Random({0}), {1})" + name,
            causes=[
                *(gives(model(invent_like(slip)), words) for slip, words in SLIPS.items()),
                raises(
                    TypeError,
                    "`rng.choices` gives a list of one; take its first with `[0]`.",
                    "not list",
                ),
                raises(
                    IndexError,
                    "there is no position after the block's last: `range(config.block_size)`.",
                ),
                raises(ValueError, "the mark is no letter: `break` before it is kept.", "mark BOS"),
                when(
                    lambda got, expected: isinstance(got, list),
                    "ids came out; `tokenizer.decode` makes a name of them.",
                ),
            ],
        )
