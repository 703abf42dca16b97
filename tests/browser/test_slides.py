"""The decks, opened from disk in a browser without network, and paged through to the end."""

from __future__ import annotations

import pytest
from support import NOTEBOOKS

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("tools.slides", reason="the extra `book` is not installed")

from tools import slides
from tools.browser import open_page

NAMES = [path.stem for path in NOTEBOOKS]
FEWEST, MOST = 10, 30
STAGE = {"width": 1280, "height": 720}
PROSE, CODE, DRAWN = (
    28,
    20,
    18,
)  # the smallest letters that the last row reads, in pixels of the stage
# Of the slide that is shown: place, what leaves the stage, what is cut off, images without words,
# and the smallest letters of prose and of code (sums and indices of formulas are smaller).
SLIDE = """() => {
  const slide = Reveal.getCurrentSlide(), stage = slide.getBoundingClientRect();
  const name = e => e.tagName.toLowerCase() + ' ' + e.textContent.trim().slice(0, 40);
  const all = [...slide.querySelectorAll('*')]
    .filter(e => !e.closest('aside.notes') && !e.matches('.above'));
  const boxes = all.filter(e => !e.closest('math math *') && !e.matches('.page'))
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
  // What of the stage the drawing itself takes: its box is filled up to one side.
  const fills = e => { const box = e.getBoundingClientRect();
    const by = Math.min(box.width / e.naturalWidth, box.height / e.naturalHeight);
    return Math.max(by * e.naturalWidth / stage.width, by * e.naturalHeight / stage.height); };
  const foot = Math.min(corner.top + 1,
    ...[...slide.querySelectorAll('.say, .answer')].map(e => e.getBoundingClientRect().top));
  const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const shown = images.filter(seen);
  // The smallest word of a drawing, in pixels of a stage 720 high.
  const words = e => {
    if (!e.src.startsWith('data:image/svg')) return 99;
    const bytes = Uint8Array.from(atob(e.src.split(',')[1]), c => c.charCodeAt(0));
    const svg = new DOMParser().parseFromString(new TextDecoder().decode(bytes), 'image/svg+xml');
    const box = e.getBoundingClientRect();
    const by = Math.min(box.width / e.naturalWidth, box.height / e.naturalHeight);
    return Math.min(99, ...[...svg.querySelectorAll('text[font-size]')]
      .map(word => parseFloat(word.getAttribute('font-size')) * by * 720 / stage.height));
  };
  return {
    past: Reveal.getSlidePastCount(),
    out: boxes.filter(out).map(([e]) => name(e)),
    cut: all.filter(e => e.matches('pre') && e.scrollWidth > e.clientWidth + 1).map(name),
    blind: images.filter(e => !e.alt.trim()).length,
    broken: images.filter(e => !e.complete || !e.naturalWidth).length,
    small: shown.filter(e => fills(e) < 0.5).map(e => e.alt),
    title: slide.querySelector('h2').textContent.trim(),
    pictures: shown.length,
    bare: ![...worded, ...shown, ...slide.querySelectorAll('math')]
      .some(e => seen(e) && !e.closest('h2, .say, .above')),
    drawn: Math.min(99, ...shown.map(words)),
    crowded: [...slide.querySelectorAll('.stage > *')].map(e => e.getBoundingClientRect())
      .some(box => box.height && (box.bottom > foot + 2
        || box.top < slide.querySelector('h2').getBoundingClientRect().bottom - 2)),
    waiting: slide.querySelectorAll('.fragment:not(.visible)').length,
    prose: smallest(worded.filter(e => !e.closest('pre, code, .above, .made'))),
    code: smallest(worded.filter(e => e.closest('pre, code'))),
  };
}"""

