"""The film of the course's own training run: snapshots of all weights, and the names at each.

``assets/film.json`` is made by ``python -m classroom.lab.filming`` from the reference run. Chapter
00 plays it on the map of all weights: from noise to pattern, from letter soup to names.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import add
from typing import Any

from classroom.lab.losses import Earlier
from microgpt.data import asset_path
from microgpt.inference import Weights

FINENESS = 500
"""A weight is kept to the nearest 500th: finer than a square's shade can show."""


@dataclass(frozen=True)
class Film:
    """A training run in snapshots.

    Attributes
    ----------
    steps : list of int
        After how many steps each was taken, from 0 to the last.
    losses : list of float
        The mean loss on some names that it does not learn from, at each.
    names : list of list of str
        What the model wrote then, always with the same dice.
    shapes : dict of str to (rows, columns)
        The matrices.
    frames : list of array of int
        The weights in 500ths, matrix by matrix, row by row.
    """

    steps: list[int]
    losses: list[float]
    names: list[list[str]]
    shapes: dict[str, list[int]]
    frames: list[Sequence[int]]

    def weights(self, frame: int) -> Weights:
        """The weights of a snapshot, to the nearest 500th."""
        numbers = iter(self.frames[frame])
        return {
            name: [[next(numbers) / FINENESS for _ in range(columns)] for _ in range(rows)]
            for name, (rows, columns) in self.shapes.items()
        }


def filmed_run() -> Earlier:
    """The course's own run, as one made before the reader's: losses held out, and names."""
    film = stored_film()
    return Earlier("the course's run", (), tuple(zip(film.steps, film.losses, film.names)))


def packed(frames: Sequence[Sequence[float]]) -> str:
    """Snapshots as text: what changed since the one before, in 500ths, low bytes before high."""
    rounded = [[round(weight * FINENESS) for weight in frame] for frame in frames]
    before = [[0] * len(rounded[0]), *rounded]
    changes = array("h", [b - a for old, new in zip(before, rounded) for a, b in zip(old, new)])
    if sys.byteorder == "big":
        changes.byteswap()
    pairs = changes.tobytes()
    return base64.b64encode(zlib.compress(pairs[0::2] + pairs[1::2], 9)).decode("ascii")


def unpacked(text: str, size: int) -> list[Sequence[int]]:
    """The snapshots of `packed`, each of `size` whole numbers."""
    low_high = zlib.decompress(base64.b64decode(text))
    middle = len(low_high) // 2
    pairs = bytearray(len(low_high))
    pairs[0::2], pairs[1::2] = low_high[:middle], low_high[middle:]
    changes = array("h", bytes(pairs))
    if sys.byteorder == "big":
        changes.byteswap()
    frames = [changes[start : start + size] for start in range(0, middle, size)]
    return list(accumulate(frames, lambda old, new: array("h", map(add, old, new))))


@cache
def stored_film() -> Film:
    """The film that is shipped."""
    stored: dict[str, Any] = json.loads(asset_path("film.json").read_text(encoding="utf-8"))
    size = sum(rows * columns for rows, columns in stored["shapes"].values())
    frames = unpacked(stored["frames"], size)
    return Film(stored["steps"], stored["losses"], stored["names"], stored["shapes"], frames)
