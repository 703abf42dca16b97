"""``python -m classroom.overview.told 2.3``: the wrong answers a check knows, and what it tells.

Without a number: all exercises. ``--write`` renews the tables of the lecturer's page, which show
of each exercise the sentences that most wrong answers lead to.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

from classroom.exercises.kit import registry
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.saying import say
from classroom.overview.plan import PAGE

SHOWN, LONGEST = 2, 70  # sentences of an exercise on the page; characters of what is seen there
HEAD = "| exercise | you see | which tells you |\n| :--- | :--- | :--- |\n"


def told(found: registry.Exercise) -> dict[str, list[str]]:
    """The sentences of a check, each with the wrong answers that lead to it."""
    rows: dict[str, list[str]] = {}
    for name, asked in (found.asked or {}).items():
        for value, sentence in asked.told.items():
            rows.setdefault(sentence, []).append(f"`{name} = {show(value)}`")
    for edit, sentence in (found.solution.slips if found.solution else {}).items():
        rows.setdefault(sentence, []).append(
            "; ".join(map(_seen, filter(str.strip, edit.split("\n"))))
        )
    return rows


def _seen(edit: str) -> str:
    """An edit in words: what stands there in place of what."""
    old, _, new = (part.strip() for part in edit.replace("⏎", " ⏎ ").partition(" ->"))
    old, new = (" ".join(part.split()) for part in (old, new))
    return f"`{new}` in place of `{old}`" if new else f"without `{old}`"


def page_rows(chapter: int) -> Iterator[str]:
    """The rows of a chapter's table on the lecturer's page."""
    for found in registry.all_exercises():
        if found.chapter == chapter:
            short = {
                sentence: min(seen, key=len)
                for sentence, seen in told(found).items()
                if min(map(len, seen)) <= LONGEST and "⏎" not in min(seen, key=len)
            }
            ranked = sorted(short, key=lambda sentence: -len(told(found)[sentence]))
            for sentence in ranked[:SHOWN]:
                row = f"{found.id} | {_cell(short[sentence])} | {_cell(sentence)}"
                yield f"| {row} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def renewed(page: str) -> str:
    """The lecturer's page with the tables as the exercises have them now."""

    def table(chapter: re.Match[str]) -> str:
        rows = "".join(f"{row}\n" for row in page_rows(int(chapter["number"])))
        return chapter["before"] + HEAD + rows

    pattern = rf"(?P<before>^### (?P<number>\d+) · (?:(?!^##).*\n)*?){re.escape(HEAD)}(?:\|.*\n)*"
    return re.sub(pattern, table, page, flags=re.MULTILINE)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 2 for an exercise that is not there."""
    parser = argparse.ArgumentParser(prog="python -m classroom.overview.told", description=__doc__)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="such as 2.3; or 2")
    parser.add_argument("--write", action="store_true", help="renew docs/teaching.md")
    options = parser.parse_args(arguments)
    if options.write:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(renewed(text), encoding="utf-8", newline="\n")
        return 0
    wanted = options.exercises
    shown = [e for e in registry.all_exercises() if {e.id, str(e.chapter)} & set(wanted or [e.id])]
    for found in shown:
        say(f"{found.id} {found.title}")
        for sentence, seen in told(found).items():
            say(f"  {sentence}")
            for each in seen:
                say(f"      {each}")
    return 0 if shown else 2


if __name__ == "__main__":
    sys.exit(main())
