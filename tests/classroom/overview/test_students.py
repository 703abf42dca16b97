"""Reading what a class handed in: by folder, by file, by line; and what is none of these."""

import json
import time

import pytest

from classroom.exercises.kit.results import RIGHT
from classroom.exercises.kit.store import Progress
from classroom.overview.line import pack
from classroom.overview.students import read

OLD = '{"keep": true, "exercises": {"1.1": "right", "2.3": "wrong"}, "missed": ["2.3"]}'


def names(handed):
    return [student.name for student in handed.students]


def test_a_folder_of_files_and_of_folders(tmp_path):
    for place in (
        "ann.json",
        "Ben Lee_4711_file/my_progress.json",
        "deep/cho/my_progress (2).json",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(OLD)
    (tmp_path / ".progress-x.tmp").write_text("half a record")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "eve.json").write_text(OLD)
    (tmp_path / "notes.md").write_text("not for us")
    handed = read([str(tmp_path)])
    assert sorted(names(handed)) == ["Ben Lee", "ann", "cho 2"] and handed.complaints == []


def test_lines_in_a_file_in_a_folder_and_as_they_are(tmp_path):
    held = Progress.parse(OLD)
    (tmp_path / "forum.txt").write_text(f"team 1: {pack(held)}\nteam 2: {pack(held)}")
    handed = read([str(tmp_path), f"team 3: {pack(held)}", pack(held)])
    assert names(handed) == ["team 1", "team 2", "team 3", "line 4"]
    assert all(student.right == 1 for student in handed.students)


def test_what_cannot_be_read_is_said_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.json").write_text(OLD)
    (tmp_path / "b.json").write_text('{"a thesis": 1}')
    (tmp_path / "c.json").write_bytes(b"\xff\xfe")
    (tmp_path / "d.txt").write_text("I did everything!")
    (tmp_path / "e.txt").write_text(f"eve: {pack(Progress.parse(OLD))[:-2]}")
    with (tmp_path / "f.json").open("wb") as large:
        large.truncate(3_000_000)
    handed = read([str(tmp_path), str(tmp_path / "nobody.json")])
    assert names(handed) == ["a"]
    assert handed.complaints == [
        "b.json is no record of progress",
        "c.json is no record of progress",
        "d.txt holds no line of hand_in",
        "line 1 of e.txt (eve) was cut off or changed, or comes from another edition of the course",
        "f.json is no record of progress",
        f"there is no file or folder {str(tmp_path / 'nobody.json')[:80]}",
    ]


def test_of_two_records_of_one_student_the_longer_one_counts(tmp_path):
    late = json.loads(OLD)
    late["exercises"]["2.3"] = RIGHT
    late["tried"] = {"2.3": {"tries": 4}}
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    (tmp_path / "1" / "ann.json").write_text(json.dumps(late))
    (tmp_path / "2" / "ann.json").write_text(OLD)
    for order in (["1", "2"], ["2", "1"]):
        (ann,) = read([str(tmp_path / each) for each in order]).students
        assert ann.right == 2


def test_an_old_record_has_one_try_and_no_steps(tmp_path):
    (tmp_path / "ann.json").write_text(OLD)
    (ann,) = read([str(tmp_path)]).students
    assert (ann.tries("1.1"), ann.tries("2.3"), ann.tries("5.1")) == (1, 1, 0)
    assert (ann.steps("2.3"), ann.is_stuck, ann.right, ann.at) == ((0, 0), False, 1, "")


@pytest.mark.parametrize(("minutes", "stuck", "quiet"), [(1, True, False), (11, False, True)])
def test_live_whoever_was_not_heard_of_for_ten_minutes_is_quiet(tmp_path, minutes, stuck, quiet):
    import os

    held = Progress.parse(OLD)
    held.tried["2.3"] = {"tries": 3, "minutes": [1, 4]}
    (tmp_path / "ann.json").write_text(held.text())
    os.utime(tmp_path / "ann.json", (time.time() - 60 * minutes,) * 2)
    (ann,) = read([str(tmp_path)], live=True).students
    assert (ann.is_stuck, ann.is_quiet, ann.at) == (stuck, quiet, "2.3")
    (ann,) = read([str(tmp_path)]).students
    assert (ann.is_stuck, ann.is_quiet) == (True, False), "handed in: the day does not count"


def test_who_has_it_right_at_last_or_went_on_is_not_stuck(tmp_path):
    held = Progress.parse(OLD)
    held.tried = {"2.3": {"tries": 5, "minutes": [1, 4]}, "1.1": {"tries": 1, "minutes": [6, 6]}}
    (tmp_path / "ann.json").write_text(held.text())
    (ann,) = read([str(tmp_path)]).students
    assert (ann.at, ann.is_stuck) == ("1.1", False)
