"""The checks of chapter 10: what may go, a beginning of your choice, a faulty Value, your parts."""

from __future__ import annotations

import random
from functools import partial
from itertools import chain
from typing import Any

from classroom.exercises.assembly import NAMES, assemble
from classroom.exercises.assembly.keeping import HOW_TO_KEEP
from classroom.exercises.assembly.machine import PACKAGES, with_backward
from classroom.exercises.assembly.misfits import fault_of
from classroom.exercises.assembly.reports import Report
from classroom.exercises.kit.causes import when
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.comparing import is_number, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.predictions import expect_prediction
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.saying import ended
from classroom.exercises.kit.solutions import Asked, solution
from classroom.exercises.kit.state import now, remark
from microgpt import Config

NEEDED = {
    1: "the scores are still sums and products of `Value`s: without the class, none.",
    3: "`chars` and `BOS` come from there; without them no id becomes a letter.",
    4: "the die needs probabilities, and `softmax` makes them.",
    5: "`gpt` calls `linear`, `rmsnorm` and `attention` for every letter.",
    6: "`gpt` itself is what gives the scores.",
    9: "that block is the one that writes the names.",
}
IDLE = {
    2: "nobody asks for a slope any more: who calls `backward`?",
    7: "Adam moves weights; now they stay where they are.",
    8: "the loop trains; the training is over.",
}


def _has(n: int, there: bool, got: Any, _: Any) -> bool:
    return (n in got) is there


MAY_GO = Asked([*IDLE], {(*NEEDED,): "these are just the chapters that must stay; the others are asked for."}, also=(
    when(lambda got, _: not {*got} <= {*IDLE, *NEEDED}, "give a list of chapters' numbers from 1 to 9, such as [1, 9]: no text, no other numbers."),
    *(when(partial(_has, n, True), f"chapter {n} may not go: {why}") for n, why in NEEDED.items()),
    *(when(partial(_has, n, False), f"chapter {n} may go, too: {why}") for n, why in IDLE.items()),
))  # fmt: skip


@exercise("10.1", "What may go", difficulty=1, minutes=5, kind="predict")
def check_what_may_go(answer: Any) -> None:
    """Check the chapters that a trained script can do without, in whatever order."""
    some = isinstance(answer, (list, tuple, set, frozenset, dict)) and all(map(is_number, answer))
    expect_prediction(MAY_GO, sorted({*answer}) if some else answer)


