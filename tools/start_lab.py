"""Open JupyterLab on the first notebook: the second half of `make lab` and `python -m tools.lab`.

Run by the environment's Python; arguments go on to JupyterLab, for example `--no-browser` or
`--port=9000`. A port that was asked for and is busy is an error; otherwise the next free one is
taken, another one by each of several that start at once. The server listens on this machine only.

The course's notebooks are marked as trusted first, as `jupyter trust` does: only then does
JupyterLab show their stored drawings as they were drawn.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tools import ROOT

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
USUAL_PORT = 8888
PORTS_TO_TRY = 50
RESERVED: list[socket.socket] = []  # kept open until the server ends


def reserve(port: int) -> bool:
    """Reserve a port among the servers of this course, whoever starts them, while this one lives.

    Until the server listens seconds pass: the UDP port of that number can be held from now on.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with suppress(OSError):
        held.bind(("127.0.0.1", port))
        held.set_inheritable(True)
        RESERVED.append(held)
        return True
    held.close()
    return False


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe, suppress(OSError):
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def asked_port(arguments: list[str]) -> int | None:
    """The port that the arguments name, or None; a `ValueError` if it is not a port number."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", "--ServerApp.port", nargs="?", const="")
    value = parser.parse_known_args(arguments)[0].port
    if value is not None and not (value.isdecimal() and 0 < int(value) < 65536):
        raise ValueError(f"{value!r} is not a port number: give one from 1 to 65535")
    return value and int(value)


def choose_port(arguments: list[str]) -> int:
    """The port to listen on: the one asked for, else the first free one from 8888 on.

    It is a `ValueError` if the port asked for is busy or no port is free.
    """
    asked = asked_port(arguments)
    if asked is not None:
        if not is_free(asked):
            example = asked + 1 if asked < 65535 else USUAL_PORT
            advice = f"choose another, for example `make lab LAB_ARGS=--port={example}`"
            raise ValueError(f"port {asked} is busy on this machine: {advice}")
        return asked
    last = USUAL_PORT + PORTS_TO_TRY - 1
    for port in range(USUAL_PORT, last + 1):
        if is_free(port) and reserve(port):
            if port != USUAL_PORT:
                print(f"Port {USUAL_PORT} is busy on this machine: taking {port}.", flush=True)
            return port
    advice = "choose one with `make lab LAB_ARGS=--port=...`"
    raise ValueError(f"ports {USUAL_PORT} to {last} are all busy on this machine: {advice}")


def lab_command(arguments: list[str]) -> list[str]:
    """The command line that starts JupyterLab; a `ValueError` if the first notebook is missing."""
    if not (ROOT / FIRST_NOTEBOOK).is_file():
        advice = "get the course again, or bring it back with `git checkout -- notebooks`"
        raise ValueError(f"{FIRST_NOTEBOOK} is missing: {advice}")
    ours = {
        "--ip": "127.0.0.1",
        "--port": choose_port(arguments),
        "--ServerApp.port_retries": 0 if asked_port(arguments) else PORTS_TO_TRY,
        "--ServerApp.root_dir": ROOT,
        "--ServerApp.contents_manager_class": "tools.opened.Opened",
        "--LabApp.default_url": f"/lab/tree/{FIRST_NOTEBOOK}",
    }
    # Said twice, an option is an error to JupyterLab: what the user says counts.
    said = {argument.partition("=")[0].replace("--ServerApp.", "--") for argument in arguments}
    new = {name: it for name, it in ours.items() if name.replace("--ServerApp.", "--") not in said}
    options = [f"{name}={value}" for name, value in new.items()]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in said:
        options.append("--allow-root")  # a container or a rented machine: nobody else to be
    return [sys.executable, "-m", "jupyterlab", *options, *arguments]


def trust(folder: Path) -> None:
    """Mark the notebooks of a folder as trusted.

    What cannot be read, or a home that cannot be written, is left to JupyterLab to complain about.
    """
    from nbformat import NO_CONVERT, read
    from nbformat.sign import TrustNotebookApp

    app = TrustNotebookApp(log_level="ERROR")
    app.initialize([])
    for path in sorted(folder.glob("*.ipynb")):
        with suppress(OSError, ValueError):  # NotJSONError is a ValueError
            app.notary.sign(read(path, NO_CONVERT))


def hand_over(command: list[str], become: bool = os.name != "nt") -> int:
    """Become another program; on Windows, where that cannot be, wait for its end.

    Ctrl-C reaches both there, and it is the other one that answers it.
    """
    if become:
        os.execv(command[0], command)
    with subprocess.Popen(command) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def main(arguments: list[str]) -> int:
    """Start JupyterLab and wait for its end; 1 with one line if it cannot start."""
    try:
        command = lab_command(arguments)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    trust(ROOT / "notebooks")
    os.chdir(ROOT)
    return hand_over(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
