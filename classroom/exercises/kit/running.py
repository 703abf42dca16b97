"""``check``: run the check of an exercise on a reader's answer, whatever that answer does."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from classroom.exercises.kit import hints, logbook, registry
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import (
    OWN_FILES,
    Wrong,
    error_line,
    error_name,
    raising_function,
    wrong_because_raised,
)
from classroom.exercises.kit.results import OPEN, RIGHT, WRONG, Result
from classroom.exercises.kit.saying import say, sentence
from classroom.exercises.kit.sources import files_of, functions_of, require_own
from classroom.exercises.kit.state import now, start_afresh
from classroom.exercises.kit.telling import certain_cause, outside, sight_of
from classroom.exercises.kit.timeout import TimeLimit, default_seconds, time_limit
from classroom.exercises.looking import Sight
from microgpt.data import printable

_LINES, _CHARACTERS = 10, 1000
_Verdict = tuple[str, Wrong | None]


class LimitedText(io.StringIO):
    """A stream that keeps the beginning of what is written."""

    def write(self, text: str) -> int:
        """Keep the first 1,000 characters, and one more, which says that there are more."""
        super().write(text[: max(0, _CHARACTERS + 1 - self.tell())])
        return len(text)

    def shown(self) -> str:
        """The first lines, and a line that says how much is left out."""
        lines = [printable(line) for line in self.getvalue()[:_CHARACTERS].splitlines()]
        more = self.tell() > _CHARACTERS or len(lines) > _LINES
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
        say(f"✗ {error.args[0]}")
        return
    try:
        result = evaluate(found.id, *answers)
    except KeyboardInterrupt:
        say(f"☐ {found.id} {found.title}: stopped before the check had come to its end")
        return
    logbook.record(result)
    hints.note(result)
    say(result)


def evaluate(exercise_id: str, *answers: Any) -> Result:
    """Check answers as ``check`` does and return the result; prints nothing, and records nothing.

    ``KeyError`` if there is no such exercise.
    """
    found = registry.find(exercise_id)
    if _is_open(found, answers):
        return Result(found.id, found.title, OPEN)
    start_afresh()
    with _captured() as printed:
        status, wrong = _run(found, answers, default_seconds())
    if status == RIGHT or wrong is None:
        remark = now.remarks[0] if now.remarks and status == RIGHT else ""
        return Result(found.id, found.title, status, remark=remark)
    if status == OPEN:
        return Result(found.id, found.title, status, tuple(wrong.lines))
    return _refused(found, answers, wrong, printed.shown())


def _is_open(found: registry.Exercise, answers: tuple[Any, ...]) -> bool:
    """Whether there is nothing to judge: ``...`` everywhere, or where all parts are needed."""
    waiting = [answer is Ellipsis for answer in answers]
    return bool(answers) and (
        all(waiting) or any(waiting) and not (found.asked or None in found.parts)
    )


def _refused(
    found: registry.Exercise, answers: tuple[Any, ...], wrong: Wrong, printed: str
) -> Result:
    """The result of a wrong answer: its cause where one is certain, else what is true of it."""
    cause, sight = wrong.cause, Sight()
    with contextlib.suppress(Exception, TimeLimit):  # an answer may forbid to be looked at
        cause = certain_cause(answers, wrong, printed)
        with _captured(), _parts_kept():
            sight = sight_of(found, answers, not wrong.stopped, wrong.lines[0])
        call = "It stops, with " + wrong.lines[0].split(" gave ")[0][:80]  # or another's name
        sight = replace(sight, lines=tuple(e for e in sight.lines if not e.startswith(call)))
    first = found.solution.first if found.solution else ""
    guess = tuple(sentence(each) for each in (wrong.guess or first,) if each)
    unreturned = wrong.guess.startswith("nothing is") and not re.search(
        "return|but for", " ".join(sight.lines)
    )
    facts = () if cause else guess if unreturned else sight.lines or guess
    vague = facts == guess or not facts and not wrong.raised
    if vague and not (cause or unreturned):
        with contextlib.suppress(Exception):
            facts = (*filter(None, (wrong.right_in, *facts)), *outside(found.solution, answers))
    return Result(
        found.id, found.title, WRONG, tuple(wrong.lines), cause, facts, printed,
        done=sight.done, steps=sight.of, missing=sight.missing, key=wrong.keys,
    )  # fmt: skip


def _run(found: registry.Exercise, answers: tuple[Any, ...], seconds: float) -> _Verdict:
    try:
        OWN_FILES.update(files_of(answers))
        _require_answers(found, answers)
        with _parts_kept(), time_limit(seconds):
            found.check(*answers)
            require_own(answers, found.own)
    except Wrong as wrong:
        return (OPEN if wrong.unfinished else WRONG), wrong
    except TimeLimit as limit:
        slow = _too_slow(limit)
        slow.stopped = True
        return WRONG, slow
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if type(error) is NotImplementedError:
            return OPEN, _unfinished(error, answers)
        return WRONG, _raised(error, answers)
    finally:
        OWN_FILES.clear()
    return RIGHT, None


def _require_answers(found: registry.Exercise, answers: tuple[Any, ...]) -> None:
    """Raise ``Wrong`` unless there are as many answers as are asked for, and each is something."""
    names = list(inspect.signature(found.check).parameters)
    if len(answers) != len(names):
        count = f"{len(names)} answer{'s' if len(names) != 1 else ''}"
        call = f'check("{found.id}", {", ".join(names)})'
        raise Wrong(f"the check takes {count}, not {len(answers)}: {call}.")
    nothing = next((name for name, answer in zip(names, answers) if answer is None), None)
    if nothing is not None:
        raise Wrong(
            f"`{nothing}` is None.",
            cause="None is Python's nothing. (`print(...)`, `append` and functions without "
            "`return` give it: keep the thing itself under its name.)",
        )


def _unfinished(error: NotImplementedError, answers: tuple[Any, ...]) -> Wrong | None:
    """What is still a stub, unless it is the answer itself and nothing of it was done."""
    stub = raising_function(error)
    own = {function.__name__ for each in answers for function in functions_of(each)}
    if stub and stub not in own:
        return Wrong(f"your answer calls `{stub}`, which still raises NotImplementedError.")
    if not now.passed:
        return None
    place = error_line(error)
    return Wrong(f"a part still raises NotImplementedError{' at ' + place if place else ''}")


def _too_slow(limit: TimeLimit) -> Wrong:
    if now.report is not None:
        with contextlib.suppress(IndexError, TimeLimit), time_limit(default_seconds()):
            return now.report()
    doing = now.doing or "your answer"
    slow = f"{doing} did not finish within {default_seconds():g} seconds and was stopped"
    lines = [slow, f"at {limit.line}"] if limit.line else [slow]
    why = "a loop that never ends, or too much work (or a busy machine: then check again)."
    return Wrong(*lines, cause=why)


def _raised(error: BaseException, answers: tuple[Any, ...]) -> Wrong:
    if error_line(error):
        return wrong_because_raised(now.doing or "your answer", error)
    large = "a number is too large for a float." if isinstance(error, OverflowError) else ""
    if now.doing and (large or isinstance(error, RecursionError)):
        message = f"what {now.doing} gave cannot be compared"
        cause = large or "a list that holds itself or is very deep."
    else:
        given = "your answer"
        with contextlib.suppress(TimeLimit, Exception), time_limit(default_seconds()):
            given = ", ".join(f"{show(each)} (of type {type(each).__name__})" for each in answers)
        message = f"the check cannot work with {given}"
        cause = large or "this is another kind of thing than the exercise asks for."
    return Wrong(f"{message}: {error_name(error)}", cause=cause)


@contextlib.contextmanager
def _captured() -> Iterator[LimitedText]:
    """Catch what an answer prints; nobody answers it, and its ``exit()`` ends nothing."""
    text, limit, asking = LimitedText(), sys.getrecursionlimit(), builtins.input
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(text),
        contextlib.redirect_stderr(text),
    ):
        warnings.simplefilter("ignore")
        builtins.input = _no_input
        if shell is not None:
            shell.ask_exit = _ask_exit
        try:
            yield text
        finally:
            if shell is not None:
                del shell.ask_exit
            builtins.input = asking
            sys.setrecursionlimit(limit)


@contextlib.contextmanager
def _parts_kept() -> Iterator[None]:
    """Put back what an answer changes in Python's builtins and in the machine's own parts."""
    held = [(each, dict(vars(each))) for each in (builtins, *_machine())]
    try:
        yield
    finally:
        for each, names in held:
            for name, thing in names.items():
                if vars(each).get(name) is not thing:
                    setattr(each, name, thing)


def _machine() -> list[Any]:
    """The machine's modules that are loaded, and the classes they define."""
    loaded = sorted(sys.modules.items())
    modules = [module for name, module in loaded if name.split(".")[0] == "microgpt"]
    classes = [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and thing.__module__ == module.__name__
    ]
    return [*modules, *classes]


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("nobody answers `input` while a check runs; use the arguments")


def _ask_exit() -> None:
    """What ``exit()`` does in a notebook meanwhile, as in plain Python: it would end the kernel."""
    raise SystemExit
