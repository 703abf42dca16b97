"""Settings of pytest that also hold for the notebooks, which lie outside `tests/`."""

from __future__ import annotations

import ast
import gc
import importlib.util
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent

KERNEL_HOME = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels that nbval starts a fresh IPython folder: no start-up files, no history.

    As in `tools/execute.py`, the checks do not read anybody's progress, and are patient.
    """
    config.stash[KERNEL_HOME] = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    os.environ["IPYTHONDIR"] = config.stash[KERNEL_HOME].name
    os.environ["MICROGPT_PROGRESS"] = "off"
    os.environ.setdefault("MICROGPT_CHECK_SECONDS", "20")
    if not hasattr(config, "workerinput") and runs_a_notebook(config):
        build_font_cache()


def runs_a_notebook(config: pytest.Config) -> bool:
    """Whether a notebook, which may draw, is among what was asked for."""
    asked = [Path(config.invocation_params.dir, str(word).split("::")[0]) for word in config.args]
    there = any(path.suffix == ".ipynb" or any(path.rglob("*.ipynb")) for path in asked)
    return there and not config.option.collectonly


def build_font_cache() -> None:
    """Let matplotlib look for fonts now: in a new home it says so at length, in some notebook."""
    if importlib.util.find_spec("matplotlib") is None:
        return
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, capture_output=True, check=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that folder."""
    if KERNEL_HOME in config.stash:
        config.stash[KERNEL_HOME].cleanup()


@cache
def missing_packages(module: Path) -> frozenset[str]:
    """Packages that a module of the course needs to be imported, and that are not installed.

    What the module imports from its neighbours counts as well.
    """
    missing: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names, base = [alias.name for alias in node.names], ROOT
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            base = module.parents[node.level - 1] if node.level else ROOT
        else:
            continue
        for name in names:
            neighbour = base.joinpath(*name.split(".")).with_suffix(".py")
            if neighbour.is_file():
                missing |= missing_packages(neighbour)
            elif base == ROOT and importlib.util.find_spec(name.partition(".")[0]) is None:
                missing.add(name.partition(".")[0])
    return frozenset(missing)


def pytest_collection_finish() -> None:
    """Set aside what collecting made: the collector of garbage would look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for doctests in an optional engine only where its package is installed.

    The lab's packages are no option: what lacks one of them is an error.
    """
    optional = {"numba", "torch"}
    engine = collection_path.suffix == ".py" and ROOT / "microgpt" in collection_path.parents
    return True if engine and missing_packages(collection_path) & optional else None


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Keep nbval from comparing drawings and their size, which differ between builds of Graphviz.

    The picture's alt text, stored beside it as text/plain and in the HTML, is compared.
    """
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)
        collector.sanitize_patterns[r"data:image/[\w+;,/=-]*"] = "data:image"
        collector.sanitize_patterns[r' width="\d+" height="\d+"'] = ""
