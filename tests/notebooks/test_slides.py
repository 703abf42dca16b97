"""The decks: what a line of `docs/decks` puts on a slide, and what of a notebook has no slide."""

from __future__ import annotations

import re

import nbformat
import pytest
from support import NOTEBOOKS, ROOT

from classroom.chapters import CHAPTERS
from tools import decks

slides = pytest.importorskip("tools.slides", reason="the extra `book` is not installed")
explorers = pytest.importorskip("tools.explorers", reason="the extra `lab` is not installed")

PNG = "iVBORw0KGgo="
OPENING = "# What is six times seven?\n1 min. Ask.\ntext: six rows of seven\n"
GOOD = f"""{OPENING}
# Is six times seven forty or more?
2 min. Let them say a number first.
code: print(6 * 7)
+ output: print(6 * 7)
= Forty-two.

# A dot is a picture
1 min extra. Point at it.
picture: dot()
"""


def shown(*outputs):
    return [nbformat.from_dict(output) for output in outputs]


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def picture(**data):
    data = {"image/png": PNG, "text/plain": "a picture of 3", **data}
    details = {"image/png": {"alt": 'a "picture" of 3', "width": 400}}
    return {"output_type": "display_data", "data": data, "metadata": details}


def deck_text(path):
    return (decks.FOLDER / f"{path.stem}.md").read_text(encoding="utf-8")


