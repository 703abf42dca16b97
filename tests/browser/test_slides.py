"""The decks, opened from disk in a browser without network, and paged through to the end."""

from __future__ import annotations

import re

import pytest
from support import ROOT

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("tools.slides", reason="the extra `book` is not installed")

from tools import slides
from tools.browser import open_page

NAMES = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]
FEWEST, MOST = 15, 60
STAGE = {"width": 1280, "height": 720}
PROSE, CODE = 28, 20  # the smallest letters that the last row reads, in pixels of the stage
# Of the slide that is shown: place, what leaves the stage, what is cut off, images without words,
# and the smallest letters of prose and of code (sums and indices of formulas are smaller).
SLIDE = """() => {
  const slide = Reveal.getCurrentSlide(), stage = slide.getBoundingClientRect();
  const name = e => e.tagName.toLowerCase() + ' ' + e.textContent.trim().slice(0, 40);
  const all = [...slide.querySelectorAll('*')].filter(e => !e.closest('aside.notes'));
  const boxes = all.filter(e => !e.closest('math math *'))
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, box]) => box.width);
  const corner = document.querySelector('.slide-number').getBoundingClientRect();
  const out = ([e, box]) => box.right > stage.right + 1 || box.left < stage.left - 1
    || box.top < stage.top - 1 || box.bottom > corner.top + 1;
  const images = [...slide.querySelectorAll('img')];
  const worded = all.filter(e => !e.closest('math')
    && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim()));
  const scale = stage.height / slide.offsetHeight;
  const size = e => parseFloat(getComputedStyle(e).fontSize) * scale;
  const smallest = chosen => Math.min(99, ...chosen.map(size));
  const least = e => Math.min(900, 0.85 * e.naturalWidth);
  const text = slide.querySelector('.fit').textContent.trim();
  return {
    past: Reveal.getSlidePastCount(),
    out: boxes.filter(out).map(([e]) => name(e)),
    cut: all.filter(e => e.matches('pre') && e.scrollWidth > e.clientWidth + 1).map(name),
    blind: images.filter(e => !e.alt.trim()).length,
    broken: images.filter(e => !e.complete || !e.naturalWidth).length,
    narrow: images.filter(e => e.offsetWidth < least(e)).map(e => e.alt),
    text: text.length + images.length,
    said: text,
    stray: text.length < 160 && !slide.querySelector('h1, h2, h3, img, pre, table') ? text : '',
    prose: smallest(worded.filter(e => !e.closest('pre, code'))),
    code: smallest(worded.filter(e => e.closest('pre, code'))),
    question: (slide.querySelector('.question') || slide).textContent.trim(),
    state: Boolean(slide.querySelector('.state')) && images.length === 1,
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
    page, requests = open_page(chrome, offline=True, viewport=STAGE)
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
def test_every_slide_of_a_deck_can_be_read_from_the_last_row(chrome, folder, name):
    page, requests, errors = open_deck(chrome, folder / f"{name}.html")
    found = seen(page)
    page.context.close()
    assert errors == [] and requests == []
    assert FEWEST <= len(found) <= MOST
    assert [slide["past"] for slide in found] == list(range(len(found)))
    assert found[0]["question"].endswith("?")
    for slide in found:
        place = f"{name}, slide {slide['past'] + 1}"
        assert slide["out"] == [], f"{place}: leaves the stage"
        assert slide["cut"] == [], f"{place}: code is cut off"
        assert slide["blind"] == slide["broken"] == 0, f"{place}: an image without words or broken"
        assert slide["narrow"] == [], f"{place}: smaller than in the notebook"
        assert slide["text"] > 0, f"{place} is empty"
        assert slide["stray"] == "", f"{place}: a single stray sentence"
        assert slide["prose"] >= PROSE, f"{place}: letters of {slide['prose']} pixels in 720"
        assert slide["code"] >= CODE, f"{place}: code of {slide['code']} pixels in 720"


def test_an_explorer_is_followed_by_more_of_its_states(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "09_sampling.html")
    found = seen(page)
    page.context.close()
    states = [slide["past"] for slide in found if slide["state"]]
    assert len(states) >= 2
    assert states == list(range(states[0], states[-1] + 1))


def test_page_number_and_arrows_are_apart(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "00_start_here.html")
    number = page.locator(".slide-number").bounding_box()
    arrows = page.locator(".controls").bounding_box()
    page.context.close()
    assert number["x"] + number["width"] + 100 < arrows["x"]


def slides_out_of(chrome, tmp_path, *sources):
    """A deck with a slide for each text, paged through: its requests, and what was seen."""
    notebook = slides.nbformat.v4.new_notebook()
    for source in sources:
        cell = slides.nbformat.v4.new_markdown_cell(source)
        cell.metadata = slides.nbformat.from_dict({"slideshow": {"slide_type": "slide"}})
        notebook.cells.append(cell)
    html, _ = slides.deck(notebook, "made")
    (tmp_path / "made.html").write_text(html, encoding="utf-8")
    page, requests, _ = open_deck(chrome, tmp_path / "made.html")
    found = seen(page)
    page.context.close()
    return requests, found


def test_faults_are_seen(chrome, tmp_path):
    """A slide that is too wide, an image without words, a request, small letters: all noticed."""
    wide = '<div style="width: 1500px">wide</div><img src="http://example.com/a.png">'
    small = '<p style="font-size: 20px">small</p>\n\n<pre style="font-size: 9px">code</pre>'
    requests, (first, second) = slides_out_of(chrome, tmp_path, wide, small)
    assert requests == ["http://example.com/a.png"]
    assert first["out"] and first["blind"] == first["broken"] == 1
    assert second["prose"] < PROSE and second["code"] < CODE


@pytest.mark.parametrize(
    "tall",
    [
        "\n\n".join(f"A paragraph with the number {number}." for number in range(60)),
        "\n".join(f"- item {number}" for number in range(60)),
        "```python\n" + "\n".join(f"line_{number} = 0" for number in range(60)) + "\n```",
        "| n |\n| --- |\n" + "\n".join(f"| row {number} |" for number in range(60)),
        " ".join(f"This is the sentence number {number}." for number in range(120)),
    ],
    ids=["paragraphs", "list", "code", "table", "sentences"],
)
def test_what_does_not_fit_goes_on_on_the_next_slide_in_letters_of_the_same_size(
    chrome, tmp_path, tall
):
    _, found = slides_out_of(chrome, tmp_path, tall)
    assert len(found) > 1
    assert all(slide["out"] == [] for slide in found)
    assert all(slide["prose"] >= PROSE and slide["code"] >= CODE for slide in found)
    shown = " ".join(slide["said"] for slide in found)
    assert re.findall(r"\d+", shown) == re.findall(r"\d+", tall)  # nothing lost, nothing twice
