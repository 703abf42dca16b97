"""The notebooks of the course: all there, clean, and each exercise in its one place."""

import subprocess
import sys

import pytest
from support import ROOT

from classroom.exercises.kit.registry import all_exercises
from tools.hygiene import RULES, Page
from tools.hygiene.page import CHAPTERS, tags

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def chapter(request):
    return Page.read(request.param)


def test_the_twelve_chapters_are_there():
    assert tuple(path.stem for path in PATHS) == CHAPTERS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_hygiene(chapter, rule):
    complaints = rule(chapter)
    assert not complaints, "\n".join([f"{chapter.path.name}: {rule.__doc__}", *complaints])


def test_at_most_three_outputs_are_ignored():
    ignored = [
        f"{path.name} cell {number}"
        for path in PATHS
        for number, cell in Page.read(path).cells
        if {"nbval-ignore-output", "nbval-skip"} & set(tags(cell))
    ]
    assert len(ignored) <= 3, ignored


def test_solutions_are_right_and_stubs_are_open():
    done = subprocess.run(
        [sys.executable, "-m", "classroom.exercises", "verify"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    count = len(all_exercises())
    summary = f"exercises {count}, solutions right {count}, stubs not attempted {count}"
    assert done.stdout.splitlines()[-1:] == [summary], done.stdout + done.stderr
    assert done.returncode == 0
