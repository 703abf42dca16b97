"""Compare a reader's answer with the right one and show both; used by every chapter's checks."""

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

TOLERANCE = 1e-9
_LIMIT = 160


def plain(thing: Any, tuples: bool = False) -> Any:
    """Strip an answer: a ``Value`` becomes its data, an array a list, a tuple too if not kept."""
    if isinstance(thing, type):
        return thing
    if isinstance(thing, (Fraction, Decimal)):
        return float(thing)
    if hasattr(thing, "tolist"):
        return thing.tolist()
    if hasattr(thing, "data") and hasattr(thing, "grad"):
        return plain(thing.data, tuples)
    if isinstance(thing, (list, tuple)):
        parts = [plain(part, tuples) for part in thing]
        return tuple(parts) if tuples and isinstance(thing, tuple) else parts
    if isinstance(thing, dict):
        return {key: plain(value, tuples) for key, value in thing.items()}
    return thing


def is_number(thing: Any) -> bool:
    """Whether it is an int or a float (a bool is not a number here)."""
    return isinstance(thing, (int, float)) and not isinstance(thing, bool)


def same(got: Any, expected: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two answers are the same: numbers to a tolerance, lists and dicts part by part.

    A list and a tuple with the same parts are the same, so are ``2`` and ``2.0``, a ``Value`` and
    its data; ``True`` and ``1`` are not, nor are ``"2"`` and ``2``.
    """
    got, expected = plain(got), plain(expected)
    if is_number(got) and is_number(expected):
        if math.isnan(got) or math.isnan(expected):
            return math.isnan(got) and math.isnan(expected)
        return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(
            same(a, b, tolerance) for a, b in zip(got, expected, strict=True)
        )
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(
            same(got[key], expected[key], tolerance) for key in expected
        )
    return type(got) is type(expected) and bool(got == expected)


def _text(thing: Any, exact: bool) -> str:
    if isinstance(thing, float) and math.isfinite(thing) and not exact:
        return repr(round(thing, 4)) if thing == 0 or abs(thing) >= 1e-3 else f"{thing:.3g}"
    if isinstance(thing, (list, tuple)):
        inner = ", ".join(_text(part, exact) for part in thing)
        comma = "," if len(thing) == 1 else ""
        return f"[{inner}]" if isinstance(thing, list) else f"({inner}{comma})"
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{k!r}: {_text(v, exact)}" for k, v in thing.items()) + "}"
    if isinstance(thing, type) or callable(thing):
        return getattr(thing, "__name__", "your object")
    return repr(thing)


def show(thing: Any, exact: bool = False) -> str:
    """One line of at most 160 characters for a value: 4 decimals if not ``exact``, no addresses."""
    try:
        text = _text(plain(thing, tuples=True), exact).replace("\n", "\\n")
    except Exception as error:  # the reader's own __repr__ may be broken, a list hold itself
        text = f"<a {type(thing).__name__} that cannot be shown: {type(error).__name__}>"
    return text if len(text) <= _LIMIT else text[: _LIMIT - 1] + "…"


def show_both(got: Any, expected: Any) -> tuple[str, str]:
    """Texts for the wrong and the right value, with enough digits to tell them apart."""
    for exact in (False, True):
        texts = show(got, exact), show(expected, exact)
        if texts[0] != texts[1]:
            return texts
    kinds = type(got).__name__, type(expected).__name__
    if kinds[0] != kinds[1]:
        return f"{texts[0]} (of type {kinds[0]})", f"{texts[1]} (of type {kinds[1]})"
    return texts


def call_text(name: str, args: tuple[Any, ...]) -> str:
    """The call as the reader would write it: ``softmax([1, 2])``."""
    return f"{name}({', '.join(show(arg) for arg in args)})"


def name_of(*functions: Any) -> str:
    """Name of the first of these functions or classes that has one, as a lambda has not."""
    names = (str(getattr(function, "__name__", "")) for function in functions)
    return next(filter(str.isidentifier, names), "your_function")


def shown_call(show_as: str, args: tuple[Any, ...], answer: Any, right: Any) -> str:
    """The call of an answer, as it is to be shown, under the answer's own name."""
    name = name_of(answer, right)
    if not show_as:
        return call_text(name, args)
    old = name_of(right)
    end = r"\b" if "_" in old else r"(?=\(|$)"  # "the mean of" is no name
    return re.sub(rf"\b{old}{end}", name, show_as.format(*map(show, args)))
