"""Settings of the reading edition; `make book` (tools/book.py) runs Sphinx with them."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert

project = "How a GPT works"
author = "the authors of the course"
copyright = "MIT licence"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
suppress_warnings = ["ref.python"]  # two classes of one name in different modules

# The pages are made from the stored outputs: nothing is executed.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_theme_options = {
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
}
html_sidebars = {"**": ["navbar-logo.html", "sbt-sidebar-nav.html"]}  # the search is in the header
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"

# The optional engines are described without what they stand on: the same book on every machine.
autodoc_mock_imports = ["numba", "torch"]
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # as they are written: no path of the machine that made the book
autodoc_default_options = {"no-value": True}
autodoc_typehints = "none"  # the docstrings say the types, with shapes
napoleon_google_docstring = False
napoleon_use_ivar = True


def inline_formula(translator, node):
    """Write a formula in a sentence as MathML, which browsers draw without a script."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def displayed_formula(translator, node):
    """Write a formula on a line of its own as MathML."""
    parts = [convert(part, display="block") for part in node.astext().split(r"\qquad")]
    told = " ".join(f"<span>{part}</span>" for part in parts)  # side by side, if there is room
    translator.body.append(f'<div class="math" tabindex="0">{told}</div>')
    raise nodes.SkipNode


# A stored picture and its form for a phone; where a page has the picture.
STORED = re.compile(r'srcset=\\"(data:[^"\\]*)\\"><img src=\\"(data:[^"\\]*)\\"')
SHOWN = re.compile(r'(<div style="--least:\d+px">)(<img class="picture"[^>]* src="([^"]*)">)')
NOTEBOOKS = Path("notebooks")  # Sphinx is run in the project's folder


def with_forms_for_a_phone(app, page, template, context, doctree):
    """Let a page show each picture that the notebook stores in two forms in the one that fits."""
    notebook = NOTEBOOKS / f"{page.rpartition('/')[2]}.ipynb"
    if notebook.is_file():
        stored = STORED.findall(notebook.read_text(encoding="utf-8"))
        small = {wide: narrow for narrow, wide in stored}

        def both(found):
            place, image, wide = found.groups()
            if wide not in small:
                return found[0]
            source = f'<source media="(max-width: 600px)" srcset="{small[wide]}">'
            return f"{place}<picture>{source}{image}</picture>"

        context["body"] = SHOWN.sub(both, context["body"])


def setup(app):
    """Let Sphinx write formulas, and pictures for a phone, with the functions above."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (displayed_formula, None))
    app.connect("html-page-context", with_forms_for_a_phone)
