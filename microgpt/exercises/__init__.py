"""Exercises of the course: ``check`` an answer, see your ``progress``; used by every chapter."""

from microgpt.exercises.kit.logbook import forget_progress, keep_progress, progress
from microgpt.exercises.kit.results import Result
from microgpt.exercises.kit.running import check, evaluate

__all__ = ["Result", "check", "evaluate", "forget_progress", "keep_progress", "progress"]
