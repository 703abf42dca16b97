"""Settings of the reading edition; `make book` (tools/book.py) runs Sphinx with them."""

from __future__ import annotations

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
autodoc_typehints = "none"  # the docstrings say the types, with shapes
napoleon_google_docstring = False
napoleon_use_ivar = True


def inline_formula(translator, node):
    """Write a formula in a sentence as MathML, which browsers draw without a script."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def displayed_formula(translator, node):
    """Write a formula on a line of its own as MathML."""
    translator.body.append(
        f'<div class="math" tabindex="0">{convert(node.astext(), display="block")}</div>'
    )
    raise nodes.SkipNode


def setup(app):
    """Let Sphinx write formulas with the functions above."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (displayed_formula, None))
