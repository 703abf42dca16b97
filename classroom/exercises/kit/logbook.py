"""Progress over the course: what was answered, right or wrong; used by every chapter.

It is kept in a small file in the user's data folder (`store.py`). The variable
``MICROGPT_PROGRESS=off`` or ``keep_progress(False)`` turns the file off: progress is then
remembered until the kernel ends, and nothing is read or written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from classroom.exercises.kit import registry, sharing, store
from classroom.exercises.kit.errors import short_key
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result
from classroom.exercises.kit.saying import say

_session = store.Progress()
_BREAK = 30 * 60  # seconds between two checks that are no work on the record any more
_last_check = time.monotonic()


def record(result: Result) -> None:
    """Note a result; an exercise once right stays right, and once missed stays known as missed.

    An exercise that was not attempted is not noted.
    """
    if result.status != OPEN:
        passed = _minutes_passed()
        _keep(lambda held: _note(held, result, passed))


def note_opened(exercise_id: str) -> None:
    """Note that one more line of an exercise's solution was shown."""
    _keep(lambda held: _count(held.tried.setdefault(exercise_id, {}), "opened"))


def _count(tried: dict[str, Any], what: str) -> None:
    tried[what] = tried.get(what, 0) + 1


def _keep(how: Callable[[store.Progress], None]) -> None:
    """Change this session's record and, unless the reader wants none, the file's."""
    how(_session)
    if not store.is_off():
        store.change(lambda held: how(held) if held.keep else None)
        sharing.share()


def _minutes_passed() -> float:
    """Minutes since the check before this one, in whichever kernel that was; 0 after a break."""
    global _last_check
    before, _last_check = _last_check, time.monotonic()
    passed = _last_check - before
    if not store.is_off():
        with suppress(OSError):
            passed = min(passed, time.time() - store.progress_path().stat().st_mtime)
    return round(passed / 60, 1) if 0 < passed < _BREAK else 0.0


def _note(held: store.Progress, result: Result, passed: float) -> None:
    held.minutes = round(held.minutes + passed, 1)
    with suppress(PackageNotFoundError):
        held.course = version("microgpt-course")
    if held.exercises.get(result.id) != RIGHT:
        held.exercises[result.id] = result.status
        _note_try(held.tried.setdefault(result.id, {}), result, held.minutes)
    if result.status == WRONG:
        held.missed = [result.id, *(key for key in held.missed if key != result.id)]


def _note_try(tried: dict[str, Any], result: Result, minutes: float) -> None:
    _count(tried, "tries")
    tried["minutes"] = [tried.get("minutes", [minutes])[0], minutes]
    if result.steps:
        tries = [[result.done, result.steps], tried.get("steps", [0, 1])]
        tried["steps"] = max(tries, key=lambda pair: pair[0] / max(pair[1], 1))
        tried["missing"] = short_key(result.missing)
    if result.status == RIGHT:
        tried.pop("missing", None)
        if "steps" in tried:
            tried["steps"] = tried["steps"][1:] * 2
    new = result.key.split()
    if new:
        tried["causes"] = [*(key for key in tried.get("causes", []) if key not in new), *new]


def known() -> store.Progress:
    """What is known of the reader's answers: the file's and this session's together."""
    together = store.Progress() if store.is_off() else store.read()
    _merge(together, _session)
    return together


def _merge(held: store.Progress, other: store.Progress) -> None:
    """Add what another record knows: right wins over wrong, and nothing is on the list twice."""
    for key, status in other.exercises.items():
        if held.exercises.get(key) != RIGHT:
            held.exercises[key] = status
    held.missed = [*(key for key in other.missed if key not in held.missed), *held.missed]
    for key, tried in other.tried.items():
        if tried.get("tries", 0) > held.tried.get(key, {}).get("tries", 0):
            held.tried[key] = tried
    held.minutes, held.course = max(held.minutes, other.minutes), held.course or other.course


def add(found: store.Progress) -> None:
    """Add another record of the same reader to theirs; nothing of theirs is lost."""
    _keep(lambda held: _merge(held, found))


def progress() -> None:
    """Print how many exercises of each chapter are solved, and which are still open.

    Behind an open one that was tried stands how far the best try came: ``5.3 (3 of 4 steps)``.
    """
    held = known()
    found = held.exercises
    rows = []
    for chapter, title in registry.CHAPTERS.items():
        ids = [each.id for each in registry.all_exercises() if each.chapter == chapter]
        still = [key for key in ids if found.get(key) != RIGHT]
        if ids:
            rows.append((f"{chapter:2d} {title}", len(ids) - len(still), len(ids), still))
    width = max([len("chapter"), *(len(row[0]) for row in rows)])
    say(f"{'chapter':<{width}}  solved  open")
    for name, solved, count, still in rows:
        say(f"{name:<{width}}  {f'{solved}/{count}':>6}  {_open(still, held) or '-'}")
    total = f"{sum(row[1] for row in rows)}/{sum(row[2] for row in rows)}"
    say(f"{'together':<{width}}  {total:>6}")


def _open(still: list[str], held: store.Progress) -> str:
    """Ids of open exercises, each with what was done of it."""
    words = []
    for key in still:
        tried = held.tried.get(key, {})
        done, steps = tried.get("steps", [0, 0])
        parts = [f"{done} of {steps} steps"] if done else []
        parts += [f"{tried['tries']} tries"] if tried.get("tries", 0) > 1 else []
        words.append(f"{key} ({', '.join(parts)})" if parts else key)
    return " ".join(words)


def keep_progress(keep: bool = True) -> None:
    """Switch the file on or off for good; switching it off erases what it held.

    Parameters
    ----------
    keep : bool, default True
        Whether progress is to be kept from one session to the next.
    """
    if store.is_off():
        say("Nothing is kept: the environment variable MICROGPT_PROGRESS says so.")
        return
    store.change(lambda held: setattr(held, "keep", keep))
    if not keep:
        store.change(store.Progress.clear)
    sharing.share()
    say("Your progress is kept." if keep else "Your progress is no longer kept, and is erased.")


def forget_progress() -> None:
    """Erase all progress, the file's and this session's."""
    _session.clear()
    if not store.is_off():
        store.change(store.Progress.clear)
        sharing.share()
    say("Your progress is erased.")
