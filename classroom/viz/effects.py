"""What taking a part away costs, seed by seed: the stored experiments as a picture. Chapter 10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, DPI, INK, figure, to_picture


def mean_and_spread(numbers: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation (divided by n - 1) of some runs.

    Raises
    ------
    ValueError
        For fewer than two numbers: one run has no spread.

    Examples
    --------
    >>> mean_and_spread([1.0, 2.0, 3.0])
    (2.0, 1.0)
    """
    if len(numbers) < 2:
        raise ValueError(f"a spread needs at least two runs, got {len(numbers)}")
    mean = sum(numbers) / len(numbers)
    variance = sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1)
    return mean, variance**0.5


def paired(full: Sequence[float], without: Sequence[float]) -> list[float]:
    """How much more each seed costs without the part: the same seed is subtracted.

    Raises
    ------
    ValueError
        If the two do not have the same number of runs.
    """
    if len(full) != len(without):
        raise ValueError(f"{len(full)} runs against {len(without)}: pairs need the same seeds")
    return [b - a for a, b in zip(full, without)]


def draw_effects(
    full: Sequence[float], variants: Mapping[str, Sequence[float]], *, dpi: int = DPI
) -> Picture:
    """Draw, for each variant, what each seed loses against the full machine, and the mean.

    Parameters
    ----------
    full : sequence of float
        Loss of the full machine, one number a seed.
    variants : dict of str to sequence of float
        Loss of each variant with the same seeds in the same order.
    dpi : int
        Dots per inch.

    Returns
    -------
    Picture
        Its alt text has mean, spread and how many seeds got worse, for each variant.
    """
    told = []
    height = 0.5 * len(variants) + 0.9
    with figure(9, height, layout="none") as fig:
        ax = fig.add_axes((0.24, 0.6 / height, 0.73, 1 - 0.7 / height))
        for row, (name, losses) in enumerate(variants.items()):
            extra = paired(full, losses)
            mean, spread = mean_and_spread(extra)
            ax.plot(extra, [row] * len(extra), "o", ms=7, mfc="none", color=COLOURS["data"])
            ax.plot([mean], [row], "|", ms=22, mew=3, color=COLOURS["gradient"])
            worse = sum(x > 0 for x in extra)
            ax.text(mean, row - 0.42, f"{mean:+.3f}", fontsize=9, color=INK["gradient"])
            told.append(f"{name} {mean:+.4f} ± {spread:.4f}, {worse} of {len(extra)} worse")
        ax.axvline(0, color=COLOURS["constant"], lw=1.2)
        ax.set_yticks(range(len(variants)), list(variants))
        ax.set(ylim=(len(variants) - 0.4, -0.75), xlabel="loss more than with everything, nats")
        alt = f"Loss more than the full machine's, {len(full)} seeds each: {'; '.join(told)}."
        return to_picture(fig, alt, dpi=dpi)
