"""The registry of exercises: every chapter uses it, ``classroom/exercises/ch01.py`` and so on.

How to write the checks of a chapter
------------------------------------
One module a chapter, ``chNN.py``; one decorated function an exercise. The function receives what
the reader passed to ``check("2.3", ...)`` and says what it expects. It returns nothing: to come to
its end means "right". Import the helpers from :mod:`classroom.exercises.kit.checking`::

    from typing import Any

    from classroom.exercises.kit.checking import expect_calls, gives, raises, when
    from classroom.exercises.kit.registry import exercise


    def first_unsorted(names: list[str]) -> int | None:      # the right answer, finished
        return next((i for i in range(1, len(names)) if names[i] < names[i - 1]), None)


    def larger_neighbour(names: list[str]) -> int | None:    # a plausible wrong one
        found = first_unsorted(names)
        return None if found is None else found - 1


    @exercise("2.3", "Find the promise-breaker", difficulty=2, minutes=10)
    def check_first_unsorted(answer: Any) -> None:
        expect_calls(
            answer,
            first_unsorted,
            cases=[([],), (["a", "c", "b"],), (["b", "a"],)],
            causes=[
                gives(larger_neighbour, "you return the position of the larger neighbour; ..."),
                when(lambda got, expected: got is False, "nothing out of place means `None`."),
                raises(IndexError, "the last name has no successor to look at."),
            ],
        )

The reader with that wrong answer then sees::

    ✗ 2.3 Find the promise-breaker
      first_unsorted(['b', 'a']) gave 0, expected 1.
      Likely cause: you return the position of the larger neighbour; ...

The stub raises ``NotImplementedError`` (or passes ``...`` where a value is asked for): the kit
answers "not attempted yet" by itself. It also words, without help from the chapter: exceptions with
the line that raised, endless loops, ``None`` where a ``return`` is missing, wrong types, lengths
and signs, a wrong number of arguments, changed arguments, much printing.

For a value the reader predicts: ``expect_value(answer, 39, causes=[gives(3, "...")])``. For
operators, methods and gradients::

    expect_calls(
        lambda a, b: (Value(a) * Value(b)).data,          # Value: what the reader passed
        lambda a, b: a * b,
        cases=[(2.0, 3.0), (2.0, 0.0)],
        show_as="(Value({0}) * Value({1})).data",
    )
    expect("the gradient of a in a + a", lambda: gradients(lambda a: a + a, [2.0], Value), [2.0],
           causes=[gives([1.0], "looks like `=` where `+=` is needed.")])
    expect_raises("tokenizer.encode('Z')", lambda: tokenizer.encode("Z"), ValueError, mentions="Z")

Where the stub shows faulty code to repair, its cell ends with ``check("2.4", ...)`` and says so;
the folded solution then ends with its own ``check("2.4", repaired)``.

Tests use ``evaluate("2.3", wrong_answer)``, which returns a ``Result`` and prints nothing::

    result = evaluate("2.3", larger_neighbour)
    assert result.status == "wrong" and "larger neighbour" in result.cause
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CHAPTERS = {
    0: "Start here",
    1: "Value",
    2: "backward",
    3: "Tokenizer",
    4: "Next token",
    5: "Attention",
    6: "MLP",
    7: "Adam",
    8: "Training",
    9: "Sampling",
    10: "The whole machine",
    11: "Efficiency",
}
KINDS = ("implement", "predict", "find the bug", "experiment")


@dataclass(frozen=True)
class Fresh:
    """The question of a predict exercise with other numbers.

    Attributes
    ----------
    question : str
        The task in words, with the code it is about.
    expected : object
        The right answer; a tuple of several answers, in order, where ``several`` is true.
    solution : str
        How one gets there, with these numbers.
    tolerance : float
        Largest difference of numbers.
    several : bool
        Whether the question asks for several answers.
    """

    question: str
    expected: Any
    solution: str
    tolerance: float = 1e-6
    several: bool = False


@dataclass(frozen=True)
class Exercise:
    """One exercise: what the heading in the notebook says of it, and its check.

    Attributes
    ----------
    id : str
        Chapter, a dot, number in the chapter: ``"2.3"``.
    title : str
        As in the notebook's heading.
    difficulty : int
        Dots in the heading, 1 to 3.
    minutes : int
        Minutes a reader is likely to need.
    kind : str
        One of ``KINDS``.
    check : callable
        Takes the reader's answers; returns if they are right, else raises.
    extra : bool
        Whether the chapter's minutes do without it.
    own : tuple of str
        Finished parts, by name, that the answer must not call: the exercise is to build them.
    again : callable or None
        Makes the same question with fresh numbers: takes a ``random.Random``, returns a `Fresh`.
    """

    id: str
    title: str
    difficulty: int
    minutes: int
    kind: str
    check: Callable[..., None]
    extra: bool = False
    own: tuple[str, ...] = ()
    again: Callable[[random.Random], Fresh] | None = None

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


_registry: dict[str, Exercise] = {}


def exercise(
    exercise_id: str,
    title: str,
    *,
    difficulty: int,
    minutes: int,
    kind: str = "implement",
    extra: bool = False,
    own: tuple[str, ...] = (),
    again: Callable[[random.Random], Fresh] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function as the check of an exercise.

    Parameters
    ----------
    exercise_id : str
        ``"chapter.number"``, such as ``"2.3"``.
    title : str
        Title as in the notebook's heading.
    difficulty : int
        1, 2 or 3 dots.
    minutes : int
        Minutes a reader is likely to need, at least 1.
    kind : str, default "implement"
        "implement", "predict", "find the bug" or "experiment".
    extra : bool, default False
        Whether the heading ends with "· extra": the chapter's minutes do without it.
    own : tuple of str, optional
        Names of finished parts ("softmax", "backward") that a right answer may not call.
    again : callable, optional
        For ``again("2.1")``: takes a ``random.Random`` and returns a `Fresh` question.

    Returns
    -------
    callable
        A decorator that gives the function back unchanged.

    Raises
    ------
    ValueError
        For a malformed or doubly used id, or a value outside its range.
    """
    if not re.fullmatch(r"\d{1,2}\.\d{1,2}", exercise_id):
        raise ValueError(f"exercise id {exercise_id!r} is not of the form '2.3'")
    if exercise_id in _registry:
        raise ValueError(f"exercise id {exercise_id!r} is already used: {_registry[exercise_id]}")
    if difficulty not in (1, 2, 3):
        raise ValueError(f"difficulty {difficulty!r} of exercise {exercise_id} is not 1, 2 or 3")
    if minutes < 1:
        raise ValueError(f"minutes {minutes!r} of exercise {exercise_id} must be at least 1")
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} of exercise {exercise_id} is not one of {KINDS}")

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _registry[exercise_id] = Exercise(
            exercise_id, title, difficulty, minutes, kind, function, extra, own, again
        )
        return function

    return register


