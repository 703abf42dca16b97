"""What the tests of `python -m microgpt` share: a small run, and two ways to call it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import ROOT

from microgpt import cli

SMALL = ["--n-embd", "4", "--n-head", "2", "--block-size", "8"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals, links, locks and pipes of POSIX")


@pytest.fixture
def names(tmp_path):
    """A file of four names."""
    file = tmp_path / "names.txt"
    file.write_text("emma\nava\nmia\neva\n")
    return str(file)


@pytest.fixture
def call(capsys):
    """Call it in this process: exit code, standard output and standard error."""

    def call(*arguments):
        try:
            code = cli.main(list(map(str, arguments)))
        except SystemExit as stop:  # argparse's way out
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def in_a_process(*arguments, before="", **environment):
    """Run it in a process of its own, on POSIX with some words of the shell before it."""
    command = [sys.executable, "-m", "microgpt", *map(str, arguments)]
    if before:
        command = ["sh", "-c", f'{before}; exec "$@"', "sh", *command]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=110,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip
