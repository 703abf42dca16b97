"""Who is short of time may leave out what the box of a chapter names: the rest still runs."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from support import ROOT

from tools.execute import execute

PATHS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NUMBER = r"\d+\.\d+"
NOT_SKIPPED = rf"(?i)exercises? {NUMBER}|run the cells of {NUMBER}[^,.]*|\({NUMBER}[^)]*\)"


def skippable(notebook):
    """Names of the sections that the box says one may skip; "half" in front of one in part."""
    (told,) = [
        cell.source.partition("**Short of time?**")[2]
        for cell in notebook.cells
        if "**Short of time?**" in cell.source
    ] or [""]
    words = re.sub(NOT_SKIPPED, "", " ".join(told.replace("\n>", " ").split()))
    return re.findall(rf"(?:half of )?{NUMBER}", words)


def sections(notebook):
    """The number of the section that each cell is in, or an empty text."""
    found, here = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"(?m)^## (.*)$", cell.source):
                numbered = re.match(NUMBER, heading)
                here = numbered[0] if numbered else ""
        found.append(here)
    return found


def left_out(notebook, wanted):
    """The places of a section's code cells, of a half those behind its middle; no stubs."""
    places = [n for n, section in enumerate(sections(notebook)) if section == wanted.split()[-1]]
    if wanted.startswith("half"):
        places = [n for n in places if n > (places[0] + places[-1]) / 2]
    code = [n for n in places if notebook.cells[n].cell_type == "code"]
    return [n for n in code if "check(" not in notebook.cells[n].source]


def without(notebook, places):
    kept = [cell for n, cell in enumerate(notebook.cells) if n not in places]
    return nbformat.from_dict({**notebook, "cells": kept})


def missing(notebook, places):
    """What ruff says of names that are read and set nowhere once these cells are left out."""
    cells = without(notebook, places).cells
    code = "\n\n".join(cell.source for cell in cells if cell.cell_type == "code")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, encoding="utf-8")
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def chapter(request):
    return request.param, nbformat.read(request.param, as_version=4)


def test_what_may_be_skipped_is_there(chapter):
    path, notebook = chapter
    if path.name.startswith("00"):
        return
    assert skippable(notebook)
    for section in skippable(notebook):
        assert left_out(notebook, section) or section.split()[-1] in sections(notebook)


def test_no_name_is_missing_whichever_section_is_skipped(chapter):
    _, notebook = chapter
    for section in skippable(notebook):
        assert missing(notebook, left_out(notebook, section)) == "", section


def test_a_chapter_runs_without_all_that_may_be_skipped(chapter):
    path, notebook = chapter
    places = {n for section in skippable(notebook) for n in left_out(notebook, section)}
    execute(without(notebook, places), path.parent, path.name)


def test_a_name_that_is_missed_is_found():
    cells = [
        nbformat.v4.new_markdown_cell("**Short of time?** Skip 1.1."),
        nbformat.v4.new_markdown_cell("## 1.1 a"),
        nbformat.v4.new_code_cell("a = 1"),
        nbformat.v4.new_markdown_cell("## 1.2 b"),
        nbformat.v4.new_code_cell("print(a)"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert skippable(notebook) == ["1.1"]
    assert missing(notebook, []) == ""
    assert "Undefined name `a`" in missing(notebook, left_out(notebook, "1.1"))
