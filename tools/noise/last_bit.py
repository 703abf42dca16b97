"""Change last bits in this process, as LAST_BIT says: kinds and a seed, such as ``exp,norm:3``.

- ``exp``: `math.exp`, `log` and `tanh` are one unit in the last place off in some results, always
  in the same ones, as those of another C library;
- ``weights``: the first weights of a model, drawn by `random.gauss` or given to the arrays;
- ``norm``: the numbers by which the arrays take a mean, as if another BLAS had added them up.

Each is far below what anybody could see: what comes out differently was luck.
"""

from __future__ import annotations

import importlib.util
import math
import os
import random
import sys
from collections.abc import Callable
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

VARIABLE = "LAST_BIT"
KINDS = ("exp", "weights", "norm")
ARRAYS = "microgpt.engines.arrays"


def begin() -> None:
    """Begin with the noise that LAST_BIT asks for; none if it is not set."""
    kinds, _, number = os.environ.get(VARIABLE, "").partition(":")
    if not kinds:
        return
    chosen, seed = kinds.split(","), int(number)
    if "exp" in chosen:
        for name in ("exp", "log", "tanh"):
            setattr(math, name, noisy(getattr(math, name), seed, one_in=8))
    if "weights" in chosen:
        random.Random.gauss = noisy(random.Random.gauss, seed)  # type: ignore[method-assign]
        random.gauss = random._inst.gauss  # type: ignore[attr-defined]
    if {"weights", "norm"} & {*chosen}:
        sys.meta_path.insert(0, WhenImported(chosen, seed))


def moved(x: float, seed: int, one_in: int = 2) -> float:
    """The float next to `x`, above or below, or `x` itself; which one hangs on `x` and the seed.

    What any C library gets right, such as `exp(0)`, stays as it is.
    """
    bits = hash((seed, x, one_in)) >> 16
    if x in (0.0, 1.0) or not math.isfinite(x) or bits // 2 % one_in:
        return x
    return math.nextafter(x, math.inf if bits % 2 else -math.inf)


def noisy(function: Callable[..., float], seed: int, one_in: int = 2) -> Any:
    """A function whose results are moved, one in so many."""

    @wraps(function)
    def changed(*args: Any, **settings: Any) -> float:
        return moved(function(*args, **settings), seed, one_in)

    return changed


class WhenImported(MetaPathFinder):
    """Waits until the model on arrays is imported, and adds noise to it: NumPy comes with it."""

    def __init__(self, kinds: list[str], seed: int) -> None:
        self.kinds, self.seed = kinds, seed

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The module's own way in, followed by `change`."""
        if fullname != ARRAYS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def then_change(module: Any) -> None:
                execute(module)
                self.change(module.ArrayGPT)

            spec.loader.exec_module = then_change  # type: ignore[method-assign]
        return spec

    def change(self, model: Any) -> None:
        """Let every new model begin with other last bits."""
        import numpy as np

        begin_as_it_is = model.__init__

        @wraps(begin_as_it_is)
        def begin_with_noise(made: Any, *args: Any, **settings: Any) -> None:
            begin_as_it_is(made, *args, **settings)
            rng = np.random.default_rng(self.seed)
            for kind, numbers in (("weights", made.flat), ("norm", made.mean)):
                if kind in self.kinds:
                    size = float(np.finfo(numbers.dtype).eps)
                    numbers *= 1 + size * rng.standard_normal(numbers.shape)

        model.__init__ = begin_with_noise
