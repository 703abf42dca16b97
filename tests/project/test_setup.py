"""Setting up: a fresh .venv, a quick second time, and one clear line for whatever goes wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys

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


def stamp(course) -> dict:
    return json.loads((course.venv / "course-stamp.json").read_text(encoding="utf-8"))


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
    assert stamp(course)["extras"] == ["lab"]
    assert not (course.venv / "course-unfinished").exists()
    python = str(course.venv / "bin" / "python")
    assert course.run(python, "-c", "import backend").returncode == 0
    settings = course.venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    news, explorers = json.loads(settings.read_text(encoding="utf-8")).values()
    assert news["fetchNews"] == "false"  # no question about news before the first notebook
    assert explorers["saveState"] is True  # the next day an explorer's last picture is there
    settings.unlink()

    before = (course.venv / "course-stamp.json").stat().st_mtime_ns
    course.environment["PIP_INDEX_URL"] = "neither asked nor needed"
    again = course.setup("lab")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (course.venv / "course-stamp.json").stat().st_mtime_ns == before
    assert settings.is_file()

    with open(course.root / "pyproject.toml", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    changed = course.setup("test")
    assert "Installing" in changed.stdout
    assert stamp(course)["extras"] == ["lab", "test"]  # what was there stays
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
    real_python(course)
    course.environment["PIP_RETRIES"] = "1"
    course.depend_on("a-package-that-is-not-here")
    message = one_error(course.make("lab"))
    assert "no connection to the package index" in message
    assert "build/install.log" in message
    assert (course.root / "build" / "install.log").is_file()
    assert not course.venv.exists()
    course.depend_on("")
    assert course.setup("lab").returncode == 0


def test_a_failed_renewal_names_the_package_and_is_tried_again(course, tmp_path):
    assert course.setup("lab").returncode == 0
    course.depend_on("a-package-that-is-not-here")
    course.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    assert "a-package-that-is-not-here" in one_error(course.setup("test"))
    assert course.venv.exists()
    course.depend_on("")
    assert "Installing" in course.setup("lab").stdout
    assert stamp(course)["extras"] == ["lab"]


@pytest.fixture
def silent_index(course):
    """Let pip wait on a package index that takes the call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        course.environment["PIP_INDEX_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        course.depend_on("a-package-that-is-not-here")
        yield server


def interrupt(course, server, number: int) -> tuple[int, str]:
    """Start setting up, and send a signal once pip is at work."""
    running = subprocess.Popen(
        [*course.setup_command(), "lab"],
        cwd=course.root,
        env=course.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a run of the tests in the background has Ctrl-C ignored, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    server.settimeout(60)
    call, _ = server.accept()
    if number == signal.SIGTERM:
        running.send_signal(number)
    else:
        os.killpg(running.pid, number)  # as Ctrl-C in a terminal does
    _, error = running.communicate(timeout=60)
    call.close()
    return running.returncode, error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_an_interrupted_install_leaves_nothing(course, silent_index, number):
    code, error = interrupt(course, silent_index, number)
    assert code == 130
    assert error.startswith("error: stopped before")
    assert error.count("\n") == 1
    assert not course.venv.exists()


def test_neither_a_killed_install_nor_a_vanished_python_fools_the_next_run(course, silent_index):
    interrupt(course, silent_index, signal.SIGKILL)
    assert (course.venv / "course-unfinished").exists()
    (course.venv / "left-behind").touch()
    course.depend_on("")
    done = course.setup("lab")
    assert done.returncode == 0, done.stderr
    assert stamp(course)["extras"] == ["lab"]
    assert not (course.venv / "left-behind").exists()

    python = course.venv / "bin" / "python"
    for path in (course.venv / "bin").glob("python*"):
        path.unlink()
    python.symlink_to("/nowhere/python3")
    assert "Installing" in course.setup("lab").stdout
    assert course.run(str(python), "-c", "import backend").returncode == 0


def test_an_unusable_environment_of_somebody_else_is_not_touched(course):
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
    made = ["build/book/a", "notebooks/my_microgpt.py", "notebooks/my_microgpt_2.py", ".nox/a"]
    made += ["microgpt/__pycache__/a.pyc", ".pytest_cache/a"]
    kept = ["notebooks/00_start_here.ipynb", "microgpt/autograd.py", "my_microgpt.py"]
    kept += ["notebooks/my_parts/softmax.py", "notebooks/my_progress.json"]  # a reader's work
    for name in made + kept:
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).touch()
    done = course.make("clean")
    assert done.returncode == 0, done.stderr
    assert [name for name in made if (course.root / name).exists()] == []
    assert [name for name in kept if not (course.root / name).exists()] == []
    assert not course.venv.is_symlink() and (tmp_path / "shared" / "precious").exists()
