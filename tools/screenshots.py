"""Renew the pictures of README.md from the real thing: ``assets/images/``.

    python tools/screenshots.py

``name_journey.gif`` is a name on its way through the machine, as chapter 00 shows it,
``course.png`` chapter 02 in JupyterLab with its explorer at work. Needs Chromium or Chrome, and no
network.
"""

from __future__ import annotations

import io
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from classroom.viz.journey import journey, journey_picture  # noqa: E402
from microgpt import load  # noqa: E402
from tools.browser import (  # noqa: E402, the root must be on the path first
    Lab,
    chromium,
    open_notebook,
    open_page,
    run_all,
    temporary_folder,
)
from tools.images import kept_where_alike  # noqa: E402
from tools.stills import few_colours, still  # noqa: E402

IMAGES = ROOT / "assets" / "images"
NOTEBOOK, EXPLORER = "02_backward.ipynb", "BackwardStepper("
MOST_BYTES = 300_000
MILLISECONDS_PER_STEP = 1200
SHOW_CELL = """async ([start, side]) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const says = output => String((output.data || {})['text/plain'] || '');
  const index = notebook.widgets.findIndex(cell => cell.model.type === 'code'
    && cell.model.outputs.toJSON().some(output => says(output).startsWith(start)));
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, side);
}"""


def main() -> int:
    """Write both pictures, and say where they are and how large."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    write_journey(IMAGES / "name_journey.gif")
    with temporary_folder() as folder, Lab(Path(folder)) as lab, chromium() as browser:
        page, _ = open_page(browser, viewport={"width": 1360, "height": 850})
        open_notebook(page, lab.url, NOTEBOOK)
        if not run_all(page):
            print(f"screenshots: {NOTEBOOK} did not run to its end")
            return 1
        found = explorer(page)
        write_course(page, found, IMAGES / "course.png")
    return 0


def explorer(page: Page) -> Any:
    """The explorer, at the bottom of the window, with the cells before it above."""
    page.evaluate(SHOW_CELL, [EXPLORER, "start"])
    cell = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    found = cell.locator(".jp-OutputArea-output .widget-vbox").first
    found.locator("[role=status]").wait_for()
    found.evaluate("root => { root.id = 'explorer'; }")  # whichever cell will be the active one
    page.evaluate(SHOW_CELL, [EXPLORER, "end"])
    page.wait_for_timeout(500)
    return page.locator("#explorer")


def go_to(page: Page, found: Any, step: int) -> None:
    """Move the slider with the keyboard, wait for the words."""
    found.locator(".noUi-handle").focus()
    page.keyboard.press("Home")
    for _ in range(step):
        page.keyboard.press("ArrowRight")
    found.locator("[role=status]").filter(has_text=f"Step {step} of").wait_for()
    page.wait_for_timeout(200)


def write_course(page: Page, found: Any, target: Path) -> None:
    """The window of JupyterLab, the explorer in the midst of its walk."""
    go_to(page, found, 2)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(192, dither=Image.Dither.NONE).save(target, optimize=True)
    report(target)


def write_journey(target: Path) -> None:
    """A name on its way through the machine: one letter at every station, the rest at the die."""
    way = journey(load())
    stations = way.steps // len(way.moments)
    steps = [0, *range(stations, 2 * stations), *range(3 * stations - 1, way.steps, stations)]
    with ProcessPoolExecutor() as processes:
        small = list(processes.map(frame, steps))
    times = [MILLISECONDS_PER_STEP] * (len(steps) - 1) + [3 * MILLISECONDS_PER_STEP]
    small[0].save(target, save_all=True, append_images=small[1:], duration=times, loop=0)
    report(target)


def frame(step: int) -> Image.Image:
    """The journey's picture at a step, in the few colours of a GIF."""
    picture = journey_picture(journey(load()), step)
    drawn = Image.open(io.BytesIO(still(str(picture.data))[0])).convert("RGB")
    return few_colours(drawn.resize(picture.size))


def report(target: Path) -> None:
    """Say what was written; refuse what is too large for a page."""
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"screenshots: {target.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{target.relative_to(ROOT).as_posix()}: {size:,} bytes")


if __name__ == "__main__":
    with kept_where_alike(IMAGES):
        code = main()
    sys.exit(code)
