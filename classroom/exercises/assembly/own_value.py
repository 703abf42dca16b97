"""What is wrong with a reader's class like `Value`: each operation alone, then graphs. Chapter 10.

The operations are those of exercise 1.6, the graphs those of 2.5, and so are the causes. Here a
class may keep its arrows in a way of its own: only `data`, `grad` and `backward` are asked for, and
it may do without what the parts of the GPT do without. A fault of one operation is told before a
fault of the walk, which every slope passes through.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from classroom.exercises.assembly.reports import Fault
from classroom.exercises.judges.value_class import (
    OPERATIONS,
    OPERATORS,
    Operation,
    check_operation,
)
from classroom.exercises.judges.walks import Graph, check_walk_again, gradients
from classroom.exercises.kit.causes import Attempt, Raised, agrees, likely_cause, outcome
from classroom.exercises.kit.comparing import name_of, same
from classroom.exercises.kit.errors import Wrong, wrong_because_raised
from classroom.exercises.kit.registry import find
from microgpt.autograd import Value

REFLECTED = {
    "10 + ": "__radd__", "10 * ": "__rmul__", "10 - ": "__rsub__", "10 / ": "__rtruediv__",
    "sum(": "__radd__",
}  # fmt: skip
"""What the parts of the GPT can do without."""


def value_fault(make: Any) -> Fault | None:
    """What is wrong with a class like `Value`."""
    needed = ("exp", "log", "relu", "backward")
    missing = [name for name in needed if not callable(getattr(make, name, None))]
    if missing:
        cure = "write it as in exercise 1.6."
        if missing[0] == "backward":
            cure = f"give it your walk of exercise 2.5: `{name_of(make)}.backward = my_backward`."
        return Fault(f"it has no `{missing[0]}`", cure)
    for each in OPERATIONS:
        asked = [method for begins, method in REFLECTED.items() if each.text.startswith(begins)]
        if all(hasattr(make, method) for method in asked):
            try:
                check_operation(make, each, by_its_backward)
            except Wrong as wrong:
                return _of_operation(make, each, wrong)
    return _of_graphs(make)


def _of_operation(make: Any, tried: Operation, wrong: Wrong) -> Fault:
    """A fault of one operation; the first of all also shows a walk that is wrong everywhere."""
    if wrong.cause in ("", tried.rule) and (why := _misspelt(make)):
        wrong.cause = why  # what was tried is another's
    elif not wrong.raised and (tried is OPERATIONS[0] or not wrong.cause):
        walked = _of_graphs(make)  # at the first operation, either may be at fault
        wrong.cause = "" if wrong.cause == tried.rule else wrong.cause
        return walked if walked and walked.cause else fault_from(wrong)
    return fault_from(wrong)


def _misspelt(make: Any) -> str:
    """A method that Python does not know, of nearly the name of one that the class inherits."""
    own = vars(make) if isinstance(make, type) else {}
    names = [f"__{name}__" for name in OPERATORS.values() if f"__{name}__" not in own]
    for method in own:
        meant = get_close_matches(method, names, n=1, cutoff=0.8)
        if meant and callable(own[method]) and method not in {*dir(float), *dir(operator)}:
            return f"Python knows no `{method}`: it calls `{meant[0]}`, and that is inherited here."
    return ""


def by_its_backward(root: Any, leaves: Sequence[Any]) -> list[float]:
    """Derivatives of `root` by each leaf, as its own class finds them."""
    root.backward()
    return [leaf.grad for leaf in leaves]


def fault_from(wrong: Wrong, cause: str = "") -> Fault:
    """What a check says of a part; what is only seen of its result is no cause."""
    cause, text = wrong.cause or cause, ", ".join(wrong.lines).rstrip(".")
    return Fault(text if cause or not wrong.guess else f"{text}: {wrong.guess.rstrip('.')}", cause)


def _of_graphs(make: Any) -> Fault | None:
    """The walk, on the graphs of 2.5 that its operators make, a second time, and deep down."""

    def walk(root: Any) -> None:
        root.backward()

    data = find("2.5").solution
    assert data is not None
    tried = []
    for (graph,) in data.cases:
        if "dot(" not in graph.code and "total(" not in graph.code:
            own = Graph(graph.code, make)
            got, right = outcome(gradients, (walk, own)), gradients(Value.backward, graph)
            tried.append(Attempt((graph,), got, right, data.tolerance))
    wrong = [attempt for attempt in tried if not agrees(attempt)]
    if wrong:
        first = min(wrong, key=lambda attempt: len(attempt.args[0].code))
        known = [*data.causes, *data.also]
        cause = likely_cause([first, *(a for a in tried if a is not first)], known)
        return Fault(_grads(first), cause.text if cause else "")
    try:
        check_walk_again(walk, make)
    except Wrong as error:
        return fault_from(error)
    return None


def _grads(attempt: Attempt) -> str:
    """What came out for the first node whose grad is wrong."""
    text = f"after {attempt.args[0].code}; L.backward()"
    if isinstance(attempt.got, Raised):
        return wrong_because_raised(text, attempt.got.error).lines[0]
    if not isinstance(attempt.got, dict):
        return f"{text} there was {attempt.got!r}"
    for name, wanted in attempt.expected.items():
        if not same(attempt.got[name], wanted):
            return f"{text} {name}.grad came out {_short(attempt.got[name])}, not {_short(wanted)}"
    return text


def _short(number: Any) -> str:
    return f"{number:.4g}" if isinstance(number, (int, float)) else repr(number)
