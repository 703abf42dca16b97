"""Run what computes with NumPy as other processors would compute it, far from this folder.

    python tools/processors.py                       every kernel that this processor can execute
    python tools/processors.py Prescott -- -x        one of them; what follows `--` goes to pytest

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
USES_NUMPY = re.compile(r"\b(numpy|NumpyRun|engines|LearningRates|LiveTraining|train_without)\b")
# These name NumPy without computing with it.
NOT_COMPUTING = {"project/test_imports.py", "project/test_tracked_files.py", "test_faces.py"}
NOT_COMPUTING |= {"project/test_environment.py", "project/test_collecting.py", "test_processors.py"}
NOT_COMPUTING |= {"viz/test_blocks.py", "viz/test_efficiency.py", "exercises/test_comparing.py"}
NOT_COMPUTING |= {"lab/test_figures.py", "lab/test_timing.py", "engines/test_bench.py"}
NOT_COMPUTING |= {"test_claims_03_04.py"}
NOT_COMPUTING |= {"test_cli_runs.py"}  # signals and files: who calculates does not matter there


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
        named = path.relative_to(root / "tests").as_posix()
        if not named.endswith(tuple(NOT_COMPUTING)) and "browser" not in path.parts:
            found += [path] if USES_NUMPY.search(path.read_text(encoding="utf-8")) else []
    return [str(path) for path in found]


def elsewhere(folder: Path) -> dict[str, str]:
    """Install the wheel and copy the notebooks; the environment in which they find the course."""
    site = folder / "site"
    build = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    for command in (
        [sys.executable, "-c", build, str(folder)],
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, "WHEEL"],
    ):
        wheels = [str(path) for path in folder.glob("*.whl")]
        command = [wheels[0] if word == "WHEEL" else word for word in command]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "notebooks", folder / "lecture" / "mine", dirs_exist_ok=True)
    shutil.copy(ROOT / "conftest.py", folder / "lecture")
    return {**os.environ, "PYTHONPATH": str(site)}


def run_as(kernel: str, folder: Path, environment: dict[str, str], more: list[str]) -> int:
    """Run the copied notebooks and the tests on one kernel; 0 if all pass."""
    print(f"\n== as a processor of the kind {kernel}", flush=True)
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", *more]
    nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=240"]
    nbval += ["--dist", "loadscope", "--no-loadscope-reorder"]
    notebooks = sorted(folder.glob("mine/*.ipynb"))
    environment = {**environment, "OPENBLAS_CORETYPE": kernel}
    there = subprocess.run([*pytest, *nbval, *map(str, notebooks)], cwd=folder, env=environment)
    here = {**os.environ, "OPENBLAS_CORETYPE": kernel}
    tests = subprocess.run([*pytest, *computing_tests()], cwd=ROOT, env=here)
    return there.returncode or tests.returncode


def main(arguments: list[str]) -> int:
    """Run them all; 1 if something fails on some kernel."""
    names, _, more = " ".join(arguments).partition("--")
    if not kernel_here():
        print("NumPy does not stand on OpenBLAS here: there is no kernel to choose")
        return 0
    chosen = names.split() or kernels()
    print(f"this processor: {kernel_here()}; as others: {', '.join(chosen) or 'none'}", flush=True)
    codes = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment = elsewhere(Path(folder))
        lecture = Path(folder) / "lecture"
        for kernel in chosen:
            codes.append(run_as(kernel, lecture, environment, more.split()))
            for path in lecture.glob("mine/*.ipynb"):  # the second time those that compute
                if not USES_NUMPY.search(path.read_text(encoding="utf-8")):
                    path.unlink()
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
