"""Handing in by file and by line; `test_folder.py` has the folder."""

import json

import pytest
from own_record import new_session, solve

from classroom import export_progress, hand_in, import_progress
from classroom.exercises.kit import logbook
from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.overview.line import lines

DAMAGED = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"keep": true}']
DAMAGED += [b'{"keep": true, "exercises": []}', b'{"keep": true, "exercises": {"1.1": 3}}']


def test_progress_travels_in_a_file(path, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    solve("1.1")
    solve("1.2", WRONG)
    export_progress()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another computer"))
    new_session()
    solve("1.1", WRONG)
    solve("10.1")
    import_progress()
    expected = {"1.1": RIGHT, "1.2": WRONG, "10.1": RIGHT}
    assert (logbook.known().exercises, logbook.known().missed) == (expected, ["1.2", "1.1"])
    new_session()
    assert (logbook.known().exercises, logbook.known().missed) == (expected, ["1.2", "1.1"])
    assert capsys.readouterr().out == (
        "Your progress is in my_progress.json (1 solved): import_progress brings it back\n"
        "Your progress from my_progress.json is added (1 solved there)\n"
    )


def test_exporting_replaces_an_older_export_and_nothing_else(path, tmp_path, capsys):
    (tmp_path / "names.txt").write_text("emma\n")
    solve("1.1")
    for name in ("mine.json", "mine.json", "names.txt", "", "no/where.json"):
        export_progress(tmp_path / name)
    said = capsys.readouterr().out.splitlines()
    assert ["1 solved" in line for line in said] == [True, True, False, False, False]
    assert "is no record of progress: give another name" in said[2]
    assert (tmp_path / "names.txt").read_text() == "emma\n"


@pytest.mark.parametrize("content", [None, *DAMAGED], ids=str)
def test_what_is_no_record_is_not_imported(path, tmp_path, capsys, content):
    if content is not None:
        (tmp_path / "mine.json").write_bytes(content)
    solve("1.1")
    import_progress(tmp_path / "mine.json")
    (said,) = capsys.readouterr().out.splitlines()
    assert "cannot be read" in said or "is no record of progress" in said
    assert logbook.known().exercises == {"1.1": RIGHT}


def test_one_line_says_what_the_record_says(path, capsys):
    solve("1.1")
    solve("2.3", WRONG)
    hand_in("team 7")
    line, said = capsys.readouterr().out.splitlines()
    assert line.startswith("team 7: mg2") and len(line) < 40
    assert said == "  This line says: 1 of 2 exercises that you tried are right."
    ((label, held),) = lines(line)
    assert label == "team 7"
    assert held.exercises == {"1.1": RIGHT, "2.3": WRONG}


def test_a_line_needs_no_label(path, capsys):
    hand_in()
    ((label, held),) = lines(capsys.readouterr().out)
    assert (label, held.exercises) == ("", {})


def test_a_line_is_handed_in_where_nothing_is_kept(capsys):
    solve("2.1")
    hand_in("ann")
    ((_, held),) = lines(capsys.readouterr().out)
    assert held.exercises == {"2.1": RIGHT}


def test_no_code_and_no_name_is_in_what_is_handed_in(person, tmp_path, capsys):
    ann = person("secretive")
    ann.sits_down()
    ann.works([("3.3", -2), ("2.1", 1)])
    export_progress(tmp_path / "mine.json")
    hand_in()
    text = (tmp_path / "mine.json").read_text() + capsys.readouterr().out.splitlines()[-2]
    assert "secretive" not in text and "def " not in text and str(tmp_path) not in text
    assert not {"name", "user", "time", "date"} & set(
        json.loads((tmp_path / "mine.json").read_text())
    )
