"""Renew the film at the head of README.md: ``assets/images/mind.webp``, and one for dark pages.

    python -m tools.screenshots

It is `MindExplorer`, frame by frame: the trained model, 1,000 steps of training with the names that
come out, a name on its way forward and back, and the step of Adam. It needs no browser, no network.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from PIL import Image

from classroom.viz.kit.palette import DARK, PAPER, in_light
from classroom.widgets import MindExplorer
from tools import ROOT
from tools.images import kept_where_alike
from tools.stills import pixels

IMAGES = ROOT / "assets" / "images"
MOST_BYTES = 600_000
NAME, EVERY = "ava", 2
HINT = "point at a square, or drag it"
State = dict[str, Any]


def in_dark(svg: str) -> str:
    """The drawing as it is on a dark page, in plain colours."""
    return re.sub("#[0-9A-Fa-f]{6}", lambda f: DARK.get(f[0].upper(), f[0]), in_light(svg))


LOOKS = {"mind.webp": (in_light, PAPER), "mind_dark.webp": (in_dark, DARK[PAPER])}


def states() -> Iterator[tuple[State, int]]:
    """The settings of each frame, and for how many milliseconds it stays."""
    explorer = MindExplorer(NAME, show="training")
    last = explorer.controls["step"].max
    for step in (last, *range(0, last + 1, EVERY)):  # the first is what stands where nothing moves
        stays = {0: 1200, last: 2400}.get(step, 170)
        yield {"show": "training", "step": step}, stays
    last = explorer.set(show="a name").controls["step"].max
    for step in range(1, last + 1):
        yield {"show": "a name", "step": step}, 3000 if step == last else 300


def frames(state: State) -> list[Image.Image]:
    """The picture in that state, on a light page and on a dark one."""
    explorer = MindExplorer(NAME, **state)
    drawn = str(explorer.picture.data).replace(HINT, "")  # a film cannot be touched
    return [pixels(look(drawn), 1, ground) for look, ground in LOOKS.values()]


def main() -> int:
    """Write both films; refuse what is too large for a page."""
    told, times = zip(*states())
    with ProcessPoolExecutor() as processes:
        films = zip(*processes.map(frames, told))
    for name, film in zip(LOOKS, films):
        target = IMAGES / name
        how: State = {"lossless": True, "method": 4, "duration": times, "loop": 0}
        film[0].save(target, save_all=True, append_images=film[1:], **how)
        size = target.stat().st_size
        print(f"{target.relative_to(ROOT).as_posix()}: {len(film)} frames, {size:,} bytes")
        if size > MOST_BYTES:
            return 1
    return 0


if __name__ == "__main__":
    with kept_where_alike(IMAGES):
        code = main()
    sys.exit(code)
