"""Visit the built site with a real browser: open a chapter, run it cell by cell, compare.

    python -m tools.lite.visit [--site FOLDER] [05 ...]

serves ``build/lite`` from a subfolder of this machine, opens the chapters in Chromium (every other
host is out of its reach) and prints what each did: times, transferred bytes, differences.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode, from_dict

from classroom.viz.kit.render import ADVICE
from tools.browser import Browser, Page, chromium, in_kernel, open_page, run_cell
from tools.lite import pages
from tools.lite.build import OUT
from tools.normalise import tidy_outputs
from tools.notebooks import chosen_notebooks
from tools.reconcile import first_difference, said

SUBFOLDER = "/courses/how a gpt works/"
START_SECONDS, RUN_SECONDS = 180, 600
# Measured on the reader's machine, as times are: in a browser, whose addresses have 32 bits, an
# object takes half the memory.
MEASURED = re.compile(r"\d+(?= bytes each)")
NOT_DRAWN = ADVICE.partition(":")[0]
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map((cell, index) => ({
  index, type: cell.model.type, source: cell.model.sharedModel.getSource(),
  tags: cell.model.getMetadata('tags') || [],
  outputs: cell.model.type === 'code' ? cell.model.outputs.toJSON() : []}))"""


class Server(http.server.SimpleHTTPRequestHandler):
    """A plain file server whose files begin at a subfolder; it counts what it sends."""

    sent = 0
    missing: list[str] = []

    def translate_path(self, path: str) -> str:
        """The file behind an address; nothing outside the subfolder is there."""
        if not path.startswith(quote(SUBFOLDER)):
            return str(Path(self.directory, "not", "there"))
        return super().translate_path(path[len(quote(SUBFOLDER)) - 1 :])

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file and count its bytes."""
        content = source.read()
        Server.sent += len(content)
        outputfile.write(content)

    def send_error(self, code: int, *rest: Any, **more: Any) -> None:
        """Note what was asked for and is not there."""
        Server.missing.append(f"{code} {self.path}")
        super().send_error(code, *rest, **more)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def handle(self) -> None:
        """Answer; a browser that goes away is no error."""
        with contextlib.suppress(ConnectionError):
            super().handle()


@contextlib.contextmanager
def serve(site: Path) -> Iterator[str]:
    """Serve a folder on a free port; yields the address of the site."""
    handler = functools.partial(Server, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Server.sent, Server.missing = 0, []
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{quote(SUBFOLDER)}"
    finally:
        server.shutdown()
        server.server_close()


def wait_for_kernel(page: Page) -> None:
    """Wait until the open notebook has a kernel that answers."""
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("() => window.jupyterapp.restored")
    page.wait_for_function("() => jupyterapp.shell.currentWidget?.context?.isReady")
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel"
    )
    in_kernel(page, "answer = 0")


def read_chapter(page: Page, address: str, name: str) -> None:
    """Open a notebook, and wait until it can be read."""
    page.set_default_timeout(1000 * START_SECONDS)
    page.goto(f"{address}notebooks/index.html?path={name}")
    page.locator(".jp-Notebook .jp-MarkdownOutput h1").first.wait_for()


def open_chapter(page: Page, address: str, name: str) -> dict[str, float]:
    """Open a notebook; return the seconds until it can be read, and until Python is there."""
    began = time.perf_counter()
    read_chapter(page, address, name)
    readable = time.perf_counter() - began
    wait_for_kernel(page)
    return {"readable": readable, "kernel": time.perf_counter() - began}


def cells(page: Page) -> list[dict[str, Any]]:
    """The cells of the open notebook: index, type, tags, outputs."""
    return pages.joined({"cells": page.evaluate(CELLS)})["cells"]


def run_cells(page: Page) -> dict[int, float]:
    """Run every code cell in its turn; return the seconds that each took, by its index."""
    page.set_default_timeout(1000 * RUN_SECONDS)
    taken = {}
    for cell in cells(page):
        if cell["type"] == "code":
            began = time.perf_counter()
            run_cell(page, cell["index"])
            taken[cell["index"]] = time.perf_counter() - began
    time.sleep(0.5)
    return taken


def compared(outputs: list[NotebookNode]) -> list[str]:
    """The lines of a cell's outputs that nbval compares, measured times aside."""
    return [MEASURED.sub("some", line) for line in said(tidy_outputs(outputs, None))]


def differences(stored: Path, shown: list[dict[str, Any]]) -> list[str]:
    """Where the open notebook's outputs differ from the stored ones, measured times aside."""
    complaints = []
    for index, (cell, now) in enumerate(zip(nbformat.read(stored, 4).cells, map(from_dict, shown))):
        if cell.cell_type != "code" or "nbval-ignore-output" in now.tags:
            continue
        if NOT_DRAWN in json.dumps(now.outputs):
            complaints.append(f"cell {index}: a graph is not drawn")
        if pair := first_difference(compared(cell.outputs), compared(now.outputs)):
            complaints.append("cell {}: stored {!r:.200}, now {!r:.200}".format(index, *pair))
    return complaints


def visit(browser: Browser, address: str, stored: Path) -> tuple[str, list[str]]:
    """Open a chapter as a first visitor does, in a context of its own, and run it.

    Returns a line with its times and bytes, and everything that is not as it should be.
    """
    page, requests = open_page(browser)
    Server.sent, Server.missing = 0, []
    times = open_chapter(page, address, stored.name)
    first_visit = Server.sent / 1e6
    taken = run_cells(page)
    found = [*differences(stored, cells(page)), *(f"asks {url}" for url in requests)]
    found += Server.missing
    page.context.close()
    slowest = sorted(taken.items(), key=lambda pair: -pair[1])[:4]
    slow = ", ".join(f"[{index}] {seconds:.1f}" for index, seconds in slowest)
    line = (
        f"{stored.name}: readable {times['readable']:.1f} s, Python {times['kernel']:.1f} s, "
        f"{first_visit:.1f} MB, run {sum(taken.values()):.1f} s ({slow})"
    )
    return line, found


def main(arguments: list[str] | None = None) -> int:
    """Run some chapters, or all of them; 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tools.lite.visit", description=__doc__)
    parser.add_argument("--site", type=Path, default=OUT, help="the built site")
    parser.add_argument("chapters", nargs="*", help="05 ...; all if none is named")
    given, failed = parser.parse_args(arguments), False
    with serve(given.site) as address, chromium() as browser:
        for path in chosen_notebooks(given.site / "files", given.chapters):
            line, found = visit(browser, address, path)
            print(line, *found, sep="\n   ", flush=True)
            failed |= bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
