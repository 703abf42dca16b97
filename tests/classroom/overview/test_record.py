"""The record's second format: what it says of tries, steps, causes and minutes, and what not."""

import json
import os
import time
from importlib.metadata import version

import pytest

from classroom.exercises import hint
from classroom.exercises.kit import hints, logbook, store
from classroom.exercises.kit.errors import short_key
from classroom.exercises.kit.results import RIGHT, WRONG, Result


@pytest.fixture
def path(monkeypatch, tmp_path):
    monkeypatch.setenv("MICROGPT_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def solve(key, status=RIGHT):
    logbook.record(Result(key, "title", status))


def held_of(path, key="1.1"):
    return json.loads(path.read_text())["tried"][key]


def test_the_causes_told_come_with_the_latest_last(path):
    for key in ("aaaaaa bbbbbb", "cccccc", "", "aaaaaa"):
        logbook.record(Result("1.1", "title", WRONG, key=key))
    assert held_of(path)["causes"] == ["bbbbbb", "cccccc", "aaaaaa"]


def test_the_step_that_is_missing_is_kept_until_the_answer_is_right(path):
    logbook.record(Result("1.1", "title", WRONG, done=1, steps=3, missing="their sum"))
    assert held_of(path)["missing"] == short_key("their sum")
    logbook.record(Result("1.1", "title", WRONG, done=1, steps=2, missing="the root"))
    assert held_of(path)["steps"] == [1, 2], "half of another road is more than a third of one"
    solve("1.1")
    assert held_of(path)["steps"] == [2, 2] and "missing" not in held_of(path)


def test_minutes_are_those_of_work_in_whichever_kernel(path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(logbook.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(logbook, "_last_check", 0.0)
    for minutes in (5, 3, 90, 2):  # the third is a break
        now[0] += 60 * minutes
        if path.exists():
            os.utime(path, (time.time() - 60 * minutes,) * 2)
        logbook.record(Result("1.1", "title", WRONG))
    held = json.loads(path.read_text())
    assert (held["minutes"], held["tried"]["1.1"]["minutes"]) == (10.0, [5.0, 10.0])
    os.utime(path, (time.time() - 60,) * 2)  # another kernel wrote a minute ago
    now[0] += 60 * 20
    solve("1.2")
    assert held_of(path, "1.2")["minutes"] == [11.0, 11.0]


def test_the_record_knows_the_course_and_neither_name_nor_day(path):
    solve("1.1", WRONG)
    held = json.loads(path.read_text())
    assert held["format"] == 2 and held["course"] == version("microgpt-course")
    assert set(held) == {
        *("keep", "exercises", "missed", "tried", "minutes", "share", "course", "format")
    }
    assert set(held["tried"]["1.1"]) == {"tries", "minutes"}


def test_a_line_of_the_solution_that_a_hint_showed_is_noted(path, monkeypatch, capsys):
    monkeypatch.setattr(hints, "line_of", lambda key, words: "the line")
    result = Result("1.1", "title", WRONG, done=1, steps=2, missing="their sum")
    logbook.record(result)
    hints.note(result)
    for _ in range(3):
        hint("1.1")
    assert held_of(path)["opened"] == 2


@pytest.mark.parametrize(
    "tried",
    [
        *({"tries": "3"}, {"steps": [1]}, {"steps": ["a", "b"]}, {"minutes": {}}, []),
        *({"causes": [1]}, {"causes": "abc"}, {"missing": 3}),
    ],
    ids=str,
)
def test_what_is_of_another_kind_is_no_record(tried):
    text = json.dumps({"keep": True, "exercises": {}, "tried": {"1.1": tried}})
    with pytest.raises(ValueError, match="no record of progress"):
        store.Progress.parse(text)
