"""The file in which progress is kept from one session to the next; used by the logbook alone.

Kernels of several chapters write it at the same time, so it is read, changed and written under a
lock, and replaced in one step. Where there is no lock to be had (no `filelock`, a browser's kernel,
a network drive that knows none), progress is kept all the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 5.0  # seconds to wait for another kernel, which holds the lock for milliseconds
told: set[str] = set()


@dataclass
class Progress:
    """What is known of a reader's answers.

    Attributes
    ----------
    keep : bool
        Whether the reader wants a file.
    exercises : dict of str to str
        The status of each exercise attempted, by its id.
    missed : list of str
        Ids of the exercises that were once answered wrong, the latest first.
    """

    keep: bool = True
    exercises: dict[str, str] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> Progress:
        """Read a file's text; a file of the first edition knows nothing of `missed`.

        Raises
        ------
        ValueError
            If the text is no record of progress.
        """
        try:
            stored = json.loads(text)
            keep, exercises = bool(stored["keep"]), stored["exercises"]
            missed = stored.get("missed", [])
            sound = isinstance(exercises, dict) and isinstance(missed, list)
            sound = sound and all(isinstance(each, str) for each in (*exercises.values(), *missed))
        except (KeyError, TypeError, AttributeError, RecursionError, ValueError):
            sound = False
        if not sound:
            raise ValueError("this is no record of progress")
        return cls(keep, exercises, missed)

    def clear(self) -> None:
        """Forget all answers."""
        self.exercises.clear()
        self.missed.clear()

    def text(self) -> str:
        """The text of the file."""
        return json.dumps(self.__dict__, indent=1, sort_keys=True) + "\n"


def progress_path() -> Path:
    """The file that keeps the progress: in the folder where the system keeps users' data.

    Returns
    -------
    Path
        ``microgpt-course/progress.json`` under ``XDG_DATA_HOME`` if that is set, else under
        ``~/.local/share``, on Windows under ``%LOCALAPPDATA%``, on macOS under
        ``~/Library/Application Support``.
    """
    home = Path.home()
    if os.environ.get("XDG_DATA_HOME"):
        folder = Path(os.environ["XDG_DATA_HOME"])
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = home / ".local" / "share"
    return folder / "microgpt-course" / "progress.json"


def read() -> Progress:
    """What the file holds; nothing where there is none, and a line where it cannot be read."""
    path = progress_path()
    try:
        if path.exists() and not path.is_file():
            tell(f"Your progress cannot be read (no ordinary file): {path}")
            return Progress()
        return Progress.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except OSError as error:
        tell(f"Your progress cannot be read ({error.strerror}): {path}")
    except ValueError:
        _set_aside(path)
    return Progress()


def change(how: Callable[[Progress], Any]) -> None:
    """Let a function change what the file holds, and write it if it did.

    Parameters
    ----------
    how : callable
        Changes the `Progress` that it is given; no other kernel does so meanwhile.
    """
    path = progress_path()
    with contextlib.suppress(OSError):  # writing says what is wrong with the folder
        path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.with_name(".progress.lock")):
        held = read()
        before = held.text()
        how(held)
        if held.text() != before:
            try:
                replace(path, held.text())
            except OSError as error:
                tell(f"Your progress cannot be kept ({error.strerror}): {path}")


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock; go on without one where none is to be had."""
    with contextlib.ExitStack() as stack:
        if sys.platform != "emscripten":  # one kernel a page, and nothing to lock with
            with contextlib.suppress(ImportError, OSError):  # a Timeout is an OSError
                from filelock import FileLock

                stack.enter_context(FileLock(path, timeout=PATIENCE, mode=0o600))
        yield


def replace(path: Path, text: str) -> None:
    """Write a file in one step; whatever happens, no half of it stays behind.

    Raises
    ------
    OSError
        If the path is no ordinary file, or cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.exists() and not target.is_file():
        raise OSError(0, "no ordinary file")
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".progress-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(draft, 0o600)  # a browser's kernel makes files that not even their owner can read
        os.replace(draft, target)
    finally:
        Path(draft).unlink(missing_ok=True)


def _set_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"progress.damaged-{number}.json")).exists():
        number += 1
    try:
        path.replace(aside)
        tell(f"The file with your progress is damaged; it was set aside as {aside}")
    except OSError as error:
        tell(f"The file with your progress is damaged ({error.strerror}): {path}")


def tell(message: str) -> None:
    """Print a message, once a session."""
    if message not in told:
        told.add(message)
        print(message)
