"""The reader's script as a file, run by a Python with nothing installed. Chapter 10."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FIRST_WORDS = "# A GPT from one number"
SECONDS = 300.0


def newest_script(cells: Sequence[str]) -> str:
    """Find the script among the cells that were run, as it was when it was last run.

    Parameters
    ----------
    cells : sequence of str
        Sources in the order they were run: IPython's ``In``.

    Raises
    ------
    LookupError
        If the cell with the script has not been run.
    """
    found = [cell for cell in cells if cell.startswith(FIRST_WORDS)]
    if not found:
        raise LookupError(
            f"run the cell with the whole script first: none that begins with {FIRST_WORDS!r} was "
            "run since the kernel started"
        )
    return found[-1].rstrip() + "\n"


def keep(source: str, path: str | Path = "my_microgpt.py") -> str:
    """Write the script to a file; a file that is there and differs is kept under another name.

    Parameters
    ----------
    source : str
        The script.
    path : str or Path
        Where to.

    Returns
    -------
    str
        What was done, in a sentence or two.
    """
    path, said = Path(path), ""
    if path.exists() and path.read_text(encoding="utf-8") != source:
        number = 1
        while (other := path.with_name(f"{path.stem}_{number}{path.suffix}")).exists():
            number += 1
        path.rename(other)
        said = f"The {path.name} that was here differs: it is now {other.name}. "
    path.write_text(source, encoding="utf-8", newline="\n")
    return f"{said}{path.name} holds {len(source.splitlines())} lines."


def run_bare(path: str | Path, seconds: float = SECONDS) -> str:
    """Run a script with Python and nothing else: no packages, no settings, a new process.

    Where there are no processes (a browser), the script runs in this one, with names of its own.

    Parameters
    ----------
    path : str or Path
        The script; its folder is the working folder.
    seconds : float
        How long it may take.

    Returns
    -------
    str
        What it printed; if it failed, the error's last line, too.
    """
    path = Path(path).resolve()
    if sys.platform == "emscripten":
        return _run_here(path)
    command = [sys.executable, "-I", "-S", "-X", "utf8", path.name]
    try:
        done = subprocess.run(
            command,
            cwd=path.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
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
