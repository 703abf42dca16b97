"""Settings of hypothesis: no time limits, as machines differ; the same examples on every CI run."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("course", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("course"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "course")
