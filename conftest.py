"""Settings of pytest that also hold for the notebooks, which lie outside `tests/`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile

import pytest

KERNEL_HOME = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels that nbval starts a fresh IPython folder: no start-up files, no history.

    As in `tools/execute.py`, the checks do not read anybody's progress, and are patient.
    """
    config.stash[KERNEL_HOME] = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    os.environ["IPYTHONDIR"] = config.stash[KERNEL_HOME].name
    os.environ["MICROGPT_PROGRESS"] = "off"
    os.environ.setdefault("MICROGPT_CHECK_SECONDS", "20")
    if not hasattr(config, "workerinput") and importlib.util.find_spec("matplotlib"):
        build_font_cache()


def build_font_cache() -> None:
    """Let matplotlib look for fonts now: in a new home it says so at length, in some notebook."""
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, capture_output=True, check=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that folder."""
    if KERNEL_HOME in config.stash:
        config.stash[KERNEL_HOME].cleanup()


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Keep nbval from comparing SVG bytes, which differ between builds of Graphviz.

    The picture's alt text, stored beside it as text/plain, is compared.
    """
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)
