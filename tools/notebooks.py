"""Execute and normalise the notebooks, all or some: what authors run after a change.

    python -m tools.notebooks               all chapters, in order
    python -m tools.notebooks 02 11         chapters 02 and 11
    python -m tools.notebooks --accept 05   store what came out differently, and say what it is
    python -m tools.notebooks lint 02       say what breaks the rules of hygiene, run nothing
    python -m tools.notebooks editions      write the student and the solution edition to build/
    python -m tools.notebooks editions --grader nbgrader   (or otter) assignments that grade

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

from tools import ROOT
from tools.execute import NotebookFailed, execute
from tools.hygiene.folding import marked
from tools.normalise import as_text, normalise
from tools.reconcile import Change, reconcile
from tools.solutions import fold_in
from tools.stills import add_stills, fold, keep_stills, unfold

NOTEBOOKS = ROOT / "notebooks"


def chosen_notebooks(folder: Path, chapters: list[str]) -> list[Path]:
    """The folder's notebooks in order, or those of chapters such as ``"2"`` or ``"02"``."""
    every = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not chapters:
        return every
    wanted = {chapter.split("_")[0].zfill(2): chapter for chapter in chapters}
    for number, given in wanted.items():
        if not any(path.name.startswith(number + "_") for path in every):
            raise SystemExit(f"no notebook {number}_*.ipynb in {folder} (asked for {given!r})")
    return [path for path in every if path.name[:2] in wanted]


def renewed(path: Path, options: argparse.Namespace) -> tuple[str, str, list[Change]]:
    """Text of a notebook as it is stored and after execution, and what came out differently."""
    old = path.read_text(encoding="utf-8")
    stored = nbformat.reads(old, as_version=4)
    unfold(stored)
    fresh = nbformat.reads(old, as_version=4)
    fold_in(fresh)
    execute(fresh, path.parent, path.name)
    fresh = normalise(fresh)
    changes = reconcile(stored, fresh, renew=options.renew, pictures=options.pictures)
    add_stills(fresh)
    keep_stills(stored, fresh)
    fold(fresh)
    fresh.cells = marked(fresh.cells)
    return old, as_text(fresh), changes


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interruption leaves the old one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def run(paths: list[Path], options: argparse.Namespace) -> int:
    """Execute and normalise, a line a notebook; 1 if a cell failed or printed something else."""
    wrong = False
    for path in paths:
        try:
            old, new, changes = renewed(path, options)
        except NotebookFailed as failure:
            print(f"{failure}\n  left untouched: {path.name}", flush=True)
            wrong = True
            continue
        for change in changes:
            print(f"{path.name}: {change}", flush=True)
        refused = not options.accept and not all(change.excused for change in changes)
        if refused:
            again = f'make notebooks NB="--accept {path.name[:2]}"'
            word = f"left untouched; if you changed what makes it, {again} stores it"
        elif old == new:
            word = "unchanged"
        else:
            write(path, new)
            word = "written"
        wrong |= refused
        print(f"{path.name}: {word}", flush=True)
    return int(wrong)


def lint(paths: list[Path]) -> int:
    """Print what breaks the rules of hygiene; 1 if anything does."""
    from tools.hygiene import RULES, Page

    pairs = [(page, rule) for page in map(Page.read, paths) for rule in RULES]
    found = [f"{p.path.name}: {rule.__name__}: {each}" for p, rule in pairs for each in rule(p)]
    print("".join(f"{complaint}\n" for complaint in found), end="")
    return int(bool(found))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m tools.notebooks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("words", nargs="*", metavar="CHAPTER", help="02, 11, ...; or lint, editions")
    made.add_argument("--accept", action="store_true", help="store outputs that differ")
    made.add_argument("--pictures", action="store_true", help="renew unchanged pictures, too")
    made.add_argument("--renew", action="store_true", help="renew outputs that nbval ignores, too")
    made.add_argument("--notebooks", type=Path, default=NOTEBOOKS, help="another folder")
    made.add_argument("--build", type=Path, default=ROOT / "build", help="where editions go")
    made.add_argument("--grader", choices=["nbgrader", "otter"], help="editions that it can mark")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = parser().parse_intermixed_args(arguments)
    words = [word for word in options.words if word not in ("lint", "editions")]
    paths = chosen_notebooks(options.notebooks.resolve(), words)
    if "lint" in options.words:
        return lint(paths)
    if "editions" in options.words:
        from tools.editions import write_assignments, write_editions

        if options.grader:
            return write_assignments(paths, options.build, options.grader)
        return write_editions(paths, options.build)
    return run(paths, options)


if __name__ == "__main__":
    sys.exit(main())
