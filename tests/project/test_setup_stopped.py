"""An install that is stopped, killed or met by another one leaves what was there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess

import pytest


@pytest.fixture
def silent_index(course):
    """Let pip wait on a package index that takes the call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        course.environment["PIP_INDEX_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        course.depend_on("a-package-that-is-not-here")
        yield server


def start(course, extras: str = "lab") -> subprocess.Popen[str]:
    """Begin to set up, in a process group of its own."""
    return subprocess.Popen(
        [*course.setup_command(), extras],
        cwd=course.root,
        env=course.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A job in the background ignores Ctrl-C; one in a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def begin(course, server, extras: str = "lab") -> tuple[subprocess.Popen[str], socket.socket]:
    """Begin to set up, and wait until pip waits for its package index."""
    running = start(course, extras)
    server.settimeout(60)
    call, _ = server.accept()
    return running, call


def interrupt(course, server, number: int, extras: str = "lab") -> tuple[int, str]:
    """Send a signal to an install that waits for the network; return its code and last words."""
    running, call = begin(course, server, extras)
    if number == signal.SIGTERM:
        running.send_signal(number)
    else:
        os.killpg(running.pid, number)  # as Ctrl-C in a terminal does
    _, error = running.communicate(timeout=60)
    call.close()
    return running.returncode, error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
@pytest.mark.parametrize("there", [False, True], ids=["a first", "a later"])
def test_an_interrupted_install_leaves_what_was_there(course, silent_index, number, there):
    if there:
        course.depend_on("")
        assert course.setup("lab").returncode == 0
        course.depend_on("a-package-that-is-not-here")
    code, error = interrupt(course, silent_index, number, "lab,test")
    assert code == 130
    assert error.startswith("error: stopped before")
    assert error.count("\n") == 1
    assert list(course.root.glob(".venv*")) == [course.venv] * there
    if there:
        assert course.setup("lab").stdout == ""


def test_neither_a_killed_install_nor_a_vanished_python_fools_the_next_run(course, silent_index):
    interrupt(course, silent_index, signal.SIGKILL)
    assert (course.venv / "course-unfinished").exists()
    (course.venv / "left-behind").touch()
    course.depend_on("")
    done = course.setup("lab")
    assert done.returncode == 0, done.stderr
    assert course.stamp["extras"] == ["lab"]
    assert not (course.venv / "left-behind").exists()

    course.depend_on("a-package-that-is-not-here")
    interrupt(course, silent_index, signal.SIGKILL, "test")
    (course.venv / "half").touch()
    done = course.setup("lab")  # what was there is put back, so nothing is to do
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (course.venv / "half").exists()
    assert list(course.root.glob(".venv*")) == [course.venv]

    course.depend_on("")
    python = course.venv / "bin" / "python"
    for path in (course.venv / "bin").glob("python*"):
        path.unlink()
    python.symlink_to("/nowhere/python3")
    assert "Installing" in course.setup("lab").stdout
    assert course.run(str(python), "-c", "import backend").returncode == 0


def test_a_second_command_waits_for_the_first_and_for_a_pip_that_outlives_it(course, silent_index):
    first, call = begin(course, silent_index)
    second = start(course, "lab")
    assert "Installing" not in (said := second.stdout.readline()) and "waiting" in said
    os.kill(first.pid, signal.SIGKILL)  # its pip goes on
    first.communicate(timeout=60)
    assert second.poll() is None
    course.depend_on("")
    os.killpg(first.pid, signal.SIGKILL)
    call.close()
    _, error = second.communicate(timeout=60)
    assert (second.returncode, error) == (0, "")
    assert course.stamp["extras"] == ["lab"]
