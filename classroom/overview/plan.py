"""When an exercise is talked about: the minute in the lecturer's plan, as their page has it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "teaching.md"
CLOSING = ("Recap", "Questions")


def minute(exercise_id: str) -> str:
    """Where the 90 minutes of the chapter come to an exercise, in words.

    Parameters
    ----------
    exercise_id : str
        Such as ``"2.4"``.

    Returns
    -------
    str
        ``"minute 71"``; the closing row's, where the plan leaves the exercise to the
        students; nothing where the lecturer's page is not at hand.
    """
    rows = _rows().get(int(exercise_id.split(".")[0]), [])
    own = [when for what, when in rows if exercise_id in re.findall(r"\d+\.\d+", what)]
    closing = [when for what, when in rows if what.startswith(CLOSING)]
    if own and own[0]:
        return f"minute {own[0]}"
    return f"at the close, minute {closing[-1]}" if closing and closing[-1] else ""


@cache
def _rows() -> dict[int, list[tuple[str, str]]]:
    """For each chapter the rows on exercises and the closing ones, with their minutes."""
    try:
        text = PAGE.read_text(encoding="utf-8")
    except OSError:
        return {}
    found: dict[int, list[tuple[str, str]]] = {}
    for chapter in re.split(r"^(?=### \d+ · |## )", text, flags=re.MULTILINE):
        head = re.match(r"### (\d+) · ", chapter)
        for what, when in re.findall(r"^\| ([^|]+) \|.* \| ([^|]+) \| [^|]*\|$", chapter, re.M):
            if head and what.startswith(("Exercise", *CLOSING)):
                found.setdefault(int(head[1]), []).append((what, _minutes(when)))
    return found


def _minutes(cell: str) -> str:
    clock = re.match(r"(\d+):(\d\d)", cell)
    return str(60 * int(clock[1]) + int(clock[2])) if clock else ""
