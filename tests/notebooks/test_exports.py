"""No picture without words in what Jupyter's own exports make of the notebooks."""

from __future__ import annotations

import bs4
import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import NOTEBOOKS, ROOT

from classroom.viz import Picture, machine_map
from classroom.widgets import NamesExplorer

EXPORTS = {
    "lab": lambda: HTMLExporter(),
    "classic": lambda: HTMLExporter(template_name="classic"),
    "basic": lambda: HTMLExporter(template_name="basic"),
    "slides": lambda: SlidesExporter(),
}


def pictures(html):
    """The images of a page."""
    return bs4.BeautifulSoup(html, "html.parser").find_all("img")


def without_words(found):
    said = [img.get("alt", "") for img in found]
    return [alt for alt in said if len(alt.split()) < 3 or alt.startswith("No description")]


def outputs_with_pictures(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [o for o in outputs if any(mime.startswith("image/") for mime in o.get("data", {}))]


def drawn(*shown):
    """A notebook as a reader's own kernel fills it."""
    cells = []
    for each in shown:
        data, metadata = each._repr_mimebundle_()
        outputs = [new_output("execute_result", data=data, metadata=metadata, execution_count=1)]
        cells.append(new_code_cell("draw()", outputs=outputs, execution_count=1))
    return new_notebook(cells=cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_stored_picture_is_exported_with_its_words(path, caplog):
    notebook = nbformat.read(path, 4)
    found = pictures(HTMLExporter().from_notebook_node(notebook)[0])
    assert len(found) >= len(outputs_with_pictures(notebook)) >= 3
    assert without_words(found) == []
    assert "Alternative text is missing" not in caplog.text


@pytest.mark.parametrize("export", EXPORTS)
def test_each_template_has_every_picture_once_and_with_its_words(export):
    notebook = nbformat.read(ROOT / "notebooks" / "01_value.ipynb", 4)
    found = pictures(EXPORTS[export]().from_notebook_node(notebook)[0])
    assert len(found) == len(outputs_with_pictures(notebook))
    assert without_words(found) == []


@pytest.mark.parametrize("export", EXPORTS)
def test_so_has_a_notebook_that_a_reader_ran(export):
    pixels = Picture(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09", "image/png", "A small square."
    )
    notebook = drawn(machine_map(3), pixels, NamesExplorer())
    found = pictures(EXPORTS[export]().from_notebook_node(notebook)[0])
    assert [img["alt"].split()[0] for img in found][:2] == ["Map", "A"]
    assert len(found) == 3 and without_words(found) == []


def test_the_test_finds_a_picture_without_words():
    notebook = drawn(machine_map(3))
    del notebook.cells[0].outputs[0].data["text/html"]
    assert len(without_words(pictures(HTMLExporter().from_notebook_node(notebook)[0]))) == 1
