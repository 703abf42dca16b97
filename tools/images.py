"""Keep a picture of these pages where a new one shows the same: no browser draws twice alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageSequence, ImageStat

SHADE = 2.0  # of 255, on average: smoothed edges, a blinking cursor


def look_alike(old: bytes, new: bytes) -> bool:
    """Whether two images, or two animations, show the same frame by frame."""
    before, after = (Image.open(io.BytesIO(data)) for data in (old, new))
    if before.size != after.size:
        return False
    frames = [
        [frame.convert("RGB") for frame in ImageSequence.Iterator(i)] for i in (before, after)
    ]
    return len(frames[0]) == len(frames[1]) and all(
        max(ImageStat.Stat(ImageChops.difference(a, b)).mean) <= SHADE for a, b in zip(*frames)
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
