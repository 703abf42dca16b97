"""Write a deck of slides for each chapter: ``build/slides/NN_name.html``, complete in one file.

    python tools/slides.py [02 ...]

A deck is made of the cells' slideshow metadata and stored outputs. It begins with the chapter's
question, which the metadata of the title's cell hold. No cell is executed; an explorer is followed
by a few more of its states, drawn here (`tools.explorers`). reveal.js (from the package
sphinx-revealjs), styles, pictures and mathematics (as MathML) are put into the file itself, so it
opens from disk on a machine without network. A cell's ``notes`` become the speaker notes: press S.

Letters have the same size on every slide: what does not fit goes on on a slide after it, which
`deck/deck.js` decides when the deck is opened, since it depends on the fonts.
"""

from __future__ import annotations

import base64
import re
import sys
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup, NavigableString
from latex2mathml.converter import convert as mathml
from nbconvert.filters import Highlight2HTML, ansi2html, markdown2html
from pygments.formatters import HtmlFormatter

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.explorers import sequence  # noqa: E402, the root must be on the path first

NOTEBOOKS, BUILD, DECK = ROOT / "notebooks", ROOT / "build" / "slides", ROOT / "tools" / "deck"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$]+?)(?<!\s)\$", re.DOTALL)
QUESTION = "?**"
STRAY = 160
"""Characters of text that are too few for a slide of their own."""
EXPLORER = re.compile(r"[A-Z]\w+\(.*\): ", re.DOTALL)  # how an explorer words its state and result
VERBATIM = {"code", "pre", "script", "style", "math"}


