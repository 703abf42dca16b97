"""What turns one drawing into the next: the page is sent that, and not the whole again.

Two drawings of one explorer differ in a few numbers: while a weight is dragged, in 2 of 46 kB.
``page/edits.js`` makes the edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

MOST = 0.5
"""Edits that are longer than this share of the drawing are not worth their while."""
Edit = tuple[int, int, str]


def edits(old: str, new: str) -> list[int | str] | None:
    """What turns one drawing into another.

    Parameters
    ----------
    old, new : str
        The drawings, as SVG or HTML.

    Returns
    -------
    list or None
        For each edit three: how many characters stay since the one before, how many go, and what
        comes instead. None if the whole drawing is better sent.

    Examples
    --------
    >>> edits('<g/>' * 9 + '<rect y="10"/>', '<g/>' * 9 + '<rect y="175"/>')
    [46, 1, '75']
    """
    if any(len(one.encode("utf-16-le")) > 2 * len(one) for one in (old, new)):
        return None  # some characters are two for JavaScript: its places would be others
    found: list[int | str] = []
    done = size = 0
    for place, gone, come in _by_piece(_pieces(old), _pieces(new)):
        found += [place - done, gone, come]
        done = place + gone
        size += len(come) + 10
    return found if size < MOST * len(new) else None


def _pieces(drawing: str) -> list[str]:
    """A piece for each tag, with the words behind it."""
    return ["<" + piece for piece in drawing[1:].split("<")] if drawing else []


def _by_piece(old: list[str], new: list[str]) -> Iterator[Edit]:
    """Edits in order; pieces of which there are as many are compared one by one."""
    blocks: Iterable[tuple[str, int, int, int, int]] = [("", 0, len(old), 0, len(new))]
    if len(old) != len(new):
        blocks = SequenceMatcher(None, old, new).get_opcodes()
    place = 0
    for _, a, b, c, d in blocks:
        pairs = list(zip(old[a:b], new[c:d])) if b - a == d - c else []
        for was, now in pairs or [("".join(old[a:b]), "".join(new[c:d]))]:
            if was != now:
                yield _trimmed(place, was, now)
            place += len(was)


def _trimmed(place: int, was: str, now: str) -> Edit:
    """The edit without what is equal at both ends."""
    head = _alike(was, now)
    was, now = was[head:], now[head:]
    tail = _alike(was[::-1], now[::-1])
    return place + head, len(was) - tail, now[: len(now) - tail]


def _alike(one: str, other: str) -> int:
    """How many characters both begin with: halving is quick where there are thousands."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
