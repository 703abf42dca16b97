"""Check a class like `Value` that a reader wrote: exercise 1.6, ready to be used again later."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.judges.nodes import Expression, listed, nodes_of, slopes
from classroom.exercises.kit.causes import Cause, Raised, gives, outcome, raises
from classroom.exercises.kit.checking import expect, require
from classroom.exercises.kit.comparing import is_number, name_of, same, show
from classroom.exercises.kit.errors import Wrong, wrong_because_raised
from classroom.exercises.kit.guesses import nothing
from classroom.exercises.kit.state import remark
from microgpt.autograd import Value

Slopes = Callable[[Any, Sequence[Any]], list[float]]
# What holds of each method, by the operations it is put to the test with; those before it are right
# then. The numbers differ from each other, so that swapped slopes show.
RULES = {
    "V(2) + V(5); V(3) + 10": "in `+` each slope is 1: a nudge to either side is passed on "
    "unchanged.",
    "V(2) * V(5); V(3) * 10": "in `*` the slope with respect to one factor is the *other* factor.",
    "V(3) ** 4; V(4.0) ** -0.5; V(-3) ** 2; V(0.5) ** 3": "`x ** n` has the slope "
    "`n * x ** (n - 1)`, whatever number n is.",
    "V(2).exp(); V(-0.7).exp()": "`exp` is its own slope: the *result*, with nothing multiplied "
    "on.",
    "V(0.3).log(); V(5).log()": "`math.log` is meant, and its slope is 1 over the *input*.",
    "V(3).relu(); V(0.5).relu(); V(-3).relu(); V(0).relu()": "above 0 a ReLU gives the number, "
    "with slope 1; else 0, and the slope is 0.",
    "-V(3)": "`-a` is `a * -1`: a new node, with slope -1.",
    "V(2) - V(5); V(3) - 10": "`a - b` is `a + (-b)`, in this order: the slopes are 1 and -1.",
    "V(2) / V(5); V(3) / 10": "`a / b` is `a * b**-1`, in this order.",
    "10 + V(3)": "`10 + a` calls `__radd__`: it is `a + 10`, with slope 1.",
    "10 * V(3)": "`10 * a` calls `__rmul__`: it is `a * 10`, with slope 10.",
    "10 - V(3)": "`10 - a` calls `__rsub__`, and there `other` comes first: `other + (-self)`.",
    "10 / V(4)": "`10 / a` calls `__rtruediv__`, and there `other` comes first: "
    "`other * self**-1`.",
    "(a := V(2)) * V(5) + a; (a := V(3)) * a; sum([V(2), V(5)])": "",  # of several methods
}
OPERATIONS = {
    Expression(text.replace("V(", "MyValue(")): why
    for texts, why in RULES.items()
    for text in texts.split("; ")
}


def made_from(operation: Expression, cls: Any) -> tuple[Any, list[Any]]:
    """What an operation makes of nodes of a class, or ``Raised``; and those, from the left."""
    leaves: list[Any] = []

    def leaf(number: float) -> Any:
        leaves.append(cls(number))
        return leaves[-1]

    return outcome(operation, (leaf,)), leaves


def measured(cls: Any, operation: Expression) -> dict[str, Any]:
    """The number, the slope with respect to each leaf, and the grad of the result."""
    made, leaves = made_from(operation, cls)
    if isinstance(made, Raised):
        raise made.error
    return {"data": made.data, "slopes": slopes(made, leaves), "grad": made.grad}


def check_class(cls: Any) -> None:
    """Raise ``Wrong`` unless a class does all that the package's `Value` does going forward."""
    if not inspect.isclass(cls):
        raise Wrong(
            f"the check needs your class itself, but was given {show(cls)}.",
            cause="pass its name, without parentheses after it.",
        )
    if issubclass(cls, Value):
        found = f"{cls.__name__} is the course's Value, or a kind of it."
        cause = "it is that, or inherits the work; write `class MyValue:` with nothing after."
        raise Wrong(found, cause=cause)
    _check_leaf(cls)
    for each in OPERATIONS:
        check_operation(cls, each)
    _remark_on_quotient(cls)


