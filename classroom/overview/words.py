"""The words behind the keys of a record: what a check tells, and what a solution's steps are."""

from __future__ import annotations

import re
from functools import cache

from classroom.exercises.kit import registry
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import short_key
from classroom.exercises.kit.solutions import source_text

_STEP = re.compile(r"\S\s+# (.+?)\s*$", re.MULTILINE)


@cache
def sentences(exercise_id: str) -> dict[str, str]:
    """What the check of an exercise tells of wrong answers, by the keys that a record keeps."""
    try:
        found = registry.find(exercise_id)
    except KeyError:
        return {}
    told = {}
    if found.solution is not None:
        told = {short_key(edit): why for edit, why in found.solution.slips.items()}
        told |= {short_key(cause.text): cause.text for cause in found.solution.also}
    for asked in (found.asked or {}).values():
        words = [*asked.told.values(), *(cause.text for cause in asked.also)]
        told |= {short_key(text): text for text in words}
    return told


@cache
def answers(exercise_id: str) -> dict[str, str]:
    """The wrong values that a sentence is told of, where values are asked for: ``had = 13``."""
    found: dict[str, list[str]] = {}
    asked = registry.find(exercise_id).asked or {}
    for name, each in asked.items():
        for wrong, sentence in each.told.items():
            found.setdefault(sentence, [f"{name} = {show(wrong)}"]).append(show(wrong))
    return {
        sentence: " or ".join([first, *others[:2]]) + (" …" if others[2:] else "")
        for sentence, (first, _, *others) in found.items()
    }


@cache
def first_steps(exercise_id: str) -> list[str]:
    """The words of the steps of an exercise's solution; empty where it has none."""
    data = registry.find(exercise_id).solution
    return _STEP.findall(source_text(data.right)) if data else []


@cache
def steps(exercise_id: str) -> dict[str, str]:
    """The words of the steps of the solution, and of other roads to it, by their keys."""
    data = registry.find(exercise_id).solution
    texts = [source_text(way) for way in (data.right, *data.roads)] if data else []
    return {short_key(words): words for text in texts for words in _STEP.findall(text)}
