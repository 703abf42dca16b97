"""What pictures and explorers store in a notebook is compared word for word when CI reruns it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[3]
CELLS = [
    "from microgpt import Value\n"
    "from classroom.viz import draw_graph\n"
    "from classroom.viz.style import figure, to_picture\n"
    "from classroom.widgets.backward import BackwardStepper\n"
    "a, b = Value(2), Value(3)\nc = a * b\nL = c * c + c",
    "draw_graph(L, globals(), local_grads=True)",
    "with figure(4, 3) as fig:\n"
    "    fig.subplots().plot([1, 4])\n"
    "    picture = to_picture(fig, 'A line from 1 to 4.')\n"
    "picture",
    "BackwardStepper(L, globals()).set(step=3)",
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Return an executed notebook with a graph, a plot and an explorer."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    folder = tmp_path_factory.mktemp("executed")
    NotebookClient(nb, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    nb.metadata.pop("widgets", None)
    return nb


def compare(nb, folder):
    """Rerun a notebook and return how many cells agree, and how many do not."""
    nbformat.write(nb, folder / "stored.ipynb")
    options = ["--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "-p", "conftest"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", os.devnull, "stored.ipynb"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    summary = run.stdout.strip().splitlines()[-1]
    return summary.partition(" in ")[0], run.stdout


@pytest.mark.slow
def test_pictures_and_explorers_agree_when_rerun_though_renderers_differ(notebook, tmp_path):
    nb = nbformat.from_dict(notebook)
    drawing = nb.cells[1].outputs[0].data["image/svg+xml"]
    nb.cells[1].outputs[0].data["image/svg+xml"] = drawing.replace("<svg", "<svg class='other'")
    assert compare(nb, tmp_path)[0] == "4 passed"


@pytest.mark.slow
def test_one_wrong_number_in_each_picture_is_found(notebook, tmp_path):
    nb = nbformat.from_dict(notebook)
    changes = {1: ("= 42", "= 43"), 2: ("to 4", "to 5"), 3: ("= 39", "= 38")}
    for place, (right, wrong) in changes.items():
        data = nb.cells[place].outputs[0].data
        assert right in data["text/plain"]
        data["text/plain"] = data["text/plain"].replace(right, wrong)
    summary, output = compare(nb, tmp_path)
    assert summary == "3 failed, 1 passed"
    for _, wrong in changes.values():
        assert wrong in output
