"""The CI script: a newcomer first, then every command, then what needs the extras."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from support import ROOT, WITHOUT_PLUGINS, tomllib

SCRIPT = ROOT / ".ci" / "run"
PROGRAMS = (
    *("bash", "cat", "chmod", "cksum", "cp", "find", "grep", "head", "ln", "ls", "mkdir"),
    *("mktemp", "sleep", "sort", "tail", "timeout", "touch"),
)
# A clone is a folder whose Python tells how it is called.
GIT = """
case $1 in clone)
    mkdir -p "$4/.venv/bin" && cp -r "$3/tools" "$4"
    echo 'echo "python $*"' >"$4/.venv/bin/python" && chmod +x "$4/.venv/bin/python" ;;
esac"""
MAKE = """
echo "make $*; home $(ls -A "$HOME" | head -1); dot $(command -v dot || echo none)"
case "$*" in
    -C*lab) exit 1 ;;
    lab*) echo "http://127.0.0.1:1/lab/tree/notebooks/00_start_here.ipynb" ;;
esac"""
UV = (
    MAKE.replace("make $*", "uv $*")
    .replace("lab*)", "run*)")
    .replace("/tree/notebooks/", "?token=")
)


@pytest.fixture
def machine(course):
    """Make a machine whose `make`, `git`, `apt-get` and `id` only tell how they were called."""
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    shutil.copytree(ROOT / ".ci", course.root / ".ci", dirs_exist_ok=True)
    for name in PROGRAMS:
        course.link(name, shutil.which(name))
    course.program("make", MAKE)
    course.program("uv", UV)
    course.program("git", GIT)
    course.program("apt-get", 'echo "apt-get $*"')
    course.program("python3", "echo 3.11.7")
    course.program("id", "echo 1000")
    return course


def run(machine) -> subprocess.CompletedProcess[str]:
    return machine.run("bash", ".ci/run")


def equip(machine) -> None:
    """Give the machine Graphviz and a browser."""
    for name in ("dot", "chromium"):
        machine.program(name, "exit 0")


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_first_a_newcomer_then_all_commands_and_last_a_run_of_the_tests(machine):
    equip(machine)
    said = lines(run(machine))
    called = [line.split(";")[0].split(" ")[1] for line in said if line.startswith("make ")]
    assert said[2] == "make test; home ; dot none"
    assert called[0] == "test"
    assert said[-1].startswith("python -m pytest")
    others = [line.split("tools.processors")[1] for line in said if "tools.processors" in line]
    assert others == [" Prescott", " --noise --short"]


def test_every_command_of_the_makefile_is_run():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE).group(1).split())
    script = SCRIPT.read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:command_of_make|make(?: -C \S+)?|opens make) (\w+)", script, re.M))
    assert targets - named == {"help"}


def test_the_last_run_has_every_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = re.search(r"tools.setup_env (\S+)", SCRIPT.read_text(encoding="utf-8")).group(1)
    extras = set(project["project"]["optional-dependencies"])
    # Both graders run for minutes: `make test EXTRAS=lab,test,grade` before one of them changes.
    assert set(asked.split(",")) == extras - {"grade"}


def test_without_root_it_says_what_is_missing_and_tests_all_the_same(machine):
    said = lines(run(machine))
    assert said[0].endswith("not root on a system with apt: graphviz chromium")
    assert said[-1].startswith("python -m pytest")


def test_as_root_it_installs_what_is_missing_and_no_more(machine):
    machine.program("id", "echo 0")
    machine.program("apt-get", 'echo "$*" >> "$0.calls"')
    machine.program("dot", "exit 0")
    assert run(machine).returncode == 0
    calls = (machine.bin / "apt-get.calls").read_text(encoding="utf-8").splitlines()
    assert calls[0].startswith("update")
    assert calls[1].endswith(" chromium")
    assert "graphviz" not in calls[1]


def test_what_apt_cannot_install_is_named_and_the_tests_run_all_the_same(machine):
    machine.program("id", "echo 0")
    machine.program("apt-get", "exit 100")
    said = lines(run(machine))
    assert said[0] == "apt could not install: graphviz chromium"
    assert said[-1].startswith("python -m pytest")


@pytest.mark.parametrize(
    ("program", "text", "named"),
    [
        ("make", "[ $1 != test ] || exit 2", None),
        ("make", "[ $1 != book ] || exit 2", "error: make book failed"),
        (
            "git",
            GIT + '\n[ "$1" != status ] || echo " M notebooks/01"',
            "make test changed the tree",
        ),
        ("make", MAKE.replace("exit 1", "exit 0"), "error: make lab set up a linked .venv"),
        ("make", MAKE.replace("00_start_here", "99"), "error: make lab"),
        ("uv", UV.replace("/lab", "/"), "error: uv run"),
        ("git", GIT.replace('"python $*"', '"$*"; [ "$1" != -m ]'), None),
    ],
)
def test_whatever_fails_fails_the_script(machine, program, text, named):
    equip(machine)
    machine.program(program, text)
    done = run(machine)
    assert done.returncode != 0
    assert named is None or named in done.stdout


def passed_then(tmp_path, tests: str, *more: str) -> str:
    """Run some tests twice with the plugin of the CI; return what the second run says."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "test_a.py").write_text(tests, encoding="utf-8")
    (tmp_path / "course" / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environment = {
        **WITHOUT_PLUGINS,
        "PYTHONPATH": str(ROOT / ".ci"),
        "PYTEST_ADDOPTS": "-p xdist -p not_again",
        "NOT_AGAIN": str(tmp_path / "passed"),
        "NOT_AGAIN_IN": str(tmp_path / "course"),
        "THERE": "",
    }
    for there in ("", "yes"):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *more],
            cwd=tmp_path / "course",
            env=environment | {"THERE": there},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()[-1]


TESTS = """
import os, pytest

@pytest.mark.parametrize("n", range(3))
def test_of_the_newcomer(n):
    pass

def test_with_an_extra():
    if not os.environ["THERE"]:
        pytest.skip("not installed")
"""


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["one process", "two"])
def test_what_passed_is_not_run_again_and_what_was_skipped_is(tmp_path, more):
    last = passed_then(tmp_path, TESTS, *more)
    assert "1 passed" in last and "skipped" not in last
