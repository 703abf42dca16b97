"""Run notebooks and the tests of claims under noise in the last bit: what changes is an error.

    python -m tools.processors --noise                     chapters and claims, seeds 1 to 12
    python -m tools.processors --noise --short             what trains, seeds 1 to 3: for CI
    python -m tools.processors --noise --seeds 7 --kinds exp notebooks/07_adam.ipynb tests/...

A named processor is one draw; noise is all of them. Of a notebook every output that is stored is
compared with what comes out, as `make test` does. The kinds are told in `tools/noise/last_bit.py`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tools.noise.last_bit import KINDS, VARIABLE, setting
from tools.processors import NBVAL, PYTEST, ROOT, tell_kernels

STARTUP = Path(__file__).parent / "startup"
CLAIMS = (
    "tests/notebooks/test_claims_*.py",
    "tests/test_experiments.py",
    "tests/project/test_teaching.py",
    "tests/classroom/lab/test_*.py",
    "tests/classroom/widgets/test_optimisation.py",
    "tests/classroom/widgets/test_training.py",
)
SHORT = (  # where a model is trained, so that a bit has time to grow
    "notebooks/07*.ipynb",
    "notebooks/10*.ipynb",
    "tests/notebooks/test_claims_07_08.py",
    "tests/test_experiments.py",
)


def found(patterns: Sequence[str]) -> list[Path]:
    """The files of the course that fit."""
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def seeds_of(text: str) -> list[int]:
    """Read ``7`` or ``1-12``.

    >>> seeds_of("7"), seeds_of("2-4")
    ([7], [2, 3, 4])
    """
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def environment(kinds: str, seed: int) -> dict[str, str]:
    """In which every Python computes with noise."""
    paths = [str(STARTUP), str(ROOT), os.environ.get("PYTHONPATH", "")]
    noise = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), VARIABLE: setting(kinds, seed)}
    return {**os.environ, **noise}


def workers(count: int) -> tuple[str, str]:
    """How many processes so many files are worth."""
    return "-n", "2" if count > 1 else "0"


def failures(command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> list[str]:
    """Run pytest and show what it says; the names of what failed, or that it did not run."""
    failed = []
    run = subprocess.Popen(
        [*map(str, command), "-rfE"], cwd=cwd, env=env, text=True, encoding="utf-8",
        errors="replace", stdout=subprocess.PIPE,
    )  # fmt: skip
    assert run.stdout is not None
    for line in run.stdout:
        print(line, end="", flush=True)
        if line.startswith(("FAILED ", "ERROR ")):
            failed.append(line.split(" - ")[0].partition(" ")[2].strip())
    if run.wait() and not failed:
        failed.append(f"pytest ended with code {run.returncode}")
    return failed


def run_notebooks(
    notebooks: Sequence[Path], kinds: str, seeds: Sequence[int], folder: Path
) -> dict[str, list[int]]:
    """Copy the notebooks to a folder a seed, and run them all together; what changed, for whom."""
    for seed in seeds:
        own = folder / f"seed-{seed}"
        own.mkdir()
        tell_kernels(own, VARIABLE, setting(kinds, seed))
        for path in notebooks:
            shutil.copy(path, own)
    shutil.copy(ROOT / "conftest.py", folder)
    changed: dict[str, list[int]] = defaultdict(list)
    command = [*PYTEST, *NBVAL, *workers(len(notebooks) * len(seeds)), "."]
    for name in failures(command, folder, environment(kinds, seeds[0])):
        place, _, cell = name.partition("/")
        seed = int(place.removeprefix("seed-")) if cell else seeds[0]
        changed[cell or name].append(seed)
    return changed


def run_tests(tests: Sequence[Path], kinds: str, seeds: Sequence[int]) -> dict[str, list[int]]:
    """Run test files once for each seed; what failed, for whom."""
    changed: dict[str, list[int]] = defaultdict(list)
    for seed in seeds:
        print(f"\n== {len(tests)} files of tests, noise of seed {seed}", flush=True)
        command = [*PYTEST, *workers(len(tests)), *tests]
        for name in failures(command, ROOT, environment(kinds, seed)):
            changed[name].append(seed)
    return changed


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """What to run, under which noise."""
    parser = argparse.ArgumentParser("processors --noise", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="notebooks and tests; else all claims")
    parser.add_argument("--short", action="store_true", help="what trains, seeds 1 to 3")
    parser.add_argument("--seeds", type=seeds_of, metavar="7 or 1-12", help="default: 1-12")
    parser.add_argument("--kinds", default=",".join(KINDS), help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    if unknown := {*chosen.kinds.split(",")} - {*KINDS}:
        parser.error(f"no noise of the kind {sorted(unknown)[0]!r}: choose of {', '.join(KINDS)}")
    if lost := [path for path in chosen.files if not path.exists()]:
        parser.error(f"there is no file {lost[0]}")
    chosen.seeds = chosen.seeds or seeds_of("1-3" if chosen.short else "1-12")
    everything = SHORT if chosen.short else ("notebooks/*.ipynb", *CLAIMS)
    chosen.files = [path.resolve() for path in chosen.files] or found(everything)
    return chosen


def main(arguments: list[str]) -> int:
    """Run it all, then name each cell and test that changed, with its seeds; 1 if there are any."""
    chosen = read_arguments(arguments)
    notebooks = [path for path in chosen.files if path.suffix == ".ipynb"]
    tests = [path for path in chosen.files if path.suffix != ".ipynb"]
    changed: dict[str, list[int]] = {}
    if notebooks:
        print(f"\n== {len(notebooks)} notebooks, noise of {len(chosen.seeds)} seeds", flush=True)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            changed |= run_notebooks(notebooks, chosen.kinds, chosen.seeds, Path(folder))
    if tests:
        changed |= run_tests(tests, chosen.kinds, chosen.seeds)
    print()
    for name, seeds in changed.items():
        print(f"hangs on the last bit: {name} ({chosen.kinds}; seeds {', '.join(map(str, seeds))})")
    print(f"under noise {len(changed) or 'nothing'} changed")
    return int(bool(changed))
