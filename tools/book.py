"""Build the reading edition, a static web site, in ``build/book/html``.

    python -m tools.book [--lite ADDRESS]

The pages are the notebooks with their stored outputs (nothing is executed), the lecturer's kit, and
a reference of the package from its docstrings. Each chapter has a button that opens it where its
code runs in the browser: the site of `make lite`, if it has been built, or the address given (seen
from the book's front page). Sphinx's warnings are errors: a broken link or a
malformed docstring ends the build. The site asks nothing of any other host.
"""

from __future__ import annotations

import argparse
import importlib.util
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from mdit_py_plugins.anchors.index import slugify

from classroom.chapters import CHAPTERS
from classroom.viz.kit.palette import filled
from classroom.widgets import MindExplorer
from tools import ROOT
from tools.normalise import WIDGET_VIEW
from tools.stills import EXPLORER, PNG, SVG, address, unfold, with_form

DOCS, BUILD = ROOT / "docs", ROOT / "build" / "book"
SOURCE, SITE = BUILD / "source", BUILD / "html"
STILL = "A still: it moves in the notebook."
TOGGLES = {"source_hidden": "hide-input", "outputs_hidden": "hide-output"}
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
PLAYED = re.compile(r"\b(?:[A-Z][^.?!]* p|P)ress (?:play|\*start)")
PHONE, READABLE = 358, 11  # pixels: the room for a picture on a phone; the smallest words there


def main(arguments: Sequence[str] = ()) -> int:
    """Write the sources into `build/`, run Sphinx on them, and say where the site is."""
    parser = argparse.ArgumentParser(prog="make book BOOK_ARGS=...")
    parser.add_argument("--lite", default=lite_address(), help="the site that runs the chapters")
    lite = parser.parse_args(arguments).lite
    if importlib.util.find_spec("sphinx") is None:
        print("book: Sphinx is missing; `make book` installs it")
        return 2
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS / "book", SOURCE)
    sheet = SOURCE / "_static" / "book.css"
    sheet.write_text(filled(sheet.read_text(encoding="utf-8")), encoding="utf-8")
    (SOURCE / "notebooks").mkdir()
    fill_front(SOURCE / "index.md")
    for each in CHAPTERS:
        notebook = nbformat.read(ROOT / "notebooks" / each.file, as_version=4)
        with_button(for_reading(notebook), each.file, lite)
        nbformat.write(notebook, SOURCE / "notebooks" / each.file)
    kit = teaching_page((DOCS / "teaching.md").read_text(encoding="utf-8"))
    (SOURCE / "teaching.md").write_text(kit, encoding="utf-8")
    (SOURCE / "api.md").write_text(api_page(), encoding="utf-8")
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-b", "html"]
    done = subprocess.run([*command, str(SOURCE), str(SITE)], cwd=ROOT, check=False)
    if done.returncode:
        print("book: not built; Sphinx's lines above say what to mend")
        return done.returncode
    print(f"{SITE / 'index.html'}: open it in a browser")
    return 0


def fill_front(page: Path) -> None:
    """Put the chapters into the front page, and beside it what it shows."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("{{ chapters }}", contents(ROOT / "notebooks")), encoding="utf-8")
    shutil.copytree(ROOT / "assets" / "images", page.parent / "_static", dirs_exist_ok=True)
    mind = MindExplorer().picture.on_a_phone().data
    page.with_name("mind.svg").write_text(mind, encoding="utf-8")


def lite_address() -> str:
    """Where the site of `make lite` is, seen from the book's front page; nowhere if not built."""
    return "../../lite/" if (ROOT / "build" / "lite" / "index.html").is_file() else ""


def with_button(notebook: Any, name: str, lite: str) -> None:
    """Put a link to where it can be run, seen from the book's front page, below the title."""
    if lite:
        place = lite if "://" in lite or lite.startswith("/") else f"../{lite}"
        address = escape(f"{place.rstrip('/')}/notebooks/index.html?path={name}")
        button = f'<a class="run-chapter" href="{address}">\u25b6 Run this chapter</a>'
        words = "in your browser, with nothing to install"
        notebook.cells[0].source += f"\n\n<p>{button} {words}</p>"


def teaching_page(text: str) -> str:
    """The lecturer's kit with links into the book; links to files outside it become plain text."""
    text = text.replace("](../notebooks/", "](notebooks/")
    return re.sub(r"\[([^\]]*)\]\((?!notebooks/|https?:|#)[^)]*\)", r"\1", text)


