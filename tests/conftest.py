"""Settings of hypothesis: no time limits, as machines differ; the same examples on every CI run.

And the lines at the end of a run: reaction times in the browser, or why there was no browser.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

settings.register_profile("course", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("course"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "course")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the browser tests measured, or one line if there was no browser."""
    reports = [r for group in terminalreporter.stats.values() for r in group]
    named = {name: [] for name in ("reaction", "skipped")}
    for report in reports:
        named["reaction"] += [v for k, v in getattr(report, "user_properties", ()) if k in named]
        reason = getattr(report, "longrepr", None)
        if isinstance(reason, tuple) and "browser tests:" in reason[-1]:
            named["skipped"].append(reason[-1])
    if named["reaction"]:
        terminalreporter.section("reaction times in the browser")
        terminalreporter.write_line("\n".join(dict.fromkeys(named["reaction"])))
    for line in dict.fromkeys(named["skipped"]):
        terminalreporter.write_line(line)
