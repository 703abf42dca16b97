"""Execute and normalise the notebooks, all or some: what authors run after a change.

    python tools/notebooks.py               all chapters, in order
    python tools/notebooks.py 02 11         chapters 02 and 11
    python tools/notebooks.py --check       report what would change, write nothing
    python tools/notebooks.py --renew 11    also renew outputs tagged nbval-ignore-output
    python tools/notebooks.py lint 02       say what breaks the rules of hygiene, run nothing
    python tools/notebooks.py editions      write the student and the solution edition to build/

A notebook is written only if it changed. One with a failing cell is left untouched. Outputs of a
cell tagged ``nbval-ignore-output`` (measured times) stay as they are while the cell's source does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.execute import NotebookFailed, execute
from tools.normalise import as_text, normalise
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


def renewed(path: Path, renew: bool) -> tuple[str, str]:
    """Text of a notebook as it is stored, and as it is after execution and normalising.

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
    if not renew:
        keep_measured(normalise(stored), fresh)
    add_stills(fresh)
    keep_stills(stored, fresh)
    return old, as_text(fresh)


def keep_measured(stored: NotebookNode, fresh: NotebookNode) -> None:
    """Put stored outputs back where they are not compared and their cell did not change."""
    outputs = {c.id: c.outputs for c in stored.cells if c.get("execution_count") is not None}
    for cell in fresh.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []) and outputs.get(cell.id):
            cell.outputs = outputs[cell.id]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interruption leaves the old one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def run(paths: list[Path], check: bool, renew: bool) -> int:
    """Execute and normalise; print a line a notebook.

    Returns
    -------
    int
        0 if all went well, 1 if a cell failed or, with `check`, something would change.
    """
    wrong = 0
    for path in paths:
        try:
            old, new = renewed(path, renew)
        except NotebookFailed as failure:
            print(f"{failure}\n  left untouched: {path.name}", flush=True)
            wrong = 1
            continue
        if old == new:
            word = "unchanged"
        elif check:
            word, wrong = "would change", 1
        else:
            write(path, new)
            word = "written"
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
    return run(paths, options.check, options.renew)


if __name__ == "__main__":
    sys.exit(main())
