"""``python -m classroom.exercises verify``: run every solution and stub of the notebooks."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from classroom.exercises.kit.verify import verify

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 if something was found, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m classroom.exercises", description=__doc__)
    parser.add_argument("command", choices=["verify"])
    parser.add_argument("--notebooks", type=Path, default=NOTEBOOKS, metavar="DIR")
    folder: Path = parser.parse_args(arguments).notebooks
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that has no dots shows ? instead
        sys.stdout.reconfigure(errors="replace")
    if not folder.is_dir():
        print(f"there is no folder {folder}; say where with --notebooks DIR")
        return 2
    return verify(folder.resolve())


if __name__ == "__main__":
    sys.exit(main())
