"""``python -m classroom.exercises``: list the exercises, verify solutions, show the progress."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from classroom.exercises.kit import registry
from classroom.exercises.kit.logbook import progress
from classroom.exercises.kit.verify import verify

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def print_list() -> None:
    """Print the registry as a table."""
    rows = [("id", "title", "level", "minutes", "kind")]
    for each in registry.all_exercises():
        dots = "●" * each.difficulty + "○" * (3 - each.difficulty)
        rows.append((each.id, each.title, dots, str(each.minutes), each.kind))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        key, title, dots, minutes, kind = (cell.ljust(w) for cell, w in zip(row, widths))
        print(f"{key}  {title}  {dots}  {minutes.strip():>7}  {kind}".rstrip())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 if `verify` found something, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m classroom.exercises", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="print all exercises")
    commands.add_parser("progress", help="print what you have solved")
    verifying = commands.add_parser("verify", help="run every solution and stub of the notebooks")
    verifying.add_argument("--notebooks", type=Path, default=NOTEBOOKS, metavar="DIR")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that has no dots shows ? instead
        sys.stdout.reconfigure(errors="replace")
    if options.command == "list":
        print_list()
    elif options.command == "progress":
        progress()
    elif not options.notebooks.is_dir():
        print(f"there is no folder {options.notebooks}; say where with --notebooks DIR")
        return 2
    else:
        return verify(options.notebooks.resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
