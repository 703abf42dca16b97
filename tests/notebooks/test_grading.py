"""Assignments that really grade: six hand-ins, marked by the real nbgrader and the real Otter."""

import ast
import copy
import csv
import inspect
import io
import linecache
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress

import nbformat
import pytest
from support import NOTEBOOKS

from classroom.exercises.kit.pages import checked_ids, filled, find_places
from classroom.overview.grading import asked, mark, reach
from tools.notebooks import main

NAME = "03_tokenizer"
ENDLESS = "def merge(ids, pair, new_id):\n    while True:\n        print(ids)\n"


def merge(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        hit = tuple(ids[i : i + 2]) == tuple(pair)
        merged.append(new_id if hit else ids[i])
        i += 1
    return merged


HALF = inspect.getsource(merge)
EXPECTED = {"right": 2, "wrong": 0.6, "untouched": 0, "endless": 1, "syntax": 1, "copied": 2}


def chapter(number):
    return nbformat.read(NOTEBOOKS[number], as_version=4)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Chapter 3 with its first cell and two exercises, as assignments of both graders."""
    base = tmp_path_factory.mktemp("grading")
    book = chapter(3)
    first = next(n for n, cell in enumerate(book.cells) if cell.cell_type == "code")
    chosen = {*range(first + 1)}
    for place in find_places(book.cells):
        if place.id in ("3.1", "3.5"):
            chosen |= {*range(place.heading_cell, place.solution_cell + 1)}
    book.cells = [book.cells[n] for n in sorted(chosen)]
    (base / "notebooks").mkdir()
    nbformat.write(book, base / "notebooks" / f"{NAME}.ipynb")
    for grader in ("nbgrader", "otter"):
        folders = ["--notebooks", str(base / "notebooks"), "--build", str(base)]
        assert main(["editions", "--grader", grader, *folders]) == 0
    return base


def handed_in(released, whole):
    """Six students' notebooks, by their kinds."""
    solutions = {place.id: place.solution for place in find_places(whole.cells)}
    answers = {"wrong": {"3.1": "ids_of_zoe = [25, 14, 4]", "3.5": HALF}}
    answers["right"] = answers["copied"] = solutions
    answers["endless"] = {**solutions, "3.5": ENDLESS}
    answers["syntax"] = {**solutions, "3.5": "def merge(ids, pair, new_id)\n    return []"}
    for kind in EXPECTED:
        book = copy.deepcopy(released)
        for cell in [cell for cell in book.cells if cell.cell_type == "code"]:
            for key in checked_ids(cell.source) if kind != "untouched" else ():
                try:
                    cell.source = filled(cell.source, answers[kind][key])
                except SyntaxError:
                    cell.source = answers[kind][key]
        if kind == "copied":
            again = [copy.deepcopy(c) for c in book.cells if "check(" in c.source]
            for number, cell in enumerate(again):
                cell.id = f"again-{number}"
            book.cells += again
        yield kind, book


@pytest.mark.slow
def test_nbgrader_marks_six_hand_ins(short):
    pytest.importorskip("nbgrader", reason="make test EXTRAS=lab,test,grade")
    folder = short / "nbgrader"

    def nbgrader(*words):
        command = [sys.executable, "-m", "nbgrader", *words]
        paths = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=900,
            env={**os.environ, "PATH": paths, "PYTHONOPTIMIZE": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]

    nbgrader("generate_assignment", NAME)
    released = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    whole = nbformat.read(short / "notebooks" / f"{NAME}.ipynb", as_version=4)
    assert [c.outputs for c in released.cells if "check(" in c.source and c.cell_type == "code"]
    for kind, book in handed_in(released, whole):
        target = folder / "submitted" / kind / NAME
        target.mkdir(parents=True)
        nbformat.write(book, target / f"{NAME}.ipynb")
    nbgrader("autograde", NAME)
    nbgrader("export")
    nbgrader("generate_feedback", NAME)
    with (folder / "grades.csv").open() as grades:
        found = {row["student_id"]: float(row["score"]) for row in csv.DictReader(grades)}
    assert found == EXPECTED
    told = (folder / "feedback" / "wrong" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "`BOS` is missing at both ends." in told


@pytest.mark.slow
def test_otter_marks_six_hand_ins(short):
    test_files = pytest.importorskip("otter.test_files", reason="make test EXTRAS=lab,test,grade")
    folder = short / "otter" / NAME
    released = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    whole = nbformat.read(short / "notebooks" / f"{NAME}.ipynb", as_version=4)
    found, told = {}, {}
    for kind, book in handed_in(released, whole):
        env = run(book)
        paths = sorted((folder / "tests").iterdir())
        tests = [test_files.ExceptionTestFile.from_file(str(path)) for path in paths]
        for test in tests:
            test.run(env)
        found[kind] = sum(test.score for test in tests)
        told[kind] = "".join(test.summary() for test in tests)
    assert found == pytest.approx(EXPECTED)
    assert "`BOS` is missing at both ends." in told["wrong"]


def run(book):
    """The names that a notebook leaves behind, its errors passed over as a grader does."""
    env = {"__name__": "__main__"}
    linecache.cache |= {
        f"<{cell.id}>": (1, None, cell.source.splitlines(keepends=True), f"<{cell.id}>")
        for cell in book.cells
    }
    for cell in [cell for cell in book.cells if cell.cell_type == "code"]:
        quiet = redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO())
        with quiet[0], quiet[1], suppress(Exception):
            exec(compile(cell.source, f"<{cell.id}>", "exec"), env)
    return env


@pytest.mark.parametrize("number", range(len(NOTEBOOKS)), ids="{:02d}".format)
def test_every_exercise_has_its_mark(number):
    book = chapter(number)
    given = asked(book.cells)
    assert list(given) == [place.id for place in find_places(book.cells)]
    for answers in given.values():
        assert answers and all(isinstance(each, ast.Name) for each in answers)


def test_an_answer_whose_name_is_taken_later_is_kept_for_otter(tmp_path):
    folders = ["--build", str(tmp_path), "01"]
    assert main(["editions", "--grader", "otter", *folders]) == 0
    folder = tmp_path / "otter" / "01_value"
    book = nbformat.read(folder / "01_value.ipynb", as_version=4)
    (kept,) = (cell.source for cell in book.cells if cell.source.startswith("kept_"))
    assert kept == "kept_1_2 = (square, difference, halved_sum,)  # for the marks"
    assert '*env["kept_1_2"]' in (folder / "tests" / "q1_2.py").read_text()
    assert len(list((folder / "tests").iterdir())) == 6


def test_a_mark_is_all_a_part_or_an_error(capsys):
    assert mark("2.1", 90) is None
    assert "✓ 2.1" in capsys.readouterr().out
    assert mark("3.5", merge) == 0.6
    assert "✗ 3.5" in capsys.readouterr().out
    with pytest.raises(ValueError, match="slopes along one path are multiplied"):
        mark("2.1", 33)
    with pytest.raises(ValueError, match="not attempted yet"):
        mark("2.1", ...)
    reach(0.6, "3.5", merge)
    with pytest.raises(ValueError, match=r"3\.5"):
        reach(0.8, "3.5", merge)
