"""`tools/stills.py`: the PNG beside each SVG of a stored notebook."""

import base64
import io

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from classroom.viz import Picture, machine_map
from classroom.viz.kit.palette import in_light
from tools.normalise import normalise
from tools.stills import HTML, PNG, SVG, add_stills, fold, keep_stills, still, unfold

ALT = "A square of 40 by 20 pixels, blue where the page says nothing."
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="var(--page, var(--other, #0072b2))"/></svg>'
)


def notebook_of(svg, **more):
    data = {SVG: svg, "text/plain": ALT, **more}
    output = new_output("display_data", data=data)
    return new_notebook(cells=[new_code_cell("x", outputs=[output], execution_count=1)])


def test_a_still_shows_the_drawing_at_its_size_with_the_light_colours():
    image = pytest.importorskip("PIL.Image")
    drawn, width = still(SQUARE)
    pixels = image.open(io.BytesIO(drawn)).convert("RGB")
    assert (width, pixels.size) == (40, (60, 30))
    assert pixels.getpixel((30, 15)) == (0, 0x72, 0xB2)


def test_it_stands_beside_the_svg_with_its_alt_and_stays_in_the_normal_form():
    notebook = notebook_of(SQUARE)
    add_stills(notebook)
    nbformat.validate(notebook)
    output = normalise(notebook).cells[0].outputs[0]
    assert base64.b64decode(output.data[PNG]).startswith(b"\x89PNG")
    assert output.data[SVG] == SQUARE
    assert output.metadata[PNG] == {"alt": ALT, "width": 40}


def test_a_png_that_is_there_is_left_alone():
    notebook = notebook_of(SQUARE, **{PNG: "mine"})
    add_stills(notebook)
    assert notebook.cells[0].outputs[0].data[PNG] == "mine"


def test_an_unchanged_drawing_keeps_its_stored_still_and_a_changed_one_does_not():
    stored, same = notebook_of(SQUARE, **{PNG: "old"}), notebook_of(SQUARE, **{PNG: "new"})
    other = notebook_of(SQUARE.replace("40", "50"), **{PNG: "new"})
    keep_stills(stored, same)
    keep_stills(stored, other)
    assert [n.cells[0].outputs[0].data[PNG] for n in (same, other)] == ["old", "new"]


def shown(picture):
    data, metadata = picture._repr_mimebundle_()
    output = new_output("display_data", data=data, metadata=metadata)
    return new_notebook(cells=[new_code_cell("x", outputs=[output], execution_count=1)])


@pytest.mark.parametrize("picture", [Picture(SQUARE, SVG, 'It says "a < b".'), machine_map()])
def test_a_drawing_is_stored_once_and_comes_back_as_it_was(picture):
    notebook, before = shown(picture), shown(picture)
    fold(notebook)
    output = notebook.cells[0].outputs[0]
    assert set(output.data) == {HTML, "text/plain"} and output.metadata == {}
    unfold(notebook)
    assert notebook.cells[0].outputs == before.cells[0].outputs


def test_a_drawing_that_no_html_holds_is_not_lost():
    notebook = notebook_of(SQUARE, **{HTML: "<p>words</p>"})
    fold(notebook)
    unfold(notebook)
    assert notebook.cells[0].outputs[0].data[SVG] == SQUARE


def test_no_variable_is_left_in_what_the_renderer_gets():
    svg = '<g fill="var(--a, rgb(1, 2, 3))" stroke="var(--b, var(--c, #fff))" d="M(0)"/>'
    assert in_light(svg) == '<g fill="rgb(1, 2, 3)" stroke="#fff" d="M(0)"/>'


def test_the_still_of_a_whole_map_is_small():
    drawn, width = still(machine_map().data)
    assert 800 < width < 1000 and len(drawn) < 60_000
