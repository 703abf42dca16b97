"""What an answer does where a step is missing."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from classroom.exercises.looking.finding import Look, likeness
from classroom.exercises.looking.relations import is_law
from classroom.exercises.looking.rewriting import ROLES
from classroom.exercises.looking.steps import Step
from classroom.exercises.looking.values import Mark, came_to, flat, kind, shape, telling

_ENOUGH, _ENOUGH_ALONE = 3.4, 2.8  # the likeness from which a place is named
_BINARY = ("sum", "product")
_BUNDLES = ("Tuple", "List", "Dict")
_OF_THE_END = re.compile("a number, where|it has |right, but the end|only the")
_BY_CHANCE = re.compile(r"\.\d+ times what is wanted here")
_DATA = ("a number", "a list", "a text", "a dict")


def goes_on(look: Look) -> int | None:
    """What the answer makes of its last right value: what is around it, or what takes its name."""
    if look.done is None:
        return None
    values, one = look.got.values, look.mine.places[look.last]

    def differs(k: int) -> bool:
        own = k in values and not look.mine.places[k].owner  # a helper from elsewhere is the page's
        return own and k not in look.rightful | look.equal and _is_data(came_to(values[k]))

    for k in one.around:
        if differs(k) and look.mine.places[k].sort not in _BUNDLES:
            return k
    if one.role in ROLES:
        return None
    for k, each in enumerate(look.mine.places):
        takes = one.role in each.names and each.line > one.line and len(each.around) < 2
        if takes and each.sort not in ("Name", *_BUNDLES) and differs(k):
            return k
    return None


class _Likely(NamedTuple):
    """How much a place is like a step: in all, in its value, as it is written."""

    score: float
    alike: float
    written: float
    how: str


def stands_there(look: Look, step: Step) -> tuple[int | None, str]:
    """The answer's expression in the role of a step that is missing, and how its value differs."""
    places = (k for k in range(len(look.mine.places)) if _may_be(look, step, k))
    likely = {k: each for k in places if (each := _likely(look, step, k)) is not None}
    best = max(likely, key=lambda k: likely[k].score, default=None)
    enough = (_ENOUGH if look.here else _ENOUGH_ALONE) - 0.4
    if best is None or likely[best].score < enough + 0.4 * (not is_law(likely[best].how)):
        return None, ""
    for k in likely:  # nor all of `mixed(part(x))` where `part(x)` is meant
        inside = best in look.mine.places[k].around and likely[k].alike >= likely[best].alike
        if inside and likely[k].written > likely[best].written + 0.3:
            best = k
    sort, mine = look.road.places[step.place].sort, look.mine.places
    for k in mine[best].around:  # `sum(x)` is not what stands there in `sum(x) / 5`
        if k in likely and mine[k].sort == sort != mine[best].sort and sort in _BINARY:
            best = k
    return best, likely[best].how


def _may_be(look: Look, step: Step, k: int) -> bool:
    place, wanted = look.mine.places[k], look.road.places[step.place]
    innermost = set().union(*look.at)
    if k in look.found and place.role != "dropped":
        return False
    right = k in look.equal and (place.role != wanted.role or wanted.role in ROLES)
    if right and (k in innermost or place.sort not in _BINARY):
        return False
    if place.function != wanted.function in {each.function for each in look.mine.places}:
        return False
    part = place.sort in ("Name", "Attribute") and place.role in ("part", "condition")
    length = place.code.startswith("len(") and "len(" not in wanted.code
    if place.owner or part or length or innermost & set(place.around) or not place.names:
        return False
    return (place.role == "condition") == (wanted.role == "condition")


def _likely(look: Look, step: Step, k: int) -> _Likely | None:
    cases = [i for i in look.bad if step.place in look.rights[i].values]
    if any(k not in look.gots[i].values for i in cases):
        return None
    place = look.mine.places[k]
    rounds = look.rounds(step)
    wants = [came_to(look.rights[i].values[step.place], rounds) for i in cases]
    rounds = rounds or any(len(look.gots[i].values[k]) > 1 for i in cases)
    gots = [came_to(look.gots[i].values[k], rounds) for i in cases]
    alike = sum(map(_alike, gots, wants)) / len(gots)
    written = likeness(place, look.road.places[step.place])
    nothing = written < 0.6 and place.role != "return" and not any(map(telling, gots))
    once = rounds and all(len(got) == 1 and kind(got[0]) != "a list" for got in gots if got)
    if not alike or nothing or once and written < 0.5 or gots == wants:
        return None
    how = look.how(dict(zip(cases, zip(gots, wants))))
    died = any(look.gots[i].error for i in cases)  # a loop that died was not at its end
    if died and _OF_THE_END.match(how) or _BY_CHANCE.search(how):
        how = ""
    far = k / len(look.mine.places) - step.place / len(look.road.places)
    score = 2.0 * alike + 2.5 * written + _in_its_role(look, step, k)
    return _Likely(score + is_law(how) - 0.6 * abs(far), alike, written, how)


def _in_its_role(look: Look, step: Step, k: int) -> float:
    """How much a place's role, and what it works on, are those of the step."""
    places, wanted = look.mine.places, look.road.places[step.place]
    role = places[k].role
    if role in ("return", "item") and wanted.role not in ("return", "item"):
        score = 0.5 if look.steps[-1] is step else -1.0
    else:
        score = 0.0 if role == "part" else 1.0 if role == wanted.role else 0.5
    before = set().union(*(look.at[i] for i in step.needs))
    inside = [places[j].around.index(k) for j in before if k in places[j].around]
    carried = {places[j].role.split("[")[0] for j in before} - set(ROLES)
    if inside or carried & places[k].names:
        score += 1.5 - 0.4 * min(inside, default=0)
    return score


def _is_data(value: Any) -> bool:
    return kind(value) in _DATA and not any(isinstance(part, Mark) for part in flat(value)[1:])


def _alike(got: Any, want: Any) -> float:
    """How much two values are of one kind and shape."""
    if kind(got) != kind(want):
        return 0.5 if len(flat(got)) > 1 and {*flat(want)} < {*flat(got)} else 0.0
    if kind(got) != "a list" or not got or not want:
        return 1.0 if shape(got) == shape(want) else 0.6
    if flat(got) == flat(want):
        return 0.8
    first = [[kind(part) for part in flat(each)[:1]] for each in (got, want)]
    if kind(got[0]) != kind(want[0]) or first[0] != first[1]:
        return 0.0
    return 1.0 if shape(got) == shape(want) else 0.6
