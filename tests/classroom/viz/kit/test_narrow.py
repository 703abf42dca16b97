"""A drawing's windows below each other: what is seen where, and what may be pressed."""

import xml.etree.ElementTree as ET

from classroom.viz.kit.cells import drawing, label, rect
from classroom.viz.kit.parts import at, sets

SVG = "{http://www.w3.org/2000/svg}"
PARTS = [
    label(10, 12, "what this long line says has more words than the width of a phone has room", 14),
    sets(rect(20, 40, 30, 9, 'id="left"') + label(35, 60, "a", 14), "the left", "one", x=1),
    at(400, 40, rect(0, 0, 30, 9, 'id="right"'), "two"),
    rect(0, 70, 900, 1, 'id="line"'),
]
ROWS = [(0, 0, 20, 20), [(0, 30, 300, 50)], [(390, 30, 200, 50), (800, 60, 100, 20)]]


def small():
    picture = drawing(900, 90, PARTS, "Two boxes on a line.", ROWS)
    return ET.fromstring(picture.on_a_phone().data), picture


def test_windows_stand_below_each_other_and_beside_each_other():
    windows = list(small()[0].iter(f"{SVG}svg"))[1:]
    assert [(w.get("x"), w.get("y")) for w in windows] == [("0", "40"), ("0", "90"), ("200", "90")]
    assert [w.get("viewBox") for w in windows] == ["0 30 300 50", "390 30 200 50", "800 60 100 20"]


def test_each_window_has_what_reaches_into_it_and_an_id_stands_once():
    windows = [list(w.iter(f"{SVG}rect")) for w in list(small()[0].iter(f"{SVG}svg"))[1:]]
    assert [[r.get("id") for r in found] for found in windows] == [
        ["left", "line"], ["right", None], [None]]  # fmt: skip


def test_long_words_are_set_anew():
    texts = [text.text for text in small()[0].iter(f"{SVG}text")]
    assert " ".join(texts[:2]) == PARTS[0].partition(">")[2].removesuffix("</text>")


def test_a_page_takes_the_form_that_fits_and_a_picture_without_one_stays():
    picture = small()[1]
    assert (
        picture.image()
        .lstrip()
        .startswith('<picture><source media="(max-width: 600px)" srcset="data:')
    )
    plain = drawing(900, 90, PARTS, "Two boxes on a line.")
    assert plain.on_a_phone() is plain and "<picture>" not in plain.image()
