"""A copy of the record in the folder of a class; used by the logbook alone.

A lecturer's environment names it, ``MICROGPT_CLASS``. The reader is told before anything is written
there, and ``share_progress(False)`` refuses. Owner and group can read the copy (0640).
"""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path

from classroom.exercises.kit import store
from classroom.exercises.kit.saying import say

_TOLD = """\
Your lecturer follows how the class gets on: from the next check on, a copy of your progress is in
  {path}
It says which exercises are right, how many tries, how far, which kind of mistake: no code of yours.
share_progress(False) refuses, now or later, and removes the copy."""


def share() -> None:
    """Write or remove the copy, as the reader wants it; nothing where no folder is named."""
    path = _path()
    if path is None:
        return
    held = store.read()
    try:
        if not held.keep or held.share is False:
            path.unlink(missing_ok=True)
        elif held.share:
            store.replace(path, held.text(), 0o640)
        elif held.exercises:
            say(_TOLD.format(path=path))
            _decide(True)
    except OSError as error:
        store.tell(f"The class folder cannot be written ({error.strerror}): {path}")


def share_progress(share_it: bool = True) -> None:
    """Let your class's folder have a copy of your progress, or take it back.

    Parameters
    ----------
    share_it : bool, default True
        False removes the copy; your own record stays.
    """
    if not store.is_off():
        _decide(share_it)
        share()
    if _path() is None or store.is_off():
        say("No class has a folder here: nothing of your progress leaves this computer.")
    else:
        say(f"Your class {'gets a copy' if share_it else 'has no copy'} of your progress.")


def _decide(wish: bool) -> None:
    store.change(lambda held: setattr(held, "share", wish))


def _path() -> Path | None:
    folder = os.environ.get("MICROGPT_CLASS", "")
    user = os.environ.get("JUPYTERHUB_USER") or getpass.getuser() if folder else ""
    name = re.sub(r"[^\w@-]+", "-", user).strip("-")
    return Path(folder).expanduser() / f"{name or 'somebody'}.json" if folder else None
