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
    """Execute a notebook in place.

    Parameters
    ----------
    notebook : NotebookNode
        Its outputs are replaced.
    folder : Path
        Working directory of the kernel.
    name : str
        For messages.
    timeout : int, default 120
        Seconds that one cell may take.

    Raises
    ------
    NotebookFailed
        If a cell raises (unless tagged ``raises-exception``), or the kernel dies.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources=resources,
        extra_arguments=["--log-level=ERROR"],
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ipython:
        try:
            client.execute(env=kernel_environment(ipython))
        except CellExecutionError as error:
            raise NotebookFailed(_where(notebook, name, f"{error.ename}: {error.evalue}")) from None
        except CellTimeoutError:
            reason = f"did not finish within {timeout} seconds"
            raise NotebookFailed(_where(notebook, name, reason)) from None
        except DeadKernelError:
            raise NotebookFailed(_where(notebook, name, "the kernel died")) from None


def _where(notebook: NotebookNode, name: str, reason: str) -> str:
    """Name the cell that was reached last, by its number in the notebook and its first line."""
    reached = [
        number
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and _was_started(cell)
    ]
    code = [n for n, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
    number = reached[-1] if reached else code[0]
    failed = [n for n in reached if _has_error(notebook.cells[n - 1])]
    number = failed[-1] if failed else number
    lines = [line for line in notebook.cells[number - 1].source.splitlines() if line.strip()]
    return f"{name}: cell {number} ({lines[0].strip() if lines else 'empty'}): {reason}"


def _was_started(cell: NotebookNode) -> bool:
    return bool(cell.execution_count or cell.outputs or "execution" in cell.metadata)


def _has_error(cell: NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    errors = any(output.output_type == "error" for output in cell.outputs)
    return errors and "raises-exception" not in tags
