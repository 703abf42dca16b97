"""The faces of the classroom: names handed on only when they are asked for (PEP 562).

A chapter that draws no plot never loads matplotlib, one without an explorer never ipywidgets.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from microgpt_course import nothing_in_the_way


def face(
    package: str, names: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make `__getattr__`, `__dir__` and `__all__` of a package that hands names on lazily.

    Parameters
    ----------
    package : str
        The package's own name, ``__name__``.
    names : mapping of str to str
        Each module below the package, or by its whole name one of the lab, and the names it
        offers, separated by blanks. A dot in place of the names offers the module itself, by the
        last part of its name.

    Returns
    -------
    getattr, dir, all
        What the package binds to `__getattr__`, `__dir__` and `__all__`.
    """
    where = {
        name if name != "." else module.rpartition(".")[2]: (module, name)
        for module, offered in names.items()
        for name in offered.split()
    }

    def get(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module_name, attribute = where[name]
        whole = module_name.startswith("classroom.")
        module = _imported(module_name if whole else f"{package}.{module_name}")
        found = module if attribute == "." else getattr(module, attribute)
        setattr(sys.modules[package], name, found)
        return found

    return get, lambda: sorted(where), sorted(where)


def _imported(name: str) -> ModuleType:
    """The module; where that fails since a file hides something, the error names the file."""
    try:
        return importlib.import_module(name)
    except Exception:
        nothing_in_the_way()
        raise
