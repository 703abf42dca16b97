"""A real browser without network, and the notebook that JupyterLab shows in it.

    with chromium() as browser:
        page, requests = open_page(browser)

Chromium or Chrome must be installed; `MICROGPT_BROWSER=/path/to/it` names one that is not in a
usual place.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
USUAL_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
MISSING = (
    "no Chromium or Chrome found: install one (on Debian or Ubuntu: apt install chromium), "
    "or name it with MICROGPT_BROWSER=/path/to/it"
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
ANSWER = "the answer: "  # what `in_kernel` looks for in what the kernel prints


def find_browser() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    if named := os.environ.get("MICROGPT_BROWSER"):
        return named
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *USUAL_PLACES) if path and Path(path).exists()), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that finds no other host; a `RuntimeError` if there is none."""
    path = find_browser()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, **options: Any) -> tuple[Page, list[str]]:
    """A page in a context of its own, and the list of what it asked other machines for."""
    options = {"viewport": {"width": 1280, "height": 900}, **options}
    return another_page(browser.new_context(**options))


def another_page(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page of a context, and the list of what the context asks other machines for from now on."""
    page, requests = context.new_page(), []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file", "about") and parts.hostname != "127.0.0.1":
            requests.append(url)

    context.on("request", lambda request: note(request.url))
    page.on("websocket", lambda channel: note(channel.url))
    return page, requests


def run_cell(page: Page, index: int) -> None:
    """Run one cell of the open notebook, and wait until it has run."""
    page.evaluate(
        """async index => {
          const notebook = jupyterapp.shell.currentWidget.content;
          notebook.deselectAll();
          notebook.activeCellIndex = index;
          await jupyterapp.commands.execute('notebook:run-cell');
        }""",
        index,
    )


def in_kernel(page: Page, code: str) -> Any:
    """Run code in the notebook's kernel; what it leaves in ``answer`` comes back through JSON.

    Code that fails is a `RuntimeError`.
    """
    # Printed, since a kernel inside the browser evaluates no expressions beside the code.
    wrapped = f"import json as _json\n{code}\nprint({ANSWER!r} + _json.dumps(answer))"
    reply = page.evaluate(
        """async code => {
          const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
          const future = kernel.requestExecute({code, silent: false, store_history: false});
          let printed = '';
          future.onIOPub = message => {
            if (message.header.msg_type === 'stream') printed += message.content.text;
          };
          return {...(await future.done).content, printed};
        }""",
        wrapped,
    )
    if reply["status"] != "ok":
        raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
    return json.loads(reply["printed"].split(ANSWER)[1])
