"""Hand in how far you are: a file, or one line to paste; the third way, a folder, is in the kit.

All come from the record that the checks keep. In it are no code, no name and no time of day.
"""

from __future__ import annotations

from pathlib import Path

from classroom.exercises.kit import logbook, store
from classroom.exercises.kit.results import RIGHT
from classroom.exercises.kit.saying import say
from classroom.overview.line import pack


def hand_in(label: str = "") -> None:
    """Print one line that says how far you are, to paste where your lecturer asks for it.

    Parameters
    ----------
    label : str, optional
        What stands before it, such as ``"team 7"``. The line itself holds no name and no code: of
        each exercise whether it is right, how many tries it took and how far the best one came,
        and of the exercise tried last what the check said.
    """
    words = " ".join(label.replace("mg2", "").split())
    held = logbook.known()
    say(f"{words + ': ' if words else ''}{pack(held)}")
    right = list(held.exercises.values()).count(RIGHT)
    say(f"  This line says: {right} of {len(held.exercises)} exercises that you tried are right.")


def export_progress(path: str | Path = "my_progress.json") -> None:
    """Write your progress to one file, to hand it in or take it to another computer or browser.

    Parameters
    ----------
    path : str or Path, default "my_progress.json"
        Beside the notebook. A file that holds something else is not replaced.
    """
    target, held = Path(path), logbook.known()
    solved = list(held.exercises.values()).count(RIGHT)
    try:
        if target.is_file():
            store.Progress.parse(target.read_text(encoding="utf-8"))
        store.replace(target, held.text())
    except OSError as error:
        say(f"Your progress cannot be written to {target}: {error.strerror}")
    except ValueError:
        say(f"{target} is there already and is no record of progress: give another name")
    else:
        say(f"Your progress is in {target} ({solved} solved): import_progress brings it back")


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
        say(f"Your progress cannot be read from {source}: {error.strerror}")
    except ValueError:
        say(f"{source} is no record of progress: give the file that export_progress wrote")
    else:
        logbook.add(found)
        solved = list(found.exercises.values()).count(RIGHT)
        say(f"Your progress from {source} is added ({solved} solved there)")