class Listener:
    """A model that keeps what it hears, anew from each position 0; what it answers depends on it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.heard: list[list[int]] = []

    def __call__(self, token_id: int, pos_id: int) -> list[float]:
        """Probabilities far from equal, in an order that depends on all that was heard."""
        if pos_id == 0:
            self.heard.clear()
        self.heard.append([token_id, pos_id])
        place = sum((k + 2) * t + p for k, (t, p) in enumerate(self.heard)) % self.size
        shares = (0.42, 0.31, 0.19, 0.08)
        return [shares[(token + place) % self.size] for token in range(self.size)]


def completed(answer: Any, prefix: str, seed: int, block_size: int) -> dict[str, Any]:
    """What `complete` returns, what the model has heard at the end, and `chars` afterwards.

    A beginning that fills the block need not be heard; no position behind the block may be.
    """
    model, chars = Listener(4), ["a", "b", "c"]
    size = [] if block_size == 16 else [block_size]  # the default is tried, too
    name = answer(prefix, model, chars, random.Random(seed), *size)
    full = len(prefix) >= block_size
    heard = [each for each in model.heard if each[1] >= block_size or not full]
    first = {FIRST: heard[: len(prefix) + 1], "name": name}
    return {**first, "heard then": heard[len(prefix) + 1 :], "chars": chars}


FIRST = "heard first, [token, position]"
IDS = "ids = [BOS] + [chars.index(char) for char in prefix] ->"
RETURN = 'return "".join(chars[i] for i in ids[1:]) ->'
DRAW = "rng.choices(range(len(probs)), weights=probs)[0]"
DRAWN = f"{DRAW} ->"


@solution(
    "10.2", "A beginning of your choice", difficulty=2, minutes=15, extra=True,
    run=completed, may_change=True,
    show_as="complete({0}, model, ['a', 'b', 'c'], random.Random({1})), block_size {2},",
    cases=[
        ("", 1, 16), ("a", 2, 16), ("ab", 3, 16), ("cab", 4, 16), ("b", 5, 3), ("", 6, 2),
        ("abc", 7, 5), ("abcabcabcabcabc", 8, 16), ("ba", 9, 16), ("bb", 11, 8), ("ca", 12, 16),
        ("abc", 13, 3),
    ],
    slips={
        "in range(block_size) -> in range(len(ids) - 1, block_size)": "the model has not heard the whole beginning: feed it every letter, in order, so that keys and values of all positions are there.",
        f'{IDS} ids = [BOS]\n{RETURN} return prefix + "".join(chars[i] for i in ids[1:])': "the prefix is only glued on; the model must hear it, letter by letter.",
        f'{RETURN} return "".join(chars[i] for i in ids[1 + len(prefix) :])': "the beginning is missing from the name that you return.",
        f"{DRAWN} max(range(len(probs)), key=probs.__getitem__)": "you take the most probable token; draw one with `rng.choices`.",
        "in range(block_size) -> in range(block_size - 1)": "the last position of the block is left out: `range(block_size)`.",
        "BOS = len(chars) -> BOS = 0": "the id of BOS is `len(chars)`, the one behind the last letter, not 0.",
        "BOS = len(chars) -> BOS = 26": "the id of BOS is `len(chars)`; it is 26 only where there are 26 letters.",
    },
    also=[
        when(lambda got, _: got[FIRST] and got[FIRST][0][0] != 3, "at position 0 the model reads another token than `BOS`."),
        when(lambda got, right: got[FIRST][:1] == right[FIRST][:1] and got[FIRST][1:2] != right[FIRST][1:2], "behind `BOS` the model reads another token than the first letter of the beginning."),
        when(lambda got, right: got["chars"] != right["chars"], "`chars` was changed: leave it alone."),
    ],
)  # fmt: skip
def complete(prefix, model, chars, rng, block_size=16):
    BOS = len(chars)  # the id of BOS
    ids = [BOS] + [chars.index(char) for char in prefix]  # BOS and the ids of the letters given
    for pos_id in range(block_size):
        probs = model(ids[pos_id], pos_id)  # each of them read by the model at its position
        if pos_id + 1 == len(ids):
            token_id = rng.choices(range(len(probs)), weights=probs)[0]  # after the last, a draw
            if token_id == BOS:
                break
            ids.append(token_id)
    return "".join(chars[i] for i in ids[1:])  # the letters of the ids behind BOS


SMALL = Config(27, n_embd=4, n_head=2)
"""A GPT small enough to be trained a step inside a check."""


def _require_agreement(report: Report) -> None:
    """Raise `Wrong` with what a report says of each part, unless it agrees."""
    faults = [(f"{name}: ", fault) for name, fault in report.faults.items()]
    causes = [name * (len(faults) > 1) + fault.cause for name, fault in faults if fault.cause]
    if faults:
        lines = [(name + ended(fault.text), *fault.seen) for name, fault in faults]
        raise Wrong(*chain.from_iterable(lines), cause=" ".join(causes))


@exercise("10.3", "One line in a Value", difficulty=2, minutes=10, kind="find the bug")
def check_value(answer: Any) -> None:
    """Check the repaired class ``Repaired``."""
    if not isinstance(answer, type):
        kind = "text" if isinstance(answer, str) else f"a {type(answer).__name__}"
        raise Wrong(
            f"the check needs the class itself, not {kind}.",
            cause="write the class `Repaired(Faulty)` with the line put right, and pass its name, "
            "without quotes or brackets.",
        )
    fault, other = fault_of("value", answer), "Faulty" not in [c.__name__ for c in answer.__mro__]
    if fault:
        bare = other and fault.text.startswith("it has no")
        cause = "the class stands on nothing: `class Repaired(Faulty):`." if bare else fault.cause
        raise Wrong(ended(fault.text), *fault.seen, cause=cause)
    _require_agreement(assemble(3, SMALL, value=answer))
    if other:
        remark("that is another class; which line of `Faulty` is the wrong one?")


@exercise("10.4", "All yours", difficulty=3, minutes=30)
def check_parts(answer: Any) -> None:
    """Check a dict of the reader's own parts, at least three."""
    form = "give a dict from names of parts to your parts: {'softmax': my_softmax, ...}."
    if not isinstance(answer, dict):
        raise Wrong(form, cause=f"this is a {type(answer).__name__}, without names for the parts.")
    parts = with_backward(answer)
    for name, part in parts.items():
        _require_part(name, part)
    count = len(parts)
    have = f"there {'is 1 part' if count == 1 else f'are {count} parts'}."
    require(count >= 3, have, f"bring at least three of your own: {HOW_TO_KEEP}")
    _require_agreement(assemble(3, SMALL, **parts))
    now.remarks.clear()  # of its parts
    remark(f"{count} of 10 parts are yours: " + ", ".join(f"{name} ✓" for name in parts))


