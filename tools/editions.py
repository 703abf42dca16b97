"""Write the two editions of the course that a teacher hands out, made from the notebooks on demand.

``build/student/`` has no solutions, and a page for coding assistants that asks them not to write
any; ``build/solutions/`` has every stub filled in, and is executed.
"""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from classroom.exercises.kit.pages import FOLDED, filled, find_places
from classroom.overview.grading import write_assignment
from tools.execute import NotebookFailed, execute
from tools.normalise import normalise

AGENTS = Path(__file__).with_name("agents.md")
"""What the student edition says to a reader's coding assistant, in its file ``AGENTS.md``."""
LINK = re.compile(r"(\]\(|src=\"|href=\")(\.\./[^)\"\s]*)")


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook without its folded solutions; hints, answers to questions and outputs stay."""
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
    """The notebook with every stub replaced by its solution; not yet executed."""
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

    They replace ``student`` and ``solutions`` in `build`. 1 if a solution is rejected, else 0.
    """
    wrong = False
    for name in ("student", "solutions"):
        folder = build.resolve() / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if name == "student":
            shutil.copy(AGENTS, folder / "AGENTS.md")
        # A thread for each kernel that can run at once: the kernels are processes of their own.
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            for path, problem in zip(paths, pool.map(partial(_problem, folder, name), paths)):
                print(f"{name}/{path.name}: {problem or 'written'}", flush=True)
                wrong |= bool(problem)
    return int(wrong)


def write_assignments(paths: list[Path], build: Path, grader: str) -> int:
    """Write one assignment a chapter for ``"nbgrader"`` or ``"otter"``, to a folder so called."""
    folder = build.resolve() / grader
    shutil.rmtree(folder, ignore_errors=True)
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        edition = student_edition(notebook)
        moved_links(edition, path.parent, folder / path.stem)
        write_assignment(grader, notebook, edition, folder, path.stem)
        print(f"{grader}/{path.stem}: written", flush=True)
    return 0


def _problem(folder: Path, name: str, path: Path) -> str:
    """Write an edition of one notebook; what is wrong with it, or nothing."""
    notebook = nbformat.read(path, as_version=4)
    try:
        edition = student_edition(notebook) if name == "student" else solution_edition(notebook)
        moved_links(edition, path.parent, folder)
        if name == "solutions":
            execute(edition, folder, path.name)
    except (NotebookFailed, ValueError) as failure:
        return str(failure)
    edition = normalise(edition)
    nbformat.write(edition, folder / path.name)
    return _not_right(edition) if name == "solutions" else ""


def _not_right(edition: NotebookNode) -> str:
    """The first exercise whose cell did not print that its answer is right; nothing if all did."""
    for place in find_places(edition.cells):
        cell = edition.cells[place.stub_cells[0]]
        printed = "".join(output.get("text", "") for output in cell.outputs)
        if f"✓ {place.id} " not in printed:
            return f"the solution of exercise {place.id} is not right:\n{printed}"
    return ""
