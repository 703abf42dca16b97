"""Run notebooks and tests as other processors would compute them: what changes is an error.

    python -m tools.processors                       every kernel that this processor can execute
    python -m tools.processors Prescott              one of them
    python -m tools.processors --noise               noise in the last bit, seeds 1 to 12
    python -m tools.processors --noise --short       what trains, seed 1: for CI
    python -m tools.processors --noise --seeds 7 notebooks/07_adam.ipynb tests/...

NumPy's BLAS chooses its kernel by the processor, and ``OPENBLAS_CORETYPE`` chooses for it: so one
machine stands in for others, whose last bits differ. There the course is installed from its wheel:
what only works inside a checkout fails, too. A named processor is one draw; noise is all of them
(`tools/noise/last_bit.py` tells of its kinds). Of a notebook, copied to a folder of its own, every
output that is stored is compared with what comes out, as `make test` does.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from microgpt.engines import available
from tools import ROOT
from tools.noise.last_bit import KINDS, VARIABLE

STARTUP = ROOT / "tools" / "noise" / "startup"
ALIASES = {"Katmai": "Prescott"}  # what OpenBLAS calls the oldest kernel that it was told to use
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell")
# Prints the kernel that OpenBLAS uses, or nothing where NumPy stands on another BLAS.
PROBE = """
import ctypes, pathlib, numpy
home = pathlib.Path(numpy.__file__).parent
for path in [*home.parent.glob("numpy.libs/*openblas*"), *home.glob(".dylibs/*openblas*")]:
    library = ctypes.CDLL(str(path))
    for name in ("scipy_openblas_get_corename64_", "openblas_get_corename64_"):
        if hasattr(library, name):
            ask = getattr(library, name)
            ask.restype = ctypes.c_char_p
            print(ask().decode())
"""
# The settings of pytest in a folder of notebooks: their Python is begun after this.
TELLS = """import os
import pytest
@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    os.environ["{0.variable}"] = "{0.value}"
"""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider")
TWO = "-n2"  # processes
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=240")
NBVAL += ("--dist", "loadscope", "--no-loadscope-reorder")
USES_NUMPY = re.compile(r"\b(numpy|NumpyRun|engines|LearningRates|LiveTraining|train_without)\b")
# A test with another engine in its brackets computes without NumPy.
OTHERS = [engine.name for engine in available() if engine.package != "numpy"]
NUMPY_ONLY = f"numpy or not ({' or '.join(f'[{name} or {name}]' for name in OTHERS)})"
# Tests that hold what the notebooks say tell so by their name, their folder or a mark of their own.
CLAIMS = re.compile(r"notebooks/|tests/notebooks/test_claims_|tests/classroom/lab/")


@dataclass(frozen=True)
class Disguise:
    """Another processor: its name, and what tells a Python to compute as it does."""

    name: str
    variable: str
    value: str


@cache
def texts() -> dict[Path, str]:
    """The notebooks, and the tests that need no browser: the text of each."""
    tests = (path for path in (ROOT / "tests").rglob("test_*.py") if "browser" not in path.parts)
    paths = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *tests])
    return {path: path.read_text(encoding="utf-8") for path in paths}


def kernel_here(wanted: str = "") -> str:
    """The kernel that NumPy's BLAS uses, if it is told to use `wanted`; empty if it cannot."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": wanted}
    if not wanted:
        del environment["OPENBLAS_CORETYPE"]
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False
    )
    name = done.stdout.split()[0] if done.returncode == 0 and done.stdout.strip() else ""
    return ALIASES.get(name, name)


def kernels() -> list[str]:
    """The kernels that stand for other processors, and that this one can execute."""
    own = kernel_here()
    return [name for name in KERNELS if name != own and kernel_here(name) == name]


def computing() -> list[Path]:
    """The notebooks and tests that compute with NumPy."""
    return [
        path
        for path, text in texts().items()
        if "mark.figures" in text or USES_NUMPY.search(text) and "mark.any_processor" not in text
    ]


def claiming() -> list[Path]:
    """The notebooks, and the tests that hold what they say."""
    return [
        path
        for path, text in texts().items()
        if CLAIMS.match(path.relative_to(ROOT).as_posix()) or "mark.figures" in text
    ]


