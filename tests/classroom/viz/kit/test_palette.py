"""Drawings follow the page's theme: in both, everything can be read."""

from __future__ import annotations

import re

import pytest
from support import ROOT

from classroom.viz import machine_map
from classroom.viz.kit import palette
from classroom.viz.kit.palette import (
    COLOURS,
    DARK,
    INK,
    PAPER,
    TEXT,
    TINT,
    filled,
    in_light,
    root,
    themed,
)
from classroom.viz.kit.style import contrast

SHEETS = [
    str(path.relative_to(ROOT))
    for room in ("classroom", "docs", "tools")
    for path in sorted((ROOT / room).rglob("*.css"))
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


@pytest.mark.parametrize("name", INK)
def test_on_a_dark_page_text_can_be_read_on_the_ground_and_on_every_tint(name):
    for ground in (PAPER, *TINT.values()):
        assert contrast(DARK[INK[name]], DARK[ground]) >= 4.5
        assert contrast(DARK[TEXT], DARK[ground]) >= 4.5


@pytest.mark.parametrize("name", COLOURS)
def test_on_a_dark_page_lines_and_bars_are_seen(name):
    assert contrast(DARK[COLOURS[name]], DARK[PAPER]) >= 3


def test_colours_that_stand_for_a_thing_stay_apart_in_the_dark():
    assert len(set(DARK.values())) == len(set(DARK))


@pytest.mark.parametrize("written", ['fill="{}"', 'style="stroke: {}; x: 1"'])
def test_a_colour_becomes_a_variable_with_the_light_one_as_fallback(written):
    for colour in (COLOURS["data"], COLOURS["data"].lower()):
        drawing = SVG.format(f"<g {written.format(colour)}/>")
        drawn = themed(drawing)
        assert f"var(--mg-data, {COLOURS['data']})" in drawn
        assert in_light(drawn).lower() == drawing.lower()


def test_the_drawing_says_what_its_colours_are_in_the_dark_inside_a_page_and_as_a_file():
    style = re.search(r"<style>(.*?)</style>", themed(SVG.format('<g fill="#1A1A1A"/>')))[1]
    assert f"prefers-color-scheme:dark){{.mg-theme:root{{--mg-text:{DARK[TEXT]}" in style
    assert "[data-jp-theme-light=false] .mg-theme,[data-theme=dark] .mg-theme" in style
    assert "--mg-gradient" not in style  # only what is used


def test_the_ground_is_the_page_s_own():
    drawn = themed(SVG.format('<rect fill="#FFFFFF"/>'))
    assert "--mg-paper:var(--jp-layout-color0, var(--pst-color-background, #FFFFFF))" in drawn


def test_shades_of_data_stay_and_so_does_the_text_on_them():
    shaded = '<rect fill="#00224e"/><text fill="#FFF">.07</text>'
    assert shaded in themed(SVG.format(shaded))


def test_what_is_themed_twice_is_themed_once():
    once = str(machine_map(3).data)
    assert themed(once) == once and once.count("<style>.mg-theme") == 1
    nested = themed(SVG.format(once))
    assert nested.count("<style>.mg-theme") == 1 and nested.count('mg-theme"') == 1


def test_every_light_colour_has_one_variable():
    names = [name for name, *_ in palette.VARIABLES.values()]
    assert len(set(names)) == len(DARK) == len(names) - 2  # black and white are text and ground


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_style_sheet_takes_its_colours_from_here(sheet):
    text = (ROOT / sheet).read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []
    assert re.search(r"var\(--(mg|jp)-", text) and "var(--mg-" not in filled(text)
    assert {*re.findall(r"var\((--mg-[\w-]+)", text)} <= {*re.findall(r"--mg-[\w-]+", root())}


def test_a_page_without_a_theme_is_light_or_dark_as_the_system_is():
    light, dark = root().split("@media (prefers-color-scheme:dark)")
    assert f"--mg-text:{TEXT};" in light and f"--mg-text:{DARK[TEXT]};" in dark


def test_on_a_tablet_words_have_11_pixels_still():
    drawn = '<svg width="900" height="9" viewBox="0 0 960 9"><text font-size="12">a</text></svg>'
    rule = re.search(r"max-width:800px\)\{(.*?)\{font-size:([\d.]+)px", themed(drawn))
    assert '[font-size="12"]' in rule[1] and float(rule[2]) * 650 / 960 == pytest.approx(11, 0.01)
    assert "max-width" not in themed(drawn.replace('"12"', '"20"'))
    assert "max-width" not in themed(drawn.replace('"900"', '"400"'))
    assert in_light(themed(drawn)) == drawn
