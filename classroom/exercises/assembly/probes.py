"""Small questions to one part, for faults that training hides, and the causes of those it shows.

A softmax without the maximum and a walk without an order train as if nothing were wrong, for a
while or for good. Each probe puts a few questions to a part, and finds out which known slip, if
any, explains every wrong answer. Chapter 10.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from classroom.exercises.assembly import block_slips, gpt_slips, slips
from classroom.exercises.assembly import parts as right
from classroom.exercises.assembly.adam_slips import adam_fault
from classroom.exercises.assembly.decay_slips import decay_fault
from classroom.exercises.assembly.faults import Fault
from classroom.exercises.assembly.outcomes import Outcome, outcome
from classroom.exercises.assembly.value_questions import value_fault
from classroom.exercises.kit.errors import error_line, error_name
from classroom.exercises.kit.timeout import TimeLimit, time_limit
from microgpt.autograd import Value
from microgpt.model import Config

SECONDS = 2.0


@dataclass(frozen=True)
class Layer:
    """A part that is a function of vectors: the right one, examples, slips, and a hint.

    Attributes
    ----------
    right : callable
        The finished part.
    examples : tuple of tuple
        Arguments of each call, simplest first.
    slips : tuple of (callable, str)
        Wrong parts with their causes; the first that explains all wrong answers is named.
    arguments : str
        What the part is called with.
    """

    right: Callable[..., Any]
    examples: tuple[tuple[Any, ...], ...]
    slips: Sequence[slips.Slip]
    arguments: str


def probe(name: str, part: Any, make: Any = Value) -> Fault | None:
    """What is wrong with a part, or None.

    Parameters
    ----------
    name, part
        One of the names that `assemble` knows, and what the reader gave for it.
    make : type
        The class of the numbers that the part is tried on: the reader's own `value`, if any.
    """
    try:
        with time_limit(SECONDS):
            if name == "value":
                return value_fault(part)
            if name == "adam":
                return adam_fault(part)
            if name == "linear_decay":
                return decay_fault(part)
            if name == "gpt":
                return _gpt_fault(part, make)
            return _layer_fault(name, part, make)
    except TimeLimit as limit:
        text = f"it did not come to an end within {SECONDS:g} seconds"
        return Fault(", ".join(filter(None, [text, limit.line])))
    except (Exception, SystemExit) as error:
        return Fault(", ".join(filter(None, ["it raised " + error_name(error), error_line(error)])))


def _layer_fault(name: str, part: Any, make: Any) -> Fault | None:
    layer = LAYERS[name]
    got = [outcome(part, example, make) for example in layer.examples]
    expected = _outcomes(name, -1)
    for example, found in zip(layer.examples, got):
        if found.changed:
            return Fault(f"{_call(name, example)} changed its arguments", "leave them as they are.")
    wrong = [place for place, found in enumerate(got) if not found.like(expected[place])]
    if not wrong:
        return None
    place = min(wrong, key=lambda place: len(_call(name, layer.examples[place])))
    numbers_are_off = any(not a.like(b, slopes=False) for a, b in zip(got, expected))
    causes = (
        words
        for slopes in ((True, False) if numbers_are_off else (True,))
        for number, (_, words) in enumerate(layer.slips)
        if all(a.like(b, slopes) for a, b in zip(_outcomes(name, number), got))
    )
    cause = next(causes, "") or _general(layer, got[place], expected[place])
    call = _call(name, layer.examples[place])
    return Fault(_difference(call, got[place], expected[place]), cause)


@cache
def _outcomes(name: str, number: int) -> list[Outcome]:
    """What a known slip gives on every example of its part; the right part's number is -1."""
    layer = LAYERS[name]
    function = layer.right if number < 0 else layer.slips[number][0]
    return [outcome(function, example) for example in layer.examples]


def _general(layer: Layer, got: Outcome, expected: Outcome) -> str:
    if "positional argument" in got.error or "unexpected keyword" in got.error:
        return f"the part is called with {layer.arguments}."
    if got.kind == "TypeError" and "'int'" in got.error and "+" in got.error:
        return "`sum` begins with the number 0: `0 + value` needs `__radd__` in your Value."
    if got.kind == "TypeError" and "not iterable" in got.error:
        return f"the part is called with {layer.arguments}: is the order right?"
    if "NoneType" in got.shape:
        return "nothing is returned; is a `return` missing?"
    if got.kind:
        return ""
    if got.shape == expected.shape and not any(got.slopes) and got.data == expected.data:
        return "plain numbers come out, so no gradient flows: leave out `.data`."
    return ""


def _difference(call: str, got: Outcome, expected: Outcome) -> str:
    if got.error:
        return f"{call} raised {got.error}"
    if got.shape != expected.shape:
        return f"{call} gave something of shape {got.shape}, expected {expected.shape}"
    pairs = list(zip(got.data, expected.data))
    if any(f"{a:.4g}" != f"{b:.4g}" for a, b in pairs):
        return f"{call} gave {_numbers(got.data)}, expected {_numbers(expected.data)}"
    for place, (a, b) in enumerate(zip(got.slopes, expected.slopes)):
        if f"{a:.4g}" != f"{b:.4g}":
            return f"{call}: right numbers, but the slope of input {place} is {a:.4g}, not {b:.4g}"
    return f"{call} is off in the last digits: {got.data[0]!r}, expected {expected.data[0]!r}"


