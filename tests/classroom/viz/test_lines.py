"""The table of what exists after each chapter."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest
from support import ROOT

import microgpt
from classroom.viz.lines import EVERYTHING, PARTS, code_lines, definitions, script_so_far

CORE = sorted({module for parts in PARTS.values() for module in parts})


def test_counts_code_and_nothing_else():
    source = '''"""Module."""

# a comment
import os


class A:
    """Two lines
    of docstring."""

    x: int = 0
    """A field's docstring."""

    def f(self):  # with a comment
        return [
            1,

            2,
        ]
'''
    assert code_lines(source) == 1 + 1 + 1 + 1 + 4


def test_a_string_over_several_lines_that_is_a_value_counts_whole():
    assert code_lines('text = """one\n\nthree"""\n') == 3


def test_value_and_its_backward_are_counted_apart_and_nothing_is_lost():
    counted = definitions("autograd")
    assert counted["Value"] + counted["Value.backward"] == code_lines(
        inspect.getsource(microgpt.Value)
    )
    assert counted["dot"] == code_lines(inspect.getsource(microgpt.dot))


def test_a_decorator_counts():
    assert definitions("training")["Step"] == 5  # @dataclass, class, three fields


@pytest.mark.parametrize("module", CORE)
def test_every_definition_of_the_machine_belongs_to_exactly_one_chapter(module):
    listed = [name for parts in PARTS.values() for name in parts.get(module, ())]
    if listed == list(EVERYTHING):
        return
    assert sorted(listed) == sorted(definitions(module))


def test_each_chapter_adds_to_the_one_before():
    tables = [script_so_far(chapter) for chapter in range(12)]
    assert tables[0].lines == 0 and tables[0].rows == ()
    for before, after in zip(tables, tables[1:10]):
        assert after.rows[:-1] == before.rows
        assert after.lines > before.lines
    assert tables[9] == tables[10] == tables[11]


def test_the_whole_machine_is_every_definition_of_the_core():
    everything = sum(sum(definitions(module).values()) for module in CORE)
    assert script_so_far(11).lines == everything


def test_the_text_says_the_sum_and_the_parts():
    table = script_so_far(4)
    lines = repr(table).splitlines()
    assert lines[0].split() == ["chapter", "lines", "parts"]
    assert [int(line.split()[0]) for line in lines[1:-1]] == [1, 2, 3, 4]
    assert sum(int(line.split()[1]) for line in lines[1:-1]) == table.lines
    assert lines[-1].split()[:2] == ["sum", str(table.lines)]
    assert "softmax, cross_entropy" in repr(table) and "_largest" not in repr(table)
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


def test_every_part_named_is_really_there():
    for row in script_so_far(11).rows:
        for name in row.parts:
            assert isinstance(name, str) and ast.parse(name)


def test_the_machine_is_the_core_package():
    here = {path.stem for path in (ROOT / "microgpt").glob("*.py")} - {"__init__", "__main__"}
    assert set(CORE) == here
