"""What is wrong with a reader's class like `Value`: each operation alone, then graphs. Chapter 10.

The operations are those of exercise 1.6, the graphs those of 2.5, and so are the causes: a slip of
theirs is named if it comes to the same numbers and slopes. Here a class may keep its arrows in a
way of its own: only `data`, `grad` and `backward` are asked for. The order matters: a fault of one
operation is told before a fault of the walk, which every slope passes through.
"""

from __future__ import annotations

import re
from typing import Any

from classroom.exercises.assembly.faults import Fault
from classroom.exercises.assembly.outcomes import close
from classroom.exercises.judges.value_class import OPERATIONS, Operation
from classroom.exercises.judges.walks import Graph, check_walk_again, gradients
from classroom.exercises.kit.causes import Attempt, agrees, likely_cause, outcome
from classroom.exercises.kit.errors import Wrong, error_line, error_name
from classroom.exercises.kit.registry import find
from microgpt.autograd import Value

SHARED = (
    Operation("a + a with a = V(2)", lambda a: a + a, (2,)),
    Operation("a*2 + a*3 with a = V(2)", lambda a: a * 2 + a * 3, (2,)),
    Operation("V(2) * 5 + V(2) * 5", lambda a, b: a * 5 + b * 5, (2, 2)),
)
"""Where equal nodes and equal numbers are mixed up."""
SHARES = {"V(2) * V(5) + V(2)": (5, 1), "V(3) * V(3)": (3,)}
"""What the first Value's grad is if of its two shares only one stays."""
OVERWRITTEN = "looks like `=` where `+=` is needed: only one share of the gradient stays."
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
            cure = f"give it your walk of exercise 2.5: `{_name(make)}.backward = my_backward`."
        return Fault(f"it has no `{missing[0]}`", cure)
    for operation in (*OPERATIONS, *SHARED):
        if _can_do_without(operation, make):
            continue
        try:
            fault = _of_operation(operation, make)
        except Exception as error:  # whatever the reader's class may raise
            where = f"{_shown(operation, make)} raised {error_name(error)}"
            where = ", ".join(filter(None, [where, error_line(error)]))
            return Fault(where, why_raised(str(error), make) or _why(str(error)))
        if fault:  # of the walk, where no slip of the operations explains it
            walked = None if fault.cause else _of_graphs(make)
            return walked if walked and walked.cause else fault
    return _of_graphs(make)


def _can_do_without(operation: Operation, make: Any) -> bool:
    asked = [m for begins, m in REFLECTED.items() if operation.text.startswith(begins)]
    return any(not hasattr(make, method) for method in asked)


def _of_operation(operation: Operation, make: Any) -> Fault | None:
    leaves = [make(number) for number in operation.numbers]
    made, right = operation.make(*leaves), operation(Value)
    where = _shown(operation, make)
    if fault := _foreign(where, made, make):
        return fault
    if not hasattr(made, "data") or hasattr(made.data, "data"):
        return Fault(f"{where} is {made!r}", "the result must be a node of your class.")
    got = {"data": made.data, "slopes": []}
    if not close(made.data, right["data"]):
        text = f"{where} gave {_short(made.data)}, expected {_short(right['data'])}"
        return Fault(text, _slip(operation, got))
    made.backward()
    got["slopes"] = [leaf.grad for leaf in leaves]
    for name, slope, wanted in zip(("first", "second"), got["slopes"], right["slopes"]):
        if not close(slope, wanted):
            leaf = f"the grad of its {name} Value" if len(leaves) > 1 else "the grad of its Value"
            text = f"{where}: {leaf} came out {_short(slope)}, not {_short(wanted)}"
            one_share = got["slopes"][0] in SHARES.get(operation.text, ())
            return Fault(text, OVERWRITTEN if one_share else _slip(operation, got))
    return None


def _slip(operation: Operation, got: dict[str, Any]) -> str:
    """The slip of 1.6 that comes to this number, or to these slopes; nothing if several do.

    A slip that shows in an operation that came out right before is none of the answer's.
    """
    data = find("1.6").solution
    assert data is not None
    before = OPERATIONS[: OPERATIONS.index(operation)] if operation in OPERATIONS else OPERATIONS
    told = {
        why
        for edit, why in data.slips.items()
        if _comes_to(data.slip(edit), operation, got)
        and all(_comes_to(data.slip(edit), each, each(Value)) for each in before)
    }
    return told.pop() if len(told) == 1 else ""


def _comes_to(make: Any, operation: Operation, wanted: dict[str, Any]) -> bool:
    got = outcome(operation, (make,))
    if not isinstance(got, dict) or not close(got["data"], wanted["data"]):
        return False
    return not wanted["slopes"] or all(map(close, got["slopes"], wanted["slopes"]))


def _foreign(where: str, result: Any, make: Any) -> Fault | None:
    """A node of another class: its own operators would go on from there."""
    if not isinstance(make, type) or isinstance(result, make) or not hasattr(result, "_children"):
        return None
    kind = "of the package's" if isinstance(result, Value) else "of another class"
    words = f"{where} is a `{type(result).__name__}` {kind}"
    return Fault(words, f"make nodes of your own class: `{make.__name__}(...)`.")


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
        cause = likely_cause([first, *(a for a in tried if a is not first)], data.causes)
        return Fault(_grads(first), cause.text if cause else "")
    try:
        check_walk_again(walk, make)
    except Wrong as error:
        return Fault(" ".join(error.lines).rstrip("."), error.cause)
    return None


def _grads(attempt: Attempt) -> str:
    """What came out for the first node whose grad is wrong."""
    text = f"after {attempt.args[0].code}; L.backward()"
    if not isinstance(attempt.got, dict):
        return f"{text} there was {attempt.got!r}"
    for name, wanted in attempt.expected.items():
        if not close(attempt.got[name], wanted):
            return f"{text} {name}.grad came out {_short(attempt.got[name])}, not {_short(wanted)}"
    return text


def _why(text: str) -> str:
    """What a number in place of a node tells, where nothing but the class itself is at work."""
    if re.search("'(int|float)' object has no attribute '(data|grad)'", text):
        return "a plain number has no `data`: make it a node first, as in exercise 1.6."
    if re.search("'(int|float)' object has no attribute '_children'", text):
        return "a number stands where a child should be: first the child, then its slope."
    return ""


OPERATORS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "** or pow()": "pow"}


def why_raised(text: str, make: Any) -> str:
    """What a class like `Value` lacks, if that is why an error was raised."""
    if "unhashable type" in text:
        return (
            "an `__eq__` of its own (a dataclass has one) keeps nodes out of sets and dicts: leave "
            "it out, or write `@dataclass(eq=False)`."
        )
    if "required positional argument" in text and "__init__" in text:
        return "a leaf is made of its number alone: `children=(), local_grads=()` in `__init__`."
    found = re.search(r"for ([^:]+): '(\w+)'", text)
    if not found:
        return ""
    sign, left = found.groups()
    of_number = left in ("int", "float")
    method = "neg" if "unary" in text else ("r" if of_number else "") + OPERATORS.get(sign, "")
    if hasattr(make, f"__{method}__"):
        return ""
    if of_number:
        return f"a number {sign} a Value needs `__{method}__`, and your class has none."
    return f"your class has no `__{method}__`: write it as in exercise 1.6."


def _name(make: Any) -> str:
    return getattr(make, "__name__", "MyValue")


def _shown(operation: Operation, make: Any) -> str:
    return operation.text.replace("V(", f"{_name(make)}(")


def _short(number: Any) -> str:
    return f"{number:.4g}" if isinstance(number, (int, float)) else repr(number)
