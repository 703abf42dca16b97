"""Build the reading edition, a static web site, in ``build/book/html``.

    python tools/book.py [--lite ADDRESS]

The pages are the notebooks with their stored outputs (nothing is executed), the lecturer's kit, and
a reference of the package from its docstrings. Each chapter has a button that opens it where its
code runs in the browser: the site of `make lite`, if it has been built, or the address given (seen
from the book's front page). Sphinx's warnings are errors: a broken link or a
malformed docstring ends the build. The site asks nothing of any other host.
"""

from __future__ import annotations

import argparse
import base64
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

ROOT = Path(__file__).resolve().parent.parent
DOCS, BUILD = ROOT / "docs", ROOT / "build" / "book"
SOURCE, SITE = BUILD / "source", BUILD / "html"
WIDGET = "application/vnd.jupyter.widget-view+json"
EXPLORER = re.compile(r"[A-Z]\w+\(.*\): ", re.DOTALL)  # how an explorer words its state and result
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")


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
    (SOURCE / "notebooks").mkdir()
    chapters = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    front = (SOURCE / "index.md").read_text(encoding="utf-8")
    front = front.replace("{{ chapters }}", contents(chapters))
    (SOURCE / "index.md").write_text(front, encoding="utf-8")
    shutil.copy(ROOT / "assets" / "images" / "name_journey.gif", SOURCE)
    for path in chapters:
        notebook = nbformat.read(path, as_version=4)
        with_button(for_reading(notebook), path.name, lite)
        nbformat.write(notebook, SOURCE / "notebooks" / path.name)
    kit = (DOCS / "teaching.md").read_text(encoding="utf-8")
    (SOURCE / "teaching.md").write_text(teaching_page(kit), encoding="utf-8")
    (SOURCE / "api.md").write_text(api_page(), encoding="utf-8")
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-b", "html"]
    done = subprocess.run([*command, str(SOURCE), str(SITE)], cwd=ROOT, check=False)
    if done.returncode:
        print("book: not built; Sphinx's lines above say what to mend")
        return done.returncode
    print(f"{SITE / 'index.html'}: open it in a browser")
    return 0


def lite_address() -> str:
    """Where the site of `make lite` is, seen from the book's front page; nowhere if not built."""
    return "../../lite/" if (ROOT / "build" / "lite" / "index.html").is_file() else ""


def with_button(notebook: Any, name: str, lite: str) -> None:
    """Put a link to the chapter where it can be run below the chapter's title.

    Parameters
    ----------
    notebook : notebook
        The chapter.
    name : str
        Its file.
    lite : str
        Address of the site that runs it, seen from the book's front page; empty for no link.
    """
    if lite:
        place = lite if "://" in lite or lite.startswith("/") else f"../{lite}"
        address = escape(f"{place.rstrip('/')}/notebooks/index.html?path={name}")
        button = f'<a class="run-chapter" href="{address}">\u25b6 Run this chapter</a>'
        words = "in your browser, with nothing to install"
        notebook.cells[0].source += f"\n\n<p>{button} {words}</p>"


def teaching_page(text: str) -> str:
    """The lecturer's kit with links into the book; links to files outside it become plain text."""
    text = text.replace("](../notebooks/", "](notebooks/")
    return re.sub(r"\[([^\]]*)\]\(\.\./[^)]*\)", r"\1", text)


def for_reading(notebook: Any) -> Any:
    """The notebook with pictures as images with alt text, explorers as their picture and words.

    Links into a page are rewritten: JupyterLab makes other anchors of headings than Sphinx.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = ANCHOR.sub(lambda m: f"]({m[1]}#{slugify(m[2])})", cell.source)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data, output.metadata = _readable(output.data, output.metadata), {}
    return notebook


def _readable(data: Any, metadata: Any) -> dict[str, Any]:
    if "position:absolute" in data.get("text/html", ""):  # a picture with links
        html = data["text/html"].replace(".ipynb", ".html")
        return {"text/html": html, "text/plain": data["text/plain"]}
    for mime in ("image/svg+xml", "image/png"):
        if mime in data:
            details = metadata.get(mime, {})
            html = picture_html(mime, data[mime], details.get("alt", data["text/plain"]), details)
            if EXPLORER.match(data["text/plain"]):
                html += f'<p class="explorer">{escape(data["text/plain"])}</p>'
            return {"text/html": html, "text/plain": data["text/plain"]}
    return {mime: content for mime, content in data.items() if mime != WIDGET}


def picture_html(mime: str, content: str, alt: str, details: dict[str, Any]) -> str:
    """An image with everything in it."""
    if mime == "image/svg+xml":
        content = base64.b64encode(content.encode()).decode()
    width = f' width="{details["width"]}"' if "width" in details else ""
    source = f"data:{mime};base64,{content.strip()}"
    kind = " pixels" if mime == "image/png" else ""
    image = f'<img class="picture{kind} wide" alt="{escape(alt)}"{width} src="{source}">'
    return f'<div class="swipe" tabindex="0" role="group" aria-label="picture">{image}</div>'


def contents(notebooks: Sequence[Path]) -> str:
    """The chapters as a table: title with its link, what one does in it, minutes alone."""
    rows = ["| chapter | | min |", "| :--- | :--- | :--- |"]
    for path in notebooks:
        cells = nbformat.read(path, as_version=4).cells
        lines = cells[0].source.split("\n")
        title, promise = lines[0].lstrip("# "), lines[2]
        box = "".join(cell.source for cell in cells[:4])
        minutes = re.search(r"min lecture / (\d+) min self-study", box)
        told = minutes[1] if minutes else ""
        rows.append(f"| [{title}](notebooks/{path.name}) | {promise} | {told} |")
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
    lines = [
        "# Reference",
        "",
        "The packages `microgpt` and `classroom`, from their docstrings.",
        "",
    ]
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
