"""Write a deck of slides for each chapter: ``build/slides/NN_name.html``, complete in one file.

    python -m tools.slides [02 ...]

What is on a slide stands in `docs/decks` (see `tools.decks`); pictures, code and output are those
stored in the notebook: no cell is executed. An explorer's further states, drawn here, come by tap.
reveal.js (from the package sphinx-revealjs), styles, pictures and mathematics (as MathML) are put
into the file itself, so it opens from disk without network. Press S for the speaker notes.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from html import escape, unescape
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from latex2mathml.converter import convert as mathml
from nbconvert.filters import Highlight2HTML, markdown2html
from pygments.formatters import HtmlFormatter

from classroom.viz.kit.palette import root
from tools import ROOT, decks
from tools.explorers import sequence
from tools.notebooks import NOTEBOOKS, chosen_notebooks
from tools.stills import address, unfold

BUILD, DECK = ROOT / "build" / "slides", ROOT / "tools" / "deck"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$]+?)(?<!\s)\$", re.DOTALL)
QUIZ = re.compile(r"\*\*\d+\.\*\* (.+?)\n*<details><summary>Answer</summary>(.+?)</details>", re.S)
VERBATIM = {"code", "pre", "script", "style", "math"}


def main(arguments: list[str]) -> int:
    """Write the decks of all chapters, or of those whose numbers are given."""
    BUILD.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    for path in chosen_notebooks(NOTEBOOKS, arguments):
        page, count, wrong = deck(nbformat.read(path, as_version=4), path.stem)
        target = BUILD / f"{path.stem}.html"
        target.write_text(page, encoding="utf-8")
        print(f"{target.relative_to(ROOT).as_posix()}: {count} slides", *wrong, sep="\n  ! ")
        complaints += wrong
    return int(bool(complaints))


def deck(notebook: Any, name: str, text: str | None = None) -> tuple[str, int, list[str]]:
    """The page of a deck (that of `docs/decks`, or a text), its number of slides, complaints."""
    unfold(notebook)
    cells = notebook.cells
    text = text or (decks.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    slides, wrong = decks.parse(text, cells)
    chapter = re.sub(r"[#`*]", "", cells[0].source.splitlines()[0]).strip() if cells else name
    sections = [each for slide in slides for each in sections_of(slide, cells, chapter)]
    page = (DECK / "page.html").read_text(encoding="utf-8")
    filled = {"title": escape(chapter), "style": style(), "script": script()}
    for key, value in {**filled, "slides": "\n".join(sections)}.items():
        page = page.replace("{{ " + key + " }}", value)
    return page, len(sections), wrong


def sections_of(slide: decks.Slide, cells: list[Any], chapter: str) -> list[str]:
    """A slide as HTML; that of a quiz is one for each question, with the parts below it."""
    above = slide.section if re.match(r"\d+\.", slide.section) else chapter
    note = markdown2html(slide.note) + "".join(
        finished(markdown2html(cells[n].source)) for n in slide.prose
    )
    say = f'<p class="say fragment">{_inline(slide.say)}</p>' if slide.say else ""
    pages = [("first" if slide.section == chapter else "", slide.title, slide.parts, say)]
    if slide.parts and slide.parts[0].kind == "quiz":
        asked = zip_longest(QUIZ.findall(slide.parts[0].text), slide.parts[1:])
        told = '<div class="text answer fragment">{}</div>'
        pages = [
            ("quiz", question, [part] if part else [], told.format(finished(markdown2html(answer))))
            for (question, answer), part in asked
        ]
    return [
        f'<section><div class="page {kind}"><p class="above">{escape(above)}</p>'
        f'<h2>{_inline(title)}</h2><div class="stage">'
        f"{''.join(part_html(part, cells) for part in parts)}</div>{end}</div>"
        f'<aside class="notes">{note}</aside></section>'
        for kind, title, parts, end in pages
    ]


def part_html(part: decks.Part, cells: list[Any]) -> str:
    """A part of a slide as HTML; what waits for a tap is a fragment, hidden (`+`) or covered."""
    if part.kind in ("at", "quiz") or not part.text:
        return ""
    if part.kind == "picture":
        return picture_html(part, cells[part.cell or 0])
    wait = {"+": "fragment", "?": "fragment asks"}.get(part.tap, "")
    if part.kind == "code" and part.tap != "?":
        html = Highlight2HTML(pygments_lexer="ipython3")(part.text)
    elif part.kind in ("part", "text"):
        html = finished(markdown2html(part.text))
    else:
        html = f"<pre>{escape(part.text)}</pre>"
    html, lines = re.subn(r"(<li|<tr)>(?=(?!\s*<th))", rf'\1 class="{wait}">', html)
    look = f"{part.kind} {'long' * (len(part.text) > decks.MOST['text'])} {'' if lines else wait}"
    return f'<div class="{look}" data-cover="{escape(part.cover)}">{html}</div>'


def picture_html(part: decks.Part, cell: Any) -> str:
    """The picture of a cell, first with covers where it asks; an explorer's states over it."""
    output = None if part.made else decks.pictures(cell)[0]
    drawn = (output.data, output.metadata) if output else part.made._repr_mimebundle_()
    shown = [(image_html(*drawn), "")] * (1 + (part.tap == "?"))
    for words, picture in sequence(cell.source, part.states) if part.states else ():
        shown.append((image_html(*picture._repr_mimebundle_()), _inline(words)))
    made = '<p class="made">{}</p>' if part.states else ""
    layers = "".join(f'<div class="layer fragment">{i}{made.format(w)}</div>' for i, w in shown)
    layers = layers.replace(" fragment", "", part.tap != "+")
    told = f'data-crop="{part.crop}" data-cover="{escape(part.cover)}"'
    return f'<div class="layers" {told}>{layers}</div>'