SHOWN = """() => [...Reveal.getCurrentSlide().querySelectorAll('img')]
  .filter(e => e.checkVisibility({visibilityProperty: true})).map(e => e.alt)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All decks, written to a folder of their own."""
    place = tmp_path_factory.mktemp("slides")
    for path in NOTEBOOKS:
        page, _, _ = slides.deck(slides.nbformat.read(path, as_version=4), path.stem)
        (place / f"{path.stem}.html").write_text(page, encoding="utf-8")
    return place


def open_deck(chrome, path, shape=STAGE):
    page, requests = open_page(chrome, offline=True, viewport=shape)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.resolve().as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page, requests, errors


def seen(page) -> list[dict]:
    """Go through the deck with the space bar; what is on each slide."""
    found = [page.evaluate(SLIDE)]
    found[0]["empty"] = found[0]["bare"]
    while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        page.keyboard.press("Space")
        now = page.evaluate(SLIDE)
        before = found[now["past"] :]  # a fragment more is the same slide again
        now["empty"] = before[0]["empty"] if before else now["bare"]
        found[now["past"] :] = [now]
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
    assert found[0]["title"].endswith("?")
    for slide in found:
        place = f"{name}, slide {slide['past'] + 1}"
        assert slide["out"] == [], f"{place}: leaves the stage"
        assert not slide["crowded"], f"{place}: what it shows lies on its title or its foot"
        assert slide["cut"] == [], f"{place}: code is cut off"
        assert slide["blind"] == slide["broken"] == 0, f"{place}: an image without words or broken"
        assert slide["small"] == [], f"{place}: a picture smaller than half of the stage"
        assert slide["title"] and not slide["empty"], f"{place} opens as a title alone"
        assert slide["drawn"] >= DRAWN, f"{place}: a word of {slide['drawn']} pixels in 720"
        assert slide["pictures"] <= 1 and slide["waiting"] == 0, f"{place}: more than one picture"
        assert slide["prose"] >= PROSE, f"{place}: letters of {slide['prose']} pixels in 720"
        assert slide["code"] >= CODE, f"{place}: code of {slide['code']} pixels in 720"


def test_an_explorer_s_states_take_its_place_one_by_one(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "09_sampling.html")
    while not page.evaluate("Reveal.getCurrentSlide().querySelectorAll('.layer').length > 2"):
        page.keyboard.press("ArrowDown" if page.evaluate("Reveal.isLastSlide()") else "Space")
    pictures = []
    for _ in range(3):
        pictures.append(page.evaluate(SHOWN))
        page.keyboard.press("Space")
    page.context.close()
    assert [len(each) for each in pictures] == [1, 1, 1] and len(set(map(str, pictures))) == 3


LIDS = """() => {
  const box = [...document.querySelectorAll('.bars.asks')].find(e => e.closest('.present'));
  const bars = [...box.querySelectorAll('i')].map(e => Math.round(e.getBoundingClientRect().width));
  const numbers = [...box.querySelectorAll('span')]
    .map(e => [e.textContent, getComputedStyle(e).color]);
  return {bars, numbers};
}"""


def test_bars_tell_nothing_until_the_tap(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "09_sampling.html")
    page.evaluate("""Reveal.slide([...document.querySelectorAll('.slides > section')]
        .findIndex(e => e.querySelector('.bars.asks')))""")
    before = page.evaluate(LIDS)
    page.keyboard.press("Space")
    after = page.evaluate(LIDS)
    page.context.close()
    assert len(set(before["bars"])) == 1 < len(set(after["bars"]))
    sizes = [float(number) for number, _ in after["numbers"]]
    assert after["bars"] == pytest.approx([after["bars"][0] * s / sizes[0] for s in sizes], abs=2)
    assert {colour for _, colour in before["numbers"]} == {"rgba(0, 0, 0, 0)"}


