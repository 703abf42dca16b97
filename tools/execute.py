"""Execute a notebook from its first cell to its last in a fresh kernel, as a reader would."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

TIMEOUT = 120


class NotebookFailed(Exception):
    """A cell raised, took too long or killed the kernel; the message says which and why."""


def kernel_environment(ipython_folder: str) -> dict[str, str]:
    """Environment of the kernel: the reader's progress, start-up files and history stay out."""
    return {
        **os.environ,
        "IPYTHONDIR": ipython_folder,
        "MICROGPT_PROGRESS": "off",
        "MICROGPT_CHECK_SECONDS": os.environ.get("MICROGPT_CHECK_SECONDS", "20"),
    }


def execute(notebook: NotebookNode, folder: Path, name: str, timeout: int = TIMEOUT) -> None:
    """Execute a notebook in place, in a kernel that works in `folder`; `name` is for messages.

    `NotebookFailed` if a cell raises (unless tagged ``raises-exception``) or takes more than
    `timeout` seconds, or the kernel dies.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    begun: list[int] = []
    words = {"kernel_name": "python3", "extra_arguments": ["--log-level=ERROR"], "timeout": timeout}
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, **words)
    client.on_cell_execute = lambda cell, cell_index: begun.append(cell_index)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ipython:
        try:
            client.execute(env=kernel_environment(ipython))
        except CellExecutionError as error:
            reason = f"{error.ename}: {error.evalue}"
        except CellTimeoutError:
            reason = f"did not finish within {timeout} seconds"
        except DeadKernelError:
            reason = "the kernel died"
        else:
            return
    source = notebook.cells[begun[-1]].source if begun else ""
    first = next(filter(str.strip, source.splitlines()), "no cell had begun").strip()
    where = f"cell {begun[-1] + 1} ({first})" if begun else first
    raise NotebookFailed(f"{name}: {where}: {reason}")
