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
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from classroom.exercises.kit.saying import say

PATIENCE = 5.0  # seconds to wait for another kernel, which holds the lock for milliseconds


@dataclass
class Progress:
    """What is known of a reader's answers."""

    keep: bool = True  # whether the reader wants a file
    # the status of each exercise attempted, by its id
    exercises: dict[str, str] = field(default_factory=dict)
    # ids of the exercises that were once answered wrong, the latest first
    missed: list[str] = field(default_factory=list)
    # of each exercise attempted: ``tries``, the most ``steps`` done and how many there are, the
    # keys of the ``causes`` told (the latest last), the key of the step that is ``missing``
    # first, the ``minutes`` of the first try and of the last, how many lines of the solution were
    # ``opened``. No code, no name, no time of day
    tried: dict[str, dict[str, Any]] = field(default_factory=dict)
    minutes: float = 0.0  # how long the record has been worked on; longer breaks do not count
    # whether a class folder may have a copy; None until the reader was told of one
    share: bool | None = None
    course: str = ""  # the edition of the course that wrote it, and of the record
    format: int = 2
    # what a later edition of the course keeps besides: handed on as it is
    other: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Progress:
        """Read a file's text; a file of an earlier edition knows nothing of `missed` or `tried`.

        ``ValueError`` if the text is no record of progress.
        """
        try:
            stored = json.loads(text)
            held = cls(**{key: stored[key] for key in ("exercises", *(stored.keys() & _KNOWN))})
            held.keep, held.format = bool(stored["keep"]), max(held.format, 2)
            held.minutes = round(float(held.minutes), 1)
            held.other = {key: stored[key] for key in stored.keys() - _KNOWN}
            sound = (
                isinstance(held.exercises, dict)
                and isinstance(held.missed, list)
                and all(isinstance(each, str) for each in (*held.exercises.values(), *held.missed))
                and all(map(_is_sound, held.tried.values()))
            )
        except (KeyError, TypeError, AttributeError, RecursionError, ValueError):
            sound = False
        if not sound:
            raise ValueError("this is no record of progress")
        return held

    def clear(self) -> None:
        """Forget all answers."""
        for held in (self.exercises, self.missed, self.tried, self.other):
            held.clear()
        self.minutes = 0.0

    def text(self) -> str:
        """The text of the file."""
        known = {key: value for key, value in self.__dict__.items() if key != "other"}
        return json.dumps({**self.other, **known}, indent=1, sort_keys=True) + "\n"


_KNOWN = {each.name for each in fields(Progress)} - {"other"}
_KINDS = dict(tries=int, opened=int, missing=str, causes=list, steps=list, minutes=list)


def _is_sound(tried: Any) -> bool:
    """Whether what is kept of one exercise is of the kinds that it should be."""
    sound = all(isinstance(tried.get(key, kind()), kind) for key, kind in _KINDS.items())
    pairs = [tried[key] for key in ("steps", "minutes") if sound and key in tried]
    sound = sound and all(len(pair) == 2 for pair in pairs)
    sound = sound and all(isinstance(number, (int, float)) for pair in pairs for number in pair)
    return sound and all(isinstance(key, str) for key in tried.get("causes", []))


_OFF, _ON = ("off", "0", "no", "false"), ("", "on", "1", "yes", "true")


def is_off() -> bool:
    """Whether the environment says that no file is to be kept; a word it cannot mean is told."""
    said = os.environ.get("MICROGPT_PROGRESS", "")
    if said.lower() in _ON or said.endswith(".json"):
        return False
    if said.lower() not in _OFF:
        tell(
            f"MICROGPT_PROGRESS is {said!r}, so your progress is not kept: say off, on, or a file "
            "that ends in .json."
        )
    return True


def progress_path() -> Path:
    """The file that keeps the progress: in the folder where the system keeps users' data.

    That is what ``MICROGPT_PROGRESS`` names, if it ends in ``.json``; else what ``XDG_DATA_HOME``
    does, if that is set.
    """
    if os.environ.get("MICROGPT_PROGRESS", "").endswith(".json"):
        return _whole(os.environ["MICROGPT_PROGRESS"])
    home = Path.home()
    usual = {
        "win32": os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local",
        "darwin": home / "Library" / "Application Support",
    }
    place = usual.get(sys.platform, home / ".local" / "share")
    folder = Path(os.environ.get("XDG_DATA_HOME") or place)
    return folder / "microgpt-course" / "progress.json"


@cache
def _whole(path: str) -> Path:
    """The file that a path named when it was first used, whatever folder is worked in later."""
    return Path(path).expanduser().absolute()


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
    """Let a function change the file's `Progress`, no other kernel meanwhile; write it."""
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


def replace(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file in one step; whatever happens, no half of it stays behind.

    ``OSError`` if the path is no ordinary file, or cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.exists() and not target.is_file():
        raise OSError(0, "no ordinary file")
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".progress-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(draft, mode)  # a browser's kernel makes files that not even their owner can read
        os.replace(draft, target)
    finally:
        Path(draft).unlink(missing_ok=True)


def _set_aside(path: Path) -> None:
    number, kind, what = 1, "damaged", "is damaged"
    with contextlib.suppress(Exception):
        if json.loads(path.read_text(encoding="utf-8"))["format"] > Progress.format:
            kind, what = "newer", "was written by a newer version of the course"
    while (aside := path.with_name(f"progress.{kind}-{number}.json")).exists():
        number += 1
    try:
        path.replace(aside)
        tell(f"The file with your progress {what}; it was set aside as {aside}")
    except OSError as error:
        tell(f"The file with your progress {what} ({error.strerror}): {path}")


@cache
def tell(message: str) -> None:
    """Print a message, once a session."""
    say(message)