@pytest.fixture
def cells():
    """A notebook of one section, as it is stored."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    return [
        text("# 3 · Products\n\nYou multiply."),
        text("## 3.1 Six times seven\n\nSix rows of seven."),
        code("# by hand\nprint(6 * 7)", outputs=shown(stream("42\n"))),
        text("So it is $6 \\cdot 7$.\n\n1. One.\n2. Two."),
        text("### Exercise 3.1 · Eight\n\nDo it."),
        code("dot()", outputs=shown(picture())),
    ]


def made(text, cells):
    """The HTML of each slide, and the complaints."""
    found, wrong = decks.parse(text, cells)
    return ["".join(slides.sections_of(slide, cells, "3 · Products")) for slide in found], wrong


def test_a_slide_is_a_sentence_its_cells_and_what_waits(cells):
    (opening, asks, points), wrong = made(GOOD, cells)
    assert wrong == []
    assert "<h2>What is six times seven?</h2>" in opening and "3 · Products" in opening
    code, output = asks.index('<div class="code'), asks.index('<div class="output  fragment"')
    assert asks.index("<h2>Is six") < code < output < asks.index('class="say fragment"')
    assert "by hand" in asks and "42" in asks and '<p class="above">3.1</p>' in asks
    assert 'alt="a &quot;picture&quot; of 3"' in points
    assert "fragment" not in points


def test_what_the_lecturer_says_and_the_notebook_s_text_are_notes(cells):
    (_, asks, points), _ = made(GOOD, cells)
    page, notes = asks.split('<aside class="notes">')
    assert "Let them say" in notes and "Six rows of seven" in notes and "<math" in notes
    assert "Let them say" not in page and "Six rows" not in page
    assert "Do it" not in asks + points, "exercises are no lecture"


def test_only_some_lines_and_a_list_line_by_line(cells):
    text = GOOD.replace("code: print(6 * 7)", "code: print(6 * 7) | print")
    (_, asks, *_), wrong = made(text.replace("+ output: print(6 * 7)", "+ part: 1. One"), cells)
    assert wrong == [] and "by hand" not in asks
    assert asks.count('<li class="fragment">') == 2


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("code: print(6 * 7)", "code: print(6 * 8)", "'print(6 * 8)' is in 0 code cells"),
        ("part: 1. One", "part: e", "'e' is in 3 markdown cells"),
        ("code: print(6 * 7)", "code: print(6 * 7) | gone ... away", "no code"),
        ("code: print(6 * 7)", "picture: print(6 * 7)", "no picture"),
        ("+ output", "output", "stands there before it is asked for"),
        ("+ output: print(6 * 7)\n= Forty-two.\n", "", "nothing waits for a tap"),
        ("+ output: print(6 * 7)", "? output: print(6 * 7)\ncover: 43", "'43' covers nothing of"),
        ("2 min. Let", "Let", "no minutes"),
        ("A dot is a picture", "Dots", "a title of one word or two"),
        ("A dot is a picture", "A dot " + "is a dot " * 12, "too long a title"),
        ("= Forty-two.", "= " + "Forty-two. " * 16, "too long a sentence"),
        ("picture: dot()", "text: " + "Many words. " * 30, "too much text"),
        ("picture: dot()", "", "nothing to look at before the first tap"),
        ("picture: dot()", "+ picture: dot()", "nothing to look at before the first tap"),
        ("picture: dot()", "picture: dot()\npicture: dot()", "two pictures"),
        ("picture: dot()", "text: a dot", "'dot()' is on no slide"),
        ("at: ## 3.1", "", "section 3.1 has no slide"),
    ],
)
def test_what_is_missing_is_said(cells, old, new, complaint):
    text = GOOD
    if old.startswith("part"):
        text = text.replace("+ output: print(6 * 7)", "+ " + old)
    if old.startswith("at"):
        text = OPENING
    assert text == OPENING or old in text
    _, wrong = decks.parse(text.replace(old, new), cells)
    assert any(complaint in each for each in wrong), wrong


def test_a_cell_that_is_gone_or_doubled_or_moved_is_said(cells):
    _, wrong = decks.parse(GOOD, cells[:2] + cells[3:])
    assert any("'print(6 * 7)' is in 0 code cells" in each for each in wrong)
    _, wrong = decks.parse(GOOD, [*cells, cells[2]])
    assert any("is in 2 code cells" in each for each in wrong)
    _, wrong = decks.parse(GOOD, [*cells[:2], cells[5], *cells[2:5]])
    assert wrong == ["slides in another order than the cells"]


def test_numbers_and_pictures_that_no_cell_has_are_computed(cells):
    numbers = '{f"{n} rows": 7 * n for n in (4, 6)}'
    (_, asks, _), wrong = made(GOOD.replace("code: print(6 * 7)", f"bars: = {numbers}"), cells)
    assert wrong == [] and "<pre>4 rows: 28\n6 rows: 42</pre>" in asks
    picture = 'viz.token_chips("ab", microgpt.CharTokenizer("ab"))'
    (_, asks, _), wrong = made(GOOD.replace("code: print(6 * 7)", f"picture: = {picture}"), cells)
    assert wrong == [] and 'class="layers"' in asks and "alt=" in asks


def test_a_drawing_that_changed_under_its_cover_is_refused(cells):
    drawn = '<svg viewBox="0 0 90 40"><text x="5.2" y="9">3</text></svg>'
    cells[5].outputs[0].data["image/svg+xml"] = drawn
    text = GOOD.replace("picture: dot()", "? picture: dot()\ncover: 50 0 100 100")
    _, (refused,) = made(text, cells)
    assert "'dot()' is another drawing" in refused
    text = text.replace("100 100", "100 100\n" + refused.split("'")[-2])
    assert made(text, cells)[1] == []
    for old, new in (("90", "80"), ('y="9"', 'y="8"'), (">3<", ">4<")):
        cells[5].outputs[0].data["image/svg+xml"] = drawn.replace(old, new)
        assert made(text, cells)[1] != [], "another size, another place, another word"
    cells[5].outputs[0].data["image/svg+xml"] = drawn.replace("5.2", "5.3")
    assert made(text, cells)[1] == [], "less than a pixel is no change"


def test_what_asks_stands_there_under_a_cover(cells):
    text = GOOD.replace("+ output: print(6 * 7)", "? output: print(6 * 7)\ncover: [24]")
    text = text.replace("picture: dot()", "? picture: dot()\ncover: 0 0 50 50\ncrop: 0 0 80 80")
    (_, asks, points), wrong = made(text, cells)
    assert wrong == []
    assert '<div class="output  fragment asks" data-cover="[24]"><pre>42</pre>' in asks
    assert 'data-crop="0 0 80 80" data-cover="0 0 50 50"' in points
    assert re.findall('class="(layer.*?)"', points) == ["layers", "layer", "layer fragment"]


def test_a_list_and_a_table_are_uncovered_row_by_row(cells):
    cells[3].source += "\n\n| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |"
    for words, row in (("1. One", "<li"), ("| a |", "<tr")):
        (_, asks, *_), _ = made(GOOD.replace("+ output: print(6 * 7)", "? part: " + words), cells)
        assert asks.count(f'{row} class="fragment asks">') == 2


def test_each_question_of_a_quiz_is_a_slide_whose_answer_waits(cells):
    folded = "<details><summary>Answer</summary>\n\n{}\n\n</details>\n"
    quiz = f"## Quiz\n\n**1.** Why 7?\n{folded.format('It is odd.')}\n**2.** And 6?\n"
    cells.append(nbformat.v4.new_markdown_cell(quiz + folded.format("Even.")))
    quiz = "\n# The quiz of today\n2 min. Ask.\nquiz: ## Quiz\npicture: dot()"
    found, wrong = decks.parse(GOOD + quiz, cells)
    pages = slides.sections_of(found[-1], cells, "3 · Products")
    assert wrong == [] and len(pages) == 2
    assert "<h2>Why 7?</h2>" in pages[0] and '<div class="text answer fragment">' in pages[0]
    assert "<img" in pages[0] and "<img" not in pages[1]
    assert pages[0].index("Why 7?") < pages[0].index("It is odd.")


def test_states_of_an_explorer_come_by_tap_in_its_place(cells):
    said = {"text/plain": "TokenizerExplorer(text='emma'): ..."}
    cells[5].source, cells[5].outputs = 'TokenizerExplorer("emma")', shown(picture(**said))
    state = 'state: A letter twice: `anna` | text="anna"'
    text = GOOD.replace("dot()", "TokenizerExplorer(") + state
    (*_, page), wrong = made(text, cells)
    assert wrong == []
    first, second = re.findall(r'<div class="layer.*?</div>', page, re.S)
    assert "fragment" not in first and 'class="layer fragment"' in second
    assert "<code>anna</code>" in second and "13, 13" in second


def states():
    """Each explorer of the course that a deck shows: cell, stored words, states."""
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        found, _ = decks.parse(deck_text(path), notebook.cells)
        for part in (part for slide in found for part in slide.parts if part.states):
            cell = notebook.cells[part.cell]
            said = decks.pictures(cell)[0].data["text/plain"]
            yield pytest.param(cell.source, said, part.states, id=f"{path.stem[:2]}-{said[:12]}")


@pytest.mark.parametrize(("source", "said", "states"), list(states()))
def test_an_explorer_is_made_as_in_the_notebook_and_its_states_differ(source, said, states):
    name, explorer = explorers.as_in_the_notebook(source)
    stored, line = explorer.frame()
    if name != "Finale":  # which has the package's parts
        assert line == said
    drawn = [picture.data for _, picture in explorers.sequence(source, states)]
    assert len({stored.data, *drawn}) == 1 + len(states), "a state looks as another"


def test_every_explorer_of_a_deck_has_one_to_three_further_states():
    decks_of = [deck_text(path) for path in NOTEBOOKS]
    runs = re.findall(r"(?m)^picture: .*\n((?:state: .*\n)+)", "\n".join(decks_of))
    assert len(runs) >= 12 and all(1 <= run.count("state: ") <= 3 for run in runs)


def test_settings_that_an_explorer_refuses_are_named():
    with pytest.raises(ValueError, match="AttentionExplorer, 'too long': "):
        explorers.sequence('AttentionExplorer("olivia")', (("too long", 'name="?"'),))


def test_a_number_and_its_unit_are_not_torn_apart():
    (page,) = slides.sections_of(decks.Slide("Is T = 0.5 after 10 min enough?"), [], "1")
    assert "T\xa0=\xa00.5" in page and "10\xa0min enough" in page


def test_formulas_become_mathml_but_not_in_code():
    html = slides.finished(r"<p>$\sqrt{4}$ costs <code>$x$</code>, 5$ or 6$ a < b</p>")
    assert "<msqrt>" in html and "<code>$x$</code>" in html and "5$ or 6$" in html


def test_links_between_chapters_lead_to_decks():
    html = slides.finished('<a href="02_backward.ipynb#part">on</a> <a href="https://a.org">x</a>')
    assert 'href="02_backward.html"' in html and 'href="https://a.org"' in html


def test_a_number_that_no_notebook_has_is_refused():
    with pytest.raises(SystemExit, match="77"):
        slides.main(["77"])


def test_make_slides_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(slides, "BUILD", ROOT / "build" / "slides")
    monkeypatch.setattr(slides, "deck", lambda *_: ("page", 3, ["section 9.9 has no slide"]))
    monkeypatch.setattr(slides.Path, "write_text", lambda *_, **__: None)
    assert slides.main(["9"]) == 1
    assert "3 slides\n  ! section 9.9 has no slide\n" in capsys.readouterr().out


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_deck_and_its_notebook_miss_nothing_of_each_other(path):
    notebook = nbformat.read(path, as_version=4)
    page, count, wrong = slides.deck(notebook, path.stem)
    assert wrong == []
    assert 10 <= count <= 30
    body = page[page.index("<body>") : page.rindex("<script>")]
    assert body.count("<h2>") == body.count("<section>") == count
    assert body.count('<aside class="notes">') == count
    assert not re.findall(r'<(?:img|link|script|iframe)[^>]*(?:src|href)="https?:', page)
    assert "@import url(http" not in page and "url(http" not in page
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", body))
    assert "$\\" not in re.sub(r"<(code|pre).*?</\1>", "", body, flags=re.DOTALL)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_the_minutes_of_a_deck_are_those_of_the_lecture(chapter):
    notebook = nbformat.read(ROOT / "notebooks" / chapter.file, as_version=4)
    found, _ = decks.parse(deck_text(ROOT / "notebooks" / chapter.file), notebook.cells)
    minutes = [minutes for minutes, extra in (slide.minutes for slide in found) if not extra]
    assert sum(minutes) == chapter.lecture
