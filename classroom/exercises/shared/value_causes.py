"""What a wrong number or slope of a reader's `Value` says of its cause: exercise 1.6."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import gives, raises, when

CIRCLE = (
    "the method calls itself: the same operator, with the same sides, asks for the same method. "
    "Use the others: `other + (-self)`, `other * self**-1`."
)
METHODS = {
    "+": "__add__",
    "*": "__mul__",
    "-": "__sub__",
    "/": "__truediv__",
    "** or pow()": "__pow__",
}


def data_causes(cls: Any, text: str, numbers: Sequence[float]) -> list[Cause]:
    """Likely causes of a wrong number, or of an error on the way to it."""
    return [
        *_missing(cls, text),
        raises(RecursionError, CIRCLE),
        raises(
            AttributeError,
            "a plain number has no `data`: make it a node first, "
            "`other if isinstance(other, ...) else ...(other)`.",
            mentions="'int' object has no attribute 'data'",
        ),
        raises(
            AttributeError, "this method is missing in your class.", f"{cls.__name__!r} object has"
        ),
        raises(
            TypeError,
            "the functions of `math` want a number: give them `self.data`.",
            "must be real number",
        ),
        raises(
            TypeError,
            f"it still says `Value(...)` there, the course's class: write `{cls.__name__}(...)`.",
            "holds an int or a float",
        ),
        raises(
            TypeError,
            "a power need not be whole: -1 and -0.5 come, too. `self.data ** n` does them all.",
            "cannot be interpreted as an integer",
        ),
        *_wrong_numbers(text, numbers),
    ]


def _missing(cls: Any, text: str) -> list[Cause]:
    """The method that Python looked for and did not find."""
    found = []
    for sign, name in METHODS.items():
        error = f"unsupported operand type(s) for {sign}: "
        if sign == "/" and hasattr(cls, "__div__"):
            found.append(
                raises(TypeError, "Python 3 calls the method `__truediv__`, not `__div__`.", error)
            )
        reflected = f"__r{name[2:]}"
        also = " (the sum begins with `0 + ...`)" if text.startswith("sum(") else ""
        said = f"`{reflected}` is missing: a number on the left asks for it{also}."
        found += [
            raises(TypeError, said, error + "'int' and"),
            raises(TypeError, f"`{name}` is missing in your class.", error),
        ]
    return [
        *found,
        raises(TypeError, "`__neg__` is missing in your class.", "bad operand type for unary -"),
    ]


def _of_one_input(text: str, x: float) -> list[Cause]:
    causes = []
    if "relu" in text:
        causes += [
            gives(abs(x), "below 0, ReLU gives 0; `abs` turns the sign."),
            gives(min(0, x), "that is what ReLU cuts off: use `max(0, ...)`."),
            gives(float(x > 0), "that is the slope; the value is the number itself, or 0."),
            when(lambda got, _: x < 0 and got == x, "below 0, ReLU gives 0."),
            when(lambda got, _: x < 0 and x < got < 0, "below 0, ReLU gives 0, not a part of it."),
        ]
    if "log" in text:
        causes += [
            gives(math.log10(x), "that is the logarithm to base 10: `math.log` is meant."),
            gives(math.log2(x), "that is the logarithm to base 2: `math.log` is meant."),
            gives(math.log1p(x), "`math.log1p` adds 1 first: `math.log` is meant."),
        ]
    if "exp" in text:
        causes += [
            gives(2.0**x, "that is a power of 2; `exp` is a power of e: `math.exp`."),
            gives(math.expm1(x), "`math.expm1` takes 1 off: `math.exp` is meant."),
        ]
    return causes


def _wrong_numbers(text: str, numbers: Sequence[float]) -> list[Cause]:
    x, y = numbers[0], numbers[-1]
    swapped = "the reflected operator has its sides swapped: it is `other` first."
    causes = _of_one_input(text, x)
    if text.startswith("10 - "):
        causes += [gives(x - 10, swapped), gives(x + 10, "the sign of `self` is missing: `-self`.")]
    if text.startswith("10 / "):
        causes += [gives(x / 10, swapped), gives(10 * x, "the power -1 of `self` is missing.")]
    if " / " in text and len(numbers) == 2:
        causes += [
            gives(y / x, "the two sides are swapped: it is `self` first."),
            gives(x // y, "`//` cuts the fraction off: use `* other**-1`."),
            gives(x * y, "`other` must come with the power -1: `other**-1`."),
        ]
    if " - " in text and len(numbers) == 2:
        causes += [
            gives(y - x, "the two sides are swapped: it is `self` first."),
            gives(x + y, "the minus is missing: `self + (-other)`."),
        ]
    if "** 4" in text:
        causes += [gives(4 * x, "that is `*`; the power is `**`."), gives(4**x, "base and power.")]
    if text.startswith("-"):
        causes.append(gives(x, "the sign does not change: `self * -1`."))
    return causes


def slope_causes(text: str, numbers: Sequence[float], wanted: Sequence[float]) -> list[Cause]:
    """Likely causes of wrong slopes: swapped, missing, or those of the value."""
    x, nothing = numbers[0], [0.0] * len(wanted)
    causes = [gives(nothing, "the result does not lead back to the Value it came from.")]
    if len(wanted) == 2 and wanted[0] != wanted[1]:
        said = (
            "the two slopes are swapped: the slope with respect to one factor is the *other* one."
        )
        causes.append(gives(wanted[::-1], said))
    return [*causes, *_of_operation(text, numbers), *_of_powers(text, x), *_of_one(text, x),
            gives([-w for w in wanted], "the sign of the slope is turned round.")]  # fmt: skip


def _of_operation(text: str, numbers: Sequence[float]) -> list[Cause]:
    x, y = numbers[0], numbers[-1]
    if "+" in text and "*" not in text or text.startswith("sum("):
        plus = "plus passes a nudge on unchanged: its slopes are 1 and 1."
        return [
            gives([x, y], plus + " These are the numbers."),
            gives([y, x], plus + " These are the slopes of a product."),
            gives([1.0, 0.0], "the second slope is missing: one for each child."),
            when(lambda got, _: got != [1.0, 1.0], plus),
        ]
    if " - V" in text or (" - " in text and len(numbers) == 2):
        return [gives([1.0, 1.0], "a nudge of what is taken off comes out with the sign turned.")]
    if " * " in text and len(numbers) == 2 and "+" not in text:
        return [
            gives([1.0, 1.0], "those are the slopes of a sum; here it is the *other* factor."),
            gives([x * y, x * y], "that is the product; the slope is the *other* factor alone."),
        ]
    if " * 10" in text:
        return [
            gives([x], "that is the factor itself; the slope is the *other* one."),
            gives([1.0], "those are the slopes of a sum; here it is the *other* factor."),
        ]
    return []


def _of_powers(text: str, x: float) -> list[Cause]:
    if "** 4" not in text:
        return []
    return [
        gives([4 * x**4], "the exponent of the slope is one less: `n * x ** (n - 1)`."),
        gives([x**3], "the factor n is missing: `n * x ** (n - 1)`."),
        gives([3 * x**3], "the factor is n itself; only the exponent is one less."),
        gives([3 * x**4], "n comes down whole, and the exponent is one less."),
        gives([4 * x**4 - 1], "`**` binds more strongly than `-`: put brackets round `(n - 1)`."),
        gives([4 * 3 * x], "brackets: the exponent is `(n - 1)`, not a factor."),
        gives([x**4], "that is the value; the slope is `n * x ** (n - 1)`."),
        gives([4.0], "n alone is not the slope: `n * x ** (n - 1)`."),
        gives([x**4 * math.log(x)], "that is the slope with respect to the exponent."),
    ]


def _of_one(text: str, x: float) -> list[Cause]:
    if "exp" in text:
        return [
            gives([x], "that is the input; `exp` is its own slope: the *result*."),
            gives([1.0], "`exp` is its own slope: the result, not 1."),
            gives([x * math.exp(x - 1)], "that rule is for powers; exp is its own slope."),
            gives([x * math.exp(x)], "`exp` is its own slope; nothing is multiplied on."),
        ]
    if "log" in text:
        return [
            gives([x], "that is the input; the slope is 1 over it."),
            gives([math.log(x)], "that is the value of log; its slope is `1 / x`."),
            gives([1 / math.log(x)], "1 over the *input*, not over the result."),
            gives([-1 / x**2], "that is the slope of `1 / x`; the one of log is `1 / x` itself."),
            gives([1.0], "the slope of log is `1 / x`."),
            gives([math.exp(x)], "that is the slope of exp; the one of log is `1 / x`."),
        ]
    if "relu" not in text:
        return []
    return [
        when(lambda got, _: x == 0 and got == [1.0], "at 0 itself the course takes the slope 0."),
        when(lambda got, _: x == 0 and got == [0.5], "at 0 itself the course takes the slope 0."),
        when(
            lambda got, _: x < 0 and got == [1.0],
            "below 0 a nudge changes nothing: the slope is 0.",
        ),
        when(lambda got, _: x < 0, "below 0 a nudge changes nothing: the slope is 0."),
        gives([x], "that is the number; the slope of an open ReLU is 1."),
    ]