def _check_leaf(cls: Any) -> None:
    """A new node: its number, no gradient yet, no children; equal numbers, different nodes."""
    text = f"{cls.__name__}(7.5)"
    expect(text, lambda: bool(cls(7.5)) or True, True, causes=[
        raises(TypeError, "`__init__`, with two underscores on each side, takes the number: "
               "`(self, data, children=(), local_grads=())`.")
    ])  # fmt: skip
    leaf = cls(7.5)
    for field in ("data", "grad", "_children", "_local_grads"):
        require(
            hasattr(leaf, field),
            f"{text} has no field {field!r}.",
            "each of the four is set in `__init__`, as `self." + field + " = ...`.",
        )
    expect(f"{text}.data", leaf.data, 7.5, causes=[
        gives(7, "`int(...)` cuts the fraction off; keep the number as it is.")
    ])  # fmt: skip
    expect(f"{text}.grad", leaf.grad, 0, causes=[
        gives(None, "a gradient begins at 0: `backward` adds to it."),
        gives(1, "only `backward` sets a grad to 1."),
    ])  # fmt: skip
    for field in ("_children", "_local_grads"):
        expect(f"{text}.{field}", listed(leaf, field), [])
    require(
        cls.__hash__ is not None and cls(7.5) != cls(7.5),
        f"{cls.__name__} has an `__eq__` of its own.",
        "two nodes with the same number are still two nodes, and are kept in sets and dicts: leave "
        "`__eq__` out (a dataclass has one; `@dataclass(eq=False)` has not).",
    )


def check_operation(cls: Any, operation: Expression, found: Slopes = slopes) -> None:
    """One operation: the number, the slope with respect to each leaf, whether it is a node.

    A class whose slopes are found in another way may keep its arrows as it likes.
    """
    text = operation.text.replace("MyValue(", f"{name_of(cls)}(")
    (made, leaves), (right, ours) = (made_from(operation, make) for make in (cls, Value))
    _require_inputs_kept(text, made, leaves, ours)
    if isinstance(made, Raised):
        raise wrong_because_raised(text, made.error, why_raised(str(made.error), cls))
    if made is None:
        raise Wrong(f"{text} gave None.", cause=nothing(made, right))
    whole = hasattr(made, "data")
    rule = [Cause(why, lambda _: True)] if (why := OPERATIONS[operation]) else []
    shown = f"({text}).data" if whole else text
    of_data = [] if why.startswith(("in `", "`x ** n`")) else rule  # of slopes
    expect(shown, made.data if whole else made, right.data, causes=of_data)
    still = "it still says `Value(...)` there; " if isinstance(made, Value) else ""
    require(
        isinstance(made, cls) if isinstance(cls, type) else hasattr(made, "grad"),
        f"{text} gave {show(made)} of type {type(made).__name__}, not a {name_of(cls)}.",
        f"{still}each operation makes a new `{name_of(cls)}`.",
    )
    if found is slopes:
        _check_node(cls, text, made)
        power = [n for n in nodes_of(made) if f"** {show(n.data)}" in text and n not in leaves]
        require(not power, f"in {text} the exponent is a node.", "it is a plain number, part of "
                "the operation: `x ** n` has one child, x.")  # fmt: skip
    expect(
        f"slopes of {text} with respect to {'each Value' if len(leaves) > 1 else 'the Value'}",
        found(made, leaves),
        slopes(right, ours),
        causes=[*_lost(slopes(right, ours)), *rule],
    )


def _lost(wanted: list[float]) -> list[Cause]:
    """What is said where no slope arrives, or one of several does not."""
    turns = range(len(wanted)) if all(wanted) else ()
    some = [[slope * (k != lost) for k, slope in enumerate(wanted)] for lost in turns]
    return [gives([0.0] * len(wanted), NO_WAY_BACK), *(gives(each, ONE_LOST) for each in some)]


def _require_inputs_kept(text: str, made: Any, leaves: list[Any], ours: list[Any]) -> None:
    """An operation that changes its inputs, or hands one of them back."""
    kept = all(same(leaf.data, own.data) for leaf, own in zip(leaves, ours))
    require(
        kept and not any(made is leaf for leaf in leaves),
        f"{text} gave one of its own inputs back{'' if kept else ', changed'}.",
        "an operation makes a new node and leaves its inputs alone: they are its children.",
    )


