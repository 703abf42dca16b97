"""The same training, faster: one engine a rung of the ladder in chapter 11.

``engines.get("numpy").train(...)`` is ``microgpt.train(..., engine="numpy")``: one loop; steps,
errors and handing back of weights are the same for all. A rung is a `Learner`, and nothing more.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from ..model import Config, StateDict
from ..training import Learner, Settings, train
from .cost import check_cost, span

__all__ = ["Engine", "available", "check_cost", "get", "learner", "span"]


@dataclass(frozen=True)
class Engine:
    """One rung of the ladder, and whether it can run here."""

    name: str  # what `get` takes
    about: str  # what it does differently from the rung before
    can_run: bool  # whether the package it needs is installed
    missing: str = ""  # the package that is missing
    install: str = ""  # the command that brings it


_SCALAR = "no recursion, no reference cycle; a dot product is one node"

# name: (its file and learner, what is new on this rung, the package that it needs)
_RUNGS = {
    "plain": ("plain.PlainLearner", "sums of products, recursion", ""),
    "scalar": ("scalar.ScalarLearner", _SCALAR, ""),
    "vector": ("vector_engine.VectorLearner", "a node holds a list", ""),
    "numpy": ("numpy_engine.ArrayLearner", "all positions at once, slopes by hand", "numpy"),
    "numpy_batched": ("batched.BatchedLearner", "32 documents a step, float32", "numpy"),
    "compiled": ("compiled.CompiledLearner", "the loops as machine code", "numba"),
    "torch": ("torch_engine.TorchLearner", "PyTorch, its autograd, a GPU", "torch"),
    "ddp": ("ddp.DistributedLearner", "PyTorch in several processes", "torch"),
}
_SOURCES = {"torch": "torch==2.13.0"}  # a version that has a small build for the processor


def available() -> list[Engine]:
    """All rungs, from the foot of the ladder up, each with whether it can run here."""
    return [_engine(name) for name in _RUNGS]


def get(name: str) -> ModuleType:
    """Find an engine by name: a module whose `train` is called like `microgpt.train`.

    A name that is none is a ValueError, a missing package an ImportError that says how to get it.
    """
    if name not in _RUNGS:
        raise ValueError(f"no engine {name!r}: choose one of {', '.join(_RUNGS)}")
    engine = _engine(name)
    if not engine.can_run:
        problem = f"engine {name!r} needs {engine.missing}: {engine.install}"
        raise ImportError(problem, name=engine.missing)
    try:
        module = importlib.import_module("." + _RUNGS[name][0].partition(".")[0], __name__)
    except Exception as error:  # whatever half a package may do
        broken = f"engine {name!r} needs {_RUNGS[name][2]}, and what is installed here is broken"
        raise ImportError(f"{broken} ({error!r:.99}): install it again") from error
    vars(module)["train"] = partial(train, engine=name)
    return module


def learner(name: str) -> Callable[[StateDict, Config, Settings], Learner]:
    """What makes an engine's learner; raises as `get`."""
    module = get(name)
    made: Callable[..., Learner] = getattr(module, _RUNGS[name][0].partition(".")[2])
    return made


def _engine(name: str) -> Engine:
    _, about, package = _RUNGS[name]
    if not package or importlib.util.find_spec(package):
        return Engine(name, about, True)
    return Engine(name, about, False, package, f"pip install {_SOURCES.get(package, package)}")
