"""Bring a notebook into the one form in which the course stores it, for every chapter alike.

Whatever changes from run to run or from machine to machine is dropped: times, versions, random ids,
widget state. What the course needs is kept: sources, outputs, tags, what is folded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from copy import deepcopy

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

KEPT_METADATA = ("jupyter", "tags")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The notebook in its stored form; the argument is left alone.

    Minimal metadata, ids made from the cells' contents, sources without trailing blanks, the
    streams of a cell merged, executed cells counted from 1. Doing it twice changes nothing.
    """
    result = new_notebook(metadata=deepcopy(NOTEBOOK_METADATA))
    result.nbformat, result.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    count = 0
    for cell in notebook.cells:
        new = NotebookNode(cell_type=cell.cell_type, source=tidy_source(cell.source))
        new.metadata = tidy_metadata(cell.metadata)
        new.id = cell_id(new, seen)
        if cell.cell_type == "code":
            executed = cell.execution_count is not None
            count += executed
            new.execution_count = count if executed else None
            new.outputs = tidy_outputs(cell.outputs, new.execution_count)
        elif cell.get("attachments"):
            new.attachments = deepcopy(cell.attachments)
        result.cells.append(new)
    return result


def as_text(notebook: NotebookNode) -> str:
    """The text of the notebook's file, ending with one newline."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def tidy_source(source: str) -> str:
    """The source without blanks at the ends of lines and empty lines around it.

    Two blanks at the end of a Markdown line would be a line break: the course writes ``<br>``.
    """
    return "\n".join(line.rstrip() for line in source.split("\n")).strip("\n")


def tidy_metadata(metadata: NotebookNode) -> NotebookNode:
    """Tags, slide type, speaker notes and folding; nothing else, no empty entries."""
    return NotebookNode({k: deepcopy(metadata[k]) for k in KEPT_METADATA if metadata.get(k)})


def cell_id(cell: NotebookNode, seen: Counter[str]) -> str:
    """An id from kind and source, so that a new cell changes no other cell's id; see `seen`."""
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def tidy_outputs(outputs: list[NotebookNode], count: int | None) -> list[NotebookNode]:
    """The outputs of one cell: streams merged, no widget views, no random ids, the cell's count."""
    tidied: list[NotebookNode] = []
    for output in deepcopy(outputs):
        output.pop("transient", None)
        if output.output_type == "stream" and _same_stream(tidied, output.name):
            tidied[-1].text += output.text
            continue
        if output.output_type == "execute_result":
            output.execution_count = count
        if "data" in output:
            output.data.pop(WIDGET_VIEW, None)
            output.metadata = NotebookNode({k: v for k, v in output.metadata.items() if v})
            output.metadata.pop(WIDGET_VIEW, None)
        tidied.append(output)
    return tidied


def _same_stream(outputs: list[NotebookNode], name: str) -> bool:
    return bool(outputs) and outputs[-1].output_type == "stream" and outputs[-1].name == name
