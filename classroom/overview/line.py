"""A record as one line of letters and digits: what fits into a form, a chat or a message.

``mg2``, how long it is, then one number: of each exercise six bits, of the one tried last the
cause that the check told, the edition of the list of exercises, and a sum that finds a slip of
copying. Exercises that nobody has come to yet take no room; a whole course is 76 characters.
"""

from __future__ import annotations

import binascii
import re
import string
from collections.abc import Iterator
from functools import cache

from classroom.exercises.kit import registry
from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.exercises.kit.store import Progress
from classroom.overview.words import first_steps, sentences

DIGITS = string.digits + string.ascii_letters
MARK = "mg2"
SUM, EDITION, LAST, CAUSE, STATE = 15, 8, 7, 15, 6  # bits
TRIES = (1, 2, 3, 4, 5, 6, 10)  # the last two stand for "or more"
PARTS = 6  # how far a wrong answer came, in sixths
_WRONG = 1 + 2 * len(TRIES)  # the states before: untouched; right; right with an opened solution
_BREAKS = re.compile(r"[\s>=]")  # what mail and chat put into a long line


@cache
def _ids() -> tuple[str, ...]:
    return tuple(each.id for each in registry.all_exercises())


def _sum(words: str, bits: int) -> int:
    return binascii.crc32(words.encode()) % (1 << bits)


def latest(held: Progress) -> str:
    """The exercise that was tried last, or an empty string."""
    moments = {key: tried.get("minutes", [-1, -1])[1] for key, tried in held.tried.items()}
    order = [key for key in held.missed if held.exercises.get(key) == WRONG]
    ranks = {key: -place for place, key in enumerate(order)}
    known = [key for key in moments if key in held.exercises]
    return max(known, key=lambda key: (moments[key], ranks.get(key, -99)), default="")


def pack(held: Progress) -> str:
    """A record as a line."""
    ids, last = _ids(), latest(held)
    number = 0
    for key in reversed(ids):
        number = number << STATE | _state(held, key)
    causes = held.tried.get(last, {}).get("causes", [])
    cause = _bits(causes[-1]) if causes and held.exercises[last] == WRONG else 0
    number = number << CAUSE | cause
    number = number << LAST | (ids.index(last) + 1 if last in ids else 0)
    number = number << EDITION | _sum(" ".join(ids), EDITION)
    number = number << SUM | _sum(str(number), SUM)
    text = ""
    while number or len(text) % 2:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return MARK + DIGITS[len(text) // 2] + text


def _bits(key: str) -> int:
    """The beginning of a cause's key."""
    return int(key, 16) >> (24 - CAUSE) if re.fullmatch("[0-9a-f]{6}", key) else 0


def _state(held: Progress, key: str) -> int:
    """What is known of one exercise, in six bits."""
    if key not in held.exercises:
        return 0
    tried = held.tried.get(key, {})
    tries = max(sum(tried.get("tries", 1) >= least for least in TRIES) - 1, 0)
    if held.exercises[key] == RIGHT:
        return 1 + tries + len(TRIES) * (tried.get("opened", 0) > 0)
    done, steps = tried.get("steps", [0, 0])
    part = min(max(round(PARTS * done / steps), 0), PARTS) if steps else 0
    return _WRONG + (PARTS + 1) * tries + part


def lines(text: str) -> Iterator[tuple[str, Progress | None]]:
    """Every line in a text, be it a mail, a chat or a table: what stands before it, and its record.

    Parameters
    ----------
    text : str
        As it was pasted. Line breaks within a line do no harm.

    Yields
    ------
    str, Progress or None
        None for a line that was cut off or changed, or comes from a course with other exercises.
    """
    for found in re.finditer(MARK, text, re.IGNORECASE):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        fields = [each.strip(" :=>-") for each in re.split(r'[,;\t|"]', before)]
        rest = _BREAKS.sub("", text[found.end() : found.end() + 300])
        if not before[-1:].isalnum() and rest[:1] and rest[0] in DIGITS:
            count = 2 * DIGITS.index(rest[0])
            yield next(filter(None, reversed(fields)), ""), unpack(rest[1 : count + 1], count)


def unpack(text: str, count: int) -> Progress | None:
    """The record in a line, without its mark; None where it is not whole."""
    ids, number = _ids(), 0
    if len(text) != count or set(text) - set(DIGITS):
        return None
    for digit in text:
        number = number * len(DIGITS) + DIGITS.index(digit)
    number, check = number >> SUM, number % (1 << SUM)
    if check != _sum(str(number), SUM):
        return None
    number, edition = number >> EDITION, number % (1 << EDITION)
    number, last = number >> LAST, number % (1 << LAST)
    number, cause = number >> CAUSE, number % (1 << CAUSE)
    if edition != _sum(" ".join(ids), EDITION) or number >> STATE * len(ids) or last > len(ids):
        return None
    held = Progress()
    for place, key in enumerate(ids):
        _put(held, key, number >> STATE * place & (1 << STATE) - 1)
    if last and ids[last - 1] in held.tried:
        key = ids[last - 1]
        held.tried[key]["minutes"] = [0, 0]
        held.tried[key]["causes"] = [k for k in sentences(key) if cause and _bits(k) == cause]
    return held


def _put(held: Progress, key: str, state: int) -> None:
    """Write down what six bits say of an exercise."""
    if 0 < state < _WRONG:
        opened, tries = divmod(state - 1, len(TRIES))
        held.exercises[key] = RIGHT
        held.tried[key] = {"tries": TRIES[tries], "opened": opened}
    elif state:
        tries, part = divmod(state - _WRONG, PARTS + 1)
        steps = len(first_steps(key))
        held.exercises[key] = WRONG
        held.tried[key] = {"tries": TRIES[tries], "steps": [round(part * steps / PARTS), steps]}
