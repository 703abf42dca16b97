"""Build or renew the virtual environment `.venv`: what `make lab` and `make test` do first.

Run by any Python from 3.10 on, with the extras of pyproject.toml that are needed:

    python -m tools.setup_env lab,test

A stamp inside `.venv` tells what it was built from, so a second run takes no time and a changed
pyproject.toml is noticed; packages that have gone missing are noticed too. An install that fails
leaves `.venv` as it was (`tools.keeping`), and if that holds all that is asked for, it is used.
Every failure is one line and an exit code other than 0.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys

from tools import ROOT
from tools.environment import (
    LOG,
    VENV,
    Found,
    SetupError,
    all_extras,
    create,
    install,
    installer,
    look,
)
from tools.keeping import BEFORE, UNFINISHED, alone, kept, put_back

STAMP = VENV / "course-stamp.json"  # written last: what the environment holds


# What is there


def wanted_stamp(extras: set[str]) -> dict[str, object]:
    """What the stamp says of an environment that fits this checkout and these extras."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"pyproject": digest, "root": str(ROOT), "extras": sorted(extras)}


def read_stamp() -> dict[str, object]:
    """What the environment holds; nothing if it has no stamp that can be read."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return {name: stamp[name] for name in wanted_stamp(set(stamp["extras"]))}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def why_not(found: Found | None) -> str:
    """What stands against installing into this environment; empty if nothing does."""
    if found is None:
        return "no working Python"
    chosen = sys.version_info[:2] if os.environ.get("PYTHON") else found.version
    if found.version < (3, 10) or found.version != chosen:
        return "Python {}.{}".format(*found.version)
    return f"a broken {', '.join(found.broken)}" if found.broken else ""


def is_ready(extras: set[str]) -> bool:
    """Whether nothing is to do: the stamp is right, and nothing has gone missing since."""
    if UNFINISHED.exists() or BEFORE.exists() or read_stamp() != wanted_stamp(extras):
        return False
    found = look(extras)
    return not why_not(found) and not found.lacks


def refuse_link() -> None:
    """Leave a linked environment alone: what it leads to belongs to another checkout."""
    if VENV.is_symlink():
        advice = "remove the link with `rm .venv`, and a .venv of its own is made here"
        raise SetupError(f".venv is a link to {os.readlink(VENV)}, which is left alone: {advice}")


def refuse_unwritable() -> None:
    """Say what to do where nothing can be made or changed."""
    for path in (ROOT, ROOT / "notebooks", LOG.parent, VENV):
        if path.exists() and not os.access(path, os.W_OK):
            name = "the folder of the course" if path == ROOT else f"the folder {path.name}"
            advice = "copy the course to a folder of your own, and start it there"
            raise SetupError(f"{name} may not be written by you: {advice}")


# Renewing it


def write_stamp(extras: set[str]) -> None:
    """Say that the environment is complete, in one step that cannot be half done."""
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps(wanted_stamp(extras)), encoding="utf-8")
    draft.replace(STAMP)
    UNFINISHED.unlink()


def renew(extras: set[str], holder: int) -> None:
    """Install what is missing, into what is there or, if that cannot be, into a new environment."""
    found = look(extras)
    obstacle = why_not(found) if VENV.exists() else ""
    if obstacle and not STAMP.exists():
        raise SetupError(f".venv is there already, with {obstacle}: move it away first")
    anew = bool(obstacle) or not VENV.exists()
    installer(anew or found.pip)  # before anything is moved
    what = ", ".join(sorted(extras))
    print(f"Installing what the course needs ({what}) into .venv: a few minutes, once ...")
    sys.stdout.flush()
    with kept(anew):
        if anew:
            create()
        install(extras, anew or found.pip, holder)
        write_stamp(extras)


def prepare(asked: set[str]) -> None:
    """Make `.venv` hold the course with these extras, keeping the extras that it already has."""
    refuse_link()
    known, had = all_extras(), set(read_stamp().get("extras", ()))  # type: ignore[call-overload]
    if unknown := sorted(asked - known.keys()):
        raise SetupError(f"there is no extra {unknown[0]!r}: choose from {', '.join(known)}")
    extras = asked | (had & known.keys())
    if is_ready(extras):
        return
    try:
        refuse_unwritable()
        with alone() as holder:
            put_back()
            if not is_ready(extras):
                renew(extras, holder)
    except (SetupError, OSError) as error:
        fall_back(asked, error)


def fall_back(asked: set[str], error: Exception) -> None:
    """Be content with what is there, and say so; raise the error if that lacks what is asked for.

    What a killed install left is not used.
    """
    found = None if UNFINISHED.exists() else look(asked)
    if found is None or found.version < (3, 10):
        raise error
    if found.lacks:
        raise SetupError(f"{error}; .venv has no working {found.lacks}") from error
    version = "Python {}.{}".format(*found.version)
    print(f"note: {error}; .venv is used as it is ({version})", file=sys.stderr)


def set_up(extras: set[str], writes: bool = True) -> int:
    """Prepare the environment with these extras, and those of the variable EXTRAS.

    What comes back is 0 if it is ready, 1 after a failure, 130 after Ctrl-C. A command that
    `writes` into the course fails where it may not; one that does not is told.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ready = False
    try:
        prepare(extras | set(re.findall(r"[\w-]+", os.environ.get("EXTRAS", ""))))
        ready = True
        refuse_unwritable()
    except KeyboardInterrupt:
        message, code = "stopped before the course was installed: run it again to start over", 130
    except SetupError as error:
        message, code = str(error), 1
    except PermissionError as error:  # on Windows also for a program that is running
        message, code = f"the course could not be set up ({error}): if it runs, close it first", 1
    except OSError as error:
        message, code = f"the course could not be set up: {error}", 1
    else:
        return 0
    enough = ready and not writes
    print(f"{'note' if enough else 'error'}: {message}", file=sys.stderr)
    return 0 if enough else code


def main(arguments: list[str]) -> int:
    """Prepare the environment with the extras that the arguments name."""
    return set_up(set(re.findall(r"[\w-]+", " ".join(arguments))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
