"""What a refused answer is told: a cause where one is certain, else how far it is right.

In this order: a slip of the solution, or the chapter's own cause; what can be seen in the source;
else no cause at all, but what is true whatever the mistake was:
the steps that are there, the first that is missing, how the result differs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

from classroom.exercises.kit import registry
from classroom.exercises.kit.comparing import call_text, name_of
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.pages import parse
from classroom.exercises.kit.seen import (
    empty_handed,
    misled,
    misled_loops,
    names_of,
    seen,
    unused,
)
from classroom.exercises.kit.solutions import Solution
from classroom.exercises.kit.sources import names_used, source_of
from classroom.exercises.looking import Sight, look
from classroom.exercises.looking.values import kind, shown
from classroom.exercises.looking.values import plain as comparable

_OF_VALUES = re.compile("(Type|Value|Index|Key|Attribute|ZeroDivision)Error")


def certain_cause(answers: Sequence[Any], wrong: Wrong, printed: str) -> str:
    """The cause of a wrong answer where it is certain, else an empty string.

    ``printed`` is what the answer printed.
    """
    told = [each for each in answers if f"{name_of(each)}(" in wrong.lines[0]]
    answers = told or answers
    if lost := _beside(next(iter(answers), None)):
        return lost
    if not (wrong.raised or "the loop" in wrong.cause) and (found := seen(misled_loops, answers)):
        return found
    if wrong.cause:
        return wrong.cause
    nothing = wrong.guess.startswith("nothing is returned")
    if printed and nothing:
        return "the result is printed, not returned: end the function with `return`."
    found = seen(empty_handed, answers) if nothing else ""
    if found or wrong.raised:
        lost = seen(unused, answers) if _OF_VALUES.search(wrong.lines[0]) else ""
        return found or seen(misled_loops, answers) or lost
    return seen(misled, answers) or seen(unused, answers)


def _beside(answer: Any) -> str:
    """A method that stands beside its class."""
    source = source_of(answer) if isinstance(answer, type) else None
    cell = parse("".join(source.parts[-1].lines)).body if source else []
    for line in [each for each in cell if isinstance(each, ast.FunctionDef)]:
        first = [arg.arg for arg in line.args.args[:1]]
        if first == ["self"] and line.name not in vars(answer):
            return f"`{line.name}` stands beside the class, not in it: indent it."
    return ""


def outside(data: Solution | None, answers: Sequence[Any]) -> tuple[str, ...]:
    """What an answer reads of the notebook, and the solution does not: a number, a list, a text."""
    source = source_of(answers[0]) if data is not None and len(answers) == 1 else None
    if data is None or source is None:
        return ()
    read = {node.id for node in ast.walk(source.definition) if isinstance(node, ast.Name)}
    read -= names_of(source.definition) | names_used(data.right)
    held = [(name, comparable(source.names.get(name, print))) for name in sorted(read)]
    held = [pair for pair in held if kind(pair[1]) in ("a number", "a list", "a text")]
    return tuple(f"`{name}` is set outside: {shown(value)}." for name, value in held[:1])


def sight_of(found: registry.Exercise, answers: Sequence[Any], ends: bool, told: str = "") -> Sight:
    """How far a refused answer goes the solution's way; of several parts, the first that does not.

    Nothing where there is no solution. The case that was ``told`` is looked at first.
    """
    sight = Sight()
    for data, answer in zip(found.parts or (found.solution,), answers):
        if data is None or data.tolerance > 1e-4 or not callable(answer) or sight.lines:
            continue  # where results may differ, the numbers on the way are the reader's choice
        cases: list[Any] = sorted(data.cases, key=partial(_order, data, answer, told))
        is_told = _order(data, answer, told, cases[0])[0] < 0
        if data.run is not None:
            cases = [_driver(data, answer, case) for case in cases]
        sight = look(answer, data.right, cases, roads=data.roads, ends=ends, is_told=is_told)
    return sight


def _order(data: Solution, answer: Any, told: str, case: tuple[Any, ...]) -> tuple[int, int]:
    """The case that was told comes first, then the short ones."""
    text = data.shown(case, answer) if data.show_as else call_text("", case)
    return -len(text) if text in told else 0, len(call_text("", case))


def _driver(data: Solution, own: Any, case: tuple[Any, ...]) -> Callable[[Any], Any]:
    """What the check does with an answer in one case, for the look."""

    def drive(answer: Any) -> Any:
        return data.tried(answer)(*deepcopy(case))

    drive.__doc__ = data.shown(case, own)
    return drive
