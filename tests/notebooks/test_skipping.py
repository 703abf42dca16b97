"""Who is short of time may leave out what the box of a chapter names: the rest still runs.

A name that only a skipped cell makes is found by reading: ruff misses it. A chapter has to be run
only where a skipped cell changes what was there before and is used later, since no reading tells
what the later cells make of the older thing.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import nbformat
import pytest
from support import ROOT

from tools.execute import execute

PATHS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NUMBER = r"\d+\.\d+"
EXERCISES = rf"exercises? {NUMBER}(?:(?:,| and) {NUMBER})*"
NOT_SKIPPED = rf"(?i){EXERCISES}|run the cells of {NUMBER}[^,.]*|\({NUMBER}[^)]*\)"


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
    return [n for n in code if not re.search(r"\bcheck\(", notebook.cells[n].source)]


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


INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def top_level(node):
    """The nodes below a node that are not inside a function, a class or a comprehension."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.ClassDef, *INNER)):
            yield from top_level(child)


def base_of(node):
    """The name that an attribute, an entry or a method's call begins with, or an empty text."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def named(code):
    """Names that the top level of a cell makes, that the cell reads, and that it may change."""
    tree = ast.parse(code)
    top, nodes = list(top_level(tree)), list(ast.walk(tree))
    made = {n.id for n in top if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made |= {n.name for n in top if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    reads = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    parts = [n for n in nodes if isinstance(n, (ast.Attribute, ast.Subscript))]
    changed = {base_of(n) for n in parts if isinstance(n.ctx, ast.Store)}
    methods = [n.func for n in nodes if isinstance(n, ast.Call)]
    changed |= {base_of(method) for method in methods if isinstance(method, ast.Attribute)}
    return made, reads, changed


def changed_under_way(notebook, places):
    """Names of older things that the cells left out make anew or change, and later ones read."""
    before, made, read = set(), set(), set()
    for n, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            makes, reads, changes = named(cell.source)
            if n in places:
                made |= (makes | changes) & before
            else:
                read |= reads & made
                before |= makes
    return read


def test_a_chapter_runs_without_all_that_may_be_skipped(chapter):
    path, notebook = chapter
    places = {n for section in skippable(notebook) for n in left_out(notebook, section)}
    if changed_under_way(notebook, places):
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


def test_what_a_skipped_cell_changes_is_found():
    cells = [nbformat.v4.new_code_cell(code) for code in ("a = [1]", "a[0] = 2", "print(a)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert changed_under_way(notebook, {1}) == {"a"}
    cells[1].source = "b = [a for a in range(3)]\n\n\ndef f(a):\n    return a"
    assert changed_under_way(notebook, {1}) == set()
    cells[1].source = "a = 5"
    assert changed_under_way(notebook, {1}) == {"a"}
    cells[1].source = "a.append(2)"
    assert changed_under_way(notebook, {1}) == {"a"}
    assert changed_under_way(notebook, set()) == set()
