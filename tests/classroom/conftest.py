"""A reader's record of their own, in a folder of the test's: for the logbook and for handing in."""

from __future__ import annotations

import pytest


@pytest.fixture
def path(monkeypatch, tmp_path):
    """Where the record is kept, as if the environment said nothing of it."""
    monkeypatch.delenv("MICROGPT_PROGRESS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "microgpt-course" / "progress.json"
