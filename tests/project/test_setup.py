"""Setting up: a fresh .venv, a quick second time, and one clear line for whatever goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def one_error(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line in which a command says why it failed."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("error: ")
    return lines[0]


def real_python(course, name: str = "python3") -> None:
    """Put this Python on the stand-in's PATH (as a script: a link would lose its libraries)."""
    course.program(name, f'exec "{sys.executable}" "$@"')


def old_python(course, name: str, version: str = "3.8.10") -> None:
    """Put a Python on the PATH that answers every question with an old version."""
    course.program(name, f"echo {version}; exit 1")


# Which Python


def test_no_python(course):
    message = one_error(course.make("lab"))
    assert "no Python found" in message
    assert "3.10 or newer" in message
    assert not course.venv.exists()


def test_too_old_python(course):
    old_python(course, "python3")
    message = one_error(course.make("test"))
    assert "python3 is 3.8.10" in message
    assert "PYTHON=" in message
    assert not course.venv.exists()


def test_a_newer_python_beside_an_old_one_is_found(course):
    old_python(course, "python3")
    old_python(course, "python3.13", "2.7.18")
    real_python(course, "python3.11")
    done = course.run("sh", "tools/find_python.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(course.bin / "python3.11")


def test_a_name_that_leads_nowhere_is_passed_over(course):
    course.program("python3", "echo 'shim: python3 is not set up' >&2; exit 127")
    real_python(course, "python3.12")
    assert course.run("sh", "tools/find_python.sh").stdout.strip().endswith("python3.12")


@pytest.mark.parametrize(
    ("name", "words"),
    [("python3.9", "python3.9 is 3.9.1"), ("nothing", "PYTHON=nothing is not a Python that runs")],
)
def test_the_chosen_python_decides_alone(course, name, words):
    real_python(course)
    old_python(course, "python3.9", "3.9.1")
    assert words in one_error(course.make("lab", f"PYTHON={name}"))


def test_a_chosen_python_may_have_a_space_in_its_path(course):
    folder = course.root / "my pythons"
    folder.mkdir()
    real_python(course, "python3.12")
    (course.bin / "python3.12").rename(folder / "python")
    (course.root / "microgpt").mkdir()
    (course.root / "microgpt" / "__init__.py").touch()
    (course.root / "microgpt" / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    done = course.make("train", f"PYTHON={folder}/python", "TRAIN_ARGS=--steps 3")
    assert done.stdout == "['--steps', '3']\n"


# The environment


def test_fresh_second_changed_and_moved(course):
    done = course.setup("lab", quick=False)
    assert done.returncode == 0, done.stderr
    assert "Installing" in done.stdout
    assert course.stamp["extras"] == ["lab"]
    assert not (course.venv / "course-unfinished").exists()
    python = str(course.venv / "bin" / "python")
    assert course.run(python, "-c", "import backend").returncode == 0

    before = (course.venv / "course-stamp.json").stat().st_mtime_ns
    course.environment["PIP_INDEX_URL"] = "neither asked nor needed"
    again = course.setup("lab")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (course.venv / "course-stamp.json").stat().st_mtime_ns == before

    with open(course.root / "pyproject.toml", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    changed = course.setup("test")
    assert "Installing" in changed.stdout
    assert course.stamp["extras"] == ["lab", "test"]  # what was there stays
    assert course.setup("lab").stdout == ""

    moved = course.root.with_name("a folder elsewhere")
    course.root.rename(moved)
    course.root = moved
    assert "Installing" in course.setup("lab").stdout
    found = course.run(str(course.venv / "bin" / "python"), "-c", "import backend as b; print(b)")
    assert str(moved) in found.stdout


def test_no_venv_module(course, tmp_path):
    real_python(course)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "ensurepip.py").write_text(
        "raise ModuleNotFoundError('no', name='ensurepip')", encoding="utf-8"
    )
    course.environment["PYTHONPATH"] = str(tmp_path / "bare")
    message = one_error(course.make("lab"))
    assert "has no module ensurepip" in message
    assert "python3-venv" in message
    assert not course.venv.exists()


def test_no_network_leaves_nothing_and_the_next_run_succeeds(course):
    course.environment["PIP_RETRIES"] = "1"
    course.depend_on("a-package-that-is-not-here")
    message = one_error(course.setup("lab"))
    assert "no connection to the package index" in message
    assert "build/install.log" in message
    assert (course.root / "build" / "install.log").is_file()
    assert not course.venv.exists()
    course.depend_on("")
    assert course.setup("lab").returncode == 0


def test_a_failed_renewal_leaves_what_works_and_is_tried_again(course, tmp_path):
    assert course.setup("lab").returncode == 0
    (course.venv / "precious").touch()
    course.depend_on("a-package-that-is-not-here")
    course.list_packages("test", "a-package-that-is-not-here")
    course.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    message = one_error(course.setup("test"))
    assert ".venv has no working a-package-that-is-not-here" in message
    for command in (course.setup("lab"), course.setup("lab")):
        assert command.returncode == 0
        assert command.stderr.startswith("note: ") and command.stderr.count("\n") == 1
        assert ".venv is used as it is (Python " in command.stderr
    assert (course.venv / "precious").exists() and course.stamp["extras"] == ["lab"]
    assert list(course.root.glob(".venv*")) == [course.venv]
    course.depend_on("")
    done = course.setup("lab")
    assert "Installing" in done.stdout and done.stderr == ""
    assert (course.venv / "precious").exists() and course.stamp["extras"] == ["lab"]


def pretend(course, version: tuple[int, int] = (3, 10), otherwise: str = "exit 1") -> None:
    """Let the environment's Python be a program that answers as if it were another version."""
    found = {"version": version, "pip": True, "missing": [], "broken": []}
    python = course.venv / "bin" / "python"
    python.unlink()
    told = f"case $* in -I*) echo '{json.dumps(found)}'; exit;; esac"
    python.write_text(f"#!/bin/sh\n{told}\n{otherwise}\n", encoding="utf-8")
    python.chmod(0o755)


def test_another_python_replaces_the_old_one_only_when_it_is_complete(course):
    assert course.setup("lab").returncode == 0
    pretend(course)
    course.environment["PYTHON"] = sys.executable
    course.depend_on("a-package-that-is-not-here")
    failed = course.setup("lab")
    assert failed.returncode == 0
    assert failed.stderr.startswith("note: ") and "as it is (Python 3.10)" in failed.stderr
    assert (course.venv / "bin" / "python").read_text().startswith("#!/bin/sh")
    course.depend_on("")
    assert course.setup("lab").stderr == ""
    assert (course.venv / "bin" / "python").is_symlink()
    assert list(course.root.glob(".venv*")) == [course.venv]


def give(course, package: str) -> Path:
    """Put a package into the environment, as if it had been installed; return its folder."""
    (site,) = course.venv.glob("lib/python*/site-packages")
    (site / package).mkdir()
    (site / f"{package}-1.dist-info").mkdir()
    text = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n"
    (site / f"{package}-1.dist-info" / "METADATA").write_text(text, encoding="utf-8")
    record = f"{package}/__init__.py,,\n{package}-1.dist-info/RECORD,,\n../../bin/a b,,\n"
    (site / f"{package}-1.dist-info" / "RECORD").write_text(record, encoding="utf-8")
    return site / package


def test_a_package_that_has_gone_is_noticed_whatever_the_stamp_says(course):
    course.list_packages("lab", "jupyterlab")
    assert course.setup("lab").returncode == 0
    folder = give(course, "jupyterlab")
    assert course.setup("lab").stdout == ""
    folder.rmdir()
    course.depend_on("a-package-that-is-not-here")
    assert ".venv has no working jupyterlab" in one_error(course.setup("lab"))
    course.depend_on("")
    assert "Installing" in course.setup("lab").stdout
    assert not folder.with_name("jupyterlab-1.dist-info").exists()  # made anew


def test_a_course_that_was_moved_says_truly_that_it_is_not_installed(course):
    assert course.setup("lab").returncode == 0
    moved = course.root.with_name("elsewhere")
    course.root.rename(moved)
    course.root = moved
    course.depend_on("a-package-that-is-not-here")
    assert ".venv has no working microgpt-course" in one_error(course.setup("lab"))


def test_a_path_that_python_refuses_is_told_in_one_line(course):
    moved = course.root.with_name("my:course")
    course.root.rename(moved)
    course.root = moved
    assert "could not be made: " in one_error(course.setup("lab"))
    assert list(course.root.glob(".venv*")) == []


def test_an_environment_without_pip_is_filled_by_uv_or_told_truly(course):
    create = "import venv; venv.create('.venv', with_pip=False)"
    assert course.run(sys.executable, "-c", create).returncode == 0
    message = one_error(course.run(sys.executable, "-m", "tools.setup_env", "lab"))
    assert ".venv has no pip, and there is no uv" in message
    course.program("uv", 'echo "$@" >"$0.called"')
    done = course.run(sys.executable, "-m", "tools.setup_env", "lab")
    assert (done.returncode, done.stderr) == (0, "")
    called = (course.bin / "uv.called").read_text(encoding="utf-8")
    assert called == f"pip install --python {course.venv}/bin/python -e .[lab]\n"
    assert course.stamp["extras"] == ["lab"]


def test_an_unknown_extra_is_named_and_one_that_is_no_more_is_forgotten(course):
    assert "no extra 'fats': choose from lab, test" in one_error(course.setup("lab,fats"))
    assert not course.venv.exists()
    assert course.setup("lab,test").returncode == 0
    path = course.root / "pyproject.toml"
    path.write_text(path.read_text("utf-8").replace("test = []\n", ""), encoding="utf-8")
    done = course.setup("lab")
    assert (done.returncode, done.stderr) == (0, "")
    assert course.stamp["extras"] == ["lab"]


def test_an_unusable_environment_of_somebody_else_is_not_touched(course):
    course.venv.touch()
    assert "move it away" in one_error(course.setup("lab"))
    course.venv.unlink()
    course.venv.mkdir()
    (course.venv / "precious").touch()
    assert "move it away" in one_error(course.setup("lab"))
    assert (course.venv / "precious").exists()


@pytest.mark.parametrize("there", [True, False], ids=["an environment", "nothing"])
def test_a_linked_environment_is_left_alone(course, tmp_path, there):
    shared = tmp_path / "shared"
    if there:
        assert course.setup("lab").returncode == 0
        course.venv.rename(shared)
    course.venv.symlink_to(shared)
    before = sorted((path, path.lstat().st_mtime_ns) for path in shared.rglob("*"))
    message = one_error(course.setup("lab,test"))
    assert f".venv is a link to {shared}" in message and "rm .venv" in message
    assert sorted((path, path.lstat().st_mtime_ns) for path in shared.rglob("*")) == before
    assert course.venv.is_symlink()


def test_cleaning_removes_what_was_made_and_a_link_but_not_what_it_leads_to(course, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "precious").touch()
    course.venv.symlink_to(tmp_path / "shared")
    made = ["build/book/a", ".nox/a", ".venv-before/a", ".venv-draft/a"]
    made += ["microgpt/__pycache__/a.pyc", ".pytest_cache/a"]
    kept = ["notebooks/00_start_here.ipynb", "microgpt/autograd.py", "my_microgpt.py"]
    kept += ["notebooks/my_parts/softmax.py", "notebooks/my_progress.json"]  # a reader's work
    kept += ["notebooks/my_microgpt.py", "notebooks/my_microgpt_2.py"]
    for name in made + kept:
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).touch()
    done = course.make("clean")
    assert done.returncode == 0, done.stderr
    assert [name for name in made if (course.root / name).exists()] == []
    assert [name for name in kept if not (course.root / name).exists()] == []
    assert not course.venv.is_symlink() and (tmp_path / "shared" / "precious").exists()


# Without make


def test_the_tests_run_one_after_the_other_until_one_fails(course):
    assert course.setup("lab,test").returncode == 0
    pretend(course, otherwise='echo "$@"; [ "$3" != "${FAILS:-none}" ]')
    told = course.run(sys.executable, "-m", "tools.test", "tests/a b", "-x").stdout.splitlines()
    assert told[1::2] == [
        *("-m ruff format --check .", "-m ruff check .", "-m mypy", "-m pytest tests/a b -x")
    ]
    real_python(course)
    assert course.make("test").stdout.splitlines()[-1] == (
        "-m pytest -n 2 --dist loadscope --no-loadscope-reorder"
    )
    course.environment["FAILS"] = "check"
    done = course.run(sys.executable, "-m", "tools.test")
    assert done.returncode == 1 and done.stdout.splitlines()[-1] == "-m ruff check ."


def test_the_lab_is_started_by_the_environments_python(course):
    assert course.setup("lab").returncode == 0
    pretend(course, otherwise='echo "$@"; exit 7')
    done = course.run(sys.executable, "-m", "tools.lab", "--port=9000")
    assert (done.returncode, done.stdout) == (7, "-m tools.start_lab --port=9000\n")
