"""What an answer does where a step is missing."""

from __future__ import annotations

from typing import Any

from classroom.exercises.looking.finding import Look
from classroom.exercises.looking.rewriting import ROLES
from classroom.exercises.looking.values import Mark, came_to, flat, kind

_BUNDLES = ("Tuple", "List", "Dict")
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


def _is_data(value: Any) -> bool:
    return kind(value) in _DATA and not any(isinstance(part, Mark) for part in flat(value)[1:])
