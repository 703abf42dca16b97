"""The map of the machine: every chapter has its place, the highlighted one is told in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from classroom.chapters import CHAPTERS
from classroom.viz import machine_map
from classroom.viz.kit.style import TEXT, TINT
from classroom.viz.maps import BLOCKS, HEIGHT, WIDTH

SVG = "{http://www.w3.org/2000/svg}"


def parts(chapter):
    return list(ET.fromstring(machine_map(chapter).data))


def thick(chapter):
    """Return how many shapes have a thick border."""
    return sum(part.get("stroke-width") == "4" for part in parts(chapter))


def pointers(chapter):
    """Return how many triangles point down at something."""
    return sum("h18 l-9,14 z" in (part.get("d") or "") for part in parts(chapter))


def badges(chapter):
    """Return the numbers in the discs, and those on a dark disc."""
    found, dark = [], []
    everything = parts(chapter)
    for disc, text in zip(everything, everything[1:]):
        if disc.tag == f"{SVG}circle" and text.tag == f"{SVG}text":
            found.append(int(text.text))
            dark += [int(text.text)] if TEXT in disc.get("fill") else []
    return found, dark


def test_every_chapter_from_1_to_11_has_a_numbered_block():
    found, dark = badges(None)
    assert set(found) == set(range(1, len(CHAPTERS)))
    assert dark == []
    assert thick(None) == pointers(None) == 0


@pytest.mark.parametrize("chapter", range(len(CHAPTERS)))
def test_the_chapters_blocks_are_highlighted_by_more_than_colour(chapter):
    dark = badges(chapter)[1]
    assert set(dark) == ({chapter} if chapter else set())
    assert thick(chapter) >= max(1, len(dark))
    if chapter not in (0, 10):  # there it is the frame round everything
        assert pointers(chapter) == len(dark)
    words = machine_map(chapter).alt
    listed = words.partition(f"Highlighted, chapter {chapter}: ")[2]
    for block in BLOCKS:
        assert (block.title in listed) == (block.chapter == chapter)
    assert re.fullmatch(r"\w.*\w\.", listed)


def test_the_words_name_every_block_with_its_chapter():
    words = machine_map().alt
    assert "Highlighted" not in words
    for block in BLOCKS:
        assert f"{block.title} ({block.chapter})" in words


def test_maps_of_different_chapters_have_different_words():
    assert len({machine_map(n).alt for n in (None, *range(len(CHAPTERS)))}) == len(CHAPTERS) + 1


def test_blocks_lie_inside_the_picture_and_not_on_each_other():
    for block in BLOCKS:
        assert 0 < block.x < WIDTH - block.width
        assert 0 < block.y < HEIGHT - block.height
    for i, one in enumerate(BLOCKS):
        for other in BLOCKS[i + 1 :]:
            apart_x = one.x + one.width < other.x or other.x + other.width < one.x
            apart_y = one.y + one.height < other.y or other.y + other.height < one.y
            assert apart_x or apart_y, (one.title, other.title)


def looks_of_squares(chapter):
    """The colours of the weights' squares, and how strong the deepest is."""
    (weights,) = (part for part in parts(chapter) if part.get("class") == "weights")
    found = {}
    for path in weights.iter(f"{SVG}path"):
        colour, strength = path.get("stroke"), float(path.get("stroke-opacity"))
        found.setdefault(colour, []).append((strength, path.get("d").count("h")))
    return found


def coloured(chapter):
    """How many squares shine, and how many shine at full strength."""
    looks = looks_of_squares(chapter)
    shining = [each for colour in looks if "constant" not in colour for each in looks[colour]]
    return sum(n for _, n in shining), sum(n for strength, n in shining if strength > 0.4)


def test_today_s_matrices_shine_and_what_is_not_built_yet_is_grey():
    assert coloured(1) == coloured(4) == (0, 0)
    everything = coloured(None)
    assert 4000 < everything[0] <= 4192
    assert coloured(0) == coloured(7) == coloured(11) == everything
    attention, mlp = coloured(5), coloured(6)
    assert 1600 < attention[0] <= 432 + 256 + 1024
    assert attention[1] + mlp[1] == everything[1]
    assert attention[0] < mlp[0] <= everything[0]


def test_the_map_fits_a_page_and_needs_no_renderer(monkeypatch):
    monkeypatch.setenv("PATH", "")
    picture = machine_map(3)
    assert picture.size == (900, 354)
    assert TINT["accent"] in picture.data


@pytest.mark.parametrize("chapter", [12, -1, "5", 2.5])
def test_a_chapter_that_does_not_exist_is_refused(chapter):
    with pytest.raises(ValueError, match="no chapter"):
        machine_map(chapter)
