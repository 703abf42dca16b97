"""Saving in time: where to is looked at before the run, and nothing is lost if it changed since."""

import argparse
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..checkpoint import Place, save
from ..training import Run
from .terminal import say


def find_place(options: argparse.Namespace) -> Place | None:
    """Where the run will be saved, or None; an OSError or a ValueError says why that cannot be."""
    if options.save is None:
        return None
    with suppress(OSError):
        if options.data is not None and os.path.samefile(options.data, options.save):
            problem = f"--save would replace the text in {options.data!r}"
            raise ValueError(f"{problem}: name another file")
    return Place(options.save)


def keep(run: Run, place: Place) -> int:
    """Save; where that cannot be any more, to another place. The exit code: 1 if it is another."""
    run.close()
    model = run.state_dict, run.config, run.tokenizer, None if run.ended or not run.docs else run
    problem, tried = "", []
    for spot in _spots(place):
        try:
            save(spot, *model)
        except OSError as error:
            problem = problem or str(error)
            tried.append(os.path.dirname(os.path.abspath(spot)))
        else:
            if problem:
                say(f"{problem}; so what was learned was saved to {os.fspath(spot)!r}")
            return bool(problem)
    folders = ", ".join(repr(folder) for folder in dict.fromkeys(tried))
    say(f"{problem}; nothing can be saved in {folders} either: what was learned is lost")
    return 1


def _spots(place: Place) -> Iterator[Place | str]:
    """The place; then a new name beside it, in the folder for temporary files, and at home."""
    yield place
    name = f"microgpt-{secrets.token_hex(4)}.json"
    yield os.path.join(place.file.parent, name)
    with suppress(OSError):
        yield os.path.join(tempfile.gettempdir(), name)
    with suppress(RuntimeError):
        yield os.path.join(Path.home(), name)
