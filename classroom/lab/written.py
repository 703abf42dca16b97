"""How a number and a text are written, in pictures, in alt texts and in errors alike."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any) -> str:
    """Write a number with at most 4 decimals, the way every picture and alt text does.

    >>> [number(x) for x in (2, 0.5, -6.0, 1 / 3, 1e-9, -0.0, 12_345_678.9, float("nan"))]
    ['2', '0.5', '-6', '0.3333', '0.0000', '0', '1.235e+07', 'nan']
    """
    if not isinstance(value, (int, float)):
        return str(value)
    if not math.isfinite(value):
        return str(float(value))
    if value == 0:
        return "0"
    if abs(value) >= 1e6:
        return f"{value:.4g}"
    if abs(value) < 0.00005:
        return "0.0000"  # not exactly zero, but zero to four decimals
    return f"{value:.4f}".rstrip("0").rstrip(".")


def quoted(text: str) -> str:
    """A text in quotes; of a long one, the beginning.

    >>> quoted("emma"), quoted("wilhelmina-wilhelmina")
    ("'emma'", "'wilhelmina-wilhelmin'...")
    """
    return f"{text[:20]!r}{'...' * (len(text) > 20)}"
