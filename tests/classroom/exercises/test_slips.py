"""Every misconception of every chapter, from the exercises' own tables: refused, as itself."""

from copy import deepcopy

import pytest

from classroom.exercises import evaluate
from classroom.exercises.kit.causes import Attempt, outcome
from classroom.exercises.kit.registry import all_exercises
from classroom.exercises.kit.solutions import variant

REST = {each.id: [a.value for a in (each.asked or {}).values()] for each in all_exercises()}
DATA = [each.solution for each in all_exercises() if each.solution]
ROWS = [(data, edit) for data in DATA for edit in data.slips]
VALUES = [(each, each.asked) for each in all_exercises() if each.asked]


@pytest.mark.parametrize("data", DATA, ids=lambda data: data.id)
def test_every_road_is_right(data):
    for road in (data.right, *data.roads):
        assert str(evaluate(data.id, variant(road), *REST[data.id])).startswith(f"✓ {data.id}")


@pytest.mark.parametrize(("data", "edit"), ROWS, ids=[f"{d.id} {e[:40]!r}" for d, e in ROWS])
def test_each_slip_is_told_as_itself(data, edit):
    result = evaluate(data.id, data.slip(edit), *REST[data.id])
    assert (result.status, result.cause) == ("wrong", data.slips[edit]), same_as(data, edit)


def same_as(data, edit):
    """Name the slips that give in every case what this one gives."""
    attempts = [
        Attempt(case, outcome(data.tried(data.slip(edit)), deepcopy(case)), None, data.tolerance)
        for case in data.cases
    ]
    pairs = zip(data.slips, data.causes)
    same = [other for other, cause in pairs if other != edit and all(map(cause.fits, attempts))]
    return f"does in all cases the same as {same}" if same else "is not told as itself"


@pytest.mark.parametrize(("found", "asked"), VALUES, ids=[found.id for found, _ in VALUES])
def test_each_wrong_value_is_told_as_itself(found, asked):
    first = [variant(found.solution.right)] if found.solution else []
    right = REST[found.id]
    assert evaluate(found.id, *first, *right).status == "right"
    for place, each in enumerate(asked.values()):
        for value, text in each.told.items():
            given = [*right[:place], value, *right[place + 1 :]]
            result = evaluate(found.id, *first, *given)
            assert (result.status, result.cause) == ("wrong", text), value
