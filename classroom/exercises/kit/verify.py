"""Run every solution that a notebook holds, and every stub, against its check.

``python -m classroom.exercises verify`` is for maintainers: a solution that its own check rejects,
a stub that is not answered "not attempted", an exercise without a check or a check without an
exercise ends it with exit code 1.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from classroom.exercises.kit import registry
from classroom.exercises.kit.needed import needed_cells
from classroom.exercises.kit.pages import (
    Place,
    checked_ids,
    execute,
    filled,
    find_places,
    read_cells,
)
from classroom.exercises.kit.results import OPEN, RIGHT, Result
from classroom.exercises.kit.running import evaluate

Found = tuple[str, list[str]]
"""An exercise's id, and the complaints about its place in a notebook."""


def verify(folder: Path) -> int:
    """Verify all notebooks of a folder, print what is wrong and a summary; 0 if all agrees."""
    places = Counter({each.id: 0 for each in registry.all_exercises()})
    complaints: list[str] = []
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        for key, found in _verify_notebook(path):
            places[key] += 1
            complaints += [f"{path.name}: {key}: {line}" for line in found]
    complaints += [f"{key}: in the notebooks {n} times" for key, n in places.items() if n != 1]
    print(*complaints, f"exercises {len(places)}, complaints {len(complaints)}", sep="\n")
    return 1 if complaints or not places else 0


def _verify_notebook(path: Path) -> list[Found]:
    """Verify the exercises of one notebook, in order; its cells run in its folder."""
    cells = read_cells(path)
    places = find_places(cells)
    headed = {place.id for place in places}
    stray = [
        (key, ["checked in a cell, but has no heading"])
        for cell in cells
        if cell["cell_type"] == "code"
        for key in checked_ids(cell["source"])
        if key not in headed
    ]
    with _folder(path.parent):
        return [(each.id, [*_complaints(cells, places, each)]) for each in places] + stray


def solved(path: Path) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    """Every exercise of a notebook with what its solution passes to ``check``.

    Its cells run in its folder; the sources of functions among the answers can be found.
    """
    cells = read_cells(path)
    places = find_places(cells)
    with _folder(path.parent):
        for place in places:
            yield place, _given(cells, places, place, solved=True)[-1]


def _complaints(cells: list[dict[str, Any]], places: list[Place], place: Place) -> Iterator[str]:
    try:
        known = registry.find(place.id)
    except KeyError:
        yield "has no check"
        return
    in_heading = (place.title, place.difficulty, place.minutes, place.extra)
    if in_heading != (known.title, known.difficulty, known.minutes, known.extra):
        yield f"the registry has the heading ### {known.heading}"
    if len(place.stub_cells) != 1:
        yield f"checked in {len(place.stub_cells)} cells, not in one"
    if not place.solution:
        yield "no folded solution with Python code"
    if len(place.stub_cells) != 1 or not place.solution:
        return
    done = _result(cells, places, place, solved=True)
    opened = _result(cells, places, place, solved=False)
    if not (isinstance(done, Result) and done.status == RIGHT):
        yield f"the solution is rejected:\n{done}"
    if not (isinstance(opened, Result) and opened.status == OPEN and not opened.lines):
        yield f"the stub is not simply open:\n{opened}"


def _result(
    cells: list[dict[str, Any]], places: list[Place], place: Place, solved: bool
) -> Result | str:
    """What the check finds of an exercise's solution or stub, or what went wrong."""
    try:
        given = _given(cells, places, place, solved)
    except Exception as error:
        return f"  the cell raised {type(error).__name__}: {error}"
    return evaluate(place.id, *given[0]) if len(given) == 1 else f"  checked {len(given)} times"


def _given(
    cells: list[dict[str, Any]], places: list[Place], place: Place, solved: bool
) -> list[tuple[Any, ...]]:
    """What an exercise's cell, solved or as it stands, passes to `check`, which does nothing.

    The cells run that it needs; earlier exercises with their solutions, without checks.
    """
    solutions = {i: p.solution for p in places for i in p.stub_cells if p.solution}
    before = enumerate(cells[: place.stub_cells[0]])
    earlier = [solutions.get(i, c["source"]) for i, c in before if c["cell_type"] == "code"]
    stub = cells[place.stub_cells[0]]["source"]
    source = filled(stub, place.solution) if solved else stub
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *things: None}
    heard: list[tuple[str, tuple[Any, ...]]] = []
    name = f"{'solution' if solved else 'stub'} of {place.id}>"
    with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")
        for number, index in enumerate(needed_cells(earlier, source)):
            execute(earlier[index], space, f"<cell {number} before {name}")
        space["check"] = lambda key, *answers: heard.append((key, answers))
        execute(source, space, f"<{name}")
    return [answers for key, answers in heard if key == place.id]


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
