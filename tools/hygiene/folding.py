"""What a stored notebook keeps folded: an answer until its cell is run, and the setup cell.

The marks are Jupyter's own: ``jupyter.outputs_hidden``, which running the cell takes away, and
``jupyter.source_hidden``. `tools.book` makes toggles of both.
`tools.notebooks` sets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tools.hygiene.page import DETAILS, Page, rule
from tools.hygiene.skeleton import IS_IT_THE_COURSE
from tools.stills import EXPLORER

CHECK = re.compile(r"\bcheck\(")  # the check of an exercise; gradient_check(...) is none
NO_QUESTION = re.compile(r"\*\*(?:Short of time|Do you remember|Nothing kept yet)\?\*\*")


def asks(markdown: str) -> bool:
    """Whether a text ends on a question in bold that no folded block below it answers."""
    text = DETAILS.sub("\0", NO_QUESTION.sub("", markdown))
    return "?**" in text and "\0" not in text[text.rindex("?**") :]


def answering(cells: list[Any]) -> set[int]:
    """The places of the cells whose stored output answers a question in bold.

    It is the first with an output behind the question, if that is no check and no explorer.
    """
    found, asked = set(), False
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            asked = asks(cell.source) or (asked and not cell.source.startswith("#"))
        elif asked and cell.get("outputs"):
            asked = False
            said = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
            if not CHECK.search(cell.source) and not any(map(EXPLORER.match, said)):
                found.add(place)
    return found


def marked(cells: list[Any]) -> list[Any]:
    """Copies of the cells with the marks that they ought to have."""
    result, answers = deepcopy(cells), answering(cells)
    for place, cell in enumerate(result):
        cell.metadata.pop("jupyter", None)
        if place in answers:
            cell.metadata["jupyter"] = {"outputs_hidden": True}
        elif cell.source.startswith(IS_IT_THE_COURSE):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return result


@rule
def answers_are_folded(page: Page) -> Iterator[str]:
    """The answers to questions in bold and the setup cell are folded, and nothing else is."""
    for (number, cell), right in zip(page.cells, marked(page.notebook.cells)):
        if cell.metadata.get("jupyter") != right.metadata.get("jupyter"):
            yield f"cell {number}: folds {cell.metadata.get('jupyter')}; run: make notebooks"
