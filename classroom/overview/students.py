"""What a class handed in: files of records and pasted lines, read into one list of students."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.exercises.kit.store import Progress
from classroom.overview.line import MARK, latest, lines

STUCK_TRIES = 3  # so many tries without a right answer
STUCK_MINUTES = 10  # and the last of them not longer ago: then somebody is stuck now
_OURS = re.compile(r"(my_)?progress( ?\(\d+\))?")
_LARGEST = 2_000_000  # bytes; a record has some thousand


@dataclass(frozen=True)
class Student:
    """One student's record.

    Attributes
    ----------
    name : str
        What the file is called, or what stands before the line.
    held : Progress
        The record.
    age : float or None
        Minutes since it was written, in a live view; None where that tells nothing.
    """

    name: str
    held: Progress
    age: float | None = None

    @property
    def at(self) -> str:
        """The exercise that was tried last."""
        return latest(self.held)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came for a while, in a live view."""
        return self.age is not None and self.age >= STUCK_MINUTES

    @property
    def is_stuck(self) -> bool:
        """Whether the exercise tried last is still wrong after some tries, and that just now."""
        wrong = self.held.exercises.get(self.at) == WRONG
        return wrong and self.tries(self.at) >= STUCK_TRIES and not self.is_quiet

    def tries(self, key: str) -> int:
        """How often an exercise was tried; 1 in a record of the first edition."""
        least = int(key in self.held.exercises)
        return max(self.held.tried.get(key, {}).get("tries", 0), least)

    def steps(self, key: str) -> tuple[int, int]:
        """How many steps of an exercise the best try had done, and how many there are."""
        done, number = self.held.tried.get(key, {}).get("steps", (0, 0))
        return int(done), int(number)

    @property
    def right(self) -> int:
        """How many exercises are right."""
        return list(self.held.exercises.values()).count(RIGHT)


@dataclass
class Handed:
    """All that was handed in.

    Attributes
    ----------
    students : list of Student
        One for each name.
    complaints : list of str
        What could not be read, and why.
    """

    students: list[Student] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def put(self, student: Student) -> None:
        """Add a student; of two records of one name the longer one counts."""
        names = [each.name for each in self.students]
        if student.name not in names:
            self.students.append(student)
            return
        place = names.index(student.name)
        both = [self.students[place], student]
        tries = [sum(map(each.tries, each.held.exercises)) for each in both]
        self.students[place] = both[tries[1] >= tries[0]]


def read(sources: Sequence[str], live: bool = False) -> Handed:
    """Read folders, files and lines.

    Parameters
    ----------
    sources : sequence of str
        Folders (all records in them and below), record files, texts with lines in them, lines.
    live : bool, default False
        Whether it counts when a file was written.

    Returns
    -------
    Handed
        The students, and what could not be read.
    """
    handed = Handed()
    for source in sources:
        if os.path.exists(source):
            for path in _files(Path(source)):
                _read_file(handed, path, live)
        elif MARK in source.lower():
            _read_lines(handed, source, "what was given")
        else:
            handed.complaints.append(f"there is no file or folder {source[:80]}")
    return handed


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or those of a folder that may hold something; no drafts."""
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if each.suffix.lower() in (".json", ".txt", ".csv") and not hidden and each.is_file():
            yield each


def _read_file(handed: Handed, path: Path, live: bool) -> None:
    try:
        facts = path.stat()
        if facts.st_size > _LARGEST:
            raise ValueError("far too large")
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() != ".json":
            _read_lines(handed, text, path.name)
            return
        age = max(0.0, time.time() - facts.st_mtime) / 60 if live else None
        handed.put(Student(_name(path), Progress.parse(text), age))
    except OSError as error:
        handed.complaints.append(f"{path.name} cannot be read: {error.strerror}")
    except ValueError:
        handed.complaints.append(f"{path.name} is no record of progress")


def _read_lines(handed: Handed, text: str, where: str) -> None:
    found = list(lines(text))
    for number, (label, held) in enumerate(found, 1):
        name = label or f"line {len(handed.students) + 1}"
        if held is not None:
            handed.put(Student(name, held))
        else:
            told = f"line {number} of {where}" + (f" ({label})" if label else "")
            handed.complaints.append(
                f"{told} was cut off or changed, or comes from another edition of the course"
            )
    if not found:
        handed.complaints.append(f"{where} holds no line of hand_in")


def _name(path: Path) -> str:
    """Whose record it is: its file's name, or its folder's where all files are called alike."""
    if _OURS.fullmatch(path.stem) and path.parent.name:
        number = re.search(r"\d+", path.stem)
        return path.parent.name.split("_")[0] + (f" {number[0]}" if number else "")
    return path.stem
