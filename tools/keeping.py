"""Keep `.venv` as it was until the new one is complete, and let one command at a time change it.

What was there stays beside, in `.venv-before`: an install that fails, is interrupted or killed is
undone, at once or with the next run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tools import ROOT
from tools.environment import LOG, VENV

UNFINISHED = VENV / "course-unfinished"  # there while something is being installed
BEFORE = ROOT / ".venv-before"  # what is put back if that fails
DRAFT = ROOT / ".venv-draft"  # a copy that is not complete, or what is being thrown away
LOCK = LOG.with_name("install.lock")


def lock(file: IO[str], windows: bool = os.name == "nt") -> bool:
    """Lock a file until it is closed; False if another program holds it."""
    try:
        if windows:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # a file system without locks does not keep anybody waiting
        return not windows and not isinstance(error, BlockingIOError)
    return True


@contextlib.contextmanager
def alone() -> Iterator[int]:
    """Wait until nobody else sets up this checkout; give the lock, for the installer to hold."""
    LOG.parent.mkdir(exist_ok=True)
    with open(LOCK, "w", encoding="utf-8") as file:
        if not lock(file):
            print("The course is being installed by another command: waiting ...", flush=True)
            while not lock(file):
                time.sleep(0.2)
        yield file.fileno()


def discard(folder: Path) -> None:
    """Remove a folder under another name, so that no half of it is taken for a whole."""
    shutil.rmtree(DRAFT, ignore_errors=True)
    if folder.exists():
        folder.rename(DRAFT)
        shutil.rmtree(DRAFT, ignore_errors=True)


def put_back() -> None:
    """Undo what a failed, interrupted or killed install has done."""
    if UNFINISHED.exists():
        discard(VENV)
    if BEFORE.exists() and not VENV.exists():
        BEFORE.rename(VENV)
    discard(BEFORE)


def link_or_copy(source: str, target: str) -> None:
    """Give a file a second name, or copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextlib.contextmanager
def kept(anew: bool) -> Iterator[None]:
    """Keep what is there until the block is done: as it is for one made anew, else as a copy."""
    try:
        if anew and VENV.exists():
            VENV.rename(BEFORE)
        elif VENV.exists():
            shutil.copytree(VENV, DRAFT, symlinks=True, copy_function=link_or_copy)
            DRAFT.rename(BEFORE)
        VENV.mkdir(exist_ok=True)
        UNFINISHED.touch()
        yield
    except BaseException:
        ends = (signal.SIGINT, signal.SIGTERM)
        handlers = [signal.signal(number, signal.SIG_IGN) for number in ends]
        put_back()
        for number, handler in zip(ends, handlers):
            signal.signal(number, handler)
        raise
    discard(BEFORE)
