"""The same training, faster: one engine a rung of the ladder in chapter 11.

``engines.get("numpy").train(...)`` is ``microgpt.train(..., engine="numpy")``: one loop for all.
A rung is a row of the ladder below and a `Learner` in its file, and nothing more.
"""

import importlib.util
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from ..model import Config
from ..training import Run, Settings, train


@dataclass(frozen=True)
class Engine:
    """One rung of the ladder; what it costs is right to a factor of three or so."""

    name: str  # what `get` takes
    about: str  # what it does differently from the rung before
    place: str  # its file and class
    package: str  # what it needs
    per_step: float  # seconds a step,
    per_product: float  # and for each multiplication of the forward pass,
    held: float  # and bytes held for each
    batch: int = 1  # documents a step, if a run's settings name no number

    @property
    def missing(self) -> str:
        """The package that it needs, if that is not installed."""
        package = self.package.partition("==")[0]
        return package if package and not importlib.util.find_spec(package) else ""

    @property
    def can_run(self) -> bool:
        """Whether it can run here."""
        return not self.missing

    @property
    def install(self) -> str:
        """The command that brings what it needs."""
        return f"pip install {self.package}"

    @property
    def module(self) -> ModuleType:
        """Its file; where its package is missing an ImportError says how to get it."""
        if self.missing:
            problem = f"engine {self.name!r} needs {self.missing}: {self.install}"
            raise ImportError(problem, name=self.missing)
        try:
            return importlib.import_module("." + self.place.partition(".")[0], __name__)
        except Exception as error:  # whatever half a package may do
            broken = f"engine {self.name!r} needs {self.package}, and what is installed is broken"
            raise ImportError(f"{broken} ({error!r:.99}): install it again") from error

    @property
    def learner(self) -> Any:
        """Its `Learner`: a class; raises as `module`."""
        return getattr(self.module, self.place.partition(".")[2])

    @property
    def train(self) -> Callable[..., Run]:
        """`microgpt.train` with this engine."""
        return partial(train, engine=self.name)


_SCALAR = "no recursion, no reference cycle; a dot product is one node"
_NUMPY = "all positions at once, slopes by hand"
_TORCH = "torch==2.13.0"  # a version that has a small build for the processor
_LADDER = [
    Engine("plain", "sums of products, recursion", "plain.PlainLearner", "", 1e-3, 2e-5, 1500.0),
    Engine("scalar", _SCALAR, "scalar.ScalarLearner", "", 1e-3, 1e-6, 50.0),
    Engine("vector", "a node holds a list", "vector.VectorLearner", "", 1e-3, 3e-7, 16.0),
    Engine("numpy", _NUMPY, "arrays.ArrayLearner", "numpy", 4e-4, 1e-9, 1.0),
    Engine("numpy_batched", "32 documents a step, float32", "batched.BatchedLearner", "numpy",
           2e-4, 5e-10, 0.5, batch=32),
    Engine("compiled", "the loops as machine code", "compiled.CompiledLearner", "numba",
           1e-5, 2e-9, 1.0),
    Engine("torch", "PyTorch, its autograd, a GPU", "torch_engine.TorchLearner", _TORCH,
           1e-3, 1e-9, 1.0),
    Engine("ddp", "PyTorch in several processes", "ddp.DistributedLearner", _TORCH,
           2e-3, 1e-9, 1.0, batch=16),
]  # fmt: skip


def available() -> list[Engine]:
    """All rungs, from the foot of the ladder up."""
    return list(_LADDER)


def find(name: str) -> Engine:
    """The rung of this name; a ValueError if there is none."""
    found = {engine.name: engine for engine in _LADDER}
    if name not in found:
        raise ValueError(f"no engine {name!r}: choose one of {', '.join(found)}")
    return found[name]


def get(name: str) -> Engine:
    """The rung of this name, ready to run: a ValueError as `find`, an ImportError as `module`."""
    found = find(name)
    _ = found.module
    return found


def check_cost(settings: Settings, config: Config, docs: Sequence[str]) -> None:
    """Raise a ValueError if a run needs more than a day, or more memory than there is."""
    engine, E, L = find(settings.engine), config.n_embd, config.n_layer
    lengths = [min(len(doc) + 1, config.block_size) for doc in docs]
    n = sum(lengths) / len(lengths)
    params = 12 * E * E * L + (2 * config.vocab_size + config.block_size) * E
    products = n * (12 * E * E * L + config.vocab_size * E) + n * n * E * L
    a_step = engine.per_step + (settings.batch_size or engine.batch) * products * engine.per_product
    seconds = settings.num_steps * a_step + 3e-6 * params
    memory, here = 350 * params + engine.held * products * max(lengths) / n, math.inf
    with suppress(AttributeError, ValueError, OSError):  # not every system tells
        here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    problem = f"takes about {span(seconds)}"
    if memory > here:
        needs = f"needs about {memory / 1e9:,.3g} GB of memory"
        problem = f"{needs}, and this machine has {here / 1e9:,.0f} GB"
    if seconds > 86_400 or memory > here:
        way = "choose smaller sizes, fewer steps or another engine, or begin it --anyway"
        raise ValueError(f"with engine {engine.name!r} this run {problem}: {way}")


def span(seconds: float) -> str:
    """A length of time, in words."""
    for unit, size in ("days", 86_400), ("hours", 3600), ("minutes", 60):
        if seconds >= 2 * size:
            return f"{seconds / size:{',.0f' if seconds < 1e12 else '.0e'}} {unit}"
    return f"{seconds:.0f} seconds"
