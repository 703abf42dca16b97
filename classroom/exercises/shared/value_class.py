"""Check a class like `Value` that a reader wrote: exercise 1.6, ready to be used again later."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect, gives, raises, require
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.shared.graphs import listed, nodes_of, slopes
from microgpt.autograd import Value

Make = Callable[..., Any]

# What is tried, in this order: the text with the class as V, how to compute it, the leaves' data.
# Inputs differ from each other and from 1, so that swapped slopes show.
OPERATIONS: tuple[tuple[str, Make, tuple[float, ...]], ...] = (
    ("V(2) + V(5)", lambda a, b: a + b, (2, 5)),
    ("V(2) * V(5)", lambda a, b: a * b, (2, 5)),
    ("V(3) + 10", lambda a: a + 10, (3,)),
    ("V(3) * 10", lambda a: a * 10, (3,)),
    ("V(3) ** 4", lambda a: a**4, (3,)),
    ("V(4.0) ** -0.5", lambda a: a**-0.5, (4.0,)),
    ("V(2).exp()", lambda a: a.exp(), (2,)),
    ("V(5).log()", lambda a: a.log(), (5,)),
    ("V(3).relu()", lambda a: a.relu(), (3,)),
    ("V(-3).relu()", lambda a: a.relu(), (-3,)),
    ("V(0).relu()", lambda a: a.relu(), (0,)),
    ("-V(3)", lambda a: -a, (3,)),
    ("V(2) - V(5)", lambda a, b: a - b, (2, 5)),
    ("V(3) - 10", lambda a: a - 10, (3,)),
    ("V(2) / V(5)", lambda a, b: a / b, (2, 5)),
    ("V(3) / 10", lambda a: a / 10, (3,)),
    ("10 + V(3)", lambda a: 10 + a, (3,)),
    ("10 * V(3)", lambda a: 10 * a, (3,)),
    ("10 - V(3)", lambda a: 10 - a, (3,)),
    ("10 / V(4)", lambda a: 10 / a, (4,)),
    ("V(2) * V(5) + V(2)", lambda a, b: a * b + a, (2, 5)),
)


def check_class(cls: Any) -> None:
    """Raise ``Wrong`` unless a class does all that the package's `Value` does going forward.

    Parameters
    ----------
    cls : class
        Made with ``cls(data)``, with ``data``, ``grad``, ``_children`` and ``_local_grads``.
    """
    if not inspect.isclass(cls):
        raise Wrong(
            f"the check needs your class itself, but was given {show(cls)}.",
            cause="pass its name, without parentheses after it.",
        )
    if cls is Value:
        raise Wrong("this is the course's Value.", cause="pass the class that you wrote.")
    _check_leaf(cls)
    for text, make, numbers in OPERATIONS:
        _check_operation(cls, text.replace("V(", f"{cls.__name__}("), make, numbers)
    _check_quotient(cls)


def _check_leaf(cls: Any) -> None:
    """A new node: its number, no gradient yet, no children."""
    text = f"{cls.__name__}(7)"
    expect(text, lambda: bool(cls(7)) or True, True, causes=[
        raises(TypeError, "`__init__` takes the number: `(self, data, children=(), ...)`.")
    ])  # fmt: skip
    leaf = cls(7)
    for field in ("data", "grad", "_children", "_local_grads"):
        require(
            hasattr(leaf, field),
            f"{text} has no field {field!r}.",
            "each of the four is set in `__init__`, as `self." + field + " = ...`.",
        )
    expect(f"{text}.data", leaf.data, 7)
    expect(f"{text}.grad", leaf.grad, 0, causes=[gives(1, "only `backward` sets a grad to 1.")])
    for field in ("_children", "_local_grads"):
        expect(f"{text}.{field}", listed(leaf, field), [])


def _check_operation(cls: Any, text: str, make: Make, numbers: tuple[float, ...]) -> None:
    """One operation: the number, the slope with respect to each leaf, whether it is a node."""
    leaves, ours = [cls(x) for x in numbers], [Value(x) for x in numbers]
    right = make(*ours)
    expect(f"({text}).data", lambda: make(*leaves), right.data, causes=_data_causes(text, numbers))
    made = make(*leaves)
    require(
        isinstance(made, cls),
        f"{text} gave {show(made)} of type {type(made).__name__}, not a {cls.__name__}.",
        f"each operation returns a new `{cls.__name__}`.",
    )
    require(
        bool(listed(made, "_children")),
        f"({text})._children is empty.",
        "the new node must be told its children: `(self, other)`, or `(self,)`.",
    )
    expect(
        f"slopes of {text} with respect to {'each Value' if len(numbers) > 1 else 'the Value'}",
        slopes(made, leaves),
        slopes(right, ours),
        causes=_slope_causes(numbers, slopes(right, ours)),
    )


def _data_causes(text: str, numbers: tuple[float, ...]) -> list[Cause]:
    """Likely causes of a wrong number, or of an error on the way to it."""
    x, swapped = numbers[0], "the reflected operator has its sides swapped: it is `other` first."
    causes = [
        raises(
            AttributeError,
            "a plain number has no `data`: make it a node first, "
            "`other if isinstance(other, ...) else ...(other)`.",
            mentions="object has no attribute 'data'",
        ),
        raises(AttributeError, "this method is missing in your class.", mentions="no attribute"),
        raises(
            TypeError,
            "the method for this operator is missing; with a number on the left, Python "
            "looks for the one with an `r`: `__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__`.",
            mentions="operand type",
        ),
    ]
    if text.startswith("10 - "):
        causes.append(gives(x - 10, swapped))
    if text.startswith("10 / "):
        causes.append(gives(x / 10, swapped))
    if "relu" in text:
        causes.append(gives(abs(x), "below 0, ReLU gives 0."))
    return causes


def _slope_causes(numbers: tuple[float, ...], wanted: list[float]) -> list[Cause]:
    """Likely causes of wrong slopes: swapped, missing, or those of the value."""
    x = numbers[0]
    causes = [
        gives(
            wanted[::-1],
            "the two slopes are swapped: the slope with respect to one factor is the *other* one.",
        ),
        gives([0.0] * len(wanted), "the result does not lead back to the Value it came from."),
        gives([-wanted[0]], "the sign of the slope is turned round."),
        gives([4 * x**4], "the exponent of the slope is one less: `n * x ** (n - 1)`."),
        gives([x**3], "the factor n is missing: `n * x ** (n - 1)`."),
        gives([x * math.exp(x - 1)], "that rule is for powers; exp is its own slope."),
    ]
    if x == 0:
        causes.insert(0, gives([1.0], "at 0 itself the course takes the slope of ReLU to be 0."))
    if x < 0:
        causes.insert(0, gives([1.0], "below 0 a nudge changes nothing: the slope is 0."))
    if x > 0:
        causes.append(gives([math.log(x)], "that is the value of log; its slope is `1 / x`."))
    return causes


def _check_quotient(cls: Any) -> None:
    """``a / b`` is built from ``*`` and ``**``: two operations."""
    a, b = cls(2), cls(5)
    operations = sum(bool(list(node._children)) for node in nodes_of(a / b))
    text = f"operations in {cls.__name__}(2) / {cls.__name__}(5)"
    expect(text, operations, 2, causes=[
        gives(1, "that is right, too, but here `/` is built from `*` and `** -1`."),
        gives(3, "`a * b ** -1` has two: is the power made by dividing again?"),
    ])  # fmt: skip
