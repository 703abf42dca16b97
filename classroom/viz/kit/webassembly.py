"""Graphviz inside a browser: `dot` as WebAssembly, which the page starts before Python.

A kernel in a browser has no programs. The site that `make lite` builds gives it a function of
JavaScript instead, ``courseGraphviz``, which takes DOT source and returns the drawing at once.
"""

from __future__ import annotations

import sys


def in_browser() -> bool:
    """Whether this Python runs inside a browser."""
    return sys.platform == "emscripten"


def browser_svg(dot: str) -> str:
    """Return Graphviz's drawing of DOT source, as the program `dot` writes it.

    ImportError if this is no browser or its page has no Graphviz, RuntimeError if the source is
    wrong.
    """
    if not in_browser():
        raise ImportError("only a browser runs Graphviz as WebAssembly")
    import js
    from pyodide.ffi import JsException

    if not hasattr(js, "courseGraphviz"):
        raise ImportError("this page brings no Graphviz")
    try:
        return str(js.courseGraphviz(dot))
    except JsException as error:
        raise RuntimeError(str(error)) from error
