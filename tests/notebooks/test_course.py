"""The notebooks of the course: all there, clean, and each exercise in its one place."""

import subprocess
import sys

import pytest
from support import NOTEBOOKS, ROOT

from classroom.exercises.kit.registry import all_exercises
from tools.hygiene import RULES, Page
from tools.hygiene.page import tags


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def chapter(request):
    return Page.read(request.param)


def test_the_chapters_of_the_list_are_there_and_no_other():
    assert sorted((ROOT / "notebooks").glob("*.ipynb")) == NOTEBOOKS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_hygiene(chapter, rule):
    complaints = rule(chapter)
    assert not complaints, "\n".join([f"{chapter.path.name}: {rule.__doc__}", *complaints])


def test_at_most_three_outputs_are_ignored():
    ignored = [
        f"{path.name} cell {number}"
        for path in NOTEBOOKS
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
    summary = f"exercises {count}, complaints 0"
    assert done.stdout.splitlines()[-1:] == [summary], done.stdout + done.stderr
    assert done.returncode == 0


def test_answers_wait_for_the_readers_tap(chapter):
    folds = [cell.metadata.get("jupyter", {}) for _, cell in chapter.cells]
    assert sum("source_hidden" in marks for marks in folds) == 1
    assert sum("outputs_hidden" in marks for marks in folds) >= 6
