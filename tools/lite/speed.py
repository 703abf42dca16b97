"""How fast the course is in the browser's own kernel, beside the same work in this Python.

    python -m tools.lite.speed [--site FOLDER] [--rounds N]

prints two figures: the seconds from opening the address to the first slider of chapter 0, every
cell before it run; and the time of a training step in pure Python, here and there by turns. On a
machine that does nothing else: both fall and rise with what runs beside them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

from tools.browser import Page, chromium, in_kernel, open_page, run_cell
from tools.lite import visit
from tools.lite.build import OUT

STEPS = 20
TRAINING = f"""
import random, time
from microgpt import CharTokenizer, Config, init_params, load_docs, train
docs = load_docs()[:1000]
tokenizer = CharTokenizer.from_docs(docs)
config = Config(tokenizer.vocab_size)
state_dict = init_params(config, random.Random(42))
began = time.perf_counter()
for step in train(docs, tokenizer, config, state_dict, num_steps={STEPS}):
    pass
answer = (time.perf_counter() - began) / {STEPS}
"""
HANDLE = ".jp-OutputArea-output .noUi-handle"


def seconds_to_the_first_slider(page: Page, address: str, name: str) -> float:
    """Open a chapter, run its cells down to the first explorer, wait until that can be moved."""
    began = time.perf_counter()
    visit.open_chapter(page, address, name)
    for cell in visit.cells(page):
        if cell["type"] == "code":
            run_cell(page, cell["index"])
            outputs = visit.cells(page)[cell["index"]]["outputs"]
            if any(visit.WIDGET in output.get("data", {}) for output in outputs):
                page.locator(HANDLE).first.wait_for()
                return time.perf_counter() - began
    raise RuntimeError(f"{name} has no explorer")


def here() -> float:
    """The seconds of a training step in this Python."""
    names: dict[str, float] = {}
    exec(TRAINING, names)
    return names["answer"]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.lite.speed", description=__doc__)
    parser.add_argument("--site", type=Path, default=OUT, help="the built site")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of trainings")
    given = parser.parse_args(arguments)
    with visit.serve(given.site) as address, chromium() as browser:
        page, _ = open_page(browser)
        first = next(iter(sorted((given.site / "files").glob("00*.ipynb"))))
        seconds = seconds_to_the_first_slider(page, address, first.name)
        print(f"first slider: {seconds:.1f} s after the address was opened")
        pairs = [(here(), in_kernel(page, TRAINING)) for _ in range(given.rounds)]
    native, browser_step = (statistics.median(times) for times in zip(*pairs))
    share = statistics.median(mine / theirs for mine, theirs in pairs)
    print(
        f"a step of training in pure Python: {1000 * native:.0f} ms here, "
        f"{1000 * browser_step:.0f} ms in the browser: {share:.2f} of native speed"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
