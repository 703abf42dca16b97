"""``python -m classroom.overview FOLDER|FILES|LINES``: who is stuck, and what to talk about next.

It reads what students handed in: a folder of records (also one that hubs write,
``MICROGPT_CLASS``), record files, texts with lines of ``hand_in``, or such lines themselves; ``-``
reads lines from the keyboard or a pipe. Text is printed, and the page is written beside.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from pathlib import Path

from classroom.exercises.kit.store import replace
from classroom.overview.findings import Overview, look_over
from classroom.overview.page import as_page
from classroom.overview.students import read
from classroom.overview.text import as_text


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m classroom.overview",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("sources", nargs="+", metavar="FOLDER|FILE|LINE")
    made.add_argument(
        "--watch",
        type=float,
        default=0,
        metavar="SECONDS",
        help="read again and again: a live view",
    )
    made.add_argument(
        "--html", type=Path, default=Path("overview.html"), metavar="FILE", help="the page's name"
    )
    made.add_argument(
        "--no-names", action="store_true", help="numbers for names, on a screen that all can see"
    )
    return made


def look(options: argparse.Namespace, sources: list[str]) -> Overview:
    """Read everything once, print the text and write the page."""
    live = options.watch > 0
    view = look_over(read(sources, live), live, not options.no_names)
    try:
        replace(options.html, as_page(view, options.watch))
        said = f"The page: {options.html}"
    except OSError as error:
        said = f"The page cannot be written to {options.html}: {error.strerror}"
    clear = "\033[H\033[2J" if live and sys.stdout.isatty() else ""
    print(f"{clear}{as_text(view)}\n\n{said}", flush=True)
    return view


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 if a student was found, 1 if not."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that has no ticks shows ? instead
        sys.stdout.reconfigure(errors="replace")
    sources = [sys.stdin.read() if each == "-" else each for each in options.sources]
    try:
        view = look(options, sources)
        while options.watch > 0:
            time.sleep(options.watch)
            view = look(options, sources)
    except KeyboardInterrupt:
        print()
    return 0 if view.students else 1


if __name__ == "__main__":
    sys.exit(main())
