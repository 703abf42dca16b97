"""Starting JupyterLab: on the first notebook, on a free port, or with one clear line."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import ROOT

from tools import start_lab

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("jupyterlab") is None, reason="JupyterLab is not installed"
)


@pytest.fixture
def checkout(tmp_path):
    """Copy what start_lab.py needs into a folder whose path holds a space."""
    root = tmp_path / "my course"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "00_start_here.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8"
    )
    (root / "tools").mkdir()
    for name in ("__init__.py", "opened.py", "start_lab.py"):
        shutil.copy(ROOT / "tools" / name, root / "tools")
    return root


@pytest.fixture
def environment(tmp_path):
    """Give JupyterLab an empty home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    return kept | {"HOME": str(tmp_path / "home"), "IPYTHONDIR": str(tmp_path / "home" / "ip")}


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def command(checkout, *arguments: str) -> list[str]:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tools.start_lab import main; "
    code += "sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, str(checkout), *arguments]


def failure(checkout, *arguments: str) -> str:
    """Run start_lab.py, which must fail with one line, and return that line."""
    done = subprocess.run(command(checkout, *arguments), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_missing_notebook(checkout):
    (checkout / "notebooks" / "00_start_here.ipynb").unlink()
    assert "notebooks/00_start_here.ipynb is missing" in failure(checkout, "--no-browser")


@pytest.mark.parametrize("form", ["--port={}", "--port {}", "--ServerApp.port={}"])
def test_busy_port_that_was_asked_for(checkout, busy_port, form):
    message = failure(checkout, "--no-browser", *form.format(busy_port).split())
    assert f"port {busy_port} is busy" in message
    assert f"LAB_ARGS=--port={busy_port + 1}" in message


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", ""])
def test_a_port_that_is_none(checkout, port):
    assert f"{port!r} is not a port number" in failure(checkout, f"--port={port}")


def test_several_that_start_at_once_find_a_port_each(busy_port):
    code = "import sys; from tools import start_lab as s; s.USUAL_PORT = int(sys.argv[1]); "
    code += "sys.stdout = sys.stderr; port = s.choose_port([]); "
    code += "print(port, file=sys.__stdout__, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(busy_port + 1)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    begun = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(3)]
    ports = [running.stdout.readline() for running in begun]  # none of them listens yet
    assert [running.communicate(timeout=60)[0] for running in begun] == [""] * 3
    assert len({int(port) for port in ports}) == 3


def test_only_a_port_that_was_asked_for_is_the_only_one(monkeypatch):
    monkeypatch.setattr(start_lab, "FIRST_NOTEBOOK", "README.md")
    monkeypatch.setattr(start_lab, "is_free", lambda port: True)
    assert "--ServerApp.port_retries=0" in start_lab.lab_command(["--port=9123"])
    assert "--ServerApp.port_retries=50" in start_lab.lab_command([])


def test_busy_usual_port_gives_the_next_free_one_and_says_so(busy_port, monkeypatch, capsys):
    monkeypatch.setattr(start_lab, "USUAL_PORT", busy_port)
    chosen = start_lab.choose_port([])
    assert busy_port < chosen < busy_port + start_lab.PORTS_TO_TRY
    assert (
        capsys.readouterr().out == f"Port {busy_port} is busy on this machine: taking {chosen}.\n"
    )


def test_all_ports_busy(monkeypatch):
    monkeypatch.setattr(start_lab, "is_free", lambda port: False)
    with pytest.raises(ValueError, match="ports 8888 to 8937 are all busy"):
        start_lab.choose_port([])


def test_a_free_port_is_taken_silently(monkeypatch, capsys):
    monkeypatch.setattr(start_lab, "is_free", lambda port: True)
    monkeypatch.setattr(start_lab, "reserve", lambda port: True)
    assert start_lab.choose_port(["--no-browser"]) == 8888
    assert start_lab.choose_port(["--port=9123"]) == 9123
    assert capsys.readouterr().out == ""


def test_what_the_user_says_is_not_said_twice(monkeypatch):
    monkeypatch.setattr(start_lab, "is_free", lambda port: True)
    monkeypatch.setattr(start_lab, "FIRST_NOTEBOOK", "README.md")
    command = start_lab.lab_command(["--ServerApp.ip=0.0.0.0", "--port", "9000", "--allow-root"])
    assert command[-4:] == ["--ServerApp.ip=0.0.0.0", "--port", "9000", "--allow-root"]
    assert not [word for word in command[:-4] if word.startswith(("--ip", "--port", "--allow"))]
    assert "--ip=127.0.0.1" in start_lab.lab_command([])


def fetch(address: str) -> bytes:
    """Get a page, giving the server, which prints its address first, ten seconds to listen."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"nothing answers at {address}")


@contextlib.contextmanager
def running_lab(checkout, environment):
    """Start a server on a port of its own; yield the address that it prints, and end it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        command(checkout, "--no-browser", f"--port={port}"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    limit = threading.Timer(240, server.kill)  # the reading below then comes to its end
    limit.start()
    try:
        lines = []
        for line in server.stderr:
            lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\S+", line):
                yield found.group(), port
                break
        else:
            pytest.fail("JupyterLab did not start:\n" + "".join(lines))
    finally:
        limit.cancel()
        server.terminate()
        server.communicate(timeout=30)


TRUSTED = """
import sys
from nbformat import read
from nbformat.sign import TrustNotebookApp
app = TrustNotebookApp()
app.initialize([])
print([app.notary.check_signature(read(path, 4)) for path in sys.argv[1:]])
"""


def test_it_opens_the_first_notebook_sees_the_course_and_trusts_it_but_a_broken_one(
    checkout, environment
):
    drawing = new_output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "a picture"})
    cells = [new_code_cell("draw()", outputs=[drawing], execution_count=1)]
    notebook = checkout / "notebooks" / "01_value.ipynb"
    nbformat.write(new_notebook(cells=cells), notebook)
    elsewhere = checkout / "mine.ipynb"
    nbformat.write(new_notebook(cells=[*cells, new_code_cell("1")]), elsewhere)
    (checkout / "notebooks" / "02_torn.ipynb").write_text('{"cells": [')
    (checkout / "README.md").write_text("hello", encoding="utf-8")
    with running_lab(checkout, environment) as (address, port):
        assert f":{port}/lab/tree/notebooks/00_start_here.ipynb?token=" in address
        assert b"jupyter-config-data" in fetch(address)
        token = address.split("token=")[1]
        contents = f"http://127.0.0.1:{port}/api/contents/README.md?token={token}"
        assert b"hello" in fetch(contents)
    asked = [sys.executable, "-c", TRUSTED, str(notebook), str(elsewhere)]
    done = subprocess.run(asked, capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout == "[True, False]\n", done.stderr


def test_a_home_that_cannot_be_written_does_not_keep_the_lab_from_starting(checkout, environment):
    environment["JUPYTER_DATA_DIR"] = "/dev/null/nowhere"
    code = "import pathlib, sys; from tools import start_lab as s; "
    code += "print(s.trust(pathlib.Path(sys.argv[1])))"
    asked = [sys.executable, "-c", code, str(checkout / "notebooks")]
    done = subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
