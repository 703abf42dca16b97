"""The environment check: a line for each requirement, OK or what to do."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from support import ROOT

from classroom.viz.checkup import REQUIREMENTS, Requirement, check_environment, is_vs_code


@pytest.fixture(autouse=True)
def not_vs_code(monkeypatch):
    monkeypatch.setenv("TERM_PROGRAM", "a terminal")


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
    monkeypatch.setattr("classroom.viz.kit.render.renderers", lambda: [])
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


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("8.1.9", "CAUTION  VS Code is reported"),
        ("8.1.8", "OK       VS Code with ipywidgets 8.1.8"),
    ],
)
def test_in_vs_code_the_sliders_that_do_not_show_are_told(monkeypatch, capsys, version, said):
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    monkeypatch.setenv("VSCODE_PID", "1")
    monkeypatch.setattr("ipywidgets.__version__", version)
    check_environment()
    lines = capsys.readouterr().out.splitlines()
    assert lines[len(REQUIREMENTS)].startswith(said)
    assert ("ipywidgets==8.1.8" in lines[-1]) == (version == "8.1.9")


def test_a_jupyter_in_vs_codes_terminal_is_not_vs_code(monkeypatch):
    monkeypatch.setenv("VSCODE_PID", "1")
    monkeypatch.setenv("TERM_PROGRAM", "vscode")
    assert not is_vs_code()


def test_vs_code_is_known_by_what_it_puts_into_the_kernel(monkeypatch):
    import IPython

    shell = SimpleNamespace(user_ns={"__vsc_ipynb_file__": "a.ipynb"})
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    assert is_vs_code()


def test_in_a_browser_the_plots_are_found_without_loading_them(monkeypatch, capsys):
    monkeypatch.setattr("classroom.viz.checkup.in_browser", lambda: True)
    monkeypatch.setattr("classroom.viz.checkup.figure", None)
    check_environment()
    assert "OK       plots" in capsys.readouterr().out
    monkeypatch.setattr("classroom.viz.checkup.find_spec", lambda name: None)
    check_environment()
    assert "MISSING  plots" in capsys.readouterr().out
