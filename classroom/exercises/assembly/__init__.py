"""Put the GPT together from the reader's own parts; chapter 10."""

from classroom.exercises.assembly.keeping import keep, kept
from classroom.exercises.assembly.machine import NAMES
from classroom.exercises.assembly.side_by_side import Difference, Report, assemble

__all__ = ["NAMES", "Difference", "Report", "assemble", "keep", "kept"]
