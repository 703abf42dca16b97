"""``check``: run the check of an exercise on a reader's answer, whatever that answer does."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from classroom.exercises.kit import logbook, registry
from classroom.exercises.kit.borrowed import require_own
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import Wrong, error_line, error_name, wrong_because_raised
from classroom.exercises.kit.repair import mended_cause
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result
from classroom.exercises.kit.seen import early_returns, seen, unused
from classroom.exercises.kit.state import now, start_afresh
from classroom.exercises.kit.timeout import TimeLimit, default_seconds, time_limit

_LINES, _CHARACTERS = 10, 1000


class LimitedText(io.StringIO):
    """A stream that keeps the beginning of what is written and counts the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = 0

    def write(self, text: str) -> int:
        """Keep the first 1,000 characters."""
        room = max(0, _CHARACTERS - self.tell())
        super().write(text[:room])
        self.dropped += len(text) - len(text[:room])
        return len(text)

    def shown(self) -> str:
        """The first lines, and a line that says how much is left out."""
        lines = self.getvalue().splitlines()
        more = self.dropped > 0 or len(lines) > _LINES
        return "\n".join(lines[:_LINES] + (["… and more"] if more else []))


def check(exercise_id: str, *answers: Any) -> None:
    """Check an answer and print the result; nothing is raised and nothing is returned.

    Parameters
    ----------
    exercise_id : str
        The number in the exercise's heading, such as ``"2.3"``.
    *answers : object
        Your function (without parentheses), class or value.
    """
    try:
        found = registry.find(exercise_id)
    except KeyError as error:
        print(f"✗ {error.args[0]}")
        return
    result = evaluate(found.id, *answers)
    logbook.record(result)
    print(result)


def evaluate(exercise_id: str, *answers: Any) -> Result:
    """Check an answer and return the result; prints nothing, and records nothing.

    Parameters
    ----------
    exercise_id : str
        Such as ``"2.3"``.
    *answers : object
        What the reader passed to ``check``.

    Returns
    -------
    Result
        Right, wrong or not attempted, with example and cause.

    Raises
    ------
    KeyError
        If there is no such exercise.
    """
    found = registry.find(exercise_id)
    if answers and any(answer is None or answer is Ellipsis for answer in answers):
        return Result(found.id, found.title, OPEN)
    start_afresh()
    with _captured() as printed:
        status, wrong = _run(found, answers)
    if status == RIGHT or wrong is None:
        remark = now.remarks[0] if now.remarks and status == RIGHT else ""
        return Result(found.id, found.title, status, remark=remark)
    text = printed.shown() if status == WRONG else ""
    cause = wrong.cause or wrong.guess
    with contextlib.suppress(Exception):  # an answer may forbid to be looked at
        cause = _cause(found, answers, wrong, text) if status == WRONG else ""
    return Result(found.id, found.title, status, tuple(wrong.lines), cause, text)


def _cause(found: registry.Exercise, answers: tuple[Any, ...], wrong: Wrong, printed: str) -> str:
    """The chapter's cause; else the one edit that mends the answer; else what the result says."""
    if wrong.cause:
        return wrong.cause

    def passes(*mended: Any) -> bool:
        start_afresh(trial=True)
        with _captured():
            return _run(found, mended)[0] == RIGHT

    cause = "" if wrong.hopeless else mended_cause(answers, passes)
    if not cause and printed and wrong.guess.startswith("nothing is returned"):
        return "the result is printed, not returned: end the function with `return`."
    says_little = wrong.guess.startswith("the answer must")  # true, but not why
    strong = "" if says_little else wrong.guess
    cause = cause or seen(early_returns, answers) or strong
    return cause or seen(unused, answers) or wrong.guess


def _run(found: registry.Exercise, answers: tuple[Any, ...]) -> tuple[str, Wrong | None]:
    try:
        _require_number_of_answers(found, answers)
        with _builtins_kept(), time_limit(default_seconds()):
            found.check(*answers)
            require_own(answers, found.own)
    except Wrong as wrong:
        return WRONG, wrong
    except TimeLimit as limit:
        return WRONG, _too_slow(limit)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if type(error) is NotImplementedError:
            return OPEN, _unfinished(error)
        return WRONG, _raised(error, answers)
    return RIGHT, None


def _require_number_of_answers(found: registry.Exercise, answers: tuple[Any, ...]) -> None:
    parameters = inspect.signature(found.check).parameters
    if len(answers) == len(parameters):
        return
    names = ", ".join(parameters)
    count = f"{len(parameters)} answer{'s' if len(parameters) != 1 else ''}"
    message = f'the check takes {count}, not {len(answers)}: check("{found.id}", {names}).'
    raise Wrong(message)


def _unfinished(error: NotImplementedError) -> Wrong | None:
    if not now.passed:
        return None
    place = error_line(error)
    return Wrong(f"a part still raises NotImplementedError{' at ' + place if place else ''}")


def _too_slow(limit: TimeLimit) -> Wrong:
    if now.report is not None:
        with contextlib.suppress(IndexError, TimeLimit), time_limit(default_seconds()):
            return now.report()
    doing = now.doing or "your answer"
    lines = [f"{doing} did not finish within {default_seconds():g} seconds and was stopped"]
    if limit.line:
        lines.append(f"at {limit.line}")
    return Wrong(*lines, cause="a loop that never ends, or far more work than is needed.")


def _raised(error: BaseException, answers: tuple[Any, ...]) -> Wrong:
    if error_line(error):
        return wrong_because_raised(now.doing or "your answer", error)
    if isinstance(error, (RecursionError, OverflowError)) and now.doing:
        return Wrong(
            f"what {now.doing} gave cannot be compared: {error_name(error)}",
            cause="a list that holds itself or is very deep, or a number beyond all floats.",
        )
    given = "your answer"
    with contextlib.suppress(TimeLimit, Exception), time_limit(default_seconds()):
        given = ", ".join(f"{show(each)} (of type {type(each).__name__})" for each in answers)
    message = f"the check cannot work with {given}: {error_name(error)}"
    return Wrong(message, cause="this is another kind of thing than the exercise asks for.")


@contextlib.contextmanager
def _captured() -> Iterator[LimitedText]:
    text = LimitedText()
    limit = sys.getrecursionlimit()
    asking = builtins.input
    with warnings.catch_warnings(), contextlib.redirect_stdout(text):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stderr(text), _exit_raises():
            builtins.input = _no_input
            try:
                yield text
            finally:
                builtins.input = asking
                sys.setrecursionlimit(limit)


@contextlib.contextmanager
def _builtins_kept() -> Iterator[None]:
    """Put back what an answer takes out of Python's builtins: the whole kernel uses them."""
    held = dict(vars(builtins))
    try:
        yield
    finally:
        vars(builtins).update(held)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("nobody answers `input` while a check runs; use the arguments")


@contextlib.contextmanager
def _exit_raises() -> Iterator[None]:
    """Let ``exit()`` raise as in plain Python; in a notebook it would end the kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        yield
        return

    def ask_exit() -> None:
        raise SystemExit

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        del shell.ask_exit
