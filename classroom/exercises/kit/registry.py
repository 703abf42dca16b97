"""The registry of exercises: every chapter uses it, ``classroom/exercises/ch01.py`` and so on.

One module a chapter, ``chNN.py``, holds its exercises as data: `solutions` says how one is written.
Where many answers are right, a *judge* of properties is made of the helpers in `checking`.

The kit itself answers "not attempted yet" for a stub that raises ``NotImplementedError`` (or passes
``...`` where a value is asked for). It also words, without help from the chapter: exceptions with
the line that raised, endless loops, ``None`` where a ``return`` is missing, wrong types, lengths
and signs, a wrong number of arguments, changed arguments, much printing. What no slip explains is
looked at (`classroom.exercises.looking`): how far it is right, and what is missing next.

Where the stub shows faulty code to repair, its cell ends with ``check("2.4", ...)`` and says so;
the folded solution then ends with its own ``check("2.4", repaired)``.

Tests use ``evaluate("2.3", wrong_answer)``, which returns a ``Result`` and prints nothing.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from classroom import chapters

if TYPE_CHECKING:
    from classroom.exercises.kit.solutions import Asked, Solution

CHAPTERS = {chapter.number: chapter.title for chapter in chapters.CHAPTERS}
Check = TypeVar("Check", bound=Callable[..., None])
KINDS = ("implement", "predict", "find the bug", "experiment")


@dataclass(frozen=True)
class Fresh:
    """The question of a predict exercise with other numbers."""

    question: str  # the task in words, with the code it is about
    expected: Any  # the right answer; of several, in order, a tuple
    solution: str  # how one gets there, with these numbers
    tolerance: float = 1e-6  # largest difference of numbers

    @property
    def answers(self) -> tuple[Any, ...]:
        """The right answers, however many are asked for."""
        return self.expected if isinstance(self.expected, tuple) else (self.expected,)


@dataclass(frozen=True)
class Exercise:
    """One exercise: what the heading in the notebook says of it, and its check."""

    id: str  # chapter, a dot, number in the chapter: ``"2.3"``
    title: str  # as in the notebook's heading
    difficulty: int  # dots in the heading, 1 to 3
    minutes: int  # minutes a reader is likely to need
    kind: str = "implement"  # one of ``KINDS``
    # takes the reader's answers; returns if they are right, else raises
    check: Callable[..., None] = lambda *_answers: None
    extra: bool = False  # whether the chapter's minutes do without it
    # finished parts, by name, that the answer must not call: the exercise is to build them
    own: tuple[str, ...] = ()
    # makes the same question with fresh numbers: takes a ``random.Random``, returns a `Fresh`
    again: Callable[[random.Random], Fresh] | None = None
    solution: Solution | None = None  # the exercise as data: solution with its steps, cases, slips
    # what a predict exercise asks for, by the names of the stub
    asked: Mapping[str, Asked] | None = None
    parts: tuple[Solution | None, ...] = ()  # of several functions each one's, to be looked at

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{1,2}\.\d{1,2}", self.id):
            raise ValueError(f"exercise id {self.id!r} is not of the form '2.3'")
        if self.difficulty not in (1, 2, 3) or self.minutes < 1 or self.kind not in KINDS:
            raise ValueError(
                f"exercise {self.id}: difficulty {self.difficulty} (1, 2 or 3), minutes "
                f"{self.minutes} (1 or more) or kind {self.kind!r} (one of {KINDS}) cannot be"
            )

    def __call__(self, check: Check) -> Check:
        """Register the exercise with the decorated function as its check, given back unchanged.

        ``ValueError`` if the id is used.
        """
        if self.id in _registry:
            raise ValueError(f"exercise id {self.id!r} is already used: {_registry[self.id].title}")
        _registry[self.id] = replace(self, check=check)
        return check

    @property
    def chapter(self) -> int:
        """Number of the chapter, the part of the id before the dot."""
        return int(self.id.split(".")[0])

    @property
    def heading(self) -> str:
        """The heading as the notebook must have it, without the ``###``."""
        dots = "●" * self.difficulty + "○" * (3 - self.difficulty)
        extra = " · extra" if self.extra else ""
        return f"Exercise {self.id} · {self.title}  {dots} · {self.minutes} min{extra}"


exercise = Exercise
"""As the chapters write it: ``@exercise("2.3", "A title", difficulty=1, minutes=5)``."""

_registry: dict[str, Exercise] = {}


def _chapter_modules() -> list[str]:
    package = importlib.import_module("classroom.exercises")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if re.fullmatch(r"ch\d\d", name))


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in order of chapter and number."""
    for name in _chapter_modules():
        importlib.import_module(f"classroom.exercises.{name}")
    in_order = sorted(_registry, key=lambda key: [*map(int, key.split("."))])
    return [_registry[key] for key in in_order]


def find(exercise_id: Any) -> Exercise:
    """Look one exercise up, importing only its own chapter.

    ``KeyError`` if there is none; the message names the ids that come close.
    """
    chapter = str(exercise_id).split(".")[0]
    name = f"ch{chapter:0>2}"
    if name in _chapter_modules():
        importlib.import_module(f"classroom.exercises.{name}")
    if isinstance(exercise_id, str) and exercise_id in _registry:
        return _registry[exercise_id]
    if isinstance(exercise_id, float):
        said = f'check("{exercise_id}", ...)'
        raise KeyError(f"there is no exercise {exercise_id!r}: write the number in quotes, {said}")
    known = [found.id for found in all_exercises()]
    close = [key for key in known if key.split(".")[0] == chapter]
    close = close or difflib.get_close_matches(str(exercise_id), known) or known[:3]
    listed = ", ".join(f'"{key}"' for key in close) or "none yet"
    raise KeyError(f"there is no exercise {exercise_id!r}; the closest ids: {listed}")