def test_numbers_that_lie_close_together_are_dots_and_percents_a_part(chrome, tmp_path):
    shown = ['{"a": "2.30", "b": "2.48"}', '{"a": 2, "b": 48}', '{"a": "59%"}']
    text = "".join(f"# A title here\n1 min. Go.\n? bars: = {each}\n" for each in shown)
    html, _, _ = slides.deck(slides.nbformat.v4.new_notebook(), "made", text)
    (tmp_path / "made.html").write_text(html, encoding="utf-8")
    page, _, _ = open_deck(chrome, tmp_path / "made.html")
    looks = page.evaluate("[...document.querySelectorAll('.bars')].map(e => e.className)")
    page.context.close()
    assert [("dots" in each, "percent" in each) for each in looks] == [
        (True, False),
        (False, False),
        (False, True),
    ]


SPREAD = """() => [...document.querySelectorAll('.spread p')].map(e => {
  const line = e.getBoundingClientRect();
  const middle = e => { const box = e.getBoundingClientRect(); return box.left + box.width / 2; };
  return [...e.querySelectorAll('i')].map(e => (middle(e) - line.left) / line.width);
})"""


def test_numbers_of_several_lines_are_dots_on_one_scale(chrome, tmp_path):
    shown = '{"a": "0.1, 0.2", "b": "[0.3] 4e-1"}', '{"a": "1 1000", "b": 1_000_000}'
    text = "".join(f"# A title here\n1 min. Go.\nspread: = {each}\n" for each in shown)
    html, _, wrong = slides.deck(slides.nbformat.v4.new_notebook(), "made", text)
    (tmp_path / "made.html").write_text(html, encoding="utf-8")
    page, _, errors = open_deck(chrome, tmp_path / "made.html")
    near = page.evaluate(SPREAD)[:2]
    page.keyboard.press("Space")
    far = page.evaluate(SPREAD)[2:]
    names = page.locator(".present .scale").inner_text().split()
    page.context.close()
    assert errors == [] and near == [pytest.approx([0, 1 / 3], abs=0.01)] + [
        pytest.approx([2 / 3, 1], abs=0.01)
    ]
    assert far == [pytest.approx([0, 0.5], abs=0.01), pytest.approx([1], abs=0.01)]
    assert names == ["10⁰", "10²", "10⁴", "10⁶"]


def test_rows_of_numbers_are_squares_and_the_larger_the_darker(chrome, tmp_path):
    text = '# A title here\n1 min. Go.\ncells: = {"": "[[1. 0.]", " ": " [2. -inf]]"}\n'
    html, _, _ = slides.deck(slides.nbformat.v4.new_notebook(), "made", text)
    (tmp_path / "made.html").write_text(html, encoding="utf-8")
    page, _, _ = open_deck(chrome, tmp_path / "made.html")
    found = page.evaluate("""() => [...document.querySelectorAll('.cells .cover')]
      .map(e => [e.textContent, Number(e.style.getPropertyValue('--part'))])""")
    page.context.close()
    assert found == [["1", 0.5], ["0", 0], ["2", 1], ["-∞", 0]]


DRAWN_SHAPE = """() => { const image = document.querySelector('.present .layer img');
  return image.naturalWidth / image.naturalHeight; }"""


def test_a_drawing_is_drawn_again_for_a_screen_of_another_shape(chrome, folder):
    """A window of a laptop becomes the whole of a projector's screen."""
    page, _, _ = open_deck(chrome, folder / "04_next_token.html")
    page.evaluate("Reveal.slide(7)")
    wide = page.evaluate(DRAWN_SHAPE)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_for_function(f"({DRAWN_SHAPE})() < {wide * 0.9}")
    page.set_viewport_size(STAGE)
    page.wait_for_function(f"Math.abs(({DRAWN_SHAPE})() - {wide}) < 0.01")
    page.context.close()


COVERED = """name => [...document.querySelectorAll(name)].map(e => e.textContent)"""


