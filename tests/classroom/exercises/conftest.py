"""Fixtures for the tests of the exercises kit and of the chapters' checks."""

import pytest

from classroom.exercises.kit import logbook, registry, store


@pytest.fixture(autouse=True)
def patient_and_forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not turn a right answer into a slow one; nothing is kept."""
    monkeypatch.setenv("MICROGPT_PROGRESS", "off")
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "60")
    monkeypatch.setattr(logbook, "_session", store.Progress())
    store.tell.cache_clear()


@pytest.fixture
def no_exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty registry that finds no chapters' modules."""
    monkeypatch.setattr(registry, "_registry", {})
    monkeypatch.setattr(registry, "_chapter_modules", lambda: [])
