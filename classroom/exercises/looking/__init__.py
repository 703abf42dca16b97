"""Look at a wrong answer: where does it leave the way? For every chapter's checks.

Answer and solution run side by side, and every expression's value is noted. The commented lines of
the solution are its steps. Nothing is judged here: a check refuses, then it looks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.timeout import clock
from classroom.exercises.looking.edits import mending
from classroom.exercises.looking.finding import Look
from classroom.exercises.looking.recording import Run, Watched
from classroom.exercises.looking.steps import steps_of
from classroom.exercises.looking.words import said

_MOST_LINES = 4
_STAYS = ("It stops", "It goes on")  # beside an edit with which all is right
_PATIENCE = 0.15  # seconds of processor time after which no further case is tried
_TRIED = 8  # wrong cases from which those to look at are taken


@dataclass(frozen=True)
class Sight:
    """What is seen of an answer."""

    lines: tuple[str, ...] = ()  # what is said of it; empty if nothing certain can be said
    done: int = 0  # steps that are done, and steps there are; 0 if the solution has none
    of: int = 0
    missing: str = ""  # the words of the step that is missing first, or nothing


def look(
    answer: Any, right: Any, cases: Sequence[Any], *,
    roads: Sequence[Any] = (), ends: bool = False, is_told: bool = True,
) -> Sight:  # fmt: skip
    """Where an answer leaves the way to the solution, whose commented lines are steps.

    Cases are tuples of arguments, or callables that take the function or class and return what
    comes out; the first that the answer has wrong is spoken of. Roads are other right ways, with
    steps too. The sight is empty if the answer agrees, or nothing can be seen. An answer that
    ``ends`` came to its end in the check: here it may still be too long to be noted. ``is_told``
    says whether the reader has seen the first case.
    """
    with contextlib.suppress(Exception):
        ways = [Watched(way) for way in (right, *roads)]
        return _look(Watched(answer), ways, list(cases), ends, is_told)
    return Sight()


def _look(mine: Watched, roads: list[Watched], cases: list[Any], ends: bool, told: bool) -> Sight:
    have, asked, steps = mine.source.parameters, roads[0].source.parameters, steps_of(roads[0])
    if have != asked and sorted(have) == sorted(asked):
        order = f"({', '.join(have)}); it is called with ({', '.join(asked)}), in this order."
        return Sight((f"Your function takes {order}",), 0, len(steps))
    late = clock() + _PATIENCE
    gots = _tried(mine, cases, late, ends)
    rights = [roads[0].run(case) for case in cases[: len(gots)]]
    if any(right.is_endless for right in rights):  # the solution itself is too long to be noted
        return Sight()
    pairs = list(zip(gots, rights))
    wrong = [i for i, (got, right) in enumerate(pairs) if got.outcome != right.outcome]
    cut = [i for i, (g, r) in enumerate(pairs) if not g.error and g.slopes != r.slopes]
    bad = [i for i in wrong or cut if not rights[i].error]
    if not bad:
        lines = _of_errors(gots[wrong[0]], rights[wrong[0]]) if wrong else ()
        return Sight(lines, len(steps), len(steps)) if gots else Sight(of=len(steps))
    good = [i for i, right in enumerate(rights) if i not in (wrong or cut) and not right.error]
    chosen = _chosen(gots, rights, bad, good)[: 1 if clock() > late else None]
    noted = {i: mine.run(cases[i]) for i in chosen}
    if any(noted[i].is_endless and not gots[i].is_endless for i in chosen):
        return Sight(of=len(steps))  # it ends, but has too many values to be noted
    best = _best(mine, roads, noted, cases, good)
    best.is_told = told and bad[0] == 0
    lines = tuple(said(best, bool(wrong), len(wrong or cut) < len(pairs)))
    edit = mending(mine, roads[0], cases, rights, bad)
    if edit:
        lines = (*(each for each in lines if each.startswith(_STAYS)), edit)
    lines = lines if len(lines) <= _MOST_LINES else (*lines[:2], *lines[-2:])
    missing = "" if best.missing is None else best.steps[best.missing].words
    return Sight(lines, len(_done(best, [rights[i] for i in good])), len(best.steps), missing)


def _tried(mine: Watched, cases: list[Any], late: float, ends: bool) -> list[Run]:
    """The answer's runs, as many as there is time for."""
    gots: list[Run] = []
    for case in cases:
        gots.append(mine.run(case, noting=False))
        if gots[-1].is_endless or clock() > late:
            break
    return gots[:-1] if ends and gots[-1].is_endless else gots


def _of_errors(got: Run, right: Run) -> tuple[str, ...]:
    """Where only an exception is missing that should be raised."""
    other = f", not {type(got.error).__name__}" if got.error and not got.is_endless else ""
    name = type(right.error).__name__
    return "Right so far: all that should come to a result.", f"Missing next: {name} here{other}."


def _chosen(gots: list[Run], rights: list[Run], bad: list[int], good: list[int]) -> list[int]:
    """Up to three cases that are wrong, and two right: those that run the same lines of ours."""
    first = bad[0]
    like = [i for i in bad if bool(gots[i].error) == bool(gots[first].error)][:_TRIED]
    same = [i for i in (*like, *good) if rights[i].values.keys() == rights[first].values.keys()]
    some = [i for i in same if i in bad]  # short ones are alike in too much
    return [*some[:2], *some[2:][-1:]] + [i for i in same if i in good][:2]


def _best(
    mine: Watched, roads: list[Watched], gots: dict[int, Run], cases: list[Any], good: list[int]
) -> Look:
    """The answer beside the road of which most is found in it."""
    for i, got in gots.items():
        got.good = i in good
    runs = list(gots.values())
    noted = [cases[i] for i in gots]
    looks = (Look(mine, road, noted, runs, [road.run(case) for case in noted]) for road in roads)
    return max(looks, key=Look.reach)


def _done(best: Look, good: list[Run]) -> set[int]:
    """The steps that are done: found, or in methods that are right in other cases."""
    places, steps = best.road.places, best.steps
    left = {places[steps[i].place].function for i in (best.missing,) if i is not None}
    ran = set().union(*(run.values for run in good)) if isinstance(best.road.thing, type) else set()
    elsewhere = {i for i, step in enumerate(steps) if step.place in ran}
    return best.implied | {i for i in elsewhere if places[steps[i].place].function not in left}
