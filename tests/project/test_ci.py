"""The CI script calls the README's own test command, with every extra, and needs no luck."""

from __future__ import annotations

import re
import shutil
import sys

import pytest
from support import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCRIPT = ROOT / ".ci" / "run"


@pytest.fixture
def machine(course):
    """Make a machine whose `make`, `apt-get` and `id` only tell how they were called."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    (course.root / ".ci").mkdir()
    shutil.copy(SCRIPT, course.root / ".ci")
    course.link("bash", bash)
    for name in ("make", "apt-get"):
        course.program(name, f'echo "{name} $*; HOME=$HOME"')
    for name in ("git", "python3"):
        course.program(name, "exit 0")
    course.program("id", "echo 1000")
    return course


def test_it_asks_for_every_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = re.search(r"make test EXTRAS=(\S+)", SCRIPT.read_text(encoding="utf-8")).group(1)
    assert set(asked.split(",")) == set(project["project"]["optional-dependencies"])


def test_without_root_it_says_what_is_missing_and_tests_all_the_same(machine):
    done = machine.run("bash", ".ci/run")
    assert done.returncode == 0, done.stderr
    first, *made = done.stdout.splitlines()
    assert first.endswith("not root on a system with apt: graphviz chromium")
    assert [line.split()[1] for line in made] == ["lite;", "test"]


def test_as_root_it_installs_what_is_missing_and_no_more(machine):
    machine.program("id", "echo 0")
    machine.program("apt-get", 'echo "$*" >> "$0.calls"')
    machine.program("dot", "exit 0")
    done = machine.run("bash", ".ci/run")
    assert done.returncode == 0, done.stderr
    calls = (machine.bin / "apt-get.calls").read_text(encoding="utf-8").splitlines()
    assert calls[0].startswith("update")
    assert calls[1].endswith(" chromium")
    assert "graphviz" not in calls[1]


def test_what_apt_cannot_install_is_named_and_the_tests_run_all_the_same(machine):
    machine.program("id", "echo 0")
    machine.program("apt-get", "exit 100")
    first, *made = machine.run("bash", ".ci/run").stdout.splitlines()
    assert first == "apt could not install: graphviz chromium"
    assert [line.split()[1] for line in made] == ["lite;", "test"]


def test_with_everything_there_apt_is_left_alone(machine):
    machine.program("id", "echo 0")
    for name in ("dot", "chromium"):
        machine.program(name, "exit 0")
    done = machine.run("bash", ".ci/run")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["make", "make"]


def test_a_failing_test_run_fails_the_script(machine):
    machine.program("make", "exit 2")
    assert machine.run("bash", ".ci/run").returncode == 2


@pytest.mark.parametrize("home", [None, "", "/nowhere/at/all"])
def test_a_home_that_is_no_good_is_replaced(machine, home):
    machine.environment.pop("HOME")
    if home is not None:
        machine.environment["HOME"] = home
    used = machine.run("bash", ".ci/run").stdout.rpartition("HOME=")[2].strip()
    assert used.startswith("/")
    assert used != home
