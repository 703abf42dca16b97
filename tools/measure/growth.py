"""The growth of cost, for every engine that can run here."""

from __future__ import annotations

import sys
import time
from typing import Any

from microgpt.engines import available
from microgpt.engines.growth import SIZES, Curve, growth_curve, nodes_and_memory


def measure_growth(seconds: float) -> dict[str, Any]:
    """Curves of all engines, nodes and memory of the scalar one.

    Parameters
    ----------
    seconds : float
        About the time to spend. The slow engines get no further than it allows.
    """
    started = time.monotonic()
    names = [engine.name for engine in available() if engine.can_run and engine.name != "ddp"]
    curves: list[Curve] = []
    for name in names:
        for what in SIZES:
            patience = seconds / (40 if name == "plain" else 75)  # of plain, at least a few sizes
            curves.append(growth_curve(name, what, patience, say))
    nodes = []
    for what, sizes in SIZES.items():
        for size in sizes:
            say(f"nodes, {what} {size}")
            count, held = nodes_and_memory(what, size)
            nodes.append((what, size, count, held))
    say(f"{time.monotonic() - started:.0f} seconds")
    return {"curves": curves, "nodes": nodes}


def say(words: str) -> None:
    """Tell what is going on, on standard error."""
    print(f"bench: {words}", file=sys.stderr, flush=True)
