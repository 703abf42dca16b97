"""How the cost of training grows with the size of the model. Chapter 11 and `make bench`.

One size is changed at a time, the others stay as in the reference run; documents fill the block.
The cost is processor time a token: forward, backward and Adam.
"""

from __future__ import annotations

import math
import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.lab.clock import process_time
from microgpt.autograd import topological_sort
from microgpt.engines import get
from microgpt.model import Config, flatten, init_params
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss

SIZES = {"n_embd": (16, 32, 64, 128), "n_layer": (1, 2, 4, 8), "block_size": (16, 32, 64, 128)}
TOKENIZER = CharTokenizer("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Curve:
    """The cost of one engine at several values of one size.

    Attributes
    ----------
    name : str
        The engine.
    what : str
        The size that was changed: ``n_embd``, ``n_layer`` or ``block_size``.
    sizes : tuple of int
        Its values; those that took too long are missing.
    seconds : tuple of float
        Processor time a token, at each.
    power : float
        The exponent p of ``seconds = constant * size ** p``, fitted.
    """

    name: str
    what: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    power: float


def power_law(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Fit the exponent p of ``cost = constant * size ** p``: least squares on the logarithms.

    Examples
    --------
    >>> round(power_law([1, 2, 4, 8], [3, 12, 48, 192]), 6)
    2.0
    """
    if len(sizes) < 2:
        return math.nan
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    covariance = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys))
    return covariance / sum((x - x_mean) ** 2 for x in xs)


def document_for(config: Config) -> str:
    """Make up a document that fills the block."""
    letters = random.Random(config.block_size).choices(TOKENIZER.chars, k=config.block_size - 1)
    return "".join(letters)


def seconds_per_token(name: str, config: Config, budget: float) -> float:
    """Processor time that an engine needs a token, at these sizes: the best of some steps.

    Parameters
    ----------
    name : str
        The engine.
    config : Config
        The sizes.
    budget : float
        Seconds to spend; at least two steps are made.
    """
    state_dict = init_params(config, random.Random(1))
    engine, start = get(name), ([document_for(config)], TOKENIZER, config, state_dict)
    steps = engine.train(*start, num_steps=1_000_000)
    next(steps)
    best, spent = math.inf, 0.0
    while spent < budget or best == math.inf:
        started = process_time()
        next(steps)
        taken = process_time() - started
        best, spent = min(best, taken), spent + max(taken, 1e-5)
    steps.close()
    return best / (config.block_size * engine.batch)


def growth_curve(name: str, what: str, patience: float = 3.0) -> Curve:
    """Measure one engine at growing values of one size, as long as a step stays affordable.

    Parameters
    ----------
    name : str
        The engine.
    what : str
        A key of `SIZES`.
    patience : float
        No value is tried whose step would take longer than this, in seconds.
    """
    sizes: list[int] = []
    costs: list[float] = []
    for size in SIZES[what]:
        config = Config(**{"vocab_size": TOKENIZER.vocab_size, what: size})
        if costs and growing(costs[-1], what) * config.block_size > patience:
            break
        try:
            costs.append(seconds_per_token(name, config, patience / 20))
        except RecursionError:  # plain finds its order by recursion: no deep models
            break
        sizes.append(size)
    return Curve(name, what, tuple(sizes), tuple(costs), power_law(sizes, costs))


def growing(seconds: float, what: str) -> float:
    """Guess what a token costs when `what` is doubled."""
    return seconds * {"n_embd": 4.0, "n_layer": 2.0, "block_size": 1.3}[what]


def nodes_and_memory(what: str, size: int) -> tuple[float, float]:
    """Measure the scalar engine's graph: nodes and bytes a token, at one value of one size.

    The parameters, which are there before, do not count.
    """
    config = Config(**{"vocab_size": TOKENIZER.vocab_size, what: size})
    state_dict = init_params(config, random.Random(1))
    params = set(flatten(state_dict))
    ids = TOKENIZER.document_ids(document_for(config))
    tracemalloc.start()
    loss = document_loss(ids, state_dict, config)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    made = sum(node not in params for node in topological_sort(loss))
    return made / config.block_size, held / config.block_size
