"""How far the running check has come: for messages about time, unfinished answers and remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from classroom.exercises.kit.errors import Wrong


@dataclass
class State:
    """What the helpers of `checking` note down while a check runs.

    Attributes
    ----------
    doing : str
        The call that is being tried.
    passed : int
        Examples that came out right so far.
    report : callable or None
        Words what has failed so far, for an answer that is stopped.
    remarks : list of str
        What is worth saying of a right answer.
    trial : bool
        Whether only the verdict counts: the first failing example ends the check.
    """

    doing: str = ""
    passed: int = 0
    report: Callable[[], Wrong] | None = None
    remarks: list[str] = field(default_factory=list)
    trial: bool = False


now = State()


def start_afresh(trial: bool = False) -> None:
    """Forget the check that ran before."""
    now.doing, now.passed, now.report, now.remarks, now.trial = "", 0, None, [], trial


def remark(text: str) -> None:
    """Say something about a right answer: it is printed as ``✓ ..., and: text``.

    Parameters
    ----------
    text : str
        One sentence that is worth the reader's time; of several remarks the first is printed.
    """
    now.remarks.append(text)
