"""One engine in a process of its own, taking turns when it is told to.

A process of its own gives each engine memory, garbage and caches of its own, and one thread.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from classroom.lab.timing import LocalRunner, Turn
from microgpt.checkpoint import load

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")  # to be set before NumPy or PyTorch is imported


class RemoteRunner:
    """A runner whose turns are made by a worker process."""

    def __init__(self, name: str) -> None:
        self.name = name
        os.environ.update(ONE_THREAD)
        self.process = ProcessPoolExecutor(1, get_context("spawn"))

    def ask(self, function: Callable[..., Any], *words: Any) -> Any:
        """What a function answers over there, asked with the engine's name and these words."""
        return self.process.submit(function, self.name, *words).result()

    def turn(self, steps: int) -> Turn:
        """Make some steps of training, over there."""
        return self.ask(take_turn, steps)

    def close(self) -> None:
        """End the worker."""
        self.process.shutdown()


runner_here = cache(LocalRunner)


def take_turn(name: str, steps: int) -> Turn:
    """Make some steps of the training that goes on in this process."""
    return runner_here(name).turn(steps)


def peak_megabytes(_: str) -> float | None:
    """The most memory this process ever had; None where the system does not tell (Windows)."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: getrusage would count the process that started this one as well
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


def sample_names(name: str, seed: int) -> tuple[float, list[str]]:
    """Sample two names from the shipped weights; the time it took, and the names.

    ``plain`` does it as in training, with a graph that nobody needs; the core uses plain floats.
    """
    from microgpt.sampling import sample

    state_dict, config, tokenizer = load()
    rng = random.Random(seed)
    if name == "plain":
        from tools.measure.sampling import GraphSampler

        draw = GraphSampler(state_dict, config, tokenizer).sample
    else:

        def draw(rng: random.Random) -> str:
            return sample(state_dict, config, tokenizer, rng)

    started = time.process_time()
    names = [draw(rng) for _ in range(2)]
    return time.process_time() - started, names
