"""The same training, faster: one engine a rung of the ladder in chapter 11.

::

    engine = engines.get("numpy")
    for step in engine.train(docs, tokenizer, config, state_dict, num_steps=1000):
        print(step.index, step.loss)

Each engine's `train` takes what `microgpt.train` takes, reports the same steps, raises the same
errors and leaves the same weights in `state_dict`, so that the core can save and sample them.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Engine:
    """One rung of the ladder, and whether it can run here.

    Attributes
    ----------
    name : str
        What `get` takes.
    about : str
        What it does differently from the rung before.
    can_run : bool
        Whether the package it needs is installed.
    missing : str
        The package that is missing; empty where none is.
    install : str
        The command that brings it; empty where nothing is missing.
    """

    name: str
    about: str
    can_run: bool
    missing: str = ""
    install: str = ""


# name: (module, what is new on this rung, package needed, how to get it)
_RUNGS = {
    "plain": ("plain", "sums of products, recursion", "", ""),
    "scalar": ("scalar", "no recursion, no reference cycle; a dot product is one node", "", ""),
    "vector": ("vector_engine", "a node holds a list", "", ""),
    "numpy": ("numpy_engine", "all positions at once, slopes by hand", "numpy", "numpy"),
    "numpy_batched": ("batched", "32 documents a step, float32", "numpy", "numpy"),
    "compiled": ("compiled", "the loops as machine code", "numba", "numba"),
    "torch": ("torch_engine", "PyTorch, its autograd, a GPU", "torch", "torch==2.13.0"),
    "ddp": ("ddp", "PyTorch in several processes", "torch", "torch==2.13.0"),
}


def available() -> list[Engine]:
    """All rungs, from the foot of the ladder up, each with whether it can run here.

    Examples
    --------
    >>> [engine.name for engine in available()][:3]
    ['plain', 'scalar', 'vector']
    """
    engines = []
    for name, (_, about, package, source) in _RUNGS.items():
        if not package or importlib.util.find_spec(package):
            engines.append(Engine(name, about, True))
        else:
            engines.append(Engine(name, about, False, package, f"pip install {source}"))
    return engines


def get(name: str) -> ModuleType:
    """Find an engine by name: a module whose `train` is called like `microgpt.train`.

    Parameters
    ----------
    name : str
        One of the names that `available` lists.

    Raises
    ------
    ValueError
        If there is no such engine.
    ImportError
        If the package it needs is not installed; the message says how to install it.
    """
    for engine in available():
        if engine.name == name:
            if not engine.can_run:
                raise ImportError(
                    f"engine '{name}' needs {engine.missing}: {engine.install}", name=engine.missing
                )
            return importlib.import_module(f".{_RUNGS[name][0]}", __name__)
    raise ValueError(f"no engine {name!r}: choose one of {', '.join(_RUNGS)}")
