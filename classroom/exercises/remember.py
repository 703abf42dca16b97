"""*Do you remember?*: three questions from earlier chapters at the head of chapters 02 to 11.

The record of the exercises decides which: what you got wrong comes back. Where there is no record
the choice is fixed: one question from the chapter before, two from further back.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from classroom.chapters import CHAPTERS
from classroom.exercises.kit import logbook
from classroom.exercises.questions import QUESTIONS, Question

COUNT = 3


class Recall:
    """Three questions with folded answers; as text, the answers follow the questions."""

    def __init__(self, questions: list[Question]) -> None:
        self.questions = questions

    def __repr__(self) -> str:
        """Return the questions, then the answers, as plain text."""
        asked = [f"{n}. {each.text}" for n, each in enumerate(self.questions, 1)]
        answers = [f"{n}. {each.answer}" for n, each in enumerate(self.questions, 1)]
        return "\n".join([*asked, "Answers:", *answers])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = "".join(
            f"<li>{_html(each.text)}<details><summary>Answer</summary>{_html(each.answer)} "
            f"<small>(chapter {each.exercise.split('.')[0]})</small></details></li>"
            for each in self.questions
        )
        return {"text/html": f"<ol>{rows}</ol>", "text/plain": repr(self)}


def remember(chapter: str | int) -> Recall:
    """Three questions from the chapters before this one.

    Parameters
    ----------
    chapter : str or int
        The chapter that begins now, such as ``"05"``.

    Returns
    -------
    Recall
        To be shown as the last line of a cell.

    Raises
    ------
    ValueError
        If there is no earlier chapter to ask about.
    """
    number = int(chapter)
    last = CHAPTERS[-1].number
    if not 1 <= number <= last:
        here = f"before chapter {chapter!r}: give 1 to {last}"
        raise ValueError(f"there is nothing to remember {here}")
    earlier = [each for n in range(number) for each in QUESTIONS[n]]
    chosen = [each for key in logbook.known().missed for each in earlier if each.exercise == key]
    in_order = dict.fromkeys(chosen + fixed_choice(number) + earlier[::-1])
    return Recall(list(in_order)[:COUNT])


def fixed_choice(chapter: int) -> list[Question]:
    """One question from the chapter before, one from two further back, one from further still."""
    steps = (1, 3, 6)
    places = dict.fromkeys(max(chapter - step, 0) for step in steps)
    return [QUESTIONS[n][chapter % len(QUESTIONS[n])] for n in places]


def _html(text: str) -> str:
    return re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text))
