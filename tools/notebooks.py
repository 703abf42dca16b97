"""Execute and normalise the notebooks, all or some: what authors run after a change.

    python tools/notebooks.py               all chapters, in order
    python tools/notebooks.py 02 11         chapters 02 and 11
    python tools/notebooks.py --check       report what would change, write nothing
    python tools/notebooks.py --accept 05   store what came out differently, and say what it is
    python tools/notebooks.py --renew 11    also renew outputs tagged nbval-ignore-output
    python tools/notebooks.py --pictures    renew all pictures, not only those that changed
    python tools/notebooks.py lint 02       say what breaks the rules of hygiene, run nothing
    python tools/notebooks.py editions      write the student and the solution edition to build/

A notebook is written only if it changed. One with a failing cell is left untouched, and so is one
in which an unedited cell, with no edited cell before it, prints something else than is stored: a
number that depends on the machine must not slip in. `--accept` is for authors who changed what
lies behind the cell. Outputs of a cell tagged ``nbval-ignore-output`` (measured times) stay as they
are while the cell's source does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat

from tools.execute import NotebookFailed, execute
from tools.normalise import as_text, normalise
from tools.reconcile import Change, reconcile
from tools.stills import add_stills, keep_stills

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"


def chosen_notebooks(folder: Path, chapters: list[str]) -> list[Path]:
    """Notebooks of the folder in order, restricted to some chapters.

    Parameters
    ----------
    folder : Path
        Where the notebooks are.
    chapters : list of str
        Numbers such as ``"2"`` or ``"02"``; empty for all.

    Returns
    -------
    list of Path
        Sorted by name.

    Raises
    ------
    ValueError
        If a chapter has no notebook.
    """
    every = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not chapters:
        return every
    wanted = {chapter.split("_")[0].zfill(2): chapter for chapter in chapters}
    for number, given in wanted.items():
        if not any(path.name.startswith(number + "_") for path in every):
            raise ValueError(f"no notebook {number}_*.ipynb in {folder} (asked for {given!r})")
    return [path for path in every if path.name[:2] in wanted]


def renewed(path: Path, options: argparse.Namespace) -> tuple[str, str, list[Change]]:
    """Text of a notebook as it is stored and after execution, and what came out differently.

    Raises
    ------
    NotebookFailed
        If a cell fails.
    """
    old = path.read_text(encoding="utf-8")
    stored = nbformat.reads(old, as_version=4)
    fresh = nbformat.reads(old, as_version=4)
    execute(fresh, path.parent, path.name)
    fresh = normalise(fresh)
    changes = reconcile(stored, fresh, renew=options.renew, pictures=options.pictures)
    add_stills(fresh)
    keep_stills(stored, fresh)
    return old, as_text(fresh), changes


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interruption leaves the old one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def run(paths: list[Path], options: argparse.Namespace) -> int:
    """Execute and normalise; print a line a notebook.

    Returns
    -------
    int
        0 if all went well, 1 if a cell failed or printed something else than is stored, or, with
        `check`, something would change.
    """
    wrong = 0
    for path in paths:
        try:
            old, new, changes = renewed(path, options)
        except NotebookFailed as failure:
            print(f"{failure}\n  left untouched: {path.name}", flush=True)
            wrong = 1
            continue
        for change in changes:
            print(f"{path.name}: {change}", flush=True)
        refused = not options.accept and not all(change.excused for change in changes)
        if refused:
            again = f'make notebooks NB="--accept {path.name[:2]}"'
            word = f"left untouched; if you changed what makes it, {again} stores it"
        elif old == new:
            word = "unchanged"
        elif options.check:
            word = "would change"
        else:
            write(path, new)
            word = "written"
        wrong = 1 if refused or word == "would change" else wrong
        print(f"{path.name}: {word}", flush=True)
    return wrong


def lint(paths: list[Path]) -> int:
    """Print what breaks the rules of hygiene; 1 if anything does."""
    from tools.hygiene import RULES, Page

    wrong = 0
    for path in paths:
        page = Page.read(path)
        for rule in RULES:
            for complaint in rule(page):
                print(f"{path.name}: {rule.__name__}: {complaint}")
                wrong = 1
    return wrong


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="tools/notebooks.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("words", nargs="*", metavar="CHAPTER", help="02, 11, ...; or lint, editions")
    made.add_argument("--check", action="store_true", help="write nothing; 1 if it would")
    made.add_argument("--accept", action="store_true", help="store outputs that differ")
    made.add_argument("--pictures", action="store_true", help="renew all pictures")
    made.add_argument("--renew", action="store_true", help="renew measured outputs too")
    made.add_argument("--notebooks", type=Path, default=NOTEBOOKS, help="another folder")
    made.add_argument("--build", type=Path, default=ROOT / "build", help="where editions go")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = parser().parse_intermixed_args(arguments)
    words = [word for word in options.words if word not in ("run", "lint", "editions")]
    try:
        paths = chosen_notebooks(options.notebooks.resolve(), words)
    except ValueError as error:
        print(error)
        return 2
    if "lint" in options.words:
        return lint(paths)
    if "editions" in options.words:
        from tools.editions import write_editions

        return write_editions(paths, options.build)
    return run(paths, options)


if __name__ == "__main__":
    sys.exit(main())
