"""An exercise as data: its solution, its cases, its slips; every chapter is written this way.

The *solution* is a function or class whose commented lines are its *steps*. Its *cases* are the
arguments of calls, mostly drawn from a seed. Its *slips* are a table ``"old -> new": sentence``:
each is one edit of the solution, and the misconception behind it. From these follow the check, what
it says, the tests, the lecturer's table of wrong answers, and the keys that a record counts::

    @solution(
        "7.6", "A rate that falls", difficulty=1, minutes=5,
        cases=lambda draw: [(0.01, 0, 4), *((draw.number(0, 1, 2), n, 10) for n in (3, 7))],
        slips={
            "step / -> (step + 1) /": "step is counted from 0 already: at step 0 the rate is full.",
            " * (1 - step / num_steps) -> ": "the rate stays the same: take the share off.",
        },
    )
    def my_decay(learning_rate, step, num_steps):
        done = step / num_steps                # the share of the steps that is done
        return learning_rate * (1 - done)      # the rate times what is left

In ``"old -> new"``, `old` stands in the solution exactly once; ``⏎`` is a new line; several edits
that belong together stand on lines of their own.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from classroom.exercises.kit.causes import Cause, gives
from classroom.exercises.kit.checking import expect_calls, tried
from classroom.exercises.kit.comparing import TOLERANCE, shown_call
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.errors import short_key
from classroom.exercises.kit.pages import execute
from classroom.exercises.kit.predictions import expect_predictions
from classroom.exercises.kit.registry import exercise

Case = tuple[Any, ...]
Cases = Sequence[Case] | Callable[[Draw], Sequence[Case]]


@dataclass(frozen=True)
class Solution:
    """The data of one exercise."""

    id: str  # such as ``"7.6"``
    right: Any  # the solution, as it stands folded in the notebook
    drawn: Cases  # the arguments of each call, or a function that draws them from a `Draw`
    # edits of the solution, and what each tells about the thought behind it
    slips: Mapping[str, str] = field(default_factory=dict)
    # what the check does with an answer and the arguments of a case; by default it calls it
    run: Callable[..., Any] | None = None
    roads: Sequence[Any] = ()  # other right ways, with commented lines of their own
    show_as: str = ""  # how a case is printed, with ``{0}`` for its first part
    tolerance: float = TOLERANCE  # largest difference of numbers
    may_change: bool = False  # whether the answer may change its arguments
    # causes that cannot be written as an edit: a kind of exception, a fact about the result; each
    # is certain wherever it fits
    also: Sequence[Cause] = ()
    first: str = ""  # where the way begins: said of a wrong answer of which nothing else is seen
    # in place of the comparison with the solution, where many answers are right
    judge: Callable[[Any], None] | None = None
    # what else is asked of the answer, before and after the comparison; these raise ``Wrong``, too
    before: Callable[[Any], None] | None = None
    then: Callable[[Any], None] | None = None

    def check(self, answer: Any) -> None:
        """Raise ``Wrong`` unless the answer is right."""
        compare = self.judge or self._compare
        for asks in filter(None, (self.before, compare, self.then)):
            asks(answer)

    def _compare(self, answer: Any) -> None:
        expect_calls(
            answer, self.right, self.cases, causes=[*self.causes, *self.also], run=self.run,
            show_as=self.show_as, may_change=self.may_change, tolerance=self.tolerance,
        )  # fmt: skip

    @cached_property
    def cases(self) -> Sequence[Case]:
        """The arguments of each call."""
        return self.drawn(Draw(self.id)) if callable(self.drawn) else self.drawn

    def tried(self, answer: Any) -> Callable[..., Any]:
        """What takes a case's arguments and gives what the check compares."""
        return tried(self.run, answer)

    def shown(self, case: Case, answer: Any) -> str:
        """A case as the reader of an answer is shown it."""
        return shown_call(self.show_as, case, answer, self.right)

    @cached_property
    def causes(self) -> list[Cause]:
        """One cause for each slip; its variant of the solution is made when it is needed."""

        def wrong(edit: str) -> Callable[..., Any]:
            return lambda *case: self.tried(self.slip(edit))(*case)

        return [gives(wrong(edit), why, short_key(edit)) for edit, why in self.slips.items()]

    def slip(self, edit: str) -> Any:
        """The solution with one of the slips in it."""
        return variant(self.right, edit)


