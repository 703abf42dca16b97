"""nbval as the project arranges it: it passes what is true and fails what was corrupted."""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support import ROOT

from tools.execute import execute
from tools.normalise import normalise

PICTURE = """from classroom.viz import Picture
width = 3
svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='9'></svg>"
Picture(svg, "image/svg+xml", f"A rectangle, {width} pixels wide and 9 pixels high.")"""
EXPLORER = """import ipywidgets


class Doubler(ipywidgets.VBox):
    def __repr__(self):
        return "Doubler(x=2): twice 2 is 4"

    def _repr_mimebundle_(self, **options):
        data = super()._repr_mimebundle_(**options)
        return {**data, "text/plain": repr(self)}


Doubler()"""
EXERCISE = """from classroom.exercises import check


def next_letters(name):
    raise NotImplementedError


check("0.1", next_letters)"""


CORRUPTED = {
    "alt_text": (1, "3 pixels wide", "4 pixels wide"),
    "explorer": (2, "twice 2 is 4", "twice 2 is 5"),
    "exercise": (3, "☐ 0.1", "✓ 0.1"),
    "printed": (4, "3.2958", "3.2959"),
}


def small_notebook(folder):
    """A small notebook with a picture, an explorer, an exercise and a print, executed."""
    sources = (PICTURE, EXPLORER, EXERCISE, "print('loss', round(3.29583, 4))")
    cells = [new_markdown_cell("# T"), *(new_code_cell(source) for source in sources)]
    notebook = new_notebook(cells=cells)
    execute(notebook, folder, "small.ipynb")
    return normalise(notebook)


def corrupt(notebook, cell, old, new):
    """Change one stored text of a notebook, in place."""
    output = notebook.cells[cell].outputs[0]
    place, key = (output, "text") if "text" in output else (output.data, "text/plain")
    assert place[key].count(old) == 1
    place[key] = place[key].replace(old, new)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Results of the project's pytest on a true notebook and on corrupted ones, by cell."""
    folder = tmp_path_factory.mktemp("nbval")
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    true = nbformat.writes(small_notebook(folder))
    (folder / "true.ipynb").write_text(true, encoding="utf-8")
    for name, change in CORRUPTED.items():
        notebook = nbformat.reads(true, as_version=4)
        corrupt(notebook, *change)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    image = nbformat.reads(true, as_version=4)
    data = image.cells[1].outputs[0].data
    assert "height='9'" in data["image/svg+xml"]
    data["image/svg+xml"] = data["image/svg+xml"].replace("height='9'", "height='10'")
    nbformat.write(image, folder / "image.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "."]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=600
    )
    lines = re.findall(r"(?m)^(PASSED|FAILED) (\w+)\.ipynb::Cell (\d+)", done.stdout)
    assert lines, done.stdout + done.stderr
    return {(name, int(cell) + 1): result for result, name, cell in lines}


def failed_cells(outcomes, name):
    """Numbers of the code cells that failed; all four must have been run."""
    mine = {cell: result for (notebook, cell), result in outcomes.items() if notebook == name}
    assert sorted(mine) == [1, 2, 3, 4]
    return [cell for cell, result in mine.items() if result == "FAILED"]


def test_a_true_notebook_passes(outcomes):
    assert failed_cells(outcomes, "true") == []


@pytest.mark.parametrize("name", CORRUPTED)
def test_a_corrupted_output_fails(outcomes, name):
    assert failed_cells(outcomes, name) == [CORRUPTED[name][0]]


def test_other_bytes_of_an_image_do_not_fail(outcomes):
    assert failed_cells(outcomes, "image") == []


def test_every_notebook_of_the_course_is_collected():
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "notebooks"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    names = [path.name for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert names, "there must be notebooks"
    for name in names:
        path = ROOT / "notebooks" / name
        cells = nbformat.read(path, as_version=4).cells
        code = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in cells)
        assert done.stdout.count(f"{name}::Cell") == code, name
