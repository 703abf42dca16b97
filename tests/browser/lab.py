"""A real JupyterLab in a real browser, both without network.

    with temporary_folder() as folder, Lab(Path(folder)) as lab, chromium() as browser:
        page, requests = open_page(browser)
        open_notebook(page, lab.url, "02_backward.ipynb")
        run_all(page)

JupyterLab runs on a copy of the notebooks, with settings of its own, on a free port of this
machine; its kernels refuse connections to other machines.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from support import ROOT

# Run by every kernel before the notebook: whoever calls another machine gets an error in a cell.
NO_NETWORK = """
import socket as _socket
def _guard(connect):
    def only_here(self, address, *rest):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise OSError(f"this test allows no connection to {address[0]}")
        return connect(self, address, *rest)
    return only_here
_socket.socket.connect = _guard(_socket.socket.connect)
"""
START_SECONDS, RUN_SECONDS = 60, 240


class Lab:
    """A JupyterLab on a copy of the course's notebooks; a context manager.

    Parameters
    ----------
    folder : Path
        An empty folder for the copy and everything that JupyterLab writes.

    Attributes
    ----------
    url : str
        Where it listens.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        options = {
            "ip": "127.0.0.1",
            "port": port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": folder / "notebooks",
            "ServerApp.password": "",
            "IdentityProvider.token": "",
            "ServerApp.contents_manager_class": "tools.opened.Opened",  # as `make lab` starts it
            "LabApp.extra_labextensions_path": ROOT / "tools" / "labextensions",
            "LabApp.expose_app_in_browser": True,
        }
        self.command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
        self.command += [f"--{name}={value}" for name, value in options.items()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self.command.append("--allow-root")

    def __enter__(self) -> Lab:
        """Copy the notebooks, start the server, wait until it answers."""
        environment = self._prepare()
        self._log = open(self.folder / "server.log", "wb")  # noqa: SIM115, closed in __exit__
        self._server = subprocess.Popen(
            self.command, env=environment, cwd=self.folder, stdout=self._log, stderr=self._log
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                self.__exit__()
                said = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"JupyterLab did not start:\n{said[-2000:]}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: Any) -> None:
        """Stop the server, and with it its kernels."""
        self._server.terminate()
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._log.close()

    def _prepare(self) -> dict[str, str]:
        """Fill the folder; return the environment of the server."""
        shutil.copytree(
            ROOT / "notebooks",
            self.folder / "notebooks",
            ignore=shutil.ignore_patterns(".*", "__pycache__", "*.py"),
        )
        (self.folder / "assets").mkdir()
        shutil.copy(ROOT / "assets" / "names.txt", self.folder / "assets")
        places = {
            "JUPYTER_CONFIG_DIR": self.folder / "config",
            "JUPYTER_DATA_DIR": self.folder / "data",
            "JUPYTER_RUNTIME_DIR": self.folder / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": self.folder / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": self.folder / "workspaces",
            "IPYTHONDIR": self.folder / "ipython",
        }
        startup = self.folder / "ipython" / "profile_default" / "startup"
        for path in (*places.values(), startup, self.folder / "config" / "labconfig"):
            path.mkdir(parents=True, exist_ok=True)
        (startup / "no_network.py").write_text(NO_NETWORK, encoding="utf-8")
        overrides = self.folder / "config" / "labconfig" / "default_setting_overrides.json"
        shutil.copy(ROOT / "tools" / "lab_settings.json", overrides)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        ours = {"PYTHONPATH": str(ROOT), "MICROGPT_PROGRESS": "off", "MICROGPT_CHECK_SECONDS": "20"}
        return {**kept, **{name: str(path) for name, path in places.items()}, **ours}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


def open_notebook(page: Page, url: str, name: str) -> None:
    """Open a notebook in JupyterLab and wait for its kernel."""
    page.goto(f"{url}/lab/workspaces/{Path(name).stem}/tree/{name}?reset")
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("() => window.jupyterapp.restored")
    page.wait_for_function(
        "name => jupyterapp.shell.currentWidget?.context?.path === name", arg=name
    )
    page.evaluate(
        """async () => {
          const context = jupyterapp.shell.currentWidget.context;
          await context.ready;
          await context.sessionContext.ready;
          await context.sessionContext.session.kernel.info;
        }"""
    )


def run_all(page: Page) -> bool:
    """Restart the kernel, run all cells, as the menu does; False if a cell failed."""
    page.evaluate(
        """() => {
          window.allRun = null;
          jupyterapp.commands.execute('notebook:restart-run-all').then(
            done => { window.allRun = Boolean(done); }, () => { window.allRun = false; });
        }"""
    )
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.wait_for_function("() => window.allRun !== null", timeout=1000 * RUN_SECONDS)
    return page.evaluate("() => window.allRun")


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a `Lab`, removed afterwards as far as the system lets it."""
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
