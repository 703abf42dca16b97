"""The parts of setting up, called one by one: words, stamps, locks, what Windows does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest
from support import ROOT


@pytest.mark.parametrize(
    "text", ["", "[]", '{"extras": 3}', '{"extras": [1, "a"]}', '{"extras": []}']
)
def test_a_stamp_that_says_nothing_is_none(text, monkeypatch, tmp_path):
    from tools import setup_env

    (tmp_path / "stamp").write_text(text, encoding="utf-8")
    monkeypatch.setattr(setup_env, "STAMP", tmp_path / "stamp")
    assert setup_env.read_stamp() == {}


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("WARNING: SSLError(CERTIFICATE_VERIFY_FAILED) Could not fetch URL", "PIP_CERT="),
        ("  cause: error sending request for url\n cause: invalid peer certificate", "PIP_CERT="),
        ("error: Failed to fetch\n  cause: error sending request for url", "no connection"),
        ("x\n  ERROR: No matching distribution for hatchling\n", "No matching distribution for"),
        ("  × No solution found\n", "No solution found"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("", "see the log"),
    ],
)
def test_the_installers_words_become_one_line(log, words):
    from tools.environment import explain

    assert words in explain(log) and "\n" not in explain(log)


def test_a_folder_that_may_not_be_written_is_told_with_what_to_do(course, monkeypatch, capsys):
    from tools import setup_env

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(setup_env, "look", lambda extras: None)
    advice = "the folder of the course may not be written by you: copy the course to a folder of"
    monkeypatch.setattr(setup_env, "is_ready", lambda extras: False)
    assert setup_env.set_up({"lab"}, writes=False) == 1
    assert capsys.readouterr().err.startswith(f"error: {advice}")
    monkeypatch.setattr(setup_env, "is_ready", lambda extras: True)
    assert setup_env.set_up({"lab", "test"}) == 1
    assert capsys.readouterr().err.startswith(f"error: {advice}")
    assert setup_env.set_up({"lab"}, writes=False) == 0  # an installed course opens all the same
    assert capsys.readouterr().err.startswith(f"note: {advice}")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 9, 18)])
def test_an_old_python_is_told_so_by_every_program(version, monkeypatch):
    source = (ROOT / "tools" / "__init__.py").read_text(encoding="utf-8")
    assert not re.search(r"\bf\"|->|: [a-z]+ =|from __future__", source)  # none that old can read
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=rf"needs Python 3.10 or newer, and this is {version[0]}"):
        exec(source, {})


def test_on_windows_the_environments_python_is_elsewhere():
    from tools.environment import venv_python

    assert venv_python(Path("a"), windows=True) == Path("a/Scripts/python.exe")
    assert venv_python(Path("a"), windows=False) == Path("a/bin/python")


def test_on_windows_another_way_of_locking(monkeypatch, tmp_path):
    from tools import keeping

    def held(*_: object) -> None:
        raise PermissionError(13, "held")

    windows = types.SimpleNamespace(LK_NBLCK=2, locking=held)
    monkeypatch.setitem(sys.modules, "msvcrt", windows)
    with open(tmp_path / "lock", "w", encoding="utf-8") as file:
        assert not keeping.lock(file, windows=True)
        windows.locking = lambda *_: None
        assert keeping.lock(file, windows=True)


def test_where_a_program_cannot_become_another_it_waits_for_it_whatever_ctrl_c():
    inner = "import os, signal, sys, time; os.kill(os.getppid(), signal.SIGINT); time.sleep(0.1);"
    code = "import signal, sys; from tools.start_lab import hand_over; "
    code += "signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += f"sys.exit(hand_over([sys.executable, '-c', {inner + ' sys.exit(5)'!r}], False))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (5, b"")
