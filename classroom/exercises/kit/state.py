"""How far the running check has come: for messages about time, unfinished answers and remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from classroom.exercises.kit.errors import Wrong


@dataclass
class State:
    """What the helpers of `checking` note down while a check runs."""

    doing: str = ""  # the call that is being tried
    passed: int = 0  # examples that came out right so far
    # words what has failed so far, for an answer that is stopped
    report: Callable[[], Wrong] | None = None
    remarks: list[str] = field(default_factory=list)  # what is worth saying of a right answer


now = State()


def start_afresh() -> None:
    """Forget the check that ran before."""
    now.doing, now.passed, now.report, now.remarks = "", 0, None, []


def remark(text: str) -> None:
    """Say something about a right answer, ``✓ ..., and: text``; of several the first is said."""
    now.remarks.append(text)
