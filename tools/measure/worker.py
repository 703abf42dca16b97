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
from microgpt.engines import plain
from microgpt.model import Config
from microgpt.sampling import sample
from microgpt.tokenizer import CharTokenizer
from microgpt.training import Settings

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

    ``plain`` does it as in training, with a graph that nobody needs; the core uses floats.
    """
    state_dict, config, tokenizer = load()
    rng, weights, draw = random.Random(seed), state_dict, sample
    if name == "plain":
        weights = plain.PlainLearner(state_dict, config, Settings()).matrices
        draw = sample_with_a_graph
    started = time.process_time()
    names = [draw(weights, config, tokenizer, rng) for _ in range(2)]
    return time.process_time() - started, names


def sample_with_a_graph(
    matrices: Any, config: Config, tokenizer: CharTokenizer, rng: random.Random
) -> str:
    """Invent a name at temperature 0.5, with a whole graph for every character."""
    keys, values = ([[] for _ in range(config.n_layer)] for _ in range(2))
    token_id, ids = tokenizer.BOS, []
    for pos_id in range(config.block_size):
        logits = plain.gpt(token_id, pos_id, keys, values, matrices, config, plain)
        probs = [p.data for p in plain.softmax([logit / 0.5 for logit in logits])]
        token_id = rng.choices(range(len(probs)), weights=probs)[0]
        if token_id == tokenizer.BOS:
            break
        ids.append(token_id)
    return tokenizer.decode(ids)
