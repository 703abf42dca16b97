"""Which parts are at fault, and what did it: the chapters' own checks say it. Chapter 10.

Each part is asked by the check of the exercise in which it was written; there it computes with the
package's `Value`. Parts that are right there may still not fit together: one asks another for
something that is not there. What is said then names the part, its call and a cure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from classroom.exercises.assembly.machine import FUNCTIONS, Machine
from classroom.exercises.assembly.own_value import check_own_value
from classroom.exercises.assembly.reports import Difference, Fault
from classroom.exercises.judges.value_class import why_raised
from classroom.exercises.kit.comparing import name_of
from classroom.exercises.kit.errors import Wrong, wrong_because_raised
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.saying import sentence
from classroom.exercises.kit.state import now
from classroom.exercises.kit.telling import sight_of
from classroom.exercises.kit.timeout import TimeLimit, default_seconds, time_limit

EXERCISES = {
    "linear": "5.2", "softmax": "4.4", "rmsnorm": "5.4", "cross_entropy": "4.5",
    "attention_head": "5.3", "mlp": "6.2", "gpt": "6.5", "adam": "7.5", "linear_decay": "7.6",
}  # fmt: skip
"""Where each part was written; that exercise's check says what is wrong with it."""
TOGETHER = (
    "print what one hands on and what the next takes, and let both keep to the table in 10.3: "
    "arguments by position, lists in and lists out."
)
Leaves = Callable[..., Difference | None]
"""Where a run with some of the parts, by their names, leaves the reference, if it does."""


def fault_of(name: str, part: Any) -> Fault | None:
    """What is wrong with a part by itself, if anything."""
    try:
        with time_limit(default_seconds()):
            check = check_own_value if name == "value" else find(EXERCISES[name]).check
            check(Machine({name: part}).part(name) if name in FUNCTIONS else part)
    except Wrong as wrong:
        if wrong.cause or wrong.stopped or name == "value":
            return _fault(wrong)
        return _fault(wrong, sight_of(find(EXERCISES[name]), [part], True, wrong.lines[0]).lines)
    except TimeLimit as limit:
        text = f"it did not come to an end within {default_seconds():g} seconds"
        return Fault(", ".join(filter(None, [text, limit.line])))
    except (Exception, SystemExit) as error:
        why = why_raised(str(error), part) if name == "value" else ""
        return _fault(wrong_because_raised("it", error, why))
    finally:
        now.report = None
    return None


def _fault(wrong: Wrong, seen: tuple[str, ...] = ()) -> Fault:
    """What a check says of a part; what is only ``seen`` of it is no cause."""
    guess = (sentence(wrong.guess),) if wrong.guess and not wrong.cause else ()
    return Fault(", ".join(wrong.lines).rstrip("."), wrong.cause, seen or guess)


def faults_of(
    parts: Mapping[str, Any], difference: Difference | None, leaves: Leaves
) -> dict[str, Fault]:
    """Each part that is at fault; where all are right and the run is not, those that do not fit."""
    faults = {}
    for name, part in parts.items():
        fault = fault_of(name, part)
        raised = fault and re.search("raised (Type|Attribute|Value)Error", fault.text)
        beside = raised and "value" in parts and name in FUNCTIONS  # it may be made for that
        if fault and not (beside and not leaves("value", name)):
            faults[name] = fault
    if difference and not faults:
        faults = dict(_tried_alone(parts, leaves)) or dict([_together(parts, difference, leaves)])
    return faults


def _tried_alone(parts: Mapping[str, Any], leaves: Leaves) -> Iterator[tuple[str, Fault]]:
    """The parts that make a difference when no other, or only `value`, is the reader's."""
    for name in parts:
        beside = leaves("value", name) if name != "value" and "value" in parts else None
        alone = leaves(name)
        if alone and (beside or "value" not in parts or name == "value"):
            words = f"with this part alone the run leaves the reference at step {alone.step}"
            yield name, Fault(f"{words}, {alone.what}: {alone.text}")
        elif beside:
            yield _misfit(name, beside.text, parts["value"])


def _together(
    parts: Mapping[str, Any], difference: Difference, leaves: Leaves
) -> tuple[str, Fault]:
    """The fewest parts that differ together, each of which agrees alone."""
    names = list(parts)
    for name in parts:
        fewer = [other for other in names if other != name]
        found = leaves(*fewer) if len(fewer) > 1 else None
        if found:
            names, difference = fewer, found
    text = f"step {difference.step}, {difference.what}: {difference.text}"
    cure = "each of them is right without the other" + "s" * (len(names) > 2)
    return " + ".join(names), Fault(text, f"{cure}: {TOGETHER}")


def _misfit(name: str, shown: str, make: Any) -> tuple[str, Fault]:
    """Who has to give way when a part is right on the package's `Value` only, and how."""
    own = name_of(make)
    if "operand type" in shown and (lacks := why_raised(shown, make)):
        cure = f"{lacks} Add it, as in 1.6, or have your `{name}` do without."
        return "value", Fault(f"your `{name}` asks for more: {shown}", cure)
    return name, Fault(
        f"right with the package's Value; with your {own}, {shown}",
        f"`{name}` asks a node for something that your `{own}` has not, or makes nodes itself: "
        "begin a sum with its first term, make a constant with `type(x[0])(...)`.",
    )
