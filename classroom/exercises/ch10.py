"""The checks of chapter 10: what may go, a beginning of your choice, a faulty Value, your parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import microgpt
from classroom.exercises.assembly import NAMES, assemble
from classroom.exercises.assembly import parts as plain_parts
from classroom.exercises.assembly.probes import probe
from classroom.exercises.assembly.reports import Report
from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.beginnings import FLAWS, complete, completed, flawed
from microgpt import CharTokenizer, Config, load_docs

NOT_NEEDED = [2, 7, 8]


@exercise("10.1", "What may go", difficulty=1, minutes=5, kind="predict")
def check_what_may_go(answer: Any) -> None:
    """Check the chapters that a trained script can do without."""
    if not isinstance(answer, (list, tuple, set)) or not all(
        isinstance(chapter, int) and 1 <= chapter <= 9 for chapter in answer
    ):
        raise Wrong("give a list of chapters' numbers from 1 to 9, such as [1, 9].")
    needed = {
        1: "the scores are still sums and products of `Value`s: without the class, none.",
        3: "`chars` and `BOS` come from there; without them no id becomes a letter.",
        4: "the die needs probabilities, and `softmax` makes them.",
        5: "`gpt` calls `linear`, `rmsnorm` and `attention` for every letter.",
        6: "`gpt` itself is what gives the scores.",
        9: "that block is the one that writes the names.",
    }
    idle = {
        2: "nobody asks for a slope any more: who calls `backward`?",
        7: "Adam moves weights; now they stay where they are.",
        8: "the loop trains; the training is over.",
    }
    for chapter, why in needed.items():
        require(chapter not in answer, f"chapter {chapter} may not go.", why)
    for chapter, why in idle.items():
        require(chapter in answer, f"a chapter is missing from {sorted(answer)}.", why)


@exercise("10.2", "A beginning of your choice", difficulty=2, minutes=15, extra=True)
def check_complete(answer: Any) -> None:
    """Check ``complete(prefix, model, chars, rng, block_size=16)``."""
    require(callable(answer), "the check needs your function itself: its name, without ().")
    for prefix, size in (("", 16), ("a", 16), ("ab", 16), ("cab", 16), ("b", 3)):
        text = f"complete({prefix!r}, model, ['a', 'b', 'c'], rng, {size}) and what the model heard"
        causes = [
            gives(partial(completed, flawed(flaw), prefix, size), why)
            for flaw, why in FLAWS.items()
        ]
        causes += [
            raises(
                IndexError, "the ids begin with BOS, and BOS has no letter: stop when it is drawn."
            ),
            when(
                lambda got, expected: len(got[1]) > len(expected[1]),
                "the model was asked too often: stop at BOS, or after position block_size - 1.",
            ),
        ]
        right = completed(complete, prefix, size)
        expect(text, partial(completed, answer, prefix, size), right, causes=causes)


def small() -> Config:
    """A GPT small enough to be trained a step inside a check."""
    vocab_size = CharTokenizer.from_docs(load_docs()).vocab_size
    return Config(vocab_size, n_embd=4, n_head=2)


def _require_agreement(report: Report) -> None:
    """Raise `Wrong` with what a report says of each part, unless it agrees."""
    faults = [f"{name}: {fault.text}." for name, fault in report.faults.items()]
    causes = [fault.cause for fault in report.faults.values() if fault.cause]
    if len(faults) > 1:
        causes = [f"{name}: {f.cause}" for name, f in report.faults.items() if f.cause]
    if faults:
        raise Wrong(*faults, cause=" ".join(causes))
    if report.difference:
        found = report.difference
        text = f"step {found.step}, {found.what}: {found.text}."
        raise Wrong(text, cause="each part alone agrees; together they do not fit.")


@exercise("10.3", "One line in a Value", difficulty=2, minutes=10, kind="find the bug")
def check_value(answer: Any) -> None:
    """Check the repaired class ``Repaired``."""
    require(isinstance(answer, type), "the check needs the class itself: its name, without ().")
    fault = probe("value", answer)
    if fault:
        raise Wrong(f"{fault.text}.", cause=fault.cause)
    _require_agreement(assemble(3, small(), value=answer))


@exercise("10.4", "All yours", difficulty=3, minutes=30)
def check_parts(answer: Any) -> None:
    """Check a dict of the reader's own parts, at least three."""
    if not isinstance(answer, dict):
        raise Wrong("give a dict from names of parts to your parts: {'softmax': my_softmax, ...}.")
    require(len(answer) >= 3, f"{len(answer)} parts are too few: bring at least three of your own.")
    for name, part in answer.items():
        require(name in NAMES, f"there is no part {name!r}; there are {', '.join(NAMES)}.")
        require(callable(part), f"the part {name!r} must be a class or a function.")
        package = (getattr(microgpt, _public(name), None), getattr(plain_parts, name, None))
        require(
            part not in package,
            f"the part {name!r} is the package's.",
            "put in the one that you wrote.",
        )
    _require_agreement(assemble(3, small(), **answer))


def _public(name: str) -> str:
    """The package's name of a part."""
    return {"value": "Value", "adam": "Adam"}.get(name, name)


def worth(full: Sequence[float], without: Sequence[float]) -> tuple[float, float, float]:
    """Mean, smallest and largest loss that a missing part costs, seed by seed."""
    extra = [b - a for a, b in zip(full, without)]
    return sum(extra) / len(extra), min(extra), max(extra)


def _unpaired(full: Sequence[float], without: Sequence[float]) -> tuple[float, float, float]:
    mean = sum(without) / len(without) - sum(full) / len(full)
    return mean, min(without) - max(full), max(without) - min(full)


@exercise("10.5", "Effect or luck", difficulty=2, minutes=10, kind="experiment", extra=True)
def check_worth(answer: Any) -> None:
    """Check ``worth(full, without)``."""
    expect_calls(
        answer,
        worth,
        cases=[
            ([2.0, 3.0], [2.5, 3.25]),
            ([2.5, 2.0, 3.0], [2.25, 2.5, 3.5]),
            ([2.0], [1.5]),
        ],
        causes=[
            gives(
                _unpaired,
                "smallest and largest compare different seeds; subtract the same seed's loss.",
            ),
            gives(
                lambda full, without: worth(without, full),
                "the sign: a part that helps has a positive worth, so subtract `full`.",
            ),
            gives(
                lambda full, without: worth(full, without)[0],
                "three numbers are asked for: mean, smallest, largest.",
            ),
            gives(
                lambda full, without: (
                    sum(b - a for a, b in zip(full, without)),
                    *worth(full, without)[1:],
                ),
                "the first is the sum; divide it by the number of seeds.",
            ),
            gives(
                lambda full, without: (
                    min(without) - min(full),
                    *worth(full, without)[1:],
                ),
                "the mean over all seeds is asked for, not the best runs' difference.",
            ),
        ],
    )
