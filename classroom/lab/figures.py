"""The stored figures of one complete measurement, and what they say of other sizes. Chapter 11.

`make bench` and ``tools/bench.py --growth`` measure, ``tools/bench.py --store`` keeps. They are
those of one machine: read ratios and exponents from them, not times.
"""

from __future__ import annotations

import json
from typing import Any

from microgpt.data import asset_path
from microgpt.model import Config

Figures = dict[str, Any]


def stored_figures() -> Figures:
    """Load ``assets/efficiency.json``: where it was measured, ladder, curves, nodes."""
    figures: Figures = json.loads(asset_path("efficiency.json").read_text(encoding="utf-8"))
    return figures


def count_params(config: Config) -> int:
    """Count the numbers in all parameter matrices.

    Examples
    --------
    >>> count_params(Config(vocab_size=27))
    4192
    """
    return sum(rows * columns for rows, columns in config.shapes().values())


def estimate(figures: Figures, name: str, config: Config) -> float:
    """Seconds a token of an engine at other sizes: the measured pace times a factor for each size.

    Parameters
    ----------
    figures : dict
        From `stored_figures`.
    name : str
        An engine of the ladder.
    config : Config
        The sizes.

    Returns
    -------
    float
        Seconds. The factors of width, depth and length are multiplied, as if they did not
        know of each other: good to about a factor of two.
    """
    pace = next(row["tokens_per_second"] for row in figures["ladder"] if row["name"] == name)
    seconds = 1 / pace
    for what in ("n_embd", "n_layer", "block_size"):
        seconds *= _factor(figures, name, what, getattr(config, what))
    return seconds


def _factor(figures: Figures, name: str, what: str, size: int) -> float:
    """How many times as much a token costs at this size as at the smallest one."""
    curves = {curve["name"]: curve for curve in figures["curves"] if curve["what"] == what}
    sizes, seconds = curves[name]["sizes"], curves[name]["seconds"]
    if size in sizes:
        return float(seconds[sizes.index(size)] / seconds[0])
    power = curves[name if len(sizes) > 1 else "scalar"]["power"]
    return float(seconds[-1] / seconds[0] * (size / sizes[-1]) ** power)
