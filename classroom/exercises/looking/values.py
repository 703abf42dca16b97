"""Values made comparable: nodes by their data, lists and tuples alike, eight digits of numbers."""

from __future__ import annotations

import functools
import math
from typing import Any

MOST_PARTS = 3_000  # of one value that are looked at
_MOST = 56  # characters of one that is shown
_EVERYWHERE = {0.0, 1.0, -1.0, 2.0, -2.0}


class Mark(str):
    """What is no data and proves nothing: True, None, a function."""


class Row(tuple[Any, ...]):
    """A tuple of the reader's: it equals a list with its parts, and is shown as it is."""


DICT, SET, CUT = Mark("{}"), Mark("{,}"), Mark("…")


def plain(thing: Any) -> Any:
    """A value as a number, a text, a ``Mark``, or a tuple of these."""
    try:
        return _plain(thing, 0, [MOST_PARTS])
    except Exception:  # the reader's own class may not let itself be looked at
        return CUT


def _plain(thing: Any, depth: int, room: list[int]) -> Any:
    room[0] -= 1
    if depth > 6 or room[0] < 0:
        return CUT
    if hasattr(thing, "tolist") and getattr(thing, "size", 0) <= MOST_PARTS:  # NumPy's
        thing = thing.tolist()
    elif hasattr(thing, "data") and (hasattr(thing, "grad") or hasattr(thing, "_children")):
        thing = thing.data
    if thing is None or isinstance(thing, bool):
        return Mark(thing)
    if isinstance(thing, (int, float)):
        return _number(thing)
    if isinstance(thing, str):
        return str(thing)
    if isinstance(thing, (list, tuple)):
        parts = (_plain(part, depth + 1, room) for part in thing)
        return Row(parts) if isinstance(thing, tuple) else tuple(parts)
    if isinstance(thing, dict):
        pairs = [(_plain(k, depth + 1, room), _plain(v, depth + 1, room)) for k, v in thing.items()]
        return (DICT, *sorted(pairs, key=repr))
    if isinstance(thing, (set, frozenset)):
        return (SET, *sorted((_plain(part, depth + 1, room) for part in thing), key=repr))
    return Mark(f"a {type(thing).__name__}")


def is_count(value: Any) -> bool:
    """Whether a value is a whole number: two of these may be equal by chance."""
    return isinstance(value, float) and value == int(value)


def _number(x: float) -> Any:
    if x != x or math.isinf(x):
        return Mark(float(x))
    if isinstance(x, int) and abs(x) < 1e15:
        return float(x)
    short = float(f"{x:.12g}")  # 0.12345678499999999 is 0.123456785, before it is cut
    return 0.0 if abs(x) < 1e-14 else float(f"{short:.8g}")


def kind(value: Any) -> str:
    """What sort of thing a comparable value is, in words."""
    if isinstance(value, tuple):
        first = value[0] if value and isinstance(value[0], Mark) else ""
        return "a dict" if first is DICT else "a set" if first is SET else "a list"
    if isinstance(value, float) or value in ("inf", "-inf", "nan"):
        return "a number"
    if not isinstance(value, Mark):
        return "a text"
    return "True or False" if value in ("True", "False") else str(value)


def flat(value: Any) -> tuple[Any, ...]:
    """All parts of a value, whatever brackets they are in."""
    return tuple(p for v in value for p in flat(v)) if isinstance(value, tuple) else (value,)


def shape(value: Any) -> Any:
    """The brackets of a value, with the kind of each part."""
    return tuple(map(shape, value)) if isinstance(value, tuple) else kind(value)


def telling(value: Any) -> bool:
    """Whether a value can tell steps apart: 0, 1, 2 and empty lists occur everywhere."""
    if isinstance(value, tuple):
        return any(map(telling, value)) or (len(value) > 3 and len(set(value)) > 1)
    if isinstance(value, float):
        return value not in _EVERYWHERE
    return not isinstance(value, Mark) and len(value) > 1


def came_to(values: list[Any], rounds: bool = False) -> Any:
    """What an expression came to: its value, or those of all rounds."""
    return values[-1] if len(values) == 1 and not rounds else tuple(values)


def fits(values: list[Any], want: list[Any], whole: bool = False) -> bool:
    """Whether an expression came to what a step came to; each has one value for each time.

    ``whole``: some of the times are not enough.
    """
    many, all_of_them = tuple(want), tuple(values)
    once = len(want) == 1
    if all_of_them == many or values[-1] == (want[0] if once else many):
        return True
    if once and len(values) > 1 and all_of_them == want[0]:
        return True
    starts = range(0 if whole or once else len(values) - len(want) + 1)
    if any(all_of_them[i : i + len(want)] == many for i in starts):
        return True
    return len(values) > 3 and len(flat(many)) > 3 and flat(all_of_them) == flat(many)


def begun(values: list[Any], want: list[Any]) -> bool:
    """Whether an expression came to the first of a step's rounds, and then the rounds ended."""
    many = want[0] if len(want) == 1 and kind(want[0]) == "a list" else tuple(want)
    return 0 < len(values) < len(many) and tuple(values) == many[: len(values)]


def shown(value: Any, most: int = _MOST, digits: int = 4) -> str:
    """One line for a comparable value, cut to a length."""
    if isinstance(value, float):
        return _digits(value, digits)
    if isinstance(value, str):
        text = str(value) if isinstance(value, Mark) else repr(value)
        return text if len(text) <= most else text[: most - 2] + "…'"
    one = functools.partial(shown, most=most, digits=digits)
    if kind(value) == "a dict":
        text = "{" + ", ".join(f"{one(k)}: {one(v)}" for k, v in value[1:]) + "}"
    elif kind(value) == "a set":
        text = "{" + ", ".join(map(one, value[1:])) + "}"
    else:
        text = ", ".join(map(one, value))
        comma = "," * (len(value) == 1)
        text = f"({text}{comma})" if isinstance(value, Row) else f"[{text}]"
    return text if len(text) <= most else text[: most - 4].rsplit(",", 1)[0] + ", …" + text[-1]


def _digits(x: float, digits: int) -> str:
    if x == int(x) and abs(x) < 1e7:
        return str(int(x))
    text = f"{x:.{digits}g}"
    few = len(text.split("e")[0].replace("-", "").replace(".", "").lstrip("0")) < 4
    if few and float(text) != x:  # 1.50001 is not 1.5, and 3.320117 is 3.320
        return f"{x:.7g}" if abs(float(text) - x) < 1e-5 * abs(x) else f"{x:#.{digits}g}"
    return text


def apart(one: Any, other: Any, most: int = _MOST) -> tuple[str, str]:
    """Both values, with as many digits as it takes to tell all their numbers apart."""
    numbers = {v for v in (*flat(one), *flat(other)) if isinstance(v, float)}
    enough = (d for d in (4, 6) if len({f"{v:.{d}g}" for v in numbers}) == len(numbers))
    digits = next(enough, 8)
    return shown(one, most, digits), shown(other, most, digits)
