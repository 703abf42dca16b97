"""A browser for a module's tests; where there is none, they are skipped with one line that says so.

The browser lives as long as one module: its event loop would disturb other tests of the process.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def need(missing: str | None) -> None:
    """Skip if something is missing; under CI, fail."""
    if missing and os.environ.get("CI"):
        pytest.fail(missing, pytrace=False)
    if missing:
        pytest.skip(f"browser tests: {missing}")


@pytest.fixture(scope="module")
def chrome():
    """A headless Chromium or Chrome."""
    if importlib.util.find_spec("playwright") is None:
        need("the package playwright is missing: install the extra `test`")
    from tools.browser import MISSING, chromium, find_browser

    if find_browser() is None:
        need(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which comes with the package axe-playwright-python."""
    pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
    package = importlib.util.find_spec("axe_playwright_python")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
