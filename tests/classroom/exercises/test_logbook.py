"""Progress as it is kept: from session to session, by several kernels, in whatever place."""

import json
import os
import stat
import subprocess
import sys

import pytest
from own_record import new_session, solve

from classroom.exercises import forget_progress, keep_progress, progress
from classroom.exercises.kit import logbook, store
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result


@pytest.fixture(autouse=True)
def three_exercises(no_exercises):
    for key in ("1.1", "1.2", "10.1"):
        exercise(key, "title", difficulty=1, minutes=5)(lambda answer: None)


def put(path, content):
    """Write a record as an earlier session left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def held(path):
    return json.loads(path.read_text())


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
    solve("1.1", OPEN)
    assert logbook.known().exercises == {} and not path.exists(), "no attempt was made"
    solve("1.1")
    new_session()
    solve("1.2", WRONG)
    new_session()
    assert logbook.known().exercises == {"1.1": RIGHT, "1.2": WRONG}
    solve("1.1", WRONG)
    new_session()
    assert logbook.known().exercises["1.1"] == RIGHT, "once right stays right"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, "only the user can read it"


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_the_variable_turns_the_file_off(path, monkeypatch, capsys, word):
    put(path, '{"keep": true, "exercises": {"2.1": "right"}}')
    monkeypatch.setenv("MICROGPT_PROGRESS", word)
    solve("1.1")
    keep_progress(True)
    forget_progress()
    solve("1.2")
    solve("10.1", WRONG)
    assert logbook.known().exercises == {"1.2": RIGHT, "10.1": WRONG}, "till the session ends"
    assert logbook.known().missed == ["10.1"] and held(path)["exercises"] == {"2.1": RIGHT}


def test_the_function_turns_the_file_off_for_good_and_on_again(path, capsys):
    solve("1.1")
    keep_progress(False)
    solve("1.2")
    new_session()
    assert logbook.known().exercises == {}
    assert held(path)["exercises"] == {}
    keep_progress(True)
    solve("1.2")
    new_session()
    assert logbook.known().exercises == {"1.2": RIGHT}


DAMAGED = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"keep": true}']
DAMAGED += [b'{"keep": true, "exercises": []}', b'{"keep": true, "exercises": {"1.1": 3}}']
DAMAGED += [b'{"format": 3, "keep": true, "exercises": []}']


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_set_aside_and_told_of(path, capsys, content):
    put(path, content)
    progress()
    newer = b"format" in content
    what = "was written by a newer version of the course" if newer else "is damaged"
    assert f"The file with your progress {what}; it was set aside" in capsys.readouterr().out
    assert next(path.parent.glob("progress.*-1.json")).read_bytes() == content
    solve("1.1")
    new_session()
    assert logbook.known().exercises == {"1.1": RIGHT}


def test_a_second_damaged_file_does_not_replace_the_first(path, capsys):
    for content in ("first", "second"):
        put(path, content)
        logbook.known()
    assert sorted(p.read_text() for p in path.parent.glob("*.damaged-*")) == ["first", "second"]


@pytest.mark.skipif(os.name != "posix", reason="a file where a folder should be")
def test_a_place_that_cannot_be_written_is_told_once(path, capsys, tmp_path):
    (tmp_path / "data").write_text("not a folder")
    solve("1.1")
    solve("1.2")
    assert capsys.readouterr().out.count("cannot be kept") == 1
    assert logbook.known().exercises == {"1.1": RIGHT, "1.2": RIGHT}


FOLDERS = {
    "linux": ".local/share",
    "darwin": "Library/Application Support",
    "win32": "AppData/Local",
}


@pytest.mark.parametrize(("platform", "folder"), FOLDERS.items())
def test_the_folder_follows_the_system(monkeypatch, tmp_path, platform, folder):
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    assert store.progress_path() == tmp_path / folder / "microgpt-course" / "progress.json"


KERNEL = """
from classroom.exercises.kit import logbook
from classroom.exercises.kit.results import Result
for n in range(40): logbook.record(Result(f'KERNEL.{n}', 't', 'wrong'))
"""


def test_three_kernels_that_record_at_the_same_time_lose_nothing(path):
    pytest.importorskip("filelock")
    codes = [KERNEL.replace("KERNEL", str(n)) for n in range(3)]
    kernels = [subprocess.Popen([sys.executable, "-c", c], stdout=subprocess.PIPE) for c in codes]
    assert [kernel.communicate(timeout=120) for kernel in kernels] == [(b"", None)] * 3
    wanted = {f"{kernel}.{n}" for kernel in range(3) for n in range(40)}
    assert logbook.known().exercises.keys() == wanted
    assert set(logbook.known().missed) == wanted
    assert {each.name for each in path.parent.iterdir()} == {"progress.json", ".progress.lock"}


def refuse(*arguments, **settings):
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize("lock", ["not installed", "not on this drive", "held for ever"])
def test_where_no_lock_is_to_be_had_progress_is_kept_all_the_same(path, monkeypatch, lock):
    filelock = pytest.importorskip("filelock")
    solve("1.2")
    held = filelock.FileLock(path.with_name(".progress.lock"))
    if lock == "not installed":
        monkeypatch.setitem(sys.modules, "filelock", None)
    elif lock == "held for ever":
        monkeypatch.setattr(store, "PATIENCE", 0.01)
        held.acquire()
    else:
        monkeypatch.setattr(filelock, "FileLock", refuse)
    solve("1.1")
    held.release()
    new_session()
    assert logbook.known().exercises == {"1.1": RIGHT, "1.2": RIGHT}


@pytest.mark.skipif(os.name != "posix", reason="links and permissions as POSIX has them")
def test_a_link_stays_a_link(path, tmp_path):
    put(tmp_path / "elsewhere.json", '{"keep": true, "exercises": {"1.2": "right"}}')
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere.json")
    solve("1.1")
    assert path.is_symlink()
    assert held(tmp_path / "elsewhere.json")["exercises"] == {"1.1": RIGHT, "1.2": RIGHT}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a FIFO")
def test_what_is_no_file_is_neither_waited_for_nor_replaced(path, capsys):
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    solve("1.1")
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert "no ordinary file" in capsys.readouterr().out


def test_a_write_that_fails_leaves_nothing_behind(path, monkeypatch, capsys):
    solve("1.1")
    monkeypatch.setattr(store.os, "replace", refuse)
    solve("1.2")
    assert "cannot be kept (Operation not supported)" in capsys.readouterr().out
    assert {each.name for each in path.parent.iterdir()} <= {"progress.json", ".progress.lock"}


def test_what_was_missed_comes_latest_first_and_stays_when_it_is_right_at_last(path):
    for key in ("1.1", "10.1", "1.2", "1.1"):
        solve(key, WRONG)
    solve("1.1")
    assert logbook.known().missed == ["1.1", "1.2", "10.1"]
    new_session()
    assert logbook.known().missed == ["1.1", "1.2", "10.1"]
    forget_progress()
    assert logbook.known().missed == []


def test_tries_and_steps_are_kept_and_shown(path, capsys):
    for done, steps, key in [(2, 4, "ab12cd"), (1, 4, ""), (3, 4, "ab12cd")]:
        logbook.record(Result("1.1", "title", WRONG, done=done, steps=steps, key=key))
    progress()
    assert "1.1 (3 of 4 steps, 3 tries) 1.2" in capsys.readouterr().out
    new_session()
    tried = held(path)["tried"]["1.1"]
    assert (tried["tries"], tried["steps"], tried["causes"]) == (3, [3, 4], ["ab12cd"])
    solve("1.1")
    solve("1.1", WRONG)
    assert held(path)["tried"]["1.1"]["tries"] == 4, "what comes after counts not"


def test_a_file_of_the_first_edition_is_read_and_what_a_later_one_keeps_is_handed_on(path):
    put(path, '{"keep": true, "exercises": {"1.1": "right"}, "of_tomorrow": [1, 2]}')
    assert (logbook.known().exercises, logbook.known().missed) == ({"1.1": RIGHT}, [])
    solve("1.2")
    assert held(path)["of_tomorrow"] == [1, 2]


def test_the_variable_may_name_a_file(path, monkeypatch, tmp_path):
    monkeypatch.setenv("MICROGPT_PROGRESS", str(tmp_path / "ann.json"))
    solve("1.1")
    assert not path.exists()
    assert held(tmp_path / "ann.json")["exercises"] == {"1.1": RIGHT}


def test_a_word_that_the_variable_cannot_mean_is_told_once(path, monkeypatch, capsys):
    monkeypatch.setenv("MICROGPT_PROGRESS", "maybe")
    solve("1.1")
    solve("1.2")
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "'maybe'" in said and "off, on, or a file" in said
    assert not path.exists()