def main(arguments: list[str]) -> int:
    """Write the decks of all chapters, or of those whose numbers are given."""
    chosen = [path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if wanted(path, arguments)]
    if not chosen:
        numbers = ", ".join(path.name[:2] for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")))
        print(f"slides: no notebook for {' '.join(arguments)!r}; there are {numbers}")
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    for path in chosen:
        page, count = deck(nbformat.read(path, as_version=4), path.stem)
        target = BUILD / f"{path.stem}.html"
        target.write_text(page, encoding="utf-8")
        print(f"{target.relative_to(ROOT).as_posix()}: {count} slides, long ones go on")
    return 0


def wanted(path: Path, numbers: list[str]) -> bool:
    """Whether a notebook is one of those asked for; without numbers, all are."""
    return not numbers or any(path.name.startswith(number.zfill(2)) for number in numbers)


def deck(notebook: Any, name: str) -> tuple[str, int]:
    """The page of a deck, and its number of slides."""
    columns = slides_of(notebook.cells)
    sections = []
    for column in columns:
        inner = "".join(f"<section>{''.join(slide)}</section>" for slide in column)
        sections.append(inner if len(column) == 1 else f"<section>{inner}</section>")
    title = re.sub(r"[#`*]", "", notebook.cells[0].source.splitlines()[0]).strip() or name
    page = (DECK / "page.html").read_text(encoding="utf-8")
    filled = {"title": escape(title), "style": style(), "script": script(), "slides": sections}
    for key, text in filled.items():
        page = page.replace("{{ " + key + " }}", "\n".join(text) if key == "slides" else str(text))
    return page, sum(map(len, columns))


def slides_of(cells: list[Any]) -> list[list[list[str]]]:
    """Columns of slides of pieces of HTML: a "slide" begins a column, a "subslide" goes below.

    Where a slide asks a question in bold, the output that answers it waits for the next key. The
    further states of an explorer come below the slide that shows it.
    """
    columns: list[list[list[str]]] = []
    waiting: list[list[str]] = []
    asked = answered = False
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip":
            continue
        if kind in ("slide", "subslide") or not columns:
            _below(columns, waiting)
            asked = answered = False
        if kind == "slide" or not columns:
            columns.append([[]])
        elif kind == "subslide" or alone(columns[-1][-1]):
            columns[-1].append([])
        asked = asked or (cell.cell_type == "markdown" and QUESTION in cell.source)
        html = cell_html(cell)
        if kind == "fragment" or (answered and cell.cell_type == "markdown"):
            html = f'<div class="fragment">{html}</div>'
        elif asked and cell.cell_type == "code":
            html = html.replace('<div class="output">', '<div class="output fragment">')
            answered = True
        if "notes" in cell.metadata:
            html += f'<aside class="notes">{markdown2html(cell.metadata.notes)}</aside>'
        columns[-1][-1].append(html)
        waiting += states_of(cell)
    _below(columns, waiting)
    return [column for column in map(without_strays, columns) if column]


def _below(columns: list[list[list[str]]], waiting: list[list[str]]) -> None:
    """Put the slides that wait below the last one."""
    if columns:
        columns[-1] += waiting
    waiting.clear()


def alone(slide: list[str]) -> bool:
    """Whether nothing may be added to a slide: it asks the chapter's question."""
    return bool(slide) and '<div class="question">' in slide[0]


def states_of(cell: Any) -> list[list[str]]:
    """A slide for each further state of the explorer that a cell shows, if it shows one."""
    outputs = [each.get("data", {}) for each in cell.get("outputs", [])]
    if not any(EXPLORER.match(data.get("text/plain", "")) for data in outputs):
        return []
    found = []
    for words, picture, result in sequence(cell.source):
        data, metadata = picture._repr_mimebundle_()
        image = image_html(data, metadata)
        caption = markdown2html(f"### {words}")
        found.append(
            [
                f'<div class="text state">{finished(caption)}</div>'
                f'<div class="output">{image}</div><div class="text"><p>{escape(result)}</p></div>'
            ]
        )
    return found


def without_strays(column: list[list[str]]) -> list[list[str]]:
    """The column with each slide of a single short sentence put onto the slide before it."""
    kept: list[list[str]] = []
    for slide in column:
        text = re.sub(r"<aside.*?</aside>|<[^>]+>", "", "".join(slide), flags=re.DOTALL).strip()
        stray = len(slide) == 1 and len(text) < STRAY and not re.search("<h1|<h2|<img", slide[0])
        if stray and kept and not alone(kept[-1]):
            kept[-1] += slide
        else:
            kept.append(list(slide))
    return kept


def cell_html(cell: Any) -> str:
    """A cell as HTML: text, or code with its outputs."""
    if cell.cell_type == "markdown":
        question = cell.metadata.get("slideshow", {}).get("question")
        html = finished(markdown2html(cell.source))
        if question:
            asked = re.sub("</?p>", "", markdown2html(question)).strip()
            html = html.replace("</h1>", f'</h1><div class="question">{asked}</div>', 1)
            return f'<div class="text first">{html}</div>'
        return f'<div class="text">{html}</div>'
    if cell.cell_type != "code":
        return ""
    code = Highlight2HTML(pygments_lexer="ipython3")(cell.source) if cell.source.strip() else ""
    outputs = "".join(output_html(output) for output in cell.outputs)
    return f'<div class="code">{code}</div><div class="output">{outputs}</div>'


def output_html(output: Any) -> str:
    """An output as HTML: a picture with its alt text, an explorer as the line it stores."""
    if output.output_type == "stream":
        return f"<pre>{ansi2html(output.text)}</pre>"
    if output.output_type == "error":
        return f"<pre>{escape(output.ename)}: {escape(output.evalue)}</pre>"
    data = output.data
    image = image_html(data, output.metadata)
    if image:
        live = EXPLORER.match(data.get("text/plain", ""))
        return image + ('<p class="explorer">Move it in the notebook.</p>' if live else "")
    if "text/html" in data:
        return f'<div class="html">{data["text/html"]}</div>'
    return f"<pre>{escape(data.get('text/plain', ''))}</pre>"


def image_html(data: Any, metadata: Any) -> str:
    """The picture among the data of an output, with its alt text; empty if there is none."""
    for mime, encode in (("image/svg+xml", _base64), ("image/png", str.strip)):
        if mime in data:
            details = metadata.get(mime, {})
            alt = details.get("alt") or data.get("text/plain", "")
            width = f' width="{details["width"]}"' if "width" in details else ""
            source = f"data:{mime};base64,{encode(data[mime])}"
            return f'<img alt="{escape(alt)}"{width} src="{source}">'
    return ""


def _base64(svg: str) -> str:
    return base64.b64encode(svg.encode()).decode()


def finished(html: str) -> str:
    """Formulas as MathML, links between notebooks as links between decks, answers on a key."""
    page = BeautifulSoup(html, "html.parser")
    for folded in page.find_all("details"):
        folded.name, folded["class"] = "div", ["fragment", "answer"]
        summary = folded.find("summary")
        if summary and summary.get_text(strip=True) == "Answer":
            summary.decompose()
        elif summary:
            summary.name = "h4"
    for text in list(page.find_all(string=FORMULA)):
        if not any(parent.name in VERBATIM for parent in text.parents):
            parts = BeautifulSoup(FORMULA.sub(_formula, escape(text, quote=False)), "html.parser")
            text.replace_with(*[part.extract() for part in list(parts.children)])
    for link in page.find_all("a", href=re.compile(r"^[0-9][^/]*\.ipynb")):
        link["href"] = re.sub(r"\.ipynb(#.*)?$", ".html", link["href"])
    for link in page.find_all("a", class_="anchor-link"):
        link.replace_with(NavigableString(""))
    return str(page)


def _formula(match: re.Match[str]) -> str:
    block, inline = match.groups()
    latex = (block or inline).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return mathml(latex, display="block" if block else "inline")


@cache
def reveal() -> Path:
    """The folder of reveal.js in the package that brings it."""
    found = find_spec("sphinx_revealjs")
    if found is None or found.origin is None:
        raise SystemExit("slides: sphinx-revealjs is missing; `make slides` installs it")
    return Path(found.origin).parent / "_static" / "revealjs"


@cache
def style() -> str:
    """All styles: reveal.js, the colours of code, ours."""
    own = (DECK / "deck.css").read_text(encoding="utf-8")
    files = [reveal() / "dist" / name for name in ("reset.css", "reveal.css")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return "\n".join([*texts, HtmlFormatter(style="default").get_style_defs(".highlight"), own])


@cache
def script() -> str:
    """All scripts: reveal.js, its speaker notes, and the start."""
    files = (reveal() / "dist" / "reveal.js", reveal() / "plugin" / "notes" / "notes.js")
    texts = [*(file.read_text(encoding="utf-8") for file in files)]
    texts.append((DECK / "deck.js").read_text(encoding="utf-8"))
    return "\n".join(texts).replace("</script", "<\\/script").replace("//# sourceMappingURL", "// ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
