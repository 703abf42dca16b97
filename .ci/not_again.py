"""A plugin of pytest for `.ci/run`: what passed once is not run again.

``NOT_AGAIN`` names a file, ``NOT_AGAIN_IN`` the folder of the course. There tests that pass are
added to the file, and tests that are in it are left out. Chapter 11 is run again all the same: it
shows what is installed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

PASSED = Path(os.environ["NOT_AGAIN"])
COURSE = Path(os.environ["NOT_AGAIN_IN"]).resolve()
AGAIN = "notebooks/11_"


def passed_before() -> set[str]:
    """The names of the tests that need not run."""
    lines = PASSED.read_text(encoding="utf-8").splitlines() if PASSED.exists() else []
    return {line for line in lines if not line.startswith(AGAIN)}


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out what passed before."""
    if config.rootpath != COURSE:  # a run that a test started
        return
    before = passed_before()
    done = [item for item in items if item.nodeid in before]
    if done:
        config.hook.pytest_deselected(items=done)
        items[:] = [item for item in items if item.nodeid not in before]


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Note what passed, once all is done: the processes that run tests see the same list."""
    if config.rootpath != COURSE:
        return
    names = [report.nodeid for report in terminalreporter.stats.get("passed", ())]
    with open(PASSED, "a", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in names)
