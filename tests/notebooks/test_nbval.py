"""nbval as the project arranges it: it passes what is true and fails what was corrupted."""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support import ROOT, WITHOUT_PLUGINS

from tools.execute import execute
from tools.normalise import normalise

GRAPH = """from classroom.viz import draw_graph
from classroom.widgets.backward import BackwardStepper
from microgpt import Value

a, b = Value(2), Value(3)
c = a * b
L = c * c + c
draw_graph(L, globals(), local_grads=True)"""
PLOT = """from classroom.viz.kit.style import figure, to_picture

with figure(4, 3) as fig:
    fig.subplots().plot([1, 4])
    picture = to_picture(fig, "A line from 1 to 4.")
picture"""
EXERCISE = """from classroom.exercises import check


def next_letters(name):
    raise NotImplementedError


check("0.1", next_letters)"""


CORRUPTED = {
    1: ("= 42", "= 43"),
    2: ("to 4", "to 5"),
    3: ("= 39", "= 38"),
    4: ("☐ 0.1", "✓ 0.1"),
    5: ("3.2958", "3.2959"),
}
"""A wrong number in the alt text of a graph and of a plot, an explorer, a check, a print."""


def small_notebook(folder):
    """A small notebook with two pictures, an explorer, an exercise and a print, executed."""
    stepper = "BackwardStepper(L, globals()).set(step=3)"
    sources = (GRAPH, PLOT, stepper, EXERCISE, "print('loss', round(3.29583, 4))")
    cells = [new_markdown_cell("# T"), *(new_code_cell(source) for source in sources)]
    notebook = new_notebook(cells=cells)
    execute(notebook, folder, "small.ipynb")
    return normalise(notebook)


def corrupt(notebook, cell, old, new, mime="text/plain"):
    """Change one stored text of a notebook, in place."""
    output = notebook.cells[cell].outputs[0]
    place, key = (output, "text") if "text" in output else (output.data, mime)
    assert old in place[key]
    place[key] = place[key].replace(old, new)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Results of the project's pytest on a true notebook and on corrupted ones, by cell."""
    folder = tmp_path_factory.mktemp("nbval")
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    true = nbformat.writes(small_notebook(folder))
    (folder / "true.ipynb").write_text(true, encoding="utf-8")
    corrupted, images = (nbformat.reads(true, as_version=4) for _ in range(2))
    for cell, change in CORRUPTED.items():
        corrupt(corrupted, cell, *change)
    nbformat.write(corrupted, folder / "corrupted.ipynb")
    corrupt(images, 1, "<svg", "<svg class='other'", "image/svg+xml")
    corrupt(images, 1, "base64,", "base64,PHN2Zy8+", "text/html")
    corrupt(images, 1, 'width="', 'width="1', "text/html")
    corrupt(images, 2, "to 4", "to 5", "text/html")
    nbformat.write(images, folder / "images.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "."]
    done = subprocess.run(
        [*command, "-p", "nbval.plugin"],
        cwd=folder, env=WITHOUT_PLUGINS,
        capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    lines = re.findall(r"(?m)^(PASSED|FAILED) (\w+)\.ipynb::Cell (\d+)", done.stdout)
    assert lines, done.stdout + done.stderr
    return {(name, int(cell) + 1): result for result, name, cell in lines}


def failed_cells(outcomes, name):
    """Numbers of the code cells that failed; all five must have been run."""
    mine = {cell: result for (notebook, cell), result in outcomes.items() if notebook == name}
    assert sorted(mine) == [1, 2, 3, 4, 5]
    return [cell for cell, result in mine.items() if result == "FAILED"]


def test_a_true_notebook_passes(outcomes):
    assert failed_cells(outcomes, "true") == []


@pytest.mark.parametrize("cell", CORRUPTED)
def test_a_corrupted_output_fails(outcomes, cell):
    assert cell in failed_cells(outcomes, "corrupted")


def test_of_an_image_the_alt_text_is_compared_and_no_other_byte(outcomes):
    assert failed_cells(outcomes, "images") == [2]


def test_every_notebook_of_the_course_is_collected():
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "notebooks"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "nbval.plugin"],
        cwd=ROOT, env=WITHOUT_PLUGINS, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    names = [path.name for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert names, "there must be notebooks"
    for name in names:
        path = ROOT / "notebooks" / name
        cells = nbformat.read(path, as_version=4).cells
        code = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in cells)
        assert done.stdout.count(f"{name}::Cell") == code, name
