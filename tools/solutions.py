"""The folded solutions of the notebooks, written from the exercises: one text in one place."""

from __future__ import annotations

import ast

from nbformat import NotebookNode

from classroom.exercises.kit.pages import FENCE, FOLDED, HEADING
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.solutions import source_text


def fold_in(notebook: NotebookNode) -> None:
    """Put each exercise's solution into its folded block, in place of what defines the same name.

    An exercise whose solution is no function or class stays as it is.
    """
    key = ""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        headings = HEADING.findall(cell.source)
        key = headings[-1][0] if headings else key
        if key:
            cell.source = FOLDED.sub(lambda block, key=key: _written(block, key), cell.source)


def _written(block, key: str) -> str:
    data = find(key).solution
    if data is None or block["title"].strip() != "Solution":
        return block[0]
    return FENCE.sub(lambda fence: f"```python\n{renewed(fence[1], data.right)}```", block[0])


def renewed(code: str, right: object) -> str:
    """Code of a folded solution in which what the exercise defines, `right`, is as it is there."""
    lines = code.splitlines(keepends=True)
    for node in ast.parse(code).body:
        if getattr(node, "name", "") == right.__name__:  # type: ignore[attr-defined]
            lines[node.lineno - 1 : node.end_lineno] = [source_text(right)]
    return "".join(lines)
