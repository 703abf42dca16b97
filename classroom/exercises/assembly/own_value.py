"""What is wrong with a reader's class like `Value`: each operation alone, then graphs. Chapter 10.

The operations are those of exercise 1.6, the graphs those of 2.5, and so are the causes. Here a
class may keep its arrows in a way of its own: only `data`, `grad` and `backward` are asked for, and
it may do without what the parts of the GPT do without. A fault of one operation is told before a
fault of the walk, which every slope passes through.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from classroom.exercises.judges.nodes import Expression
from classroom.exercises.judges.value_class import OPERATIONS, OPERATORS, check_operation
from classroom.exercises.judges.walks import check_walk_again, gradients
from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.comparing import name_of
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import find
from microgpt.autograd import Value


def check_own_value(make: Any) -> None:
    """Raise ``Wrong`` unless a class like `Value` does all that the parts of the GPT need."""
    needed = ("exp", "log", "relu", "backward")
    missing = [name for name in needed if not callable(getattr(make, name, None))]
    if missing:
        cure = "write it as in exercise 1.6."
        if missing[0] == "backward":
            cure = f"give it your walk of exercise 2.5: `{name_of(make)}.backward = my_backward`."
        raise Wrong(f"it has no `{missing[0]}`", cause=cure)
    for each in OPERATIONS:
        reflected = re.match(r"10 (.)|sum", each.text)  # the GPT can do without these
        if not reflected or hasattr(make, f"__r{OPERATORS[reflected[1] or '+']}__"):
            try:
                check_operation(make, each, by_its_backward)
            except Wrong as wrong:
                _weigh(make, each, wrong)
                raise
    _check_graphs(make)


def _weigh(make: Any, tried: Expression, wrong: Wrong) -> None:
    """What else may be at fault where an operation is wrong: its name, or a walk that always is."""
    if wrong.cause in ("", OPERATIONS[tried]) and (why := _misspelt(make)):
        wrong.cause = why  # what was tried is another's
    elif not wrong.raised and (tried == next(iter(OPERATIONS)) or not wrong.cause):
        try:
            _check_graphs(make)  # at the first operation, either may be at fault
        except Wrong as walked:
            if walked.cause:
                raise
        wrong.cause = "" if wrong.cause == OPERATIONS[tried] else wrong.cause


def _misspelt(make: Any) -> str:
    """A method that Python does not know, of nearly the name of one that the class inherits."""
    own = vars(make) if isinstance(make, type) else {}
    names = [f"__{name}__" for name in OPERATORS.values() if f"__{name}__" not in own]
    for method in own:
        meant = get_close_matches(f"__{method.strip('_')}__", names, n=1, cutoff=0.8)
        if meant and callable(own[method]) and method not in {*dir(float), *dir(operator)}:
            return f"Python knows no `{method}`: it calls `{meant[0]}`, and that is inherited here."
    return ""


def by_its_backward(root: Any, leaves: Sequence[Any]) -> list[float]:
    """Derivatives of `root` by each leaf, as its own class finds them."""
    root.backward()
    return [leaf.grad for leaf in leaves]


def _check_graphs(make: Any) -> None:
    """The walk, on the graphs of 2.5 that its operators make, a second time, and deep down."""

    def walk(root: Any) -> None:
        root.backward()

    data = find("2.5").solution
    assert data is not None
    made = [case for case in data.cases if not re.search(r"(dot|total)\(", case[0].text)]
    expect_calls(
        make, Value, made, causes=[*data.causes, *data.also], may_change=True,
        run=lambda cls, graph: gradients(walk, graph, cls),
        show_as="{0}; L.backward(): the grads",
    )  # fmt: skip
    check_walk_again(walk, make)