def _inline(text: str) -> str:
    """A line of Markdown; a number and what it counts, and what `=` joins, are not torn apart."""
    html = re.sub(r"^\s*<p>|</p>\s*$", "", finished(markdown2html(text)))
    return re.sub(r"(?<=\d) (?=\w)|(?<=\d) (?=·)|(?<=·) (?=\d)| (?==)|(?<= =) ", "\u00a0", html)


def image_html(data: Any, metadata: Any) -> str:
    """The picture among the data of an output, with its alt text; empty if there is none."""
    for mime in decks.IMAGES:
        if mime in data:
            alt = metadata.get(mime, {}).get("alt") or data.get("text/plain", "")
            return f'<img alt="{escape(alt)}" src="{address(mime, data[mime])}">'
    return ""


def finished(html: str) -> str:
    """Formulas as MathML, links between notebooks as links between decks."""
    page = BeautifulSoup(html, "html.parser")
    for text in list(page.find_all(string=FORMULA)):
        if not any(parent.name in VERBATIM for parent in text.parents):
            parts = BeautifulSoup(FORMULA.sub(_formula, escape(text, quote=False)), "html.parser")
            text.replace_with(*[part.extract() for part in list(parts.children)])
    for link in page.find_all("a", href=re.compile(r"^[0-9][^/]*\.ipynb")):
        link["href"] = re.sub(r"\.ipynb(#.*)?$", ".html", link["href"])
    return str(page)


def _formula(match: re.Match[str]) -> str:
    return mathml(unescape(match[1] or match[2]), display="block" if match[1] else "inline")


@cache
def reveal() -> Path:
    """The folder of reveal.js in the package that brings it."""
    return Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"


@cache
def style() -> str:
    """All styles: reveal.js, the colours of code, ours; light or dark as the system is."""
    files = [reveal() / "dist" / name for name in ("reset.css", "reveal.css")]
    styles = (HtmlFormatter(style=name) for name in ("default", "github-dark"))
    code, night = (each.get_style_defs(".highlight") for each in styles)
    return "\n".join(
        [*(file.read_text(encoding="utf-8") for file in files), root(), code]
        + [f"@media (prefers-color-scheme:dark){{{night}}}"]
        + [(DECK / "deck.css").read_text(encoding="utf-8")]
    )


@cache
def script() -> str:
    """All scripts: reveal.js, its speaker notes, and the start."""
    files = (reveal() / "dist" / "reveal.js", reveal() / "plugin" / "notes" / "notes.js")
    texts = [*(file.read_text(encoding="utf-8") for file in files)]
    texts.append((DECK / "deck.js").read_text(encoding="utf-8"))
    return "\n".join(texts).replace("</script", "<\\/script").replace("//# sourceMappingURL", "// ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