@cache
def variant(right: Any, edit: str = "") -> Any:
    """The solution as if a reader had typed it, with an edit made in it: ``"w - -> w +"``.

    ``ValueError`` if what is to be replaced does not stand in the solution's code exactly once.
    """
    source = _code(source_text(right))
    for line in filter(str.strip, edit.split("\n")):
        old, arrow, new = line.partition(" ->")
        old, new = old.strip(), new.strip().replace("⏎", "\n")
        if not arrow or source.count(old) != 1:
            times = f"stands {source.count(old)} times in" if arrow else "has no arrow for"
            raise ValueError(f"{old!r} {times} {right.__name__}: write it so that it is found once")
        source = source.replace(old, new)
    space = {**vars(sys.modules[right.__module__]), "__name__": "__main__"}
    execute(source, space, f"<{right.__name__}: {edit}>")
    return space[right.__name__]


@cache
def source_text(right: Any) -> str:
    """The solution's text without its decorators, as the notebook shows it."""
    lines = textwrap.dedent(inspect.getsource(right)).splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith(("def ", "class ")))
    return "".join(lines[first:])


def _code(text: str) -> str:
    """The text without its comments."""
    return "\n".join(line.split("  # ")[0].rstrip() for line in text.splitlines()) + "\n"


def solution(
    key: str,
    title: str,
    *,
    difficulty: int,
    minutes: int,
    cases: Cases,
    kind: str = "implement",
    extra: bool = False,
    own: tuple[str, ...] = (),
    again: Any = None,
    asked: Mapping[str, Asked] | None = None,
    **data: Any,
) -> Callable[[Any], Any]:
    """Register the decorated function or class as the solution of an exercise.

    ``asked`` are values that are asked for beside the function, by the names of the stub; ``data``
    are the attributes of `Solution`, the rest those of `registry.Exercise`. The decorator gives
    the solution back unchanged.
    """

    def register(right: Any) -> Any:
        held = Solution(key, right, cases, **data)

        def check(answer: Any, *values: Any) -> None:
            held.check(answer)
            if asked:
                expect_predictions(asked, values)

        exercise(
            key, title, difficulty, minutes, kind, extra=extra, own=own, again=again,
            solution=held, asked=asked,
        )(_named(check, ["answer", *(asked or ())]))  # fmt: skip
        return right

    return register


@dataclass(frozen=True)
class Asked:
    """One number or word that a reader predicts."""

    value: Any  # the right answer
    told: Mapping[Any, str] = field(default_factory=dict)  # wrong answers, and what each tells
    tolerance: float = TOLERANCE  # largest difference of numbers
    also: tuple[Cause, ...] = ()  # facts about other wrong answers
    first: str = ""  # where the way begins: said of a wrong answer that no row explains


def prediction(
    key: str, title: str, *, difficulty: int, minutes: int, asked: Mapping[str, Asked],
    again: Any = None, extra: bool = False, kind: str = "predict",
    together: Mapping[tuple[Any, ...], str] | None = None,
) -> None:  # fmt: skip
    """Register an exercise that asks for values: a table of wrong ones, each with its sentence.

    ``asked`` is what is asked for, by the names that the stub gives the answers, in their order;
    ``together`` what wrong answers to all of it have in common. The rest as `registry.Exercise`.
    """

    def check(*answers: Any) -> None:
        expect_predictions(asked, answers, together)

    exercise(
        key, title, difficulty=difficulty, minutes=minutes, kind=kind, extra=extra, again=again,
        asked=asked,
    )(_named(check, asked))  # fmt: skip


def _named(check: Any, names: Iterable[str]) -> Any:
    """A check whose parameters have the names that the reader knows."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    check.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])
    return check
