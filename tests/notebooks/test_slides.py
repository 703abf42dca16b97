"""The decks: what is on which slide, notes, pictures, formulas; nothing asked of another host."""

from __future__ import annotations

import re

import nbformat
import pytest
from support import ROOT

slides = pytest.importorskip("tools.slides", reason="the extra `book` is not installed")

explorers = pytest.importorskip("tools.explorers", reason="the extra `lab` is not installed")

PNG = "iVBORw0KGgo="
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def cell(source, kind, code=False, outputs=(), **metadata):
    make = nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell
    made = make(source)
    if code:
        made.outputs = list(outputs)
    made.metadata = nbformat.from_dict({"slideshow": {"slide_type": kind}, **metadata})
    return made


def picture(**data):
    return nbformat.v4.new_output(
        "execute_result",
        data={"image/png": PNG, "text/plain": "a picture of 3", **data},
        metadata={"image/png": {"alt": 'a "picture" of 3', "width": 400}},
    )


def test_slides_go_right_subslides_down_and_skipped_cells_nowhere():
    cells = [
        cell("# one", "slide"),
        cell("goes on", "-"),
        cell("below " * 40, "subslide"),
        cell("a stray sentence", "subslide"),
        cell("left out", "skip"),
        cell("# two", "slide"),
        cell("later", "fragment"),
    ]
    columns = slides.slides_of(cells)
    assert [[len(slide) for slide in column] for column in columns] == [[2, 2], [2]]
    text = str(columns)
    assert "left out" not in text and '<div class="fragment">' in text


def test_the_answer_to_a_bold_question_waits_for_a_key():
    printed = nbformat.v4.new_output("stream", name="stdout", text="42")
    code = cell("print(6 * 7)", "-", code=True, outputs=[printed])
    told = cell("As guessed.", "-")
    ((asking,), (telling,)) = slides.slides_of(
        [cell("**What is 6 * 7?**", "slide"), code, told, cell("# 6 * 7", "slide"), code, told]
    )
    assert '<div class="output fragment">' in asking[1] and "42" in asking[1]
    assert asking[2].startswith('<div class="fragment">')
    assert "fragment" not in str(telling)


def test_notes_become_speaker_notes_and_are_not_on_the_slide():
    ((slide,),) = slides.slides_of([cell("# one", "slide", notes="2 min. Ask first.")])
    assert '<aside class="notes"><p>2 min. Ask first.</p>' in slide[0].replace("\n", "")


def test_pictures_carry_their_alt_text_and_explorers_say_where_they_live():
    html = slides.cell_html(cell("show()", "-", code=True, outputs=[picture()]))
    assert 'alt="a &quot;picture&quot; of 3"' in html and 'width="400"' in html
    assert "in the notebook" not in html
    live = picture(**{"text/plain": "NamesExplorer(T=0.5, seed=1): ten names"})
    assert "in the notebook" in slides.output_html(live)


def test_a_deck_begins_with_its_question_and_nothing_else():
    first = cell("# 3 · Tokenizer\n\nYou turn text into numbers.", "slide")
    first.metadata.slideshow.question = "How does `emma` become numbers?"
    (column,) = slides.slides_of([first, cell("short", "-"), cell("and more", "-")])
    assert [len(slide) for slide in column] == [1, 2]
    assert "3 · Tokenizer</h1>" in column[0][0]
    assert '<div class="question">How does <code>emma</code> become numbers?</div>' in column[0][0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_chapter_has_a_question(path):
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.metadata.slideshow.question.endswith("?")


def test_answers_wait_for_a_key_instead_of_being_folded():
    html = slides.finished("<details><summary>Answer</summary><p>42</p></details>")
    assert html == '<div class="fragment answer"><p>42</p></div>'
    html = slides.finished("<details><summary>Why</summary><p>42</p></details>")
    assert html == '<div class="fragment answer"><h4>Why</h4><p>42</p></div>'


def test_states_of_an_explorer_come_below_the_slide_that_shows_it():
    shows = cell(
        'TokenizerExplorer("emma")',
        "-",
        code=True,
        outputs=[picture(**{"text/plain": "TokenizerExplorer(text='emma'): ..."})],
    )
    cells = [cell("## Type", "slide"), shows, cell("said of the first", "-"), cell("# on", "slide")]
    (first, second, third), _ = slides.slides_of(cells)
    assert "said of the first" in first[-1]
    assert all(
        'class="text state"' in slide[0] and "<img alt=" in slide[0] for slide in (second, third)
    )
    assert "<code>anna</code>" in second[0] and "[26, 0, 13, 13, 0, 26]" in second[0]


def shown_explorers():
    """Each cell of the course that shows an explorer, and the words that it stores."""
    for path in NOTEBOOKS:
        for each in nbformat.read(path, as_version=4).cells:
            for output in each.get("outputs", []):
                said = output.get("data", {}).get("text/plain", "")
                if slides.EXPLORER.match(said):
                    yield pytest.param(each.source, said, id=said.partition("(")[0])


@pytest.mark.parametrize(("source", "said"), list(shown_explorers()))
def test_an_explorer_is_made_as_in_the_notebook_and_has_two_or_three_states(source, said):
    name, explorer = explorers.as_in_the_notebook(source)
    if name != "Finale":  # which has the package's parts
        assert repr(explorer) == said
    assert 2 <= 1 + len(explorers.SEQUENCES[name]) <= 4
    states = explorers.sequence(source)
    pictures = [explorer.picture.data, *(picture.data for _, picture, _ in states)]
    assert len(set(pictures)) == len(pictures), "a state looks as the one before"


def test_settings_that_an_explorer_refuses_are_named(monkeypatch):
    monkeypatch.setitem(explorers.SEQUENCES, "AttentionExplorer", [("too long", {"name": "?"})])
    with pytest.raises(ValueError, match="AttentionExplorer, 'too long': "):
        explorers.sequence('AttentionExplorer("olivia")')


def test_formulas_become_mathml_but_not_in_code():
    html = slides.finished(r"<p>$\sqrt{4}$ costs <code>$x$</code>, 5$ or 6$ a < b</p>")
    assert "<msqrt>" in html and "<code>$x$</code>" in html and "5$ or 6$" in html


def test_links_between_chapters_lead_to_decks():
    html = slides.finished('<a href="02_backward.ipynb#part">on</a> <a href="https://a.org">x</a>')
    assert 'href="02_backward.html"' in html and 'href="https://a.org"' in html


def test_a_number_that_no_notebook_has_is_refused(capsys):
    assert slides.main(["77"]) == 2
    assert "77" in capsys.readouterr().out


def test_the_course_has_explorers_on_its_slides():
    decks = [slides.deck(nbformat.read(path, as_version=4), path.stem)[0] for path in NOTEBOOKS]
    assert sum('class="explorer"' in page for page in decks) >= 8


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_is_a_deck_that_fetches_nothing(path):
    page, count = slides.deck(nbformat.read(path, as_version=4), path.stem)
    assert (8 if path.name.startswith("00") else 15) <= count <= 36
    assert page.index('<div class="question">') < page.index("<h2")
    body = page[page.index("<body>") : page.rindex("<script>")]
    assert body.count('<aside class="notes">') >= 8
    assert not re.findall(r'<(?:img|link|script|iframe)[^>]*(?:src|href)="https?:', page)
    assert "@import url(http" not in page and "url(http" not in page
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", body))
    assert "$\\" not in re.sub(r"<(code|pre).*?</\1>", "", body, flags=re.DOTALL)
