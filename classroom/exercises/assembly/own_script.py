"""The reader's script as a file, run by a Python with nothing installed. Chapter 10."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classroom.exercises.assembly.keeping import told_if_not_writable, write_keeping_the_old
from microgpt import asset_path

FIRST_WORDS = "# A GPT from one number"
SECONDS = 300.0
PLACES = ("input.txt", "assets/names.txt", "../assets/names.txt")
"""Where the script looks for a list of words; the first that is there is read."""


def script_around(function: Callable[..., Any]) -> str:
    """The whole cell in which a function of the script was defined, as it was when it last ran.

    ``LookupError`` if that cell does not hold the script.
    """
    code = getattr(function, "__code__", None)
    source = "".join(linecache.getlines(code.co_filename)) if code else ""
    if not source.startswith(FIRST_WORDS):
        raise LookupError(
            f"{getattr(function, '__name__', function)} does not come from the script: run the "
            f"cell that begins with {FIRST_WORDS!r} once more"
        )
    return source.rstrip() + "\n"


def keep_script(source: str, path: str | Path = "my_microgpt.py") -> str:
    """Write the script to a file, and say what was done.

    A file that is there and differs is kept under another name.
    """
    path = Path(path)
    said = write_keeping_the_old(path, source)
    return f"{said}{path.name} holds {len(source.splitlines())} lines."


def names_at_hand() -> None:
    """See to it that the script finds its list of names: a copy beside it, where there is none.

    In a clone of the course the list is in ``assets``; a notebook that stands alone (a download, a
    browser) gets it from the package, as ``input.txt``.
    """
    if not any(Path(place).exists() for place in PLACES):
        with told_if_not_writable(Path(PLACES[0])):
            shutil.copyfile(asset_path("names.txt"), PLACES[0])


def run_bare(path: str | Path, seconds: float = SECONDS) -> str:
    """What a script prints that Python runs with nothing else: no packages, a new process.

    Its folder is the working folder; of a script that failed the error's last line is told, too.
    Where there are no processes (a browser), it runs in this one, with names of its own.
    """
    path = Path(path).resolve()
    if sys.platform == "emscripten":
        return _run_here(path)
    command = [sys.executable, "-I", "-S", "-X", "utf8", path.name]
    try:
        done = subprocess.run(
            command, cwd=path.parent, capture_output=True, encoding="utf-8", timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return f"{path.name} was stopped after {seconds:g} seconds: fewer steps?"
    error = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    return "\n".join([done.stdout.rstrip(), *error]).strip()


def _run_here(path: Path) -> str:
    printed, before = io.StringIO(), Path.cwd()
    os.chdir(path.parent)
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path.name)
    finally:
        os.chdir(before)
    return printed.getvalue().strip()