def for_reading(notebook: Any) -> Any:
    """The notebook with pictures as images with alt text, explorers as their picture and words.

    What Jupyter folds becomes a toggle; what only a notebook plays is said to be played there.
    Links into a page are rewritten: JupyterLab makes other anchors of headings than Sphinx.
    """
    unfold(notebook)
    for cell in notebook.cells:
        folds = cell.metadata.get("jupyter", {})
        cell.metadata["tags"] = [toggle for mark, toggle in TOGGLES.items() if folds.get(mark)]
        if cell.cell_type == "markdown":
            cell.source = ANCHOR.sub(lambda m: f"]({m[1]}#{slugify(m[2])})", cell.source)
            cell.source = PLAYED.sub(
                lambda m: f"In the notebook, {m[0][0].lower()}{m[0][1:]}", cell.source
            )
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data, output.metadata = _readable(output.data, output.metadata), {}
    return notebook


def _readable(data: Any, metadata: Any) -> dict[str, Any]:
    words, drawing = data.get("text/plain", ""), data.get(SVG, "")
    if "position:absolute" in data.get("text/html", ""):  # a picture with links
        html = data["text/html"].replace(".ipynb", ".html")
        return {"text/html": swiped(html, drawing), "text/plain": words}
    for mime in (SVG, PNG):
        if mime in data:
            details = metadata.get(mime, {})
            html = picture_html(mime, data[mime], details.get("alt", words), details, words)
            if EXPLORER.match(words):
                said = escape(words.partition("): ")[2])
                html += f'<p class="explorer">{said} \u00b7 <em>{STILL}</em></p>'
            return {"text/html": html, "text/plain": words}
    return {mime: content for mime, content in data.items() if mime != WIDGET_VIEW}


def picture_html(mime: str, content: str, alt: str, details: dict[str, Any], words: str) -> str:
    """An image with everything in it; an explorer that has a form for a phone has it here, too."""
    drawing = content if mime == SVG else ""
    width = f' width="{details["width"]}"' if "width" in details else ""
    kind = "" if drawing else " pixels"
    image = f'<img class="picture{kind}" alt="{escape(alt)}"{width} src="{address(mime, content)}">'
    return swiped(with_form(image, words), drawing)


def swiped(html: str, drawing: str) -> str:
    """A picture that on a phone keeps the width at which its words can be read, and says so."""
    sizes = [float(size) for size in re.findall(r"font-size[=:]\s*\"?([\d.]+)", drawing)]
    box = re.search(r'viewBox="\S+ \S+ ([\d.]+)', drawing) or re.search(r'width="([\d.]+)', drawing)
    least = round(float(box[1]) * READABLE / min(sizes)) if box and sizes else 2 * PHONE
    kind = "swipe" + " goes-on" * (least > PHONE) + " wide" * (least > 2 * PHONE)
    inside = f'<div style="--least:{max(least, PHONE)}px">{html}</div>'
    return f'<div class="{kind}" tabindex="0" role="group" aria-label="picture">{inside}</div>'


def contents(notebooks: Path) -> str:
    """The chapters as a table: title with its link, what one does in it, minutes alone."""
    rows = ["| chapter | what you do | min |", "| :--- | :--- | :--- |"]
    for each in CHAPTERS:
        cells = nbformat.read(notebooks / each.file, as_version=4).cells
        promise = re.split(r"(?<=\.)\s", cells[0].source.split("\n\n")[1])[0].replace("\n", " ")
        link = f"[{each.number} · {each.title}](notebooks/{each.file})"
        rows.append(f"| {link} | {promise} | {each.alone} |")
    return "\n".join(rows)


def api_page() -> str:
    """The reference: every public module of the two packages, the core first."""
    import classroom
    import microgpt

    found = [
        module
        for package in (microgpt, classroom)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if documented(module.name)
    ]
    found.sort(key=lambda m: (m.name.startswith("classroom"), m.name.count(".")))  # the core first
    about = "The packages `microgpt` and `classroom`, from their docstrings."
    lines = ["# Reference", "", about, ""]
    for module in found:
        options = ["   :members:"] + ["   :ignore-module-all:"] * module.ispkg
        directive = ["```{eval-rst}", f".. automodule:: {module.name}", *options, "```", ""]
        lines += [f"## `{module.name}`", "", *directive]
    return "\n".join(lines)


def documented(name: str) -> bool:
    """Whether a module belongs into the reference: all but the exercises' checks and the starts."""
    return not name.endswith("__main__") and not name.startswith("classroom.exercises.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
