"""``hint()``: what helps with the step that a check found missing, and nothing of later ones.

Asked once it names the step; asked again it shows the solution's line for it.
"""

from __future__ import annotations

import ast

from classroom.exercises.kit import logbook, registry
from classroom.exercises.kit.results import Result
from classroom.exercises.kit.saying import say, sentence
from classroom.exercises.kit.solutions import source_text

_refused: dict[str, Result] = {}
_told: set[tuple[str, str]] = set()


def note(result: Result) -> None:
    """Remember what an exercise's last check found, for `hint`."""
    _refused.pop(result.id, None)
    _refused[result.id] = result


def hint(exercise_id: str = "") -> None:
    """Print what helps with the step that your last check found missing.

    Parameters
    ----------
    exercise_id : str, optional
        Such as ``"5.3"``; by default the exercise that was checked last.
    """
    key = exercise_id or next(reversed(_refused), "")
    result = _refused.get(key)
    if result is None:
        say(f'A hint follows a check: run check("{key or "5.3"}", ...) on your answer first.')
    elif result.status == "right":
        say(f"{key} is solved already.")
    elif not result.steps:
        say(f"{key} has no steps: the folded hints below the exercise help on.")
    elif not result.missing:
        say(f"No step of {key} is surely missing: look at what is returned, and where.")
    elif (key, result.missing) not in _told:
        _told.add((key, result.missing))
        say(f"{key}, step {result.done + 1} of {result.steps}: {result.missing}.")
        say("  hint() once more shows its line.")
    else:
        logbook.note_opened(key)
        say(f"{key}: {sentence(result.missing)}:\n  {line_of(key, result.missing)}")


def line_of(exercise_id: str, words: str) -> str:
    """The line of an exercise's solution, or of another road to it, that is the step so named."""
    found = registry.find(exercise_id)
    parts = [data for data in found.parts or (found.solution,) if data]
    for road in [road for data in parts for road in (data.right, *data.roads)]:
        for number, line in enumerate(source_text(road).splitlines(), 1):
            if line.rstrip().endswith(f"# {words}"):
                return _statement(source_text(road), number)
    return words


def _statement(source: str, number: int) -> str:
    """The innermost statement that a line of the source belongs to, on one line."""
    nodes = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= number <= (node.end_lineno or 0)
    ]
    shortest = min(nodes, key=lambda node: (node.end_lineno or 0) - node.lineno)
    return " ".join(ast.unparse(shortest).split())