def from_the_wheel(folder: Path) -> dict[str, str]:
    """Install the course from its wheel into a folder; the environment that finds it there."""
    build = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder / "site"]
    quiet = {"cwd": ROOT, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-c", build, str(folder)], **quiet)
    subprocess.run([*pip, *folder.glob("*.whl")], **quiet)
    return {**os.environ, "PYTHONPATH": str(folder / "site")}


def with_noise(disguise: Disguise) -> dict[str, str]:
    """The environment in which every Python computes with that noise."""
    paths = [str(STARTUP), str(ROOT), os.environ.get("PYTHONPATH", "")]
    path = os.pathsep.join(filter(None, paths))
    return {**os.environ, "PYTHONPATH": path, disguise.variable: disguise.value}


def failures(command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> list[str]:
    """Run pytest and show what it says; the names of what failed, or that it did not run."""
    failed = []
    run = subprocess.Popen(
        [*map(str, command)], cwd=cwd, env=env, text=True, encoding="utf-8",
        errors="replace", stdout=subprocess.PIPE,
    )  # fmt: skip
    for line in run.stdout or ():
        print(line, end="", flush=True)
        if line.startswith(("FAILED ", "ERROR ")):
            failed.append(line.split(" - ")[0].partition(" ")[2].strip())
    if run.wait() and not failed:
        failed.append(f"pytest ended with code {run.returncode}")
    return failed


def copy_notebooks(notebooks: Sequence[Path], disguises: Sequence[Disguise], folder: Path) -> None:
    """Copy the notebooks to a folder for each disguise, which their Pythons are told."""
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "conftest.py", folder)
    for disguise in disguises:
        own = folder / disguise.name
        own.mkdir()
        (own / "conftest.py").write_text(TELLS.format(disguise), encoding="utf-8")
        for path in notebooks:
            shutil.copy(path, own)


def run(
    files: Sequence[Path], disguises: Sequence[Disguise], folder: Path, *chosen: str
) -> dict[str, list[str]]:
    """Run the notebooks in all disguises together, then the tests, or the `chosen`, in each."""
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    tests = [path for path in files if path.suffix != ".ipynb"]
    changed: dict[str, list[str]] = defaultdict(list)
    noise = disguises[0].variable == VARIABLE
    names = ", ".join(disguise.name for disguise in disguises)
    if notebooks:
        print(f"\n== {len(notebooks)} notebooks: {names}", flush=True)
        copy_notebooks(notebooks, disguises, folder / "lecture")
        command = [*PYTEST, *NBVAL, TWO, "."]
        environment = with_noise(disguises[0]) if noise else from_the_wheel(folder)
        for name in failures(command, folder / "lecture", environment):
            place, _, cell = name.partition("/")
            changed[cell or name].append(place if cell else names)
    for disguise in disguises if tests else ():
        print(f"\n== {len(tests)} files of tests: {disguise.name}", flush=True)
        told = {**os.environ, disguise.variable: disguise.value}
        command = [*PYTEST, TWO, *chosen, *tests]
        for name in failures(command, ROOT, with_noise(disguise) if noise else told):
            changed[name].append(disguise.name)
    return changed


def seeds_of(text: str) -> list[int]:
    """The seeds of ``7`` or ``1-12``."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """What to run, as which processors."""
    parser = argparse.ArgumentParser("python -m tools.processors", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="KERNEL or FILE", help="all, if none is named")
    parser.add_argument("--noise", action="store_true", help="noise in the last bit, no kernels")
    parser.add_argument("--short", action="store_true", help="noise: what trains, seed 1")
    parser.add_argument("--seeds", type=seeds_of, metavar="7 or 1-12", help="noise: default 1-12")
    chosen = parser.parse_intermixed_args(arguments)
    chosen.kernels = [word for word in chosen.words if word in KERNELS]
    chosen.files = [Path(word).resolve() for word in chosen.words if word not in KERNELS]
    if lost := [path.name for path in chosen.files if not path.exists()]:
        parser.error(f"there is no file {lost[0]}, nor a kernel: choose of {', '.join(KERNELS)}")
    return chosen


def disguises_of(chosen: argparse.Namespace) -> list[Disguise]:
    """The processors that were asked for."""
    if not chosen.noise:
        names = chosen.kernels or kernels()
        print(f"this processor: {kernel_here()}; as others: {', '.join(names)}", flush=True)
        return [Disguise(name, "OPENBLAS_CORETYPE", name) for name in names]
    seeds = chosen.seeds or seeds_of("1" if chosen.short else "1-12")
    return [Disguise(f"seed-{seed}", VARIABLE, f"{','.join(KINDS)}:{seed}") for seed in seeds]


def main(arguments: list[str]) -> int:
    """Run it all, then name each cell and test that changed; 1 if there are any."""
    chosen = read_arguments(arguments)
    if not chosen.noise and not kernel_here():
        print("NumPy does not stand on OpenBLAS here: there is no kernel to choose")
        return 0
    files = chosen.files or (claiming() if chosen.noise else computing())
    if chosen.short:  # where a model is trained, a bit has time to grow
        files = [path for path in files if path in computing()]
    words = () if chosen.noise else ("-k", NUMPY_ONLY)
    disguises, changed = disguises_of(chosen), {}
    if disguises:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            changed = run(files, disguises, Path(folder), *words)
    for name, places in changed.items():
        print(f"hangs on the last bit: {name} ({', '.join(places)})")
    print(f"\nas another processor {len(changed) or 'nothing'} changed")
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
