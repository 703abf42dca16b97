"""Progress over the course: what was answered, right or wrong; used by every chapter.

It is kept in a small file in the user's data folder (`store.py`). The variable
``MICROGPT_PROGRESS=off`` or ``keep_progress(False)`` turns the file off: progress is then
remembered until the kernel ends, and nothing is read or written.
"""

from __future__ import annotations

import os
from pathlib import Path

from classroom.exercises.kit import registry, store
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result

_session = store.Progress()


def is_off() -> bool:
    """Whether the environment says that no file is to be kept."""
    return os.environ.get("MICROGPT_PROGRESS", "").lower() in ("off", "0", "no", "false")


def record(result: Result) -> None:
    """Note a result; an exercise once right stays right, and once missed stays known as missed.

    Parameters
    ----------
    result : Result
        An exercise that was not attempted is not noted.
    """
    if result.status == OPEN:
        return
    _note(_session, result)
    if not is_off():
        store.change(lambda held: _note(held, result) if held.keep else None)


def _note(held: store.Progress, result: Result) -> None:
    if held.exercises.get(result.id) != RIGHT:
        held.exercises[result.id] = result.status
    if result.status == WRONG:
        held.missed = [result.id, *(key for key in held.missed if key != result.id)]


def statuses() -> dict[str, str]:
    """Status of every exercise attempted so far, by id: the file's and this session's."""
    return _known().exercises


def missed() -> list[str]:
    """Ids of the exercises that were answered wrong at least once, the latest first.

    Returns
    -------
    list of str
        Right answers given since do not take an exercise off the list: what was hard once is what
        is worth asking again.
    """
    return _known().missed


def _known() -> store.Progress:
    """The file's and this session's together."""
    together = store.Progress() if is_off() else store.read()
    _merge(together, _session)
    return together


def _merge(held: store.Progress, other: store.Progress) -> None:
    """Add what another record knows: right wins over wrong, and nothing is on the list twice."""
    for key, status in other.exercises.items():
        if held.exercises.get(key) != RIGHT:
            held.exercises[key] = status
    held.missed = [*(key for key in other.missed if key not in held.missed), *held.missed]


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

    def switch(held: store.Progress) -> None:
        held.keep = keep
        if not keep:
            held.clear()

    store.change(switch)
    print("Your progress is kept." if keep else "Your progress is no longer kept, and is erased.")


def forget_progress() -> None:
    """Erase all progress, the file's and this session's."""
    _session.clear()
    if not is_off():
        store.change(store.Progress.clear)
    print("Your progress is erased.")


def export_progress(path: str | Path = "my_progress.json") -> None:
    """Write your progress to one file, to take it to another computer or browser.

    Parameters
    ----------
    path : str or Path, default "my_progress.json"
        Beside the notebook. A file that holds something else is not replaced.
    """
    target, known = Path(path), _known()
    solved = list(known.exercises.values()).count(RIGHT)
    try:
        if target.is_file():
            store.Progress.parse(target.read_text(encoding="utf-8"))
        store.replace(target, known.text())
    except OSError as error:
        print(f"Your progress cannot be written to {target}: {error.strerror}")
    except ValueError:
        print(f"{target} is there already and is no record of progress: give another name")
    else:
        print(f"Your progress is in {target} ({solved} solved): import_progress brings it back")


def import_progress(path: str | Path = "my_progress.json") -> None:
    """Add the progress that `export_progress` wrote to yours; nothing of yours is lost.

    Parameters
    ----------
    path : str or Path, default "my_progress.json"
        Beside the notebook.
    """
    source = Path(path)
    try:
        if source.exists() and not source.is_file():
            raise OSError(0, "no ordinary file")
        found = store.Progress.parse(source.read_text(encoding="utf-8"))
    except OSError as error:
        print(f"Your progress cannot be read from {source}: {error.strerror}")
    except ValueError:
        print(f"{source} is no record of progress: give the file that export_progress wrote")
    else:
        _merge(_session, found)
        if not is_off():
            store.change(lambda held: _merge(held, found) if held.keep else None)
        solved = list(found.exercises.values()).count(RIGHT)
        print(f"Your progress from {source} is added ({solved} solved there)")
