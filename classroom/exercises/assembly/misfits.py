"""Which parts are at fault, and why parts that are right by themselves do not fit together.

A part may be right on the package's numbers and fail on the reader's `Value`: one of the two asks
the other for something that is not there. What is said names the part, its call and a cure.
Chapter 10.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from classroom.exercises.assembly.faults import Fault
from classroom.exercises.assembly.machine import (
    FUNCTIONS,
    PACKAGES,
    Machine,
    makes_nodes,
    takes_arrows,
)
from classroom.exercises.assembly.own_value import why_raised
from classroom.exercises.assembly.probes import probe


def faults_of(parts: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    """Each part that is at fault: by itself, or beside the reader's own `value`.

    A part that is wrong on the package's numbers and right on the reader's is not to blame: it may
    be made for them.
    """
    make = parts.get("value", PACKAGES["value"])
    of_value = probe("value", make) if "value" in parts else None
    if of_value:
        yield "value", of_value
    for name, part in parts.items():
        if name == "value":
            continue
        alone = _asked(name, {name: part})
        beside = _asked(name, {"value": make, name: part}) if "value" in parts else alone
        if alone and beside:
            yield name, alone
        elif beside and not of_value:
            yield _misfit(name, part, beside, make)


def _asked(name: str, parts: dict[str, Any]) -> Fault | None:
    make = parts.get("value", PACKAGES["value"])
    part = Machine(parts).part(name) if name in FUNCTIONS else parts[name]
    return probe(name, part, make)


def _misfit(name: str, part: Any, fault: Fault, make: Any) -> tuple[str, Fault]:
    """Who has to give way when a part is right on the package's `Value` only, and how."""
    own = getattr(make, "__name__", "value")
    if lacks := why_raised(fault.text, make):
        if "`__radd__`" in lacks:
            lacks = (
                "`sum` starts with 0, and 0 + Value needs `__radd__`; your class has none. Add it, "
                "as in chapter 1, or begin the sum with its first term."
            )
        return "value", Fault(f"your `{name}` asks for more: {fault.text}", lacks)
    text = f"right with the package's Value; with your {own}, {fault.text}"
    if makes_nodes(part) and not takes_arrows(make):
        how = f"`{own}{_signature(make)}`"
        cure = "give it these arguments there, or build the result from `+` and `*`."
        return name, Fault(
            text, f"`{name}` makes nodes itself, and your class is made as {how}: {cure}"
        )
    return name, Fault(text, _why(name, fault, own))


def _why(name: str, fault: Fault, own: str) -> str:
    text = fault.text
    if found := re.search(rf"'{own}' object has no attribute '(\w+)'", text):
        return (
            f"`{name}` uses `.{found[1]}` of a node, which the package's Value has and your "
            f"`{own}` has not: add it to the class, or do without it."
        )
    if re.search(r"make all nodes of one class|node of another class|not '?Value\b", text):
        return (
            f"`{name}` brings a node of another class, and `{own}` cannot reckon with it: begin a "
            "sum with its first term, and make a constant with `type(x[0])(...)`."
        )
    return fault.cause or f"compare what `{own}` and the package's Value give on that line."


def _signature(make: Any) -> str:
    try:
        return str(inspect.signature(make))
    except (TypeError, ValueError):
        return "(...)"


TOGETHER = {
    "unexpected keyword": "call the other part by position, without the names of its arguments.",
    "'generator'": "give the other part lists, `[... for ...]`: a generator has no length and is "
    "empty after one walk.",
    "'zip'": "give the other part lists: `list(zip(...))`.",
    "'map'": "give the other part lists: `list(map(...))`.",
    '(not "tuple")': "return a list, as the package's part does, not a tuple.",
    "positional argument": "call the other part with the arguments of the table in 10.3.",
}


def why_not_together(text: str, names: Sequence[str]) -> str:
    """What parts that are right without each other hand to one another, and what to do."""
    for sign, cure in TOGETHER.items():
        if sign in text:
            return cure
    both = "Both are" if len(names) == 2 else "Each is"
    return (
        f"{both} right without the other{'s' * (len(names) > 2)}: print what one hands on and what "
        "the next takes, and let both keep to the table in 10.3."
    )