def test_a_cover_lies_on_what_the_deck_names(chrome, tmp_path):
    """Numbers of an output, the second half of a line, the last cell of a row, words as cards."""
    cell = slides.nbformat.v4.new_code_cell("print(6)")
    told = {"output_type": "stream", "name": "stdout", "text": "T = 1: ann, bo\n"}
    cell.outputs = [slides.nbformat.from_dict(told)]
    table = "| a | b |\n| - | - |\n| 1 | 2 |\n\n- one `two` three four"
    notebook = slides.nbformat.v4.new_notebook()
    notebook.cells = [slides.nbformat.v4.new_markdown_cell(table), cell]
    shown = ["? part: | a |", "? part: - one", "? output: print(6)", "? names: print(6)"]
    text = "".join(f"# A title here\n1 min. Go.\n{each}\n" for each in shown)
    (tmp_path / "made.html").write_text(slides.deck(notebook, "made", text)[0], encoding="utf-8")
    page, _, errors = open_deck(chrome, tmp_path / "made.html")
    found = page.evaluate(COVERED, ".cover")
    page.context.close()
    assert errors == [] and found == ["2", "three four", "1", "ann", "bo"]


def test_page_number_and_arrows_are_apart(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "00_start_here.html")
    number = page.locator(".slide-number").bounding_box()
    arrows = page.locator(".controls").bounding_box()
    page.context.close()
    assert number["x"] + number["width"] + 100 < arrows["x"]


def test_faults_are_seen(chrome, tmp_path):
    """A slide that is too wide, an image without words, a request, small letters: all noticed."""
    wide = '<div style="width: 1500px">wide</div><img src="http://example.com/a.png">'
    small = '<p style="font-size: 20px">small</p> <code style="font-size: 9px">code</code>'
    text = "".join(f"# A title here\n1 min. Go.\ntext: {each}\n" for each in (wide, small))
    html, _, _ = slides.deck(slides.nbformat.v4.new_notebook(), "made", text)
    (tmp_path / "made.html").write_text(html, encoding="utf-8")
    page, requests, _ = open_deck(chrome, tmp_path / "made.html")
    first, second = seen(page)
    page.context.close()
    assert requests == ["http://example.com/a.png"]
    assert first["out"] and first["blind"] == first["broken"] == 1
    assert second["prose"] < PROSE and second["code"] < CODE


def test_at_4_to_3_a_wide_drawing_is_stretched_and_its_discs_stay_round(chrome, folder):
    page, _, _ = open_deck(chrome, folder / "04_next_token.html", {"width": 1024, "height": 768})
    page.evaluate("Reveal.slide(12)")
    across, down, matrix = page.evaluate("""() => {
      const image = document.querySelector('.present .layer img');
      const text = atob(image.src.split(',')[1]);
      const scale = text.match(/<g transform="scale\\((\\S+) (\\S+)\\)"/);
      const disc = text.match(/<circle[^>]*transform="matrix\\((\\S+) \\S+ \\S+ (\\S+)/);
      return [scale[1], scale[2], [disc[1], disc[2]]].map(e => [].concat(e).map(Number));
    }""")
    page.context.close()
    assert across == [1] and down[0] > 1.4
    assert matrix[0] * across[0] == pytest.approx(matrix[1] * down[0])


@pytest.mark.parametrize("shape", [{"width": 1024, "height": 768}, {"width": 1366, "height": 768}])
def test_on_a_screen_of_another_shape_nothing_leaves_the_stage(chrome, folder, shape):
    page, _, _ = open_deck(chrome, folder / "05_attention.html", shape)
    stage = page.locator(".reveal .slides").bounding_box()
    found = seen(page)
    page.context.close()
    assert stage["width"] == pytest.approx(shape["width"], abs=2)
    least = DRAWN * shape["width"] / shape["height"] * STAGE["height"] / STAGE["width"]
    assert [
        slide["title"]
        for slide in found
        if slide["out"] or slide["cut"] or slide["crowded"] or slide["drawn"] < least - 0.1
    ] == []