def _numbers(numbers: Sequence[float]) -> str:
    return "[" + ", ".join(f"{number:.4g}" for number in numbers) + "]"


def _call(name: str, example: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(_written(each) for each in example)})"


def _written(thing: Any) -> str:
    if isinstance(thing, list):
        return "[" + ", ".join(_written(each) for each in thing) + "]"
    return f"Value({thing:g})" if isinstance(thing, float) else repr(thing)


def _gpt_fault(gpt: Any, make: Any) -> Fault | None:
    """Three tokens through a model of two layers whose weights are far from one another."""
    runs = [_read(gpt, ids, make) for ids in TOKENS]
    right_ones = _slipped("")
    wrong = [place for place, run in enumerate(runs) if not run.like(right_ones[place])]
    if not wrong:
        return None
    words = _gpt_words(TOKENS[wrong[0]], runs[wrong[0]], right_ones[wrong[0]])
    for slip, cause in gpt_slips.SLIPS.items():
        if all(a.like(b) for a, b in zip(_slipped(slip), runs)):
            return Fault(words, cause)
    return Fault(words, _general(GPT, runs[wrong[0]], right_ones[wrong[0]]))


TOKENS = ((2,), (2, 0, 1))


@cache
def _slipped(slip: str) -> list[Outcome]:
    return [_read(gpt_slips.gpt_like(slip), ids) for ids in TOKENS]


def _read(gpt: Any, ids: tuple[int, ...], make: Any = Value) -> Outcome:
    config = Config(3, n_embd=4, n_head=2, n_layer=2, block_size=4)
    rng = random.Random(7)
    weights = {
        name: [[round(rng.uniform(-1.5, 1.5), 2) for _ in range(columns)] for _ in range(rows)]
        for name, (rows, columns) in config.shapes().items()
    }
    return outcome(gpt_slips.read(gpt, ids, config), (weights,), make)


def _gpt_words(ids: tuple[int, ...], got: Outcome, expected: Outcome) -> str:
    text = _difference("", got, expected).strip()
    return (
        f"with 2 layers, 2 heads and random weights, for the tokens {list(ids)} it {text}".replace(
            "it : right", "it gives right"
        )
    )


GPT = Layer(
    gpt_slips.gpt_like(""), (), (), "`(token_id, pos_id, keys, values, state_dict, config)`"
)
LAYERS: dict[str, Layer] = {
    "linear": Layer(
        right.linear,
        (
            ([1.0, 2.0], [[3.0, 4.0], [5.0, 6.5], [7.0, -8.0]]),
            ([0.5, -1.5, 2.0], [[1.0, -2.0, 0.5], [4.0, 3.0, -1.0], [0.0, 2.5, 6.0]]),
        ),
        slips.LINEAR,
        "`(x, w)`, a vector and a matrix",
    ),
    "softmax": Layer(
        right.softmax,
        (
            ([1.0, 3.0, 2.0],),
            ([-1.0, -3.0, 0.5, -2.0],),
            ([1000.0, 998.0],),
            ([900.0, 2.0, 0.5],),
            ([-1000.0, -1001.0],),
            ([-900.0, 0.5, 2.0],),
        ),
        slips.SOFTMAX,
        "`(logits)`, a list",
    ),
    "rmsnorm": Layer(
        right.rmsnorm,
        (([3.0, 4.0],), ([1.0, -2.0, 0.5],), ([0.003, -0.001],), ([0.0, 0.0],)),
        slips.RMSNORM,
        "`(x)`, a vector",
    ),
    "cross_entropy": Layer(
        lambda logits, target_id: right.softmax(logits)[target_id].log() * -1,
        (([0.0, 1.0, 3.0], 2), ([2.0, -1.0, 0.5, 1.0], 1), ([1000.0, 999.0], 1)),
        slips.CROSS_ENTROPY,
        "`(logits, target_id)`",
    ),
    "attention_head": Layer(
        block_slips.head_like(),
        (
            ([1.0, -2.0], [[0.5, 1.0]], [[3.0, -1.0]]),
            (
                [1.0, -2.0, 0.5],
                [[0.5, 1.0, -1.0], [2.0, 0.0, 1.5]],
                [[1.0, 2.0, 0.0], [-3.0, 1.0, 0.5]],
            ),
            (
                [0.5, 1.5],
                [[1.0, -1.0], [0.5, 2.0], [-2.0, 1.0]],
                [[4.0, 0.0], [1.0, -2.0], [0.5, 3.0]],
            ),
        ),
        block_slips.HEAD,
        "`(q, keys, values)`",
    ),
    "mlp": Layer(
        block_slips.mlp,
        (
            (
                [1.0, -2.0],
                [[0.5, 1.0], [2.0, -1.0], [-1.0, -0.5]],
                [[1.0, 2.0, -1.5], [-3.0, 0.5, 1.0]],
            ),
            (
                [-0.5, 1.5],
                [[1.0, 2.0], [-1.0, 0.5], [2.0, -1.0]],
                [[-2.0, -1.0, 0.5], [1.0, -1.5, 3.0]],
            ),
        ),
        block_slips.MLP,
        "`(x, fc1, fc2)`",
    ),
}
