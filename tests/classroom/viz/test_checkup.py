"""The environment check: a line for each requirement, OK or what to do."""

from __future__ import annotations

import subprocess
import sys

from support import ROOT

from classroom.viz.checkup import REQUIREMENTS, Requirement, check_environment


def test_where_the_tests_run_everything_is_there(capsys):
    check_environment()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"OK       {requirement.words}" for requirement in REQUIREMENTS]
    assert len(lines) == 7


def test_what_is_missing_is_named_with_what_to_do(capsys):
    def fails():
        raise ImportError("No module named 'pens'")

    wanted = [
        Requirement("paper", lambda: True, "buy some"),
        Requirement("ink", lambda: "", "make some"),
        Requirement("pens", fails, "cut some"),
    ]
    check_environment(wanted)
    assert capsys.readouterr().out.splitlines() == [
        "OK       paper",
        "MISSING  ink",
        "         -> make some",
        "MISSING  pens (ImportError: No module named 'pens')",
        "         -> cut some",
    ]


def test_no_renderer_is_told(monkeypatch, capsys):
    monkeypatch.setattr("classroom.viz.render.renderers", lambda: [])
    check_environment()
    out = capsys.readouterr().out
    assert "MISSING  graphs" in out and "pip install graphviz graphviz-pure" in out
    assert out.count("OK ") == 6


def test_a_missing_package_is_told(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    check_environment()
    out = capsys.readouterr().out
    assert "MISSING  sliders (ipywidgets)" in out and "make lab" in out


def test_it_answers_on_a_bare_python():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from classroom.viz.checkup import check_environment; check_environment()"
    )
    command = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == [f"OK       {requirement.words}" for requirement in REQUIREMENTS[:3]]
    assert sum(line.startswith("MISSING") for line in lines) == 4
