"""Marks by the tools that lecturers have, nbgrader and Otter: what `make editions GRADER=` adds.

Behind each stub stands a locked cell, or a test file for it, that raises unless the answer is right
or some of its steps are done. It raises: under ``python -O`` an assertion would let all pass. Such
marks are made in the student's own kernel, so they are for practice and not for exams.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classroom.exercises.kit.pages import (
    bound_names,
    checked_ids,
    filled,
    find_places,
    is_check,
    parse,
)
from classroom.exercises.kit.results import RIGHT, Result
from classroom.exercises.kit.running import evaluate
from classroom.exercises.kit.saying import say
from classroom.overview.words import first_steps

Given = Mapping[str, list[ast.expr]]
CONFIG = '''"""Settings of nbgrader: pictures stay, there is time enough, nothing is recorded."""

import os

os.environ["MICROGPT_PROGRESS"] = "off"  # the student's record is none of the grader's
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "microgpt"
c.ExecutePreprocessor.timeout = 600
c.ExecutePreprocessor.iopub_timeout = 120
c.GenerateAssignment.preprocessors = [
    f"nbgrader.preprocessors.{name}"
    for name in ("LockCells", "CheckCellMetadata", "ComputeChecksums", "SaveCells")
]
'''
"""What ``nbgrader_config.py`` says; by default nbgrader takes all stored pictures away."""


def share(result: Result) -> float:
    """What an answer is worth, from 0 to 1: the steps that are done, and one for being right."""
    if result.status == RIGHT:
        return 1.0
    return round(min(result.done, result.steps) / (result.steps + 1), 2)


def mark(exercise_id: str, *answers: Any) -> float | None:
    """What nbgrader's cell gives: nothing for a right answer, which is all of its points.

    Parameters
    ----------
    exercise_id, *answers
        As for ``check``.

    Returns
    -------
    float or None
        The share of a half done answer; what the check says is printed.

    Raises
    ------
    ValueError
        With what the check says, where nothing is done.
    """
    result = evaluate(exercise_id, *answers)
    if not share(result):
        raise ValueError(str(result))
    say(result)
    return None if result.status == RIGHT else share(result)


def reach(least: float, exercise_id: str, *answers: Any) -> None:
    """What a test of Otter calls: raise ValueError unless an answer is worth so much."""
    result = evaluate(exercise_id, *answers)
    if share(result) < least - 0.01:
        raise ValueError(str(result))


def write_assignment(grader: str, whole: Any, edition: Any, folder: Path, name: str) -> None:
    """Write one chapter as an assignment.

    Parameters
    ----------
    grader : str
        ``"nbgrader"`` or ``"otter"``.
    whole, edition : notebook
        The chapter as it is stored, and its student edition, which is changed.
    folder : Path
        The course's folder for this grader.
    name : str
        The assignment, such as ``"02_backward"``.
    """
    given = asked(whole["cells"])
    if grader == "nbgrader":
        page = folder / "source" / name / f"{name}.ipynb"
        edition["cells"] = _put_behind(edition["cells"], given, _locked)
        files = {folder / "nbgrader_config.py": CONFIG}
    else:
        page = folder / name / f"{name}.ipynb"
        again = {key: given[key] for key in _bound_later(edition["cells"], given)}
        edition["cells"] = _put_behind(edition["cells"], again, _kept)
        files = {
            page.parent / "tests" / f"q{_name(key)}.py": _tests(key, given[key], key in again)
            for key in given
        }
    files[page] = json.dumps(edition, indent=1, ensure_ascii=False) + "\n"
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def asked(cells: Sequence[Any]) -> dict[str, list[ast.expr]]:
    """What each stub of a notebook hands to ``check``, or its solution where that is ``...``."""
    found = {}
    for place in find_places([dict(cell) for cell in cells]):
        stub = cells[place.stub_cells[0]]["source"]
        for source in (filled(stub, place.solution), stub):
            (said,) = filter(is_check, parse(source).body)
            given = said.value.args[1:]  # type: ignore[attr-defined]
            if not any(isinstance(each, ast.Constant) for each in given):
                found[place.id] = given
    return found


def _name(key: str) -> str:
    return key.replace(".", "_")


def _put_behind(
    cells: Sequence[Any], given: Given, make: Callable[[str, list[ast.expr]], dict[str, Any]]
) -> list[Any]:
    """The cells, with one more behind each stub."""
    result: list[Any] = []
    for cell in cells:
        result.append(cell)
        keys = checked_ids(cell["source"]) if cell["cell_type"] == "code" else []
        result += [make(key, given[key]) for key in keys if key in given]
    return result


def _code_cell(name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": name, "metadata": metadata, "source": source,
        "execution_count": None, "outputs": [],
    }  # fmt: skip


def _locked(key: str, given: list[ast.expr]) -> dict[str, Any]:
    """The cell that nbgrader runs for the mark of an exercise."""
    call = ", ".join([f'"{key}"', *map(ast.unparse, given)])
    about = {
        "schema_version": 3, "grade": True, "locked": True, "solution": False, "task": False,
        "grade_id": f"mark_{_name(key)}", "points": 1, "cell_type": "code",
    }  # fmt: skip
    source = f"from classroom.overview.grading import mark\n\nmark({call})"
    return _code_cell(f"mark-{_name(key)}", source, {"nbgrader": about})


def _bound_later(cells: Sequence[Any], given: Given) -> list[str]:
    """Exercises whose answers go by a name that a later cell gives to something else."""
    later: set[str] = set()
    found = []
    for cell in reversed([cell for cell in cells if cell["cell_type"] == "code"]):
        for key in checked_ids(cell["source"]):
            names = {each.id for each in given[key] if isinstance(each, ast.Name)}
            found += [key] if names & later else []
        later = later.union(*map(bound_names, parse(cell["source"]).body))
    return found


def _kept(key: str, given: list[ast.expr]) -> dict[str, Any]:
    """The cell that keeps such answers for Otter, whose tests come at the end."""
    answers = "".join(f"{ast.unparse(each)}, " for each in given).strip()
    return _code_cell(f"kept-{_name(key)}", f"kept_{_name(key)} = ({answers})  # for the marks", {})


class _InEnv(ast.NodeTransformer):
    """Names of the notebook as Otter hands them to a test: ``env["my_softmax"]``."""

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: D102
        if hasattr(builtins, node.id):
            return node
        return ast.Subscript(ast.Name("env"), ast.Constant(node.id), ast.Load())


def _tests(key: str, given: list[ast.expr], kept: bool) -> str:
    """Otter's test file for an exercise: one point, in as many parts as there are steps."""
    answers = ", ".join(ast.unparse(_InEnv().visit(each)) for each in given)
    answers = f'*env["kept_{_name(key)}"]' if kept else answers
    number = len(first_steps(key)) + 1
    lines = ["from otter.test_files import test_case", ""]
    lines += ["from classroom.overview.grading import reach", "", "OK_FORMAT = False"]
    lines += [f'name = "{key}"', "points = None", ""]
    for step in range(1, number + 1):
        what = "right" if step == number else f"step_{step}"
        lines += ["", f"@test_case(points=1 / {number})", f"def test_{what}(env):"]
        lines += [f'    reach({step} / {number}, "{key}", {answers})', ""]
    return "\n".join(lines)
