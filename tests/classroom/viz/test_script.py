"""The line map of the whole script, its table, and the effects seed by seed."""

import re

import nbformat
import pytest
from support import ROOT

pytest.importorskip("matplotlib")

from classroom.viz.effects import draw_effects, mean_and_spread, paired
from classroom.viz.lines import code_lines
from classroom.viz.picture import SVG
from classroom.viz.script import (
    HUE,
    NOTEBOOKS,
    blocks_of,
    contents,
    draw_line_map,
    lines_by_chapter,
)
from classroom.viz.style import INK, TINT, contrast

SMALL = """import math

# --- tokens, chapter 3 -----
x = 1  # a comment behind code


class A:
    # --- the walk, chapter 2 ---
    def walk(self):
        return math.pi
# --- and more of it, chapter 3 ---
y = 2
"""


@pytest.fixture(scope="module")
def script():
    cells = nbformat.read(ROOT / "notebooks" / "10_whole_machine.ipynb", as_version=4).cells
    return next(c.source for c in cells if "whole-script" in c.metadata.get("tags", []))


def test_blocks_begin_at_their_comments_and_cover_every_line():
    blocks = blocks_of(SMALL)
    assert [(b.chapter, b.title, b.first, b.last) for b in blocks] == [
        (0, "imports, seed, settings", 1, 2),
        (3, "tokens", 3, 7),
        (2, "the walk", 8, 10),
        (3, "and more of it", 11, 12),
    ]
    assert [b.code for b in blocks] == [(1,), (4, 7), (9, 10), (12,)]


def test_lines_of_a_chapter_in_two_places_are_added():
    assert lines_by_chapter(SMALL) == {0: 1, 2: 2, 3: 3}


def test_a_script_that_begins_with_a_chapter_has_no_nameless_block():
    assert [b.chapter for b in blocks_of("# --- Adam, chapter 7 ---\nx = 1")] == [7]


@pytest.mark.parametrize("source", ["", "x = 1", "# chapter 7"])
def test_what_is_not_the_script_is_refused(source):
    with pytest.raises(ValueError, match="this is not the script"):
        blocks_of(source)


def test_the_script_has_a_block_of_every_chapter_and_no_line_is_lost(script):
    blocks = blocks_of(script)
    assert [b.first for b in blocks[1:]] == [b.last + 1 for b in blocks[:-1]]
    assert blocks[-1].last == len(script.splitlines())
    counted = lines_by_chapter(script)
    assert list(counted) == list(range(10))
    assert sum(counted.values()) == code_lines(script)


def test_the_picture_says_the_lines_of_each_chapter(script):
    picture = draw_line_map(script)
    assert picture.mime == SVG and picture.size == (900, 560)
    counted = lines_by_chapter(script)
    told = dict(re.findall(r"chapter (\d): (\d+)", picture.alt))
    assert {int(k): int(v) for k, v in told.items()} == {k: v for k, v in counted.items() if k}
    assert f"{len(script.splitlines())} lines, {sum(counted.values())} of them code" in picture.alt
    assert picture.data == draw_line_map(script).data


def test_another_script_is_another_picture(script):
    longer = script + "\nprint('one line more')"
    assert draw_line_map(longer).alt != draw_line_map(script).alt
    assert "12 lines, 8 of them" not in draw_line_map(SMALL).alt
    assert "12 lines, 6 of them code" in draw_line_map(SMALL).alt


def test_neighbours_have_different_colours_and_words_can_be_read(script):
    hues = [HUE[block.chapter] for block in blocks_of(script)]
    assert all(a != b for a, b in zip(hues, hues[1:]))
    assert all(contrast(INK[hue], TINT[hue]) >= 4.5 for hue in hues)


def test_the_table_has_the_same_lines_and_links_that_lead_somewhere(script):
    table = contents(script)
    rows = repr(table).splitlines()
    assert len(rows) == len(table.blocks) + 2
    assert rows[-1].split()[1] == str(sum(lines_by_chapter(script).values()))
    links = re.findall(r'href="([^"]+)"', table._repr_html_())
    assert set(links) == {f"{name}.ipynb" for name in NOTEBOOKS.values()}
    assert all((ROOT / "notebooks" / link).exists() for link in links)


def test_titles_are_escaped_in_html():
    html = contents("# --- a < b, chapter 7 ---\nx = 1")._repr_html_()
    assert "a &lt; b (chapter 7)" in html


def test_mean_and_spread():
    assert mean_and_spread([2.0, 4.0, 6.0]) == (4.0, 2.0)
    with pytest.raises(ValueError, match="at least two runs, got 1"):
        mean_and_spread([2.0])


def test_pairs_subtract_the_same_seed():
    assert paired([1.0, 5.0], [2.0, 4.0]) == [1.0, -1.0]
    with pytest.raises(ValueError, match="2 runs against 1"):
        paired([1.0, 2.0], [1.0])


def test_the_effects_say_mean_spread_and_how_many_got_worse():
    alt = draw_effects([1.0, 2.0], {"no norm": [1.5, 2.25], "no luck": [0.5, 2.5]}).alt
    assert "2 seeds each" in alt
    assert "no norm +0.3750 ± 0.1768, 2 of 2 worse" in alt
    assert "no luck +0.0000 ± 0.7071, 1 of 2 worse" in alt
