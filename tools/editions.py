"""Write the two editions of the course that a teacher hands out, made from the notebooks on demand.

``build/student/`` has no solutions; ``build/solutions/`` has every stub filled in, and is executed.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from classroom.exercises.kit.pages import FOLDED, filled, find_places
from tools.execute import NotebookFailed, execute
from tools.normalise import normalise

LINK = re.compile(r"(\]\(|src=\"|href=\")(\.\./[^)\"\s]*)")


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook without its folded solutions; hints, answers to questions and outputs stay.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter as it is stored.

    Returns
    -------
    NotebookNode
        A new notebook in normal form. A cell that held nothing but a solution is gone.
    """
    result = normalise(notebook)
    kept = []
    for cell in result.cells:
        if cell.cell_type == "markdown":
            before = cell.source
            cell.source = FOLDED.sub(_unless_solution, before)
            if not cell.source.strip() and before.strip():
                continue
        kept.append(cell)
    result.cells = kept
    return normalise(result)


def _unless_solution(block: re.Match[str]) -> str:
    return "" if block["title"].strip().startswith("Solution") else block[0]


def solution_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook with every stub replaced by its solution; not yet executed.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter as it is stored.

    Returns
    -------
    NotebookNode
        A new notebook in normal form.

    Raises
    ------
    ValueError
        If an exercise has no single stub or no solution.
    """
    result = normalise(notebook)
    for place in find_places(result.cells):
        if len(place.stub_cells) != 1 or not place.solution:
            raise ValueError(f"exercise {place.id} needs one stub and one folded solution")
        cell = result.cells[place.stub_cells[0]]
        cell.source = filled(cell.source, place.solution)
    return normalise(result)


def moved_links(notebook: NotebookNode, old: Path, new: Path) -> None:
    """Correct, in place, relative links that lead out of the notebooks' folder."""

    def corrected(match: re.Match[str]) -> str:
        target = os.path.relpath(os.path.normpath(old / match[2]), new)
        return match[1] + Path(target).as_posix()

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(corrected, cell.source)


def write_editions(paths: list[Path], build: Path) -> int:
    """Write both editions of some notebooks, a line for each.

    Parameters
    ----------
    paths : list of Path
        The notebooks.
    build : Path
        Gets the folders ``student`` and ``solutions``; what these held before is removed.

    Returns
    -------
    int
        0 if all went well, 1 if a solution edition does not run or a check rejects a solution.
    """
    wrong = 0
    for name in ("student", "solutions"):
        folder = build.resolve() / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in paths:
            try:
                _write_one(path, folder, name)
                print(f"{name}/{path.name}: written", flush=True)
            except (NotebookFailed, ValueError) as failure:
                print(f"{name}/{path.name}: {failure}", flush=True)
                wrong = 1
    return wrong


def _write_one(path: Path, folder: Path, name: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    edition = student_edition(notebook) if name == "student" else solution_edition(notebook)
    moved_links(edition, path.parent, folder)
    if name == "solutions":
        execute(edition, folder, path.name)
    edition = normalise(edition)
    nbformat.write(edition, folder / path.name)
    if name == "solutions":
        _require_right(edition)


def _require_right(edition: NotebookNode) -> None:
    """Raise ValueError unless each exercise's cell printed that its answer is right."""
    for place in find_places(edition.cells):
        cell = edition.cells[place.stub_cells[0]]
        printed = "".join(output.get("text", "") for output in cell.outputs)
        if f"✓ {place.id} " not in printed:
            raise ValueError(f"the solution of exercise {place.id} is not right:\n{printed}")
