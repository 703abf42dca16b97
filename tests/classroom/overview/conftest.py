"""A class of thirty, of six kinds, who answer by `check` alone; each with a record of their own."""

from __future__ import annotations

import itertools
import linecache
import os
import sys
import time
from pathlib import Path

import pytest

from classroom.exercises import check, share_progress
from classroom.exercises.kit import logbook, registry, solutions, store

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def a_patient_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "60")
    monkeypatch.setenv("MICROGPT_PROGRESS", "off")
    monkeypatch.delenv("MICROGPT_CLASS", raising=False)
    monkeypatch.setattr(logbook, "_session", store.Progress())
    store.tell.cache_clear()


def typed(key: str, edit: str = "") -> object:
    """The solution of an exercise as if a reader had typed it, with a slip in it."""
    right = registry.find(key).solution.right
    source = solutions._code(solutions.source_text(right))
    for line in filter(str.strip, edit.split("\n")):
        old, _, new = line.partition(" ->")
        assert source.count(old.strip()) == 1
        source = source.replace(old.strip(), new.strip().replace("⏎", "\n"))
    name = f"<cell {next(_numbers)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = {**vars(sys.modules[right.__module__]), "__name__": "__main__"}
    exec(compile(source, name, "exec"), space)
    return space[right.__name__]


# What the six kinds answer, exercise by exercise; the number of minutes before each is 2.
RIGHT = {
    "2.1": lambda: 90,
    "3.1": lambda: [26, 25, 14, 4, 26],
    "3.3": lambda: typed("3.3"),
    "3.4": lambda: typed("3.4"),
}
WRONG = {
    "2.1": lambda n: (33, 45, 30)[n % 3],
    "3.1": lambda n: [25, 14, 4],
    "3.3": lambda n: typed("3.3", list(registry.find("3.3").solution.slips)[n % 2]),
    "3.4": lambda n: typed("3.4", list(registry.find("3.4").solution.slips)[0]),
}
KINDS = {
    "quick": [("2.1", 0), ("3.1", 0), ("3.3", 0), ("3.4", 0)],
    "careful": [("2.1", 1), ("3.1", 1), ("3.3", 1)],
    "stuck": [("2.1", 0), ("3.1", 0), ("3.3", -3)],
    "guessing": [("2.1", 3), ("3.1", -4)],
    "gone": [("2.1", 0), ("3.3", -3)],
    "slow": [("2.1", -1)],
}


class Person:
    """Somebody with a home of their own, whom the class's folder may know."""

    def __init__(self, name: str, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.name, self.home, self.patch = name, home, patch

    def sits_down(self, folder: Path | None = None) -> None:
        """From now on this machine is theirs."""
        self.patch.setenv("MICROGPT_PROGRESS", str(self.home / f"{self.name}.json"))
        self.patch.setenv("JUPYTERHUB_USER", self.name)
        if folder is not None:
            self.patch.setenv("MICROGPT_CLASS", str(folder))
        self.patch.setattr(logbook, "_session", store.Progress())
        store.tell.cache_clear()

    def answers(self, key: str, answer: object, minutes: float = 2) -> None:
        """Think for some minutes, then check."""
        path = store.progress_path()
        if path.exists():
            os.utime(path, (time.time() - 60 * minutes,) * 2)
        logbook._last_check = time.monotonic() - 60 * minutes
        check(key, answer)

    def works(self, way: list[tuple[str, int]]) -> None:
        """Go a way: each exercise with so many wrong tries; below 0 it stays wrong."""
        for key, wrong in way:
            for n in range(abs(wrong)):
                self.answers(key, WRONG[key](n))
            if wrong >= 0:
                self.answers(key, RIGHT[key]())


@pytest.fixture(scope="session")
def thirty(tmp_path_factory):
    """Folders `class`, `home` and the lines of thirty students; one of them refuses the folder."""
    base = tmp_path_factory.mktemp("thirty")
    (base / "class").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGPT_CHECK_SECONDS", "60")
        for number in range(30):
            kind = list(KINDS)[number % 6]
            person = Person(f"{kind}-{number // 6}", base / "home", patch)
            person.sits_down(base / "class")
            person.works(KINDS[kind])
            if person.name == "quick-0":
                share_progress(False)
            copy = base / "class" / f"{person.name}.json"
            if kind == "gone":
                os.utime(copy, (time.time() - 25 * 60,) * 2)
    return base


@pytest.fixture
def person(monkeypatch, tmp_path):
    return lambda name="ann": Person(name, tmp_path, monkeypatch)
