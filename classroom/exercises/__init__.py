"""Exercises of the course: ``check`` an answer, see your ``progress``; used by every chapter."""

from classroom.exercises.kit.hints import hint
from classroom.exercises.kit.logbook import forget_progress, keep_progress, progress
from classroom.exercises.kit.results import Result
from classroom.exercises.kit.running import check, evaluate
from classroom.exercises.kit.sharing import share_progress

__all__ = [
    "Result",
    "check",
    "evaluate",
    "forget_progress",
    "hint",
    "keep_progress",
    "progress",
    "share_progress",
]
