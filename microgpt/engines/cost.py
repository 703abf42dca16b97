"""What a run will cost, before it begins: right to a factor of three or so. Chapter 11."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

from ..model import Config
from ..training import Settings

# seconds a step, seconds for each multiplication of the forward pass, bytes held for each
_COSTS = {
    "plain": (1e-3, 2e-5, 1500.0), "scalar": (1e-3, 1e-6, 50.0), "vector": (1e-3, 3e-7, 16.0),
    "numpy": (4e-4, 1e-9, 1.0), "numpy_batched": (2e-4, 5e-10, 0.5), "compiled": (1e-5, 2e-9, 1.0),
    "torch": (1e-3, 1e-9, 1.0), "ddp": (2e-3, 1e-9, 1.0),
}  # fmt: skip
DAY = 86_400


def estimate(settings: Settings, config: Config, docs: Sequence[str]) -> tuple[float, float]:
    """Seconds and bytes that a run will take."""
    per_step, per_product, held = _COSTS[settings.engine]
    lengths = [min(len(doc) + 1, config.block_size) for doc in docs]
    n, E, L = sum(lengths) / len(lengths), config.n_embd, config.n_layer
    params = 12 * E * E * L + (2 * config.vocab_size + config.block_size) * E
    products = n * (12 * E * E * L + config.vocab_size * E) + n * n * E * L
    batch = settings.batch_size or {"numpy_batched": 32, "ddp": 16}.get(settings.engine, 1)
    seconds = settings.num_steps * (per_step + batch * products * per_product)
    return seconds + 3e-6 * params, 350 * params + held * products * max(lengths) / n


def check_cost(settings: Settings, config: Config, docs: Sequence[str]) -> None:
    """Raise a ValueError if a run needs more than a day, or more memory than there is."""
    seconds, memory = estimate(settings, config, docs)
    problem = f"takes about {span(seconds)}"
    if memory > memory_here():
        here = f"and this machine has {memory_here() / 1e9:,.0f} GB"
        problem = f"needs about {memory / 1e9:,.3g} GB of memory, {here}"
    if seconds > DAY or memory > memory_here():
        way = "choose smaller sizes, fewer steps or another engine, or begin it --anyway"
        raise ValueError(f"with engine {settings.engine!r} this run {problem}: {way}")


def memory_here() -> float:
    """Bytes of memory that this machine has; infinite where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return math.inf


def span(seconds: float) -> str:
    """A length of time, in words."""
    for unit, size in ("days", DAY), ("hours", 3600), ("minutes", 60):
        if seconds >= 2 * size:
            return f"{seconds / size:{',.0f' if seconds < 1e12 else '.0e'}} {unit}"
    return f"{seconds:.0f} seconds"
