"""Progress over the course, kept in a small file in the user's data folder; used by every chapter.

The variable ``MICROGPT_PROGRESS=off`` or ``keep_progress(False)`` turns the file off: progress is
then remembered until the kernel ends, and nothing is read or written.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from classroom.exercises.kit import registry
from classroom.exercises.kit.results import OPEN, RIGHT, Result

_session: dict[str, str] = {}
_told: set[str] = set()


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


def is_off() -> bool:
    """Whether the environment says that no file is to be kept."""
    return os.environ.get("MICROGPT_PROGRESS", "").lower() in ("off", "0", "no", "false")


def record(result: Result) -> None:
    """Note a result; an exercise once right stays right.

    Parameters
    ----------
    result : Result
        An exercise that was not attempted is not noted.
    """
    if result.status == OPEN:
        return
    if _session.get(result.id) != RIGHT:
        _session[result.id] = result.status
    if is_off():
        return
    stored = _read()
    if stored["keep"] and stored["exercises"].get(result.id) not in (RIGHT, result.status):
        stored["exercises"][result.id] = result.status
        _write(stored)


def statuses() -> dict[str, str]:
    """Status of every exercise attempted so far, by id: the file's and this session's."""
    stored = {} if is_off() else _read()["exercises"]
    merged = {**stored, **_session}
    merged.update({key: RIGHT for key, status in stored.items() if status == RIGHT})
    return merged


def missed() -> list[str]:
    """Ids of the exercises whose last recorded answer was wrong."""
    return [key for key, status in statuses().items() if status != RIGHT]


def progress() -> None:
    """Print how many exercises of each chapter are solved, and which are still open."""
    found = statuses()
    rows = []
    for chapter, title in registry.CHAPTERS.items():
        ids = [each.id for each in registry.all_exercises() if each.chapter == chapter]
        still = [key for key in ids if found.get(key) != RIGHT]
        if ids:
            rows.append((f"{chapter:2d} {title}", len(ids) - len(still), len(ids), still))
    width = max([len("chapter"), *(len(row[0]) for row in rows)])
    print(f"{'chapter':<{width}}  solved  open")
    for name, solved, count, still in rows:
        print(f"{name:<{width}}  {f'{solved}/{count}':>6}  {' '.join(still) or '-'}")
    total = f"{sum(row[1] for row in rows)}/{sum(row[2] for row in rows)}"
    print(f"{'together':<{width}}  {total:>6}")


def keep_progress(keep: bool = True) -> None:
    """Switch the file on or off for good; switching it off erases what it held.

    Parameters
    ----------
    keep : bool, default True
        Whether progress is to be kept from one session to the next.
    """
    if is_off():
        print("Nothing is kept: the environment variable MICROGPT_PROGRESS says so.")
        return
    if not keep:
        _write({"keep": False, "exercises": {}})
    else:
        _write({**_read(), "keep": True})
    print("Your progress is kept." if keep else "Your progress is no longer kept, and is erased.")


def forget_progress() -> None:
    """Erase all progress, the file's and this session's."""
    _session.clear()
    if not is_off():
        _write({**_read(), "exercises": {}})
    print("Your progress is erased.")


def _read() -> dict[str, Any]:
    path = progress_path()
    empty: dict[str, Any] = {"keep": True, "exercises": {}}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        exercises = stored["exercises"]
        if not all(isinstance(value, str) for value in exercises.values()):
            raise ValueError("a status is not a string")
        return {"keep": bool(stored["keep"]), "exercises": dict(exercises)}
    except FileNotFoundError:
        return empty
    except OSError as error:
        _tell(f"Your progress cannot be read ({error.strerror}): {path}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _set_aside(path)
    return empty


def _set_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"progress.damaged-{number}.json")).exists():
        number += 1
    try:
        path.replace(aside)
        _tell(f"The file with your progress is damaged; it was set aside as {aside}")
    except OSError as error:
        _tell(f"The file with your progress is damaged ({error.strerror}): {path}")


def _write(stored: dict[str, Any]) -> None:
    path = progress_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stored, file, indent=1, sort_keys=True)
        os.replace(name, path)
    except OSError as error:
        _tell(f"Your progress cannot be kept ({error.strerror}): {path}")


def _tell(message: str) -> None:
    if message not in _told:
        _told.add(message)
        print(message)
