"""Exercises of the course: ``check`` an answer, see your ``progress``; used by every chapter."""

from classroom.exercises.kit.logbook import (
    export_progress,
    forget_progress,
    import_progress,
    keep_progress,
    progress,
)
from classroom.exercises.kit.results import Result
from classroom.exercises.kit.running import check, evaluate

__all__ = [
    "Result",
    "check",
    "evaluate",
    "export_progress",
    "forget_progress",
    "import_progress",
    "keep_progress",
    "progress",
]
