"""Keep a part that the reader wrote, in a file that chapter 10 finds; chapters 1 to 7 and 10.

``keep(softmax=my_softmax)`` writes ``my_parts/softmax.py`` beside the notebook: the function and
all that it needs. ``kept()`` brings every part back, ready for `assemble`.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classroom.exercises.assembly.definitions import self_contained
from classroom.exercises.assembly.machine import NAMES, require_part, with_backward
from classroom.exercises.kit.errors import error_name

FOLDER = "my_parts"
KEPT_NAMES = (*NAMES, "backward")
"""The ten parts; `backward` of chapter 2 becomes a method of `value` of chapter 1."""
HOW_TO_KEEP = (
    "open the notebook in which you solved it, run its first cell and the cell with your solution, "
    "then, for a softmax, `from classroom import keep; keep(softmax=my_softmax)`."
)
"""How to get at a solution that was written in the notebook of an earlier chapter."""


def keep(*unnamed: Any, folder: str | Path = FOLDER, **parts: Any) -> None:
    """Write parts of yours to files, and say so; chapter 10 puts them together.

    Parameters
    ----------
    *unnamed
        Nothing: a part without its name is refused.
    folder : str or Path
        Where to; beside the notebook by default.
    **parts
        Your parts by the names that `assemble` has for them: ``keep(value=MyValue)``. A part that
        was kept before and differs is renamed, not lost. ``TypeError`` if there is no part of a
        name, or it is no function or class; ``ValueError`` if its code cannot be written down.
    """
    if unnamed:
        given = getattr(unnamed[0], "__name__", "your_part")
        raise TypeError(f"say which part it is, such as keep(softmax={given})")
    for name, part in parts.items():
        require_part(name, part, KEPT_NAMES)
        if not hasattr(part, "__name__"):
            raise TypeError(f"the part {name!r} must be a class or a function itself")
        try:
            code = self_contained(part)
        except ValueError as error:
            raise ValueError(f"{name} cannot be kept: {error}") from None
        path = Path(folder) / f"{name}.py"
        said = write_keeping_the_old(path, code)
        print(f"{said}{path.as_posix()} holds your {name}; chapter 10 finds it.")


def kept(folder: str | Path = FOLDER) -> dict[str, Any]:
    """Your parts from the files that `keep` wrote, by name; those that cannot be used are told.

    A ``backward`` that stands alone becomes the method of the kept ``value``, if that has none.
    Where nothing was kept, it says how to. They are for ``assemble(3, **kept())``.
    """
    found: dict[str, Any] = {}
    there = [path for name in KEPT_NAMES if (path := Path(folder) / f"{name}.py").exists()]
    for path in there:
        try:
            found[path.stem] = _loaded(path)
        except Exception as error:  # whatever a file of the reader's may raise
            print(f"{path.as_posix()} cannot be used: {error_name(error)}")
    if not there:
        print(f"nothing is kept in {Path(folder).as_posix()} yet: {HOW_TO_KEEP}")
    if "backward" in found and "value" not in found:
        print("backward waits for its class: keep(value=MyValue) in chapter 1, exercise 1.6")
        del found["backward"]
    elif "backward" in found and hasattr(found["value"], "backward"):
        print("value has a backward of its own; the other one in this folder is not used")
    found = with_backward(found)
    if "value" in found and not hasattr(found["value"], "backward"):
        print("value waits for its backward: keep(backward=my_backward) in chapter 2, exercise 2.5")
        del found["value"]
    return found


def _loaded(path: Path) -> Any:
    """The part in a file, in a namespace of its own whose lines error messages can show."""
    source = path.read_text(encoding="utf-8")
    space = types.ModuleType(f"{FOLDER}.{path.stem}").__dict__
    code = compile(source, str(path.resolve()), "exec", dont_inherit=True)
    exec(code, space)  # the reader's own
    return space["part"]


def write_keeping_the_old(path: Path, text: str) -> str:
    """Write a file; one that is there and differs is renamed first. Says so, or nothing."""
    said = ""
    with told_if_not_writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and (path.is_dir() or path.read_bytes() != text.encode()):
            number = 1
            while (other := path.with_name(f"{path.stem}_{number}{path.suffix}")).exists():
                number += 1
            path.rename(other)
            said = f"The {path.name} that was here differs: it is now {other.name}. "
        path.write_text(text, encoding="utf-8", newline="\n")
    return said


@contextmanager
def told_if_not_writable(path: Path) -> Iterator[None]:
    """Say in one sentence what to do where the notebook's folder may not be written."""
    try:
        yield
    except OSError as error:
        problem = f"{path.name!r} cannot be written here ({error.strerror})"
        advice = "copy the notebook to a folder of your own"
        raise type(error)(f"{problem}: {advice}") from None
