"""The registry: ids, their order, and what a malformed exercise is told."""

import pytest

from classroom.exercises.kit import registry
from classroom.exercises.kit.registry import all_exercises, exercise, find


def test_every_exercise_of_the_course_is_well_formed():
    found = all_exercises()
    assert found, "there must be exercises"
    for each in found:
        assert each.id.startswith(f"{each.chapter}.")
        assert each.chapter in registry.CHAPTERS
        assert each.title == each.title.strip() != ""
        made = each.solution.right if each.solution else each.check
        assert each.asked or made.__module__ == f"classroom.exercises.ch{each.chapter:02d}"


MALFORMED = [
    ("2", {}, "not of the form"),
    ("two.1", {}, "not of the form"),
    ("2.1", {"difficulty": 4}, "difficulty 4"),
    ("2.1", {"minutes": 0}, "minutes 0"),
    ("2.1", {"kind": "guess"}, "'guess'"),
]


def put(*keys, **settings):
    for key in keys:
        exercise(key, "t", **{"difficulty": 1, "minutes": 1, **settings})(lambda answer: None)


@pytest.mark.parametrize(("key", "values", "message"), MALFORMED)
def test_a_malformed_exercise_is_refused(no_exercises, key, values, message):
    with pytest.raises(ValueError, match=message):
        put(key, **values)


def test_an_id_is_used_once(no_exercises):
    put("2.1")
    with pytest.raises(ValueError, match="already used"):
        put("2.1")


def test_exercises_come_in_order_of_number_and_an_unknown_one_names_its_chapters(no_exercises):
    put("10.1", "2.10", "2.9", "2.1")
    assert [each.id for each in all_exercises()] == ["2.1", "2.9", "2.10", "10.1"]
    with pytest.raises(KeyError) as error:
        find("2.7")
    assert '"2.1", "2.9", "2.10"' in error.value.args[0] and "10.1" not in error.value.args[0]


@pytest.mark.parametrize("key", ["", "x", 3, None, "2.", "../ch00", "00.1"])
def test_nonsense_ids_are_unknown(key):
    with pytest.raises(KeyError, match="there is no exercise"):
        find(key)
