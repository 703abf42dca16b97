"""Settings of pytest that also hold for the notebooks, which lie outside `tests/`."""

from __future__ import annotations

import os
import tempfile

import pytest

KERNEL_HOME = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels that nbval starts a fresh IPython folder: no start-up files, no history."""
    config.stash[KERNEL_HOME] = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    os.environ["IPYTHONDIR"] = config.stash[KERNEL_HOME].name


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
