"""The reference script beside ours: every line has its place, and his text is shown where it is."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from support import NOTEBOOKS, ROOT

from classroom.lab.reference import HIS_LINES, HIS_SCRIPT, THEIRS, his_lines
from classroom.lab.script import lines_by_chapter
from classroom.viz.rows import beside


@pytest.fixture(scope="module")
def script():
    cells = nbformat.read(ROOT / "notebooks" / "10_whole_machine.ipynb", as_version=4).cells
    return next(c.source for c in cells if "whole-script" in c.metadata.get("tags", []))


def somebodys_script():
    """A file with a line of code that fits at the start of each block, and a remark elsewhere."""
    lines = [f"# remark {number}" for number in range(1, HIS_LINES + 1)]
    for theirs in THEIRS.values():
        lines[theirs.lines[0][0]] = f"{theirs.marker} <his>"
    return lines


def test_every_block_of_ours_has_its_lines_there(script):
    table = beside(script, "no/such/file.py")
    rows = repr(table).splitlines()
    counted = lines_by_chapter(script)
    assert {block.chapter for block in table.blocks} == set(counted) == set(THEIRS)
    for block, row, differs in zip(table.blocks, rows[2:-1:2], rows[3:-1:2]):
        theirs = THEIRS[block.chapter]
        assert f"{block.first}-{block.last}" in row and f"{theirs.lines[0][0]}-" in row
        assert row.split()[-1] == str(theirs.code) and differs.strip() == theirs.differs
    assert max(map(len, rows)) <= 76
    assert rows[-1].split() == ["sum", str(sum(counted.values())), "154"]


def test_no_line_of_his_stands_in_two_blocks():
    pieces = sorted(piece for theirs in THEIRS.values() for piece in theirs.lines)
    assert all(a[1] < b[0] for a, b in zip(pieces, pieces[1:]))
    assert pieces[0][0] > 1 and pieces[-1][1] == HIS_LINES
    for theirs in THEIRS.values():
        assert theirs.code <= sum(last - first + 1 for first, last in theirs.lines)


def test_links_lead_to_the_chapters_and_to_his_lines(script):
    html = beside(script, "no/such/file.py")._repr_html_()
    links = re.findall(r'href="([^"]+)"', html)
    assert {link for link in links if link.endswith(".ipynb")} == {p.name for p in NOTEBOOKS[1:10]}
    his = [link for link in links if link.startswith(HIS_SCRIPT)]
    assert len(his) == sum(len(theirs.lines) for theirs in THEIRS.values())
    assert "<details>" not in html


def test_his_text_stands_beside_ours_where_it_is_at_hand(script, tmp_path):
    file = tmp_path / "karpathy.py"
    file.write_text("\n".join(somebodys_script()), encoding="utf-8")
    html = beside(script, file)._repr_html_()
    assert html.count("<details>") == len(THEIRS) and html.count("<pre ") == 2 * len(THEIRS)
    two = html[html.index("the chain rule, walked in the right order: ours and his") :]
    two = two[: two.index("</details>")]
    assert "def backward(self):" in two and "def backward &lt;his&gt;" in two
    assert two.index("stack = {}, [self]") < two.index("&lt;his&gt;")
    assert "# remark 61" in two and "# remark 73" not in two


@pytest.mark.parametrize("spoil", [lambda x: [*x, "# one more"], lambda x: ["x = 1", *x[:-1]]])
def test_another_version_of_his_is_refused(spoil, tmp_path):
    file = tmp_path / "karpathy.py"
    file.write_text("\n".join(spoil(somebodys_script())), encoding="utf-8")
    with pytest.raises(ValueError, match="not the version of 200 lines"):
        his_lines(file)


def test_what_is_said_of_his_script_is_so():
    given = os.environ.get("MICROGPT_REFERENCE_SCRIPT", "")
    if not Path(given).is_file():
        pytest.skip("his script is not shipped: set MICROGPT_REFERENCE_SCRIPT to its path")
    lines = his_lines(given)
    code = {n for n, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "#"}
    placed = [set(range(a, b + 1)) & code for t in THEIRS.values() for a, b in t.lines]
    assert set().union(*placed) == {number for number in code if number > 8}, "8: its docstring"
    for theirs in THEIRS.values():
        pieces = [set(range(a, b + 1)) & code for a, b in theirs.lines]
        assert len(set().union(*pieces)) == theirs.code
