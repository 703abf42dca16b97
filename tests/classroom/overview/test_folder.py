"""The folder of a class: what is written there, when, and that a student can refuse."""

import json
import os
import stat

import pytest

from classroom.exercises import forget_progress, keep_progress, share_progress
from classroom.exercises.kit import logbook, sharing, store
from classroom.exercises.kit.results import RIGHT, WRONG, Result


@pytest.fixture
def folder(monkeypatch, tmp_path):
    (tmp_path / "class").mkdir()
    monkeypatch.setenv("MICROGPT_PROGRESS", str(tmp_path / "home" / "progress.json"))
    monkeypatch.setenv("MICROGPT_CLASS", str(tmp_path / "class"))
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    return tmp_path / "class"


def solve(key, status=RIGHT):
    logbook.record(Result(key, "title", status))


def copy_of(folder):
    return json.loads((folder / "ann.json").read_text())["exercises"]


def test_the_student_is_told_before_anything_is_written_and_once(folder, capsys):
    solve("1.1")
    said = capsys.readouterr().out
    assert "from the next check on" in said and "share_progress(False)" in said
    assert str(folder / "ann.json") in said and list(folder.iterdir()) == []
    solve("1.2", WRONG)
    store.tell.cache_clear()
    solve("1.3")
    assert capsys.readouterr().out == ""
    assert copy_of(folder) == {"1.1": RIGHT, "1.2": WRONG, "1.3": RIGHT}
    assert {path.name for path in folder.iterdir()} == {"ann.json"}


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_owner_and_group_can_read_the_copy_and_nobody_else(folder):
    solve("1.1")
    solve("1.2")
    assert stat.S_IMODE((folder / "ann.json").stat().st_mode) == 0o640


def test_a_student_who_refuses_has_no_copy_and_keeps_the_record(folder, capsys):
    solve("1.1")
    share_progress(False)
    solve("1.2")
    assert list(folder.iterdir()) == []
    share_progress()
    assert copy_of(folder) == {"1.1": RIGHT, "1.2": RIGHT}
    share_progress(False)
    assert list(folder.iterdir()) == []
    assert logbook.known().exercises == {"1.1": RIGHT, "1.2": RIGHT}
    said = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split(" of your")[0] for line in said] == [
        "Your class has no copy", "Your class gets a copy", "Your class has no copy",
    ]  # fmt: skip


def test_what_is_forgotten_is_forgotten_in_the_folder_too(folder):
    solve("1.1")
    solve("1.2")
    forget_progress()
    assert copy_of(folder) == {}
    solve("1.1")
    keep_progress(False)
    assert list(folder.iterdir()) == []


def test_who_keeps_nothing_shares_nothing(folder, monkeypatch, capsys):
    monkeypatch.setenv("MICROGPT_PROGRESS", "off")
    solve("1.1")
    solve("1.2")
    assert list(folder.iterdir()) == [] and capsys.readouterr().out == ""
    share_progress()
    assert list(folder.iterdir()) == [] and not store.progress_path().exists()
    assert "nothing of your progress leaves" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_told_once_and_the_record_is_kept(folder, capsys):
    solve("1.1")
    folder.rmdir()
    capsys.readouterr()
    solve("1.2")
    solve("1.3")
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "The class folder cannot be written" in said
    assert len(logbook.known().exercises) == 3


def test_without_a_folder_nothing_leaves_the_computer(folder, monkeypatch, capsys):
    monkeypatch.delenv("MICROGPT_CLASS")
    share_progress()
    assert "nothing of your progress leaves this computer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("user", "file"), [("ann@uni.edu", "ann@uni-edu"), ("../bob", "bob"), ("", None)]
)
def test_a_user_of_the_hub_gives_the_file_its_name(folder, monkeypatch, user, file):
    monkeypatch.setenv("JUPYTERHUB_USER", user)
    monkeypatch.setattr(sharing.getpass, "getuser", lambda: "tom")
    assert sharing._path() == folder / f"{file or 'tom'}.json"
