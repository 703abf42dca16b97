"""The decks, opened from disk in a browser without network, and paged through to the end."""

from __future__ import annotations

import pytest
from support import ROOT

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("tools.slides", reason="the extra `book` is not installed")

from tools import slides
from tools.browser import open_page

NAMES = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]
FEWEST, MOST = 8, 50
SMALLEST = 0.7  # what does not fit is made smaller; less than this is not legible from the back
# Of the slide that is shown: place, what sticks out of it, what is cut off, images without words.
SLIDE = """() => {
  const slide = Reveal.getCurrentSlide(), frame = slide.getBoundingClientRect();
  const name = e => e.tagName.toLowerCase() + ' ' + e.textContent.trim().slice(0, 40);
  const all = [...slide.querySelectorAll('*')].filter(e => !e.closest('aside.notes'));
  const boxes = all.map(e => [e, e.getBoundingClientRect()]).filter(([e, box]) => box.width);
  const out = ([e, box]) => box.right > frame.right + 1 || box.left < frame.left - 1
    || (box.bottom > frame.bottom + 1 && !e.closest('details'));
  const images = [...slide.querySelectorAll('img')];
  return {
    past: Reveal.getSlidePastCount(),
    scale: Number(slide.dataset.scale),
    out: boxes.filter(out).map(([e]) => name(e)),
    cut: all.filter(e => e.matches('pre') && e.scrollWidth > e.clientWidth + 1).map(name),
    blind: images.filter(e => !e.alt.trim()).length,
    broken: images.filter(e => !e.complete || !e.naturalWidth).length,
    text: slide.innerText.trim().length + images.length,
    pixels: Math.min(...all.filter(e => e.matches('p, li, pre, td'))
      .map(e => parseFloat(getComputedStyle(e).fontSize)), 99) * Number(slide.dataset.scale),
  };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All decks, written to a folder of their own."""
    place = tmp_path_factory.mktemp("slides")
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        page, _ = slides.deck(slides.nbformat.read(path, as_version=4), path.stem)
        (place / f"{path.stem}.html").write_text(page, encoding="utf-8")
    return place


def open_deck(chrome, path):
    page, requests = open_page(chrome, offline=True, viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.resolve().as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page, requests, errors


def seen(page) -> list[dict]:
    """Go through the deck with the space bar; what is on each slide."""
    found = [page.evaluate(SLIDE)]
    while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        page.keyboard.press("Space")
        now = page.evaluate(SLIDE)
        found[now["past"] :] = [now]  # a fragment more is the same slide again
        assert len(found) <= 100
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_is_paged_through(chrome, folder, name):
    page, requests, errors = open_deck(chrome, folder / f"{name}.html")
    found = seen(page)
    page.context.close()
    assert errors == [] and requests == []
    assert FEWEST <= len(found) <= MOST
    assert [slide["past"] for slide in found] == list(range(len(found)))
    for slide in found:
        place = f"{name}, slide {slide['past'] + 1}"
        assert slide["scale"] >= SMALLEST, f"{place}: made smaller, to {slide['scale']}"
        assert slide["out"] == [], f"{place}: sticks out"
        assert slide["cut"] == [], f"{place}: code is cut off"
        assert slide["blind"] == slide["broken"] == 0, f"{place}: an image without words or broken"
        assert slide["text"] > 0, f"{place} is empty"
        assert slide["pixels"] >= 13, f"{place}: letters of {slide['pixels']} pixels in 720"


def test_faults_are_seen(chrome, tmp_path):
    """A slide that is too wide, an image without words, a request: each is noticed."""
    page_of = slides.nbformat.v4.new_notebook()
    faults = '<div style="width: 1500px">wide</div><img src="http://example.com/a.png">'
    tall = "<br>".join(f"line {number}" for number in range(60))
    for source in (faults, tall):
        cell = slides.nbformat.v4.new_markdown_cell(source)
        cell.metadata = slides.nbformat.from_dict({"slideshow": {"slide_type": "slide"}})
        page_of.cells.append(cell)
    html, _ = slides.deck(page_of, "faults")
    (tmp_path / "faults.html").write_text(html, encoding="utf-8")
    page, requests, _ = open_deck(chrome, tmp_path / "faults.html")
    first, second = seen(page)
    page.context.close()
    assert requests == ["http://example.com/a.png"]
    assert first["out"] and first["blind"] == first["broken"] == 1
    assert second["scale"] < SMALLEST
