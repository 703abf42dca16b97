"""Nonsense answers to every exercise of the course: each is refused in words, nothing is raised."""

import inspect
import re

import pytest

from classroom.exercises import evaluate
from classroom.exercises.kit.registry import all_exercises

EXERCISES = all_exercises()


def forever(*_arguments):
    while True:
        pass


def fails(*_arguments):
    return [][0]


class Thing:
    """A class that takes anything and can do nothing."""

    def __init__(self, *_arguments):
        pass


NONSENSE = {
    "a word": "nonsense",
    "a huge number": 1e99,
    "no number": float("nan"),
    "an object": object(),
    "a type": int,
    "a class": Thing,
    "an instance": Thing(),
    "an empty list": [],
    "a dict": {"a": None},
    "nothing": lambda *arguments: None,
    "the same": lambda *arguments: arguments[0] if arguments else None,
    "a generator": lambda *arguments: (x for x in "abc"),
    "no arguments": lambda: 1,
    "an exception": fails,
    "an endless loop": forever,
}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_nonsense_is_refused(exercise, monkeypatch):
    count = len(inspect.signature(exercise.check).parameters)
    for name, nonsense in NONSENSE.items():
        monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "0.2" if nonsense is forever else "60")
        result = evaluate(exercise.id, *[nonsense] * count)
        assert result.status == "wrong", f"{name}: {result}"
        assert result.lines, name
        leaked = re.search(r"0x[0-9a-f]{5}|/exercises/|Traceback", str(result))
        assert not leaked, f"{name}: {result}"