def _chapter_modules() -> list[str]:
    package = importlib.import_module("classroom.exercises")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if re.fullmatch(r"ch\d\d", name))


def _order(exercise_id: str) -> tuple[int, int]:
    chapter, number = exercise_id.split(".")
    return int(chapter), int(number)


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in order of chapter and number."""
    for name in _chapter_modules():
        importlib.import_module(f"classroom.exercises.{name}")
    return [_registry[key] for key in sorted(_registry, key=_order)]


def find(exercise_id: str) -> Exercise:
    """Look one exercise up, importing only its own chapter.

    Parameters
    ----------
    exercise_id : str
        Such as ``"2.3"``.

    Returns
    -------
    Exercise
        The one with this id.

    Raises
    ------
    KeyError
        If there is none; the message names the ids that come close.
    """
    chapter = str(exercise_id).split(".")[0]
    name = f"ch{chapter:0>2}"
    if name in _chapter_modules():
        importlib.import_module(f"classroom.exercises.{name}")
    if isinstance(exercise_id, str) and exercise_id in _registry:
        return _registry[exercise_id]
    known = [found.id for found in all_exercises()]
    close = [key for key in known if key.split(".")[0] == chapter]
    close = close or difflib.get_close_matches(str(exercise_id), known) or known[:3]
    listed = ", ".join(f'"{key}"' for key in close) or "none yet"
    raise KeyError(f"there is no exercise {exercise_id!r}; the closest ids: {listed}")
