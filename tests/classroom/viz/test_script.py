"""The line map of the whole script."""

import re

import nbformat
import pytest
from support import ROOT

pytest.importorskip("matplotlib")

from classroom.lab.script import blocks_of, lines_by_chapter
from classroom.viz.kit.picture import SVG
from classroom.viz.kit.style import INK, TINT, contrast
from classroom.viz.script import HUE, draw_line_map

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
    code = [line for line in script.splitlines() if line.strip() and line.strip()[0] != "#"]
    assert sum(counted.values()) == len(code)


def test_the_picture_says_the_lines_of_each_chapter(script):
    picture = draw_line_map(script)
    assert picture.mime == SVG and picture.size == (900, 520)
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
