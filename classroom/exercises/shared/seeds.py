"""What a missing part costs, seed by seed, right and wrong: for exercise 10.5."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classroom.exercises.kit.checking import gives


def worth(full: Sequence[float], without: Sequence[float]) -> tuple[float, float, float]:
    """Mean, smallest and largest loss that a missing part costs, seed by seed."""
    extra = [b - a for a, b in zip(full, without)]
    return sum(extra) / len(extra), min(extra), max(extra)


def unpaired(full: Sequence[float], without: Sequence[float]) -> tuple[float, float, float]:
    """Smallest and largest of different seeds, subtracted."""
    mean = sum(without) / len(without) - sum(full) / len(full)
    return mean, min(without) - max(full), max(without) - min(full)


def _of_each(
    compare: Callable[[float, float], float], full: Sequence[float], without: Sequence[float]
) -> tuple[float, float, float]:
    """Mean, smallest and largest of another comparison, seed by seed."""
    return worth([0.0] * len(full), [compare(a, b) for a, b in zip(full, without)])


def around(mean: float, low: float, high: float) -> tuple[float, float, float]:
    """The mean, and how far the smallest and the largest are from it."""
    return mean, mean - low, high - mean


WORTH_CAUSES = [
    gives(
        lambda full, without: (
            worth(full, without)[0],
            min(without) - min(full),
            max(without) - max(full),
        ),
        "the best run with the part and the best without it are different seeds; subtract "
        "seed by seed, then take smallest and largest.",
    ),
    gives(
        lambda full, without: worth(sorted(full), sorted(without)),
        "sorted lists pair different seeds: leave them in their order.",
    ),
    gives(
        lambda full, without: tuple(map(abs, worth(full, without))),
        "the sign is lost: a part that does harm has a negative worth; no `abs`.",
    ),
    gives(
        lambda full, without: _of_each(lambda a, b: abs(b - a), full, without),
        "the sign is lost: a part that does harm has a negative worth; no `abs`.",
    ),
    gives(
        lambda full, without: _of_each(lambda a, b: b / a - 1, full, without),
        "this is relative to the loss with the part; the plain difference is asked for.",
    ),
    gives(
        lambda full, without: _of_each(lambda a, b: b / a, full, without),
        "these are ratios; differences are asked for.",
    ),
    gives(
        lambda full, without: (
            sum(b - a for a, b in zip(full, without)) / 5,
            *worth(full, without)[1:],
        ),
        "there need not be five seeds: divide by `len(full)`.",
    ),
    gives(
        lambda full, without: (
            sorted(b - a for a, b in zip(full, without))[len(full) // 2],
            *worth(full, without)[1:],
        ),
        "the first is the median; the mean is asked for.",
    ),
    gives(
        lambda full, without: (
            (worth(full, without)[1] + worth(full, without)[2]) / 2,
            *worth(full, without)[1:],
        ),
        "the middle between smallest and largest is not the mean of all.",
    ),
    gives(
        lambda full, without: around(*worth(full, without)),
        "smallest and largest are asked for, not how far they are from the mean.",
    ),
    gives(
        lambda full, without: (
            worth(full, without)[0],
            worth(full, without)[2],
            worth(full, without)[1],
        ),
        "mean, smallest, largest: the last two are swapped.",
    ),
    gives(
        lambda full, without: worth(full, without)[1:],
        "three numbers are asked for: the mean comes first.",
    ),
    gives(
        unpaired,
        "smallest and largest compare different seeds; subtract the same seed's loss.",
    ),
    gives(
        lambda full, without: worth(without, full),
        "the sign: a part that helps has a positive worth, so subtract `full`.",
    ),
    gives(
        lambda full, without: worth(full, without)[0],
        "three numbers are asked for: mean, smallest, largest.",
    ),
    gives(
        lambda full, without: (
            sum(b - a for a, b in zip(full, without)),
            *worth(full, without)[1:],
        ),
        "the first is the sum; divide it by the number of seeds.",
    ),
    gives(
        lambda full, without: (
            min(without) - min(full),
            *worth(full, without)[1:],
        ),
        "the mean over all seeds is asked for, not the best runs' difference.",
    ),
]