def _require_part(name: Any, part: Any) -> None:
    """Raise `Wrong` unless there is such a part, and it is the reader's own function or class."""
    if name not in NAMES:
        short = str(name).lower().removeprefix("my_").removeprefix("my")
        close = [known for known in NAMES if short and (short in known or known in short)]
        cause = f"did you mean {close[0]!r}?" if close else "the table in 10.3 has their names."
        raise Wrong(f"there is no part {name!r}; there are {', '.join(NAMES)}.", cause=cause)
    if not callable(part):
        kind = "its name, without quotes" if isinstance(part, str) else "itself, not called"
        message = f"the part {name!r} must be a class or a function, not {show(part)}."
        raise Wrong(message, cause=f"put in the function or class {kind}.")
    require(
        part is not PACKAGES[name],
        f"the part {name!r} is the package's.",
        "put in the one that you wrote.",
    )


RETURNED = "return mean, min(extra), max(extra) ->"
EXTRA = "extra = [b - a for a, b in zip(full, without)] ->"


@solution(
    "10.5", "Effect or luck", difficulty=2, minutes=10, kind="experiment", extra=True,
    cases=lambda draw: [
        ([2.0, 3.0], [2.5, 3.25]),
        ([2.5, 2.0, 3.0], [2.25, 2.5, 3.5]),
        ([2.0], [1.5]),
        ([2.4, 2.1, 2.2, 2.9], [2.5, 2.7, 2.1, 3.3]),
        ([2.0, 3.0, 2.0, 2.25], [2.5, 3.5, 2.75, 2.375]),  # two equal differences
        ([2.5, 2.25, 2.0], [2.75, 3.0, 2.125]),
        *((draw.numbers(n, 2.1, 3, 2), draw.numbers(n, 2.1, 3.4, 2)) for n in (3, 5, 6)),
    ],
    slips={
        f"{RETURNED} return mean, min(without) - min(full), max(without) - max(full)": "the best run with the part and the best without it may be of different seeds; subtract seed by seed, then take smallest and largest.",
        f"{EXTRA} extra = [b - a for a, b in zip(sorted(full), sorted(without))]": "sorted lists pair different seeds: leave them in their order.",
        f"{EXTRA} extra = [abs(b - a) for a, b in zip(full, without)]": "the sign is lost: a part that does harm has a negative worth; no `abs`.",
        f"{EXTRA} extra = [a - b for a, b in zip(full, without)]": "the sign: a part that helps has a positive worth, so subtract `full`.",
        f"{RETURNED} return mean, min(without) - max(full), max(without) - min(full)": "smallest and largest may compare different seeds; subtract the same seed's loss.",
    },
)  # fmt: skip
def worth(full, without):
    extra = [b - a for a, b in zip(full, without)]  # what the part costs, seed by seed
    mean = sum(extra) / len(extra)  # the mean of that
    return mean, min(extra), max(extra)  # the mean, the smallest and the largest
