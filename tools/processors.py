"""Run what computes with NumPy as other processors would compute it, far from this folder.

    python -m tools.processors                       every kernel that this processor can execute
    python -m tools.processors Prescott -- -x        one of them; what follows `--` goes to pytest
    python -m tools.processors --noise [--short]     noise in the last bit: see tools/noise/run.py

NumPy's BLAS chooses its kernel by the processor, and ``OPENBLAS_CORETYPE`` chooses for it: so one
machine stands in for others, whose last bits differ. The course is installed from its wheel, and
the notebooks are copied to a folder of their own: what only works inside a checkout fails, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
    os.environ["{name}"] = "{value}"
"""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=240")
NBVAL += ("--dist", "loadscope", "--no-loadscope-reorder")
USES_NUMPY = re.compile(r"\b(numpy|NumpyRun|engines|LearningRates|LiveTraining|train_without)\b")
# A test with another engine in its brackets computes without NumPy.
OTHERS = ("plain", "scalar", "vector", "compiled", "torch", "ddp")
NUMPY_ONLY = f"numpy or not ({' or '.join(f'[{name} or {name}]' for name in OTHERS)})"


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


def computing_tests(root: Path = ROOT) -> list[str]:
    """The test files that compute with NumPy, and the lecturer's kit, whose examples do."""
    found = [root / "tests" / "project" / "test_teaching.py"]
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.any_processor" not in text and "browser" not in path.parts:
            found += [path] if USES_NUMPY.search(text) else []
    return [str(path) for path in found]


def tell_kernels(folder: Path, name: str, value: str) -> None:
    """Let the notebooks of a folder find a variable in their environment."""
    text = TELLS.format(name=name, value=value)
    (folder / "conftest.py").write_text(text, encoding="utf-8")


def elsewhere(folder: Path, chosen: list[str]) -> dict[str, str]:
    """Install the wheel, and copy the notebooks; the environment in which they find the course.

    The first kernel's folder gets all notebooks, those of the others what computes with NumPy.
    """
    site = folder / "site"
    build = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    for command in (
        [sys.executable, "-c", build, str(folder)],
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, "WHEEL"],
    ):
        wheels = [str(path) for path in folder.glob("*.whl")]
        command = [wheels[0] if word == "WHEEL" else word for word in command]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    for kernel in chosen:
        own = folder / "lecture" / kernel
        own.mkdir(parents=True)
        tell_kernels(own, "OPENBLAS_CORETYPE", kernel)
        for path in (ROOT / "notebooks").glob("*.ipynb"):
            if kernel == chosen[0] or USES_NUMPY.search(path.read_text(encoding="utf-8")):
                shutil.copy(path, own)
    shutil.copy(ROOT / "conftest.py", folder / "lecture")
    return {**os.environ, "PYTHONPATH": str(site)}


def run(chosen: list[str], folder: Path, more: list[str]) -> bool:
    """Run the copied notebooks on all chosen kernels, then the tests on each; whether all pass."""
    environment = elsewhere(folder, chosen)
    pytest = [*PYTEST, *more]
    print(f"\n== the notebooks as processors of the kinds {', '.join(chosen)}", flush=True)
    there = subprocess.run([*pytest, *NBVAL, *chosen], cwd=folder / "lecture", env=environment)
    codes = [there.returncode]
    for kernel in chosen:
        print(f"\n== the tests as a processor of the kind {kernel}", flush=True)
        here = {**os.environ, "OPENBLAS_CORETYPE": kernel}
        tests = subprocess.run([*pytest, "-k", NUMPY_ONLY, *computing_tests()], cwd=ROOT, env=here)
        codes.append(tests.returncode)
    return not any(codes)


def main(arguments: list[str]) -> int:
    """Run them all; 1 if something fails on some kernel."""
    if arguments[:1] == ["--noise"]:
        from tools.noise.run import main as run_under_noise

        return run_under_noise(arguments[1:])
    names, _, more = " ".join(arguments).partition("--")
    if not kernel_here():
        print("NumPy does not stand on OpenBLAS here: there is no kernel to choose")
        return 0
    chosen = names.split() or kernels()
    print(f"this processor: {kernel_here()}; as others: {', '.join(chosen) or 'none'}", flush=True)
    if not chosen:
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return 0 if run(chosen, Path(folder), more.split()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
