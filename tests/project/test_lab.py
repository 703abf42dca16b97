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

import pytest
from support import ROOT

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
    shutil.copy(ROOT / "tools" / "start_lab.py", root / "tools")
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
    return [sys.executable, str(checkout / "tools" / "start_lab.py"), *arguments]


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


@pytest.fixture
def start_lab():
    spec = importlib.util.spec_from_file_location("start_lab", ROOT / "tools" / "start_lab.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_busy_usual_port_gives_the_next_free_one_and_says_so(
    start_lab, busy_port, monkeypatch, capsys
):
    monkeypatch.setattr(start_lab, "USUAL_PORT", busy_port)
    chosen = start_lab.choose_port([])
    assert busy_port < chosen < busy_port + start_lab.PORTS_TO_TRY
    assert (
        capsys.readouterr().out == f"Port {busy_port} is busy on this machine: taking {chosen}.\n"
    )


def test_all_ports_busy(start_lab, monkeypatch):
    monkeypatch.setattr(start_lab, "is_free", lambda port: False)
    with pytest.raises(ValueError, match="ports 8888 to 8937 are all busy"):
        start_lab.choose_port([])


def test_a_free_port_is_taken_silently(start_lab, monkeypatch, capsys):
    monkeypatch.setattr(start_lab, "is_free", lambda port: True)
    assert start_lab.choose_port(["--no-browser"]) == 8888
    assert start_lab.choose_port(["--port=9123"]) == 9123
    assert capsys.readouterr().out == ""


def test_what_the_user_says_is_not_said_twice(start_lab, monkeypatch):
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
    limit = threading.Timer(60, server.kill)  # the reading below then comes to its end
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


def test_it_opens_the_first_notebook_and_sees_the_whole_course(checkout, environment):
    (checkout / "README.md").write_text("hello", encoding="utf-8")
    with running_lab(checkout, environment) as (address, port):
        assert f":{port}/lab/tree/notebooks/00_start_here.ipynb?token=" in address
        assert b"jupyter-config-data" in fetch(address)
        token = address.split("token=")[1]
        contents = f"http://127.0.0.1:{port}/api/contents/README.md?token={token}"
        assert b"hello" in fetch(contents)


TRUSTED = """
import sys
from nbformat import read
from nbformat.sign import TrustNotebookApp
app = TrustNotebookApp()
app.initialize([])
print([app.notary.check_signature(read(path, 4)) for path in sys.argv[1:]])
"""


def test_it_trusts_the_courses_notebooks_and_survives_a_broken_one(checkout, environment):
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    drawing = new_output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "a picture"})
    cells = [new_code_cell("draw()", outputs=[drawing], execution_count=1)]
    notebook = checkout / "notebooks" / "01_value.ipynb"
    nbformat.write(new_notebook(cells=cells), notebook)
    elsewhere = checkout / "mine.ipynb"
    nbformat.write(new_notebook(cells=[*cells, new_code_cell("1")]), elsewhere)
    (checkout / "notebooks" / "02_torn.ipynb").write_text('{"cells": [')
    with running_lab(checkout, environment):
        asked = [sys.executable, "-c", TRUSTED, str(notebook), str(elsewhere)]
        done = subprocess.run(asked, capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout == "[True, False]\n", done.stderr


def test_a_home_that_cannot_be_written_does_not_keep_the_lab_from_starting(checkout, environment):
    environment["JUPYTER_DATA_DIR"] = "/dev/null/nowhere"
    code = "import pathlib, sys; sys.path.insert(0, sys.argv[1]); import start_lab as s; "
    code += "print(s.trust(pathlib.Path(sys.argv[2])))"
    asked = [sys.executable, "-c", code, str(checkout / "tools"), str(checkout / "notebooks")]
    done = subprocess.run(asked, capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
