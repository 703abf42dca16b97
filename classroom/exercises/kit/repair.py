"""Find the cause of a wrong answer by mending it: one edit, and the check is passed.

What is found this way is certain: with that one change every example comes out right. The reader
is told the place and what is wrong there, not what to write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.edits import single_edits
from classroom.exercises.kit.sources import Source, source_of
from classroom.exercises.kit.timeout import TimeLimit, clock, time_limit

SECONDS = 1.5  # for all tries together
_ONE_TRY = 0.3


def mended_cause(answers: Sequence[Any], passes: Callable[..., bool]) -> str:
    """What is wrong with an answer that one edit makes right, or an empty string.

    Parameters
    ----------
    answers : sequence of object
        What the reader passed to ``check``.
    passes : callable
        Whether the check is passed by answers like these; it is called many times.

    Returns
    -------
    str
        The cause in words, with the line it is on.
    """
    until = clock() + SECONDS
    for place, answer in enumerate(answers):
        source = source_of(answer)
        if source is None:
            continue
        rest = list(answers)

        def passed(mended: Any, rest: list[Any] = rest, place: int = place) -> bool:
            rest[place] = mended
            return passes(*rest)

        cause = _search(source, passed, until)
        if cause:
            return cause
    return ""


def _search(source: Source, passed: Callable[[Any], bool], until: float) -> str:
    for edit in single_edits(source.tree):
        if clock() > until:
            return ""
        try:
            with time_limit(_ONE_TRY):
                right = passed(source.build())
        except (TimeLimit, SyntaxError):
            continue
        except Exception:  # the mended code may do anything
            continue
        if right:
            return f"line {edit.line}: {edit.cause}"
    return ""
