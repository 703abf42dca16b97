"""The growth of cost, for every engine that can run here."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product
from typing import Any

from classroom.lab.growth import SIZES, Curve, growth_curve, nodes_and_memory, power_law
from microgpt.engines import available
from tools.measure.report import say

PASSES = 2


def measure_growth(seconds: float) -> dict[str, Any]:
    """Curves of all engines, nodes and memory of the scalar one.

    Of each point the least of all `PASSES`, minutes apart, counts: a single pass has bumps.
    """
    started = time.monotonic()
    names = [engine.name for engine in available() if engine.can_run and engine.name != "ddp"]
    curves: dict[tuple[str, str], Curve] = {}
    for number in range(PASSES):
        for name, what in product(names, SIZES):
            patience = seconds / (30 if name == "plain" else 75)  # of plain, at least a few sizes
            say(f"pass {number + 1} of {PASSES}: {name}, {what}")
            curve = growth_curve(name, what, patience)
            before = curves.get((name, what), curve)
            curves[name, what] = merged(before, curve)
    nodes = []
    for what, sizes in SIZES.items():
        for size in sizes:
            say(f"nodes, {what} {size}")
            nodes.append((what, size, *nodes_and_memory(what, size)))
    say(f"{time.monotonic() - started:.0f} seconds")
    return {"curves": list(curves.values()), "nodes": nodes}


def merged(a: Curve, b: Curve) -> Curve:
    """Of two measurements of one curve, the longer one, with the least cost of each point."""
    longer, other = (a, b) if len(a.sizes) >= len(b.sizes) else (b, a)
    known = dict(zip(other.sizes, other.seconds))
    costs = [min(cost, known.get(size, cost)) for size, cost in zip(longer.sizes, longer.seconds)]
    return replace(longer, seconds=tuple(costs), power=power_law(longer.sizes, costs))
