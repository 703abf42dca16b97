"""The checks of chapter 10: what may go, a beginning of your choice, a faulty Value, your parts."""

from __future__ import annotations

from functools import partial
from typing import Any

import microgpt
from classroom.exercises.assembly import NAMES, assemble
from classroom.exercises.assembly import parts as plain_parts
from classroom.exercises.assembly.probes import probe
from classroom.exercises.assembly.reports import Report
from classroom.exercises.kit.causes import Raised, outcome
from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    gives,
    raises,
    remark,
    require,
    when,
)
from classroom.exercises.kit.comparing import same, show
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.beginnings import FLAWS, complete, completed, flawed
from classroom.exercises.shared.seeds import WORTH_CAUSES, worth
from microgpt import CharTokenizer, Config, load_docs

NOT_NEEDED = [2, 7, 8]


@exercise("10.1", "What may go", difficulty=1, minutes=5, kind="predict")
def check_what_may_go(answer: Any) -> None:
    """Check the chapters that a trained script can do without."""
    _require_chapters(answer)
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


def _require_chapters(answer: Any) -> None:
    """Raise `Wrong` unless the answer is a collection of chapters' numbers."""
    form = "give a list of chapters' numbers from 1 to 9, such as [1, 9]."
    if isinstance(answer, str):
        raise Wrong(form, cause="this is text: numbers in brackets, without quotes.")
    if callable(answer):
        raise Wrong(form, cause="this is a function; the list itself is asked for.")
    if isinstance(answer, (int, float)):
        raise Wrong(form, cause="this is one number; put the chapters in brackets, with commas.")
    if not isinstance(answer, (list, tuple, set, frozenset, dict)):
        raise Wrong(form, cause=f"this is a {type(answer).__name__}, not a list.")
    for chapter in answer:
        if isinstance(chapter, str):
            raise Wrong(form, cause=f"{chapter!r} is text: leave the quotes off.")
        if isinstance(chapter, (list, tuple)):
            raise Wrong(form, cause="there are lists inside the list; only numbers go in.")
        if isinstance(chapter, bool) or not isinstance(chapter, int):
            raise Wrong(form, cause=f"{chapter!r} is no number.")
        if chapter not in range(1, 10):
            raise Wrong(form, cause=f"the script has blocks of chapters 1 to 9, not {chapter}.")


@exercise("10.2", "A beginning of your choice", difficulty=2, minutes=15, extra=True)
def check_complete(answer: Any) -> None:
    """Check ``complete(prefix, model, chars, rng, block_size=16)``."""
    require(callable(answer), "the check needs your function itself: its name, without ().")
    for seed, (prefix, *size) in enumerate(BEGINNINGS, 1):
        shown = ", ".join([repr(prefix), "model, ['a', 'b', 'c']", f"random.Random({seed})"])
        text = (
            f"complete({', '.join([shown, *map(str, size)])}), the calls of model, and chars "
            "afterwards"
        )
        _require_same_dice(answer, prefix, seed, *size)
        causes = [
            gives(partial(completed, flawed(flaw), prefix, seed, *size), why)
            for flaw, why in FLAWS.items()
        ]
        right = completed(complete, prefix, seed, *size)
        tried = partial(completed, answer, prefix, seed, *size)
        expect(text, tried, right, causes=[*causes, *OTHER_FLAWS])


def _require_same_dice(answer: Any, prefix: str, seed: int, *size: int) -> None:
    """Raise `Wrong` if calls with the same dice come out differently."""
    tries = [outcome(partial(completed, answer), (prefix, seed, *size)) for _ in range(4)]
    names = [each for each in tries if not isinstance(each, Raised)]
    if any(not same(each, names[0]) for each in names):
        raise Wrong(
            f"four calls of complete({prefix!r}, ...) with the same dice gave "
            f"{', '.join(show(each[0]) for each in names)}.",
            cause="you draw with other dice than `rng`: `rng.choices(...)`.",
        )


BEGINNINGS: tuple[tuple[Any, ...], ...] = (
    ("", 16),
    ("a", 16),
    ("ab", 16),
    ("cab", 16),
    ("b", 3),
    ("", 2),
    ("abc", 5),
    ("abcabcabcabcabc",),  # 15 letters: the block of 16 has room for one more
)
OTHER_FLAWS = (
    when(lambda got, expected: got[2] != expected[2], "`chars` was changed: leave it alone."),
    raises(
        IndexError,
        "the ids begin with BOS, `len(chars)`, which has no letter: stop when it is drawn.",
    ),
    when(
        lambda got, expected: len(got[1]) > len(expected[1]),
        "the model was asked too often: stop at BOS, or after position block_size - 1.",
    ),
    when(
        lambda got, expected: got[1] == expected[1] and expected[0].startswith(got[0]),
        "a letter that was drawn is missing at the end: after the last position there is one more "
        "draw.",
    ),
)


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
    if not isinstance(answer, type):
        kind = "text" if isinstance(answer, str) else f"a {type(answer).__name__}"
        raise Wrong(
            f"the check needs the class itself, not {kind}.",
            cause="write the class `Repaired(Faulty)` with the line put right, and pass its name, "
            "without quotes or brackets.",
        )
    fault = probe("value", answer)
    if fault:
        raise Wrong(f"{fault.text}.", cause=fault.cause)
    _require_agreement(assemble(3, small(), value=answer))


@exercise("10.4", "All yours", difficulty=3, minutes=30)
def check_parts(answer: Any) -> None:
    """Check a dict of the reader's own parts, at least three."""
    form = "give a dict from names of parts to your parts: {'softmax': my_softmax, ...}."
    if not isinstance(answer, dict):
        raise Wrong(form, cause=f"this is a {type(answer).__name__}, without names for the parts.")
    for name, part in answer.items():
        _require_part(name, part)
    count = len(answer)
    require(count >= 3, f"there are {count} parts.", "bring at least three of your own.")
    _require_agreement(assemble(3, small(), **answer))
    remark(f"{count} of 10 parts are yours: " + ", ".join(f"{name} ✓" for name in answer))


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
    package = (getattr(microgpt, _public(name), None), getattr(plain_parts, name, None))
    require(
        part not in package,
        f"the part {name!r} is the package's.",
        "put in the one that you wrote.",
    )


def _public(name: str) -> str:
    """The package's name of a part."""
    return {"value": "Value", "adam": "Adam"}.get(name, name)


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
            ([2.4, 2.1, 2.2, 2.9], [2.5, 2.7, 2.1, 3.3]),
        ],
        causes=WORTH_CAUSES,
    )
