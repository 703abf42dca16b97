"""Which steps of a solution are found in an answer, and which is missing first."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from itertools import takewhile
from operator import eq
from typing import Any

from classroom.exercises.looking.recording import Run, Watched
from classroom.exercises.looking.relations import relation, sizes_of
from classroom.exercises.looking.rewriting import ROLES, Place
from classroom.exercises.looking.steps import Step, steps_of
from classroom.exercises.looking.values import begun, came_to, fits, flat, kind, telling

_NO_ORDER = re.compile(r"(?<!sorted\()\bset\((?!\))")  # what comes out of it has none
_IN_PASSING = ("part", "item", "condition")
_KEPT = ("item", "return")
_FEW_FLAGS = 8  # so many True and False are equal by chance


class Look:
    """One answer beside one road to the solution: which steps are found, and which is missing.

    ``gots`` and ``rights`` are the runs of both, cases that are wrong (``bad``) first, then some
    that are right. ``at`` holds for each step the innermost places of the answer that come to its
    value in every case, ``equal`` all such places, ``rightful`` those that come to any value of the
    solution. ``implied`` steps are found, or needed by one that is; ``missing`` is the first that
    is not, ``done`` the last found before it, at ``last`` or more places (``found``); ``got`` and
    ``right`` are the runs of the case whose numbers are ``shown``.
    """

    def __init__(
        self, mine: Watched, road: Watched, cases: list[Any], gots: list[Run], rights: list[Run]
    ) -> None:
        self.mine, self.road, self.cases, self.gots, self.rights = mine, road, cases, gots, rights
        self.is_told = True  # the first case is the one that the check has told
        self.steps = steps_of(road)
        self.bad = [i for i, got in enumerate(gots) if not got.good]
        ours, theirs = road.source.parameters, mine.source.parameters
        self.names = theirs if len(theirs) >= len(ours) else ours  # of what comes in
        self.sizes = [sizes_of(self.names, each.given) for each in rights]
        hits = [self.places_of(step) for step in self.steps]
        self.equal: set[int] = set().union(*hits)
        self.rightful = set.intersection(*map(self._rightful, self.bad))
        self.at = [each - {o for k in each for o in mine.places[k].around} for each in hits]
        self.here = [i for i, each in enumerate(self.at) if each]
        self.implied = self._implied()
        lost = [i for i in range(len(self.steps)) if i not in self.implied and self._ran(i)]
        lost = [i for i in lost if any(not self._comes_to(j, i) for j in self._cases(i))]
        certain = [i for i in lost if self._proves(self.steps[i])]
        self.missing = self._first(certain)
        self.shown = 0 if self.missing is None else self._case(self.missing)
        self.got, self.right = gots[self.shown], rights[self.shown]
        known = self.got.values.keys()
        before = (i for i in self.here if self.missing is None or i < self.missing)
        last = max((i for i in before if self.at[i] & known), default=None)
        self.done = None if last is None else self.steps[last]
        self.found: set[int] = set() if last is None else self.at[last]
        self.last = min(self.found & known, key=self._rank, default=-1)

    def _rank(self, place: int) -> tuple[bool, bool, int]:
        """Which of several places is named: none of another cell, no bare name."""
        one = self.mine.places[place]
        return bool(one.owner), one.sort == "Name", place

    def places_of(self, step: Step, whole: bool = False) -> set[int]:
        """The answer's places that come to what the step comes to, or begin to unless ``whole``."""
        pairs = self._pairs(step.place)
        tried = [(got.values, want) for got, want in pairs if not got.good]
        if not self._proves(step):
            return set()
        alone = len(tried) == 1  # then a part of what a place came to proves little
        wanted = self.road.places[step.place]
        begins = not (whole or alone) and (wanted.sort == "ListComp" or self.rounds(step))

        def fit(k: int, values: list[Any], want: list[Any]) -> bool:
            one = self.mine.places[k]
            parts = len(want[0]) if isinstance(want[0], tuple) else 1
            if len(values) > 20 + 9 * len(want) * parts or _at_last(one, values, want):
                return False  # in a loop without end everything comes by
            if self._only_asks(k, wanted) or not _is_kept(one, wanted, values, want):
                return False
            more = [values[0]] == want and likeness(one, wanted) > 0.8  # than our only round
            if k in often and (more or tuple(values) == want[0]):  # or a list of one part
                return True
            if fits(values, want, alone) or not begins or not begun(values, want):
                return fits(values, want, alone)
            if len(values) == 1 or not telling(tuple(values)):  # so few may be equal by chance
                alike = likeness(one, wanted)
                alike += 0.5 * (k in often and telling(values[0]))
                return alike > 0.6 and len(one.names) == len(wanted.names) or alike > 0.8
            return one.role != "return" and one.sort != "Name"

        some = ((k, each, w) for values, w in tried for k, each in values.items() if not alone)
        often = {k for k, each, w in some if len(each) > 1 and fits(each, w)}
        hits = ({k for k, each in values.items() if fit(k, each, w)} for values, w in tried)
        sure = [(got.values, want) for got, want in pairs if got.good]
        kept = set.intersection(*hits)
        return {k for k in kept if all(k not in v or fits(v[k], want) for v, want in sure)}

    def _only_asks(self, place: int, wanted: Place) -> bool:
        """Whether a place of the answer stands in a condition, and the wanted one does not."""
        places = self.mine.places
        asked = (places[k].role == "condition" for k in (place, *places[place].around))
        return wanted.role != "condition" and any(asked)

    def _pairs(self, place: int) -> list[tuple[Run, list[Any]]]:
        pairs = zip(self.gots, self.rights, strict=True)
        return [(got, right.values[place]) for got, right in pairs if place in right.values]

    def _proves(self, step: Step) -> bool:
        """Whether equal values mean that the same was done: 0, 1, 2 and what came in do not."""
        pairs = self._pairs(step.place)
        tried = [(got, want) for got, want in pairs if not got.good]
        values = [came_to(want) for _, want in pairs]
        flags = [v for _, want in tried for v in flat(tuple(want)) if kind(v) == "True or False"]
        if 0 < len(flags) < _FEW_FLAGS:
            return False
        if len(values) == 1 and isinstance(values[0], float) and values[0] == int(values[0]):
            return False
        if not any(map(telling, values)) or len(values) > 1 and len(set(values)) == 1:
            return False
        return not all(came_to(want) in got.given for got, want in tried)

    def _rightful(self, case: int) -> set[int]:
        known = {came_to(values) for values in self.rights[case].values.values()}
        return {k for k, values in self.gots[case].values.items() if came_to(values) in known}

    def _implied(self) -> set[int]:
        sure = (i for i in self.here if self.places_of(self.steps[i], whole=True))
        return set(self.here).union(*(self.steps[i].needs for i in sure))

    def _cases(self, number: int) -> Iterator[int]:
        place = self.steps[number].place
        return (i for i in self.bad if place in self.rights[i].values)

    def _case(self, number: int) -> int:
        """The first in which the step is missing and tells something, or is not 0 at least."""
        cases, place = list(self._cases(number)), self.steps[number].place
        cases = [i for i in cases if not self._comes_to(i, number)]
        wants = {i: flat(tuple(self.rights[i].values[place])) for i in cases}
        other = next((i for i in cases if set(wants[i]) - {0.0}), cases[0])
        return next((i for i in cases if telling(wants[i])), other)

    def _comes_to(self, case: int, number: int) -> bool:
        """Whether the answer comes to what a step comes to, in one case, wherever that is."""
        place = self.steps[number].place
        want, wanted = self.rights[case].values[place], self.road.places[place]
        some = ((self.mine.places[k], each) for k, each in self.gots[case].values.items())
        return any(
            fits(v, want) and _is_kept(one, wanted, v, want) or _came_by(v, want) for one, v in some
        )

    def _ran(self, number: int) -> bool:
        """Whether the step is reached, and the answer reaches its function if it has that too."""
        inside = self.road.places[self.steps[number].place].function
        mine = {k for k, place in enumerate(self.mine.places) if place.function == inside}
        cases = [self.gots[i].values.keys() for i in self._cases(number)]
        return bool(cases) and (not mine or any(mine & values for values in cases))

    def _first(self, lost: list[int]) -> int | None:
        """The step that is missing first."""
        first = min(lost, key=self._when, default=None)
        if first is None:
            return None
        step = self.steps[first]
        if not any(self._resembles(k, step) for k in self.gots[0].values):
            first = min(step.needs & {*lost}, key=self._when, default=first)
        return self._outermost(first, lost) if isinstance(self.road.thing, type) else first

    def _when(self, number: int) -> tuple[bool, float, int]:
        """When the solution first does what the answer does not: early rounds may be right."""
        step, times = self.steps[number], []
        for i in self._cases(number):
            want = self.rights[i].values[step.place]
            mine = (each for k, each in self.gots[i].values.items() if self._resembles(k, step))
            same = max((sum(takewhile(bool, map(eq, each, want))) for each in mine), default=0)
            if same < len(want):
                times.append(self.rights[i].times[step.place][same])
        return self.road.places[step.place].role == "condition", min(times, default=0), number

    def _resembles(self, place: int, step: Step) -> bool:
        one, wanted = self.mine.places[place], self.road.places[step.place]
        same = one.role == wanted.role and one.role not in ROLES
        return same or likeness(one, wanted) > 0.5 and 2 * len(one.names) > len(wanted.names)

    def _outermost(self, number: int, others: list[int]) -> int:
        """Of methods that call each other the one that was called first."""
        right = self.rights[min(self._cases(number))]
        times = {k: (min(each), max(each)) for k, each in right.times.items() if each}
        when = times[self.steps[number].place][0]
        for other in others:
            name = self.road.places[self.steps[other].place].function
            inside = [t for k, t in times.items() if self.road.places[k].function == name]
            around = bool(inside) and min(inside)[0] < when < max(end for _, end in inside)
            if around and name != self.road.places[self.steps[number].place].function:
                return self._outermost(other, [each for each in others if each != other])
        return number

    def reach(self) -> tuple[int, int]:
        """How much of this road is found."""
        if not self.here:
            return 0, 0
        return len(self.here), len(self.steps) if self.missing is None else self.missing

    def rounds(self, step: Step) -> bool:
        """Whether the step is done several times in a case."""
        return any(len(right.values.get(step.place, ())) > 1 for right in self.rights)

    def wanted(self, step: Step) -> Any:
        """What the step comes to in the case that is shown."""
        return came_to(self.right.values[step.place], self.rounds(step))

    def how(self, pairs: dict[int, tuple[Any, Any]]) -> str:
        """How values differ from the wanted ones, by cases; first of all in the one shown."""
        cases = sorted(pairs, key=lambda i: i != self.shown)
        ordered = any(kind(got) == "a list" for got, _ in pairs.values())
        if ordered and any(_NO_ORDER.search(place.code) for place in self.mine.places):
            return ""
        return relation([pairs[i] for i in cases], [self.sizes[i] for i in cases])

    def value(self, place: int, rounds: bool = False) -> Any:
        """What a place of the answer comes to in the case that is shown."""
        return came_to(self.got.values[place], rounds)


