"""Keep a picture of these pages where a new one shows the same: no browser draws twice alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from PIL import Image, ImageChops, ImageSequence, ImageStat

SHADE = 2.0  # of 255, on average: smoothed edges, a blinking cursor


def frames(data: bytes) -> list[Image.Image]:
    """The frames of an animation; the one of another image."""
    return [each.convert("RGBA") for each in ImageSequence.Iterator(Image.open(io.BytesIO(data)))]


def look_alike(old: bytes, new: bytes) -> bool:
    """Whether two images, or two animations, show the same frame by frame."""
    pairs = list(zip_longest(frames(old), frames(new)))
    return all(a and b and a.size == b.size for a, b in pairs) and all(
        max(ImageStat.Stat(ImageChops.difference(a, b)).mean) <= SHADE for a, b in pairs
    )


@contextmanager
def kept_where_alike(folder: Path) -> Iterator[None]:
    """Put back each image of a folder that was drawn anew and shows the same."""
    before = {path: path.read_bytes() for path in folder.glob("*.*")}
    yield
    for path, data in before.items():
        new = path.read_bytes() if path.is_file() else data
        if new != data and path.suffix in (".png", ".gif", ".webp") and look_alike(data, new):
            path.write_bytes(data)
            print(f"{path.name}: shows what it showed, and stays")
