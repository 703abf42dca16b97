import json
import os
import stat
import subprocess
import sys

import pytest

from classroom.exercises import forget_progress, keep_progress, progress
from classroom.exercises.kit import logbook
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result


@pytest.fixture(autouse=True)
def three_exercises(no_exercises):
    for key in ("1.1", "1.2", "10.1"):
        exercise(key, "title", difficulty=1, minutes=5)(lambda answer: None)


@pytest.fixture
def path(monkeypatch, tmp_path):
    monkeypatch.delenv("MICROGPT_PROGRESS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "microgpt-course" / "progress.json"


def solve(key, status=RIGHT):
    logbook.record(Result(key, "title", status))


def new_session():
    logbook._session.clear()
    logbook._told.clear()


def test_the_table(path, capsys):
    solve("1.2")
    solve("10.1", WRONG)
    progress()
    assert capsys.readouterr().out == (
        "chapter               solved  open\n"
        " 1 Value                 1/2  1.1\n"
        "10 The whole machine     0/1  10.1\n"
        "together                 1/3\n"
    )


def test_it_is_kept_from_one_session_to_the_next(path):
    solve("1.1")
    new_session()
    solve("1.2", WRONG)
    new_session()
    assert logbook.statuses() == {"1.1": RIGHT, "1.2": WRONG}
    solve("1.1", WRONG)
    new_session()
    assert logbook.statuses()["1.1"] == RIGHT, "once right stays right"


def test_an_attempt_not_made_is_not_kept(path):
    solve("1.1", OPEN)
    assert logbook.statuses() == {} and not path.exists()


def test_nothing_is_left_beside_the_file(path):
    solve("1.1")
    solve("1.2")
    assert [each.name for each in path.parent.iterdir()] == ["progress.json"]


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_the_variable_turns_the_file_off(path, monkeypatch, capsys, word):
    monkeypatch.setenv("MICROGPT_PROGRESS", word)
    solve("1.1")
    keep_progress(True)
    forget_progress()
    solve("1.2")
    assert not path.parent.exists()
    assert logbook.statuses() == {"1.2": RIGHT}, "remembered until the session ends"


def test_an_old_file_is_not_read_when_off(path, monkeypatch):
    solve("1.1")
    new_session()
    monkeypatch.setenv("MICROGPT_PROGRESS", "off")
    assert logbook.statuses() == {}


def test_the_function_turns_the_file_off_for_good_and_on_again(path, capsys):
    solve("1.1")
    keep_progress(False)
    solve("1.2")
    new_session()
    assert logbook.statuses() == {}
    assert json.loads(path.read_text())["exercises"] == {}
    keep_progress(True)
    solve("1.2")
    new_session()
    assert logbook.statuses() == {"1.2": RIGHT}


def test_forgetting_erases_everything(path, capsys):
    solve("1.1")
    forget_progress()
    assert logbook.statuses() == {}
    new_session()
    assert logbook.statuses() == {}


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"keep": true}',
    b'{"keep": true, "exercises": []}',
    b'{"keep": true, "exercises": {"1.1": 3}}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_set_aside_and_told_of(path, capsys, content):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    progress()
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith(
        "The file with your progress is damaged; it was set aside"
    )
    assert (path.parent / "progress.damaged-1.json").read_bytes() == content
    solve("1.1")
    new_session()
    assert logbook.statuses() == {"1.1": RIGHT}


def test_a_second_damaged_file_does_not_replace_the_first(path, capsys):
    path.parent.mkdir(parents=True)
    for content in ("first", "second"):
        path.write_text(content)
        logbook.statuses()
    aside = sorted(each.read_text() for each in path.parent.glob("*.damaged-*"))
    assert aside == ["first", "second"]


@pytest.mark.skipif(os.name != "posix", reason="a file where a folder should be")
def test_a_place_that_cannot_be_written_is_told_once(path, capsys, tmp_path):
    (tmp_path / "data").write_text("not a folder")
    solve("1.1")
    solve("1.2")
    out = capsys.readouterr().out
    assert out.count("cannot be kept") == 1
    assert logbook.statuses() == {"1.1": RIGHT, "1.2": RIGHT}


def test_only_the_user_can_read_the_file(path):
    solve("1.1")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize(
    ("platform", "folder"),
    [
        ("linux", ".local/share"),
        ("darwin", "Library/Application Support"),
        ("win32", "AppData/Local"),
    ],
)
def test_the_folder_follows_the_system(monkeypatch, tmp_path, platform, folder):
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    assert logbook.progress_path() == tmp_path / folder / "microgpt-course" / "progress.json"


def test_two_kernels_do_not_erase_each_others_progress(path):
    solve("1.1")
    code = (
        "from classroom.exercises.kit import logbook\n"
        "from classroom.exercises.kit.results import Result\n"
        "logbook.record(Result('1.2', 't', 'right'))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    solve("10.1")
    new_session()
    assert logbook.statuses() == dict.fromkeys(["1.1", "1.2", "10.1"], RIGHT)