def _came_by(values: list[Any], want: list[Any]) -> bool:
    """Whether what is wanted came by among others, or its parts one after the other."""
    one = want[0] if len(want) == 1 and telling(want[0]) else None
    parts = one if isinstance(one, tuple) and len(one) > 1 else ()
    sets = [set(v[1:]) for v in values if kind(v) == "a set"]
    return (
        one in values or bool(parts) and (tuple(values[: len(parts)]) == parts or {*parts} in sets)
    )


def _is_kept(one: Place, wanted: Place, values: list[Any], want: list[Any]) -> bool:
    """Whether a place keeps what it comes to, as a step does that changes a name or a list."""
    kept = wanted.role != "item" or one.role in _KEPT or "[" in one.role
    return kept or bool(values[-1] == tuple(want))


def _at_last(place: Place, values: list[Any], want: list[Any]) -> bool:
    """Whether only the last of what a loop comes by is what is wanted: that is luck."""
    passing = place.role in _IN_PASSING and len(set(values)) > len(want) == 1
    return passing and values[-1] == want[0]


def likeness(place: Place, wanted: Place) -> float:
    """How much alike two places are written; for a comprehension also its element counts."""
    codes = [code for code in (wanted.code, wanted.element) if code]
    return max(_ratio(place.code, code) for code in codes)


@functools.lru_cache(maxsize=4096)
def _ratio(one: str, other: str) -> float:
    bare = [code.replace(" ", "").replace("'", '"') for code in (one, other)]
    return max(difflib.SequenceMatcher(None, *pair).ratio() for pair in ((one, other), bare))
