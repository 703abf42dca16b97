"""Small questions to one part, for faults that training hides, and the causes of those it shows.

A softmax without the maximum and a walk without an order train as if nothing were wrong, for a
while or for good. Each probe puts a few questions to a part, and finds out which known slip, if
any, explains every wrong answer. Chapter 10.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import microgpt
from classroom.exercises.assembly.faults import Fault
from classroom.exercises.assembly.machine import PACKAGES
from classroom.exercises.assembly.outcomes import Outcome, outcome
from classroom.exercises.assembly.own_value import value_fault, why_raised
from classroom.exercises.assembly.updates import adam_fault
from classroom.exercises.kit.errors import Wrong, error_line, error_name
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.state import now
from classroom.exercises.kit.timeout import TimeLimit, default_seconds, time_limit
from microgpt.autograd import Value
from microgpt.model import Config

EXERCISES = {
    "linear": "5.2", "softmax": "4.4", "rmsnorm": "5.4", "cross_entropy": "4.5",
    "attention_head": "5.3", "mlp": "6.2", "gpt": "6.5", "adam": "7.5", "linear_decay": "7.6",
}  # fmt: skip
"""Where each part was written; that exercise's check says what is wrong with it."""
CALLED = {
    "linear": "`(x, w)`, a vector and a matrix",
    "softmax": "`(logits)`, a list",
    "rmsnorm": "`(x)`, a vector",
    "cross_entropy": "`(logits, target_id)`",
    "attention_head": "`(q, keys, values)`",
    "mlp": "`(x, fc1, fc2)`",
    "gpt": "`(token_id, pos_id, keys, values, state_dict, config)`",
}


def probe(name: str, part: Any, make: Any = Value) -> Fault | None:
    """What is wrong with a part, tried on numbers of the reader's own `value`, if any; or None."""
    try:
        with time_limit(default_seconds()):
            if name == "value":
                return value_fault(part)
            return _by_its_exercise(name, part, make, _fault(name, part, make))
    except TimeLimit as limit:
        text = f"it did not come to an end within {default_seconds():g} seconds"
        return Fault(", ".join(filter(None, [text, limit.line])))
    except (Exception, SystemExit) as error:
        text = ", ".join(filter(None, ["it raised " + error_name(error), error_line(error)]))
        return Fault(text, why_raised(str(error), part) if name == "value" else "")


def _fault(name: str, part: Any, make: Any) -> Fault | None:
    if name == "linear_decay":  # its own check asks all
        return None
    if name == "adam":
        return adam_fault(part, make)
    return _gpt_fault(part, make) if name == "gpt" else _layer_fault(name, part, make)


def _by_its_exercise(name: str, part: Any, make: Any, fault: Fault | None) -> Fault | None:
    """The fault, with what the check of the exercise in which the part was written says of it.

    That check has the package's `Value`: a part that is right beside the reader's is not asked.
    """
    if not fault and make is not Value and name != "linear_decay":
        return None
    try:
        find(EXERCISES[name]).check(part)
    except Wrong as wrong:
        if fault:
            return Fault(fault.text, fault.cause or wrong.cause)
        return Fault(" ".join(wrong.lines).rstrip("."), wrong.cause)
    except (Exception, TimeLimit):
        if not fault:
            raise
    finally:
        now.report = None
    return fault


def _layer_fault(name: str, part: Any, make: Any) -> Fault | None:
    """A part that is a function of vectors, on the cases of its exercise."""
    data = find(EXERCISES[name]).solution
    assert data is not None
    for place, case in enumerate(sorted(data.cases, key=lambda case: len(_call(name, case)))):
        got, expected = outcome(part, case, make), _expected(name)[place]
        if got.changed:
            return Fault(f"{_call(name, case)} changed its arguments", "leave them as they are.")
        if not got.like(expected):
            cause = _general(name, got, expected)
            return Fault(_difference(_call(name, case), got, expected), cause)
    return None


@cache
def _expected(name: str) -> list[Outcome]:
    """What the package's part gives in every case."""
    data = find(EXERCISES[name]).solution
    assert data is not None
    cases = sorted(data.cases, key=lambda case: len(_call(name, case)))
    return [outcome(PACKAGES[name], case) for case in cases]


def _general(name: str, got: Outcome, expected: Outcome) -> str:
    if "positional argument" in got.error or "unexpected keyword" in got.error:
        return f"the part is called with {CALLED[name]}."
    if got.kind == "TypeError" and "'int'" in got.error and "+" in got.error:
        return "`sum` begins with the number 0: `0 + value` needs `__radd__` in your Value."
    if got.kind == "TypeError" and "not iterable" in got.error:
        return f"the part is called with {CALLED[name]}: is the order right?"
    kind = got.shape.strip("()").split(", ")[0]
    if kind in ("generator", "map", "filter", "zip", "ndarray"):
        return (
            f"a list is asked for, this is of type {kind}: `[... for ...]`, or `list(...)` of it."
        )
    if "NoneType" in got.shape:
        return "nothing is returned; is a `return` missing?"
    if got.kind:
        return ""
    if got.like(expected, slopes=False) and not any(got.slopes):
        return "plain numbers come out, so no gradient flows: leave out `.data`."
    return ""


def _difference(call: str, got: Outcome, expected: Outcome) -> str:
    if got.error:
        return f"{call} raised {got.error}"
    if got.shape != expected.shape:
        return f"{call} gave something of shape {got.shape}, expected {expected.shape}"
    if got.foreign and got.data == expected.data:
        return f"{call} gave a node of another class, `{got.foreign}`"
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
    return f"Value({thing.data:g})" if isinstance(thing, Value) else repr(thing)


def _gpt_fault(gpt: Any, make: Any) -> Fault | None:
    """Three tokens through a model of two layers whose weights are far from one another."""
    runs = [_read(gpt, ids, make) for ids in TOKENS]
    right_ones = _right_runs()
    wrong = [place for place, run in enumerate(runs) if not run.like(right_ones[place])]
    if not wrong:
        return None
    got, expected = runs[wrong[0]], right_ones[wrong[0]]
    words = _gpt_words(TOKENS[wrong[0]], got, expected)
    return Fault(words, _general("gpt", got, expected))


TOKENS = ((2,), (2, 0, 1))


@cache
def _right_runs() -> list[Outcome]:
    return [_read(microgpt.gpt, ids) for ids in TOKENS]


def _read(gpt: Any, ids: tuple[int, ...], make: Any = Value) -> Outcome:
    config = Config(3, n_embd=4, n_head=2, n_layer=2, block_size=4)
    rng = random.Random(7)
    weights = {
        name: [[round(rng.uniform(-1.5, 1.5), 2) for _ in range(columns)] for _ in range(rows)]
        for name, (rows, columns) in config.shapes().items()
    }

    def reads(weights: Any) -> Any:
        keys: list[Any] = [[] for _ in range(config.n_layer)]
        values: list[Any] = [[] for _ in range(config.n_layer)]
        return [gpt(t, place, keys, values, weights, config) for place, t in enumerate(ids)]

    return outcome(reads, (weights,), make)


def _gpt_words(ids: tuple[int, ...], got: Outcome, expected: Outcome) -> str:
    text = _difference("", got, expected).strip()
    return (
        f"with 2 layers, 2 heads and random weights, for the tokens {list(ids)} it {text}".replace(
            "it : right", "it gives right"
        )
    )