def _check_node(cls: Any, text: str, made: Any) -> None:
    """A new node, with children and without a gradient, of the reader's class all through."""
    require(
        bool(listed(made, "_children")),
        f"({text})._children is empty.",
        "the new node must be told its children: `(self, other)`, or `(self,)`.",
    )
    require(made.grad == 0, f"({text}).grad is {show(made.grad)}.", "a new node's grad is 0.")
    for node in nodes_of(made):
        require(
            not hasattr(node.data, "_children"),
            f"in {text} a node's `data` is itself a node.",
            f"a node is wrapped once more: `isinstance(other, {cls.__name__})` asks whether "
            "`other` is a node already.",
        )
        require(
            isinstance(node, cls),
            f"in {text} a node is a {type(node).__name__}, not a {cls.__name__}.",
            f"a constant became a node of the course's class: write `{cls.__name__}(other)`.",
        )
        for slope in listed(node, "_local_grads"):
            require(
                is_number(slope) or hasattr(slope, "dtype"),
                f"in {text} a slope is {show(slope)} of type {type(slope).__name__}.",
                "a slope is a plain number, such as `other.data`; not the node, and no text.",
            )


def _remark_on_quotient(cls: Any) -> None:
    """``a / b`` and ``a - b`` may be nodes of their own; the course builds them."""
    for text, made in (("/", cls(2) / cls(5)), ("-", cls(2) - cls(5))):
        if sum(bool(list(node._children)) for node in nodes_of(made)) == 1:
            built = "`*` and `** -1`" if text == "/" else "`+` and `* -1`"
            remark(f"your `{text}` is a node of its own; built from {built} it needs no slopes.")


ONE_LOST = (
    "one of the two gets no slope: a new node was made of its number, or 0 stands for its slope."
)
NO_WAY_BACK = (
    "each slope is 0: the result does not lead back to its Values, or slopes of 0 were noted."
)
OPERATORS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "** or pow()": "pow"}
# what an error on the way to a result tells, by its message
RAISED = {
    "recursion depth": "the method calls itself, or two call each other: the same operator, with "
    "the same sides, asks for the same method. Write `self + other` in `__radd__`, in `__rsub__` "
    "`other + (-self)`, and so on.",
    "'(int|float)' object has no attribute '(data|grad)'": "a plain number has no `data`: make it "
    "a node first, `other if isinstance(other, ...) else ...(other)`.",
    "'{}' object has": "this method is missing in your class.",
    "must be real number": "the functions of `math` want a number: give them `self.data`.",
    "holds an int or a float": "it still says `Value(...)` there, the course's class: write "
    "`{}(...)`.",
    "cannot be interpreted as an integer": "a power need not be whole: -1 and -0.5 come, too. "
    "`self.data ** n` does them all.",
    "unhashable type": "an `__eq__` of its own (a dataclass has one) keeps nodes out of sets and "
    "dicts: leave it out, or write `@dataclass(eq=False)`.",
    "__init__.*required positional argument": "a leaf is made of its number alone: `children=(), "
    "local_grads=()` in `__init__`.",
}


def why_raised(error: str, cls: Any) -> str:
    """What a class like `Value` lacks, if that is why an error was raised; by its message."""
    said = (why for sign, why in RAISED.items() if re.search(sign.format(name_of(cls)), error))
    return _missing(error, cls) or next(said, "").format(name_of(cls))


def _missing(error: str, cls: Any) -> str:
    """The method that Python looked for and did not find."""
    found = re.search(r"for (?:unary )?([^:]+): '(\w+)'", error)
    if not found:
        return ""
    sign, left = found.groups()
    method = "neg" if "unary" in error else OPERATORS.get(sign, "")
    if left in ("int", "float") and not hasattr(cls, f"__r{method}__"):
        also = ", as `sum` does with 0" if method == "add" else ""
        return f"`__r{method}__` is missing: a number on the left asks for it{also}."
    if sign == "/" and hasattr(cls, "__div__"):
        return "Python 3 calls the method `__truediv__`, not `__div__`."
    return "" if hasattr(cls, f"__{method}__") else f"`__{method}__` is missing in your class."
