"""Running means with something wrong in their recipe: for the check of exercise 7.3."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Means = Callable[[Sequence[float], float], list[float]]

MEANS_SLIPS = {
    ("turned", "usual", "1-(1-b)**c"): "`beta` and `1 - beta` are swapped: beta is what the old "
    "mean keeps.",
    ("first", "usual", "usual"): "you begin at the first number; begin at 0, and the division "
    "makes up for it.",
    ("zero", "usual", "(1-b)**c"): "the divisor is `1 - beta**count`: first the power, then the "
    "difference.",
    ("zero", "usual", "1-b*c"): "the divisor is `1 - beta**count`, a power, not a product.",
    ("zero", "usual", "b**c"): "the divisor is *one less* `beta**count`.",
    ("zero", "usual", "1-b**len"): "every mean is divided as if all numbers had been seen: count "
    "along, `1 - beta**count`.",
    ("zero", "usual", "1-b**(c+1)"): "the count is one too high: the first number is number 1.",
    ("zero", "usual", "1+b**c"): "the divisor is 1 *less* beta**count.",
    ("zero", "late", "usual"): "the mean is noted before the new number is in it: first the "
    "update, then the list.",
    ("zero", "whole", "usual"): "the new number comes in whole: multiply it by `1 - beta`.",
    ("zero", "sum", "usual"): "the old mean is kept whole: multiply it by `beta`.",
    ("zero", "usual", "c"): "you divide by the count; the share that was seen is "
    "`1 - beta**count`.",
    ("zero", "rounded", "usual"): "the means are rounded: leave every digit.",
    ("zero", "last", "usual"): "that is the last mean alone; the mean after *each* number is "
    "asked for, as a list.",
}
"""Where the mean begins, how a number comes in, and what it is divided by; and the sentence."""


def means_like(begin: str, update: str, divisor: str) -> Means:
    """Running means after one of the recipes of `MEANS_SLIPS`."""

    def run(numbers: Sequence[float], b: float) -> list[float]:
        mean, found = numbers[0] if begin == "first" else 0.0, []
        for c, number in enumerate(numbers, 1):
            before, keep = mean, 1 - b if begin == "turned" else b
            new = number if update == "whole" else (1 - keep) * number
            mean = (mean if update == "sum" else keep * mean) + new
            seen = before if update == "late" else mean
            found.append(seen / _divisor(divisor, b, c, len(numbers)))
        if update == "rounded":
            return [round(x, 2) for x in found]
        return found[-1] if update == "last" else found  # type: ignore[return-value]

    return run


def _divisor(kind: str, b: float, c: int, count: int) -> float:
    return {
        "usual": 1 - b**c,
        "1-(1-b)**c": 1 - (1 - b) ** c,
        "(1-b)**c": (1 - b) ** c,
        "1-b*c": 1 - b * c,
        "b**c": b**c,
        "1-b**len": 1 - b**count,
        "1-b**(c+1)": 1 - b ** (c + 1),
        "1+b**c": 1 + b**c,
        "c": float(c),
    }[kind]
