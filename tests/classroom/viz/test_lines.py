"""The table of what exists of the script after each chapter."""

from __future__ import annotations

import ast
import subprocess
import sys

import nbformat
import pytest
from support import ROOT

from classroom.chapters import CHAPTERS
from classroom.lab.script import blocks_of, lines_by_chapter
from classroom.viz.lines import PARTS, SCRIPT, script_so_far


@pytest.fixture(scope="module")
def script():
    cells = nbformat.read(ROOT / "notebooks" / "10_whole_machine.ipynb", as_version=4).cells
    return next(c.source for c in cells if "whole-script" in c.metadata.get("tags", []))


def test_the_lines_are_those_of_the_script(script):
    counted = lines_by_chapter(script)
    assert sum(counted.values()) == SCRIPT
    assert {chapter: lines for chapter, (lines, _) in PARTS.items()} == {
        chapter: lines for chapter, lines in counted.items() if chapter
    }


def set_by(node):
    """The names that a statement sets, methods as `Class.method`."""
    if isinstance(node, ast.FunctionDef):
        return {node.name: node}
    if isinstance(node, ast.ClassDef):
        methods = {f"{node.name}.{m.name}": m for m in node.body if isinstance(m, ast.FunctionDef)}
        return {node.name: node, **methods}
    named = [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return {n.id: node for n in named}


def test_every_part_that_is_named_is_set_in_its_chapters_block(script):
    places = {n: node.lineno for s in ast.parse(script).body for n, node in set_by(s).items()}
    for chapter, (_, parts) in PARTS.items():
        blocks = [block for block in blocks_of(script) if block.chapter == chapter]
        for part in parts:
            assert any(b.first <= places[part] <= b.last for b in blocks), part


def test_each_chapter_adds_to_the_one_before():
    tables = [script_so_far(chapter) for chapter in range(len(CHAPTERS))]
    assert tables[0].lines == 0 and tables[0].chapters == ()
    for before, after in zip(tables, tables[1:10]):
        assert after.chapters[:-1] == before.chapters and after.lines > before.lines
    assert tables[9] == tables[10] == tables[11]


def test_the_text_says_the_sum_and_the_parts():
    table = script_so_far(4)
    lines = repr(table).splitlines()
    assert lines[0].split() == ["chapter", "lines", "parts"]
    assert [int(line.split()[0]) for line in lines[1:-1]] == [1, 2, 3, 4]
    assert sum(int(line.split()[1]) for line in lines[1:-1]) == table.lines
    assert lines[-1].split()[:2] == ["sum", str(table.lines)] and f" {SCRIPT} " in lines[-1]
    assert "<code>softmax</code>" in table._repr_html_()
    assert f">{table.lines}</th>" in table._repr_html_()


@pytest.mark.parametrize("chapter", [-1, 12, "4", None])
def test_there_is_no_such_chapter(chapter):
    with pytest.raises(ValueError, match="there is no chapter"):
        script_so_far(chapter)


def test_the_same_table_in_another_process():
    code = "from classroom.viz.lines import script_so_far; print(script_so_far(9))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == repr(script_so_far(9))
