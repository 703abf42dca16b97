"""Shared by several tests: the root, the notebooks, and floats compared as strictly as is fair."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from classroom.chapters import CHAPTERS

if sys.version_info >= (3, 11):
    import tomllib as tomllib
else:
    pass

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [ROOT / "notebooks" / chapter.file for chapter in CHAPTERS]

# For a pytest that a test starts: what is installed beside it is slow to import.
WITHOUT_PLUGINS = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}

# The reference figures were made on Linux with glibc. Another mathematics library may round the
# last bit of exp, log or pow differently, and a thousand steps carry that on.
SAME_MATHS = platform.system() == "Linux" and platform.libc_ver()[0] == "glibc"
TOLERANCE = 1e-12


def assert_same_float(a: float, b: float) -> None:
    """Assert that two numbers are the same: to the bit on Linux with glibc, to 1e-12 elsewhere."""
    if SAME_MATHS:
        same = a == b or (math.isnan(a) and math.isnan(b))
    else:
        same = math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    assert same, f"{a!r} is not {b!r} ({'bit for bit' if SAME_MATHS else 'within 1e-12'})"


def assert_same_floats(a: Iterable[float], b: Iterable[float]) -> None:
    """Assert the same of two sequences, and name the first place where they differ."""
    a, b = list(a), list(b)
    assert len(a) == len(b), f"{len(a)} numbers against {len(b)}"
    for place, (x, y) in enumerate(zip(a, b)):
        try:
            assert_same_float(x, y)
        except AssertionError as error:
            raise AssertionError(f"position {place}: {error}") from None
