"""Graphs inside a browser: what Python asks of the page; the page itself is tried in test_lite."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from classroom.viz import draw_graph
from classroom.viz.kit import render
from classroom.viz.kit.webassembly import browser_svg
from microgpt import Value

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="20pt" viewBox="0 0 30 20">'
DRAWING += "<text>by WebAssembly</text></svg>"


class JsException(Exception):
    """What Pyodide makes of an error in JavaScript."""


@pytest.fixture
def browser(monkeypatch):
    """A Python inside a browser whose page has no Graphviz yet; the page."""
    page, pyodide, ffi = ModuleType("js"), ModuleType("pyodide"), ModuleType("pyodide.ffi")
    ffi.JsException = JsException
    for module in (page, pyodide, ffi):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "platform", "emscripten")
    return page


def test_outside_a_browser_it_says_so():
    with pytest.raises(ImportError, match="only a browser"):
        browser_svg("digraph { a -> b }")


def test_in_a_browser_the_page_draws(browser):
    asked = []
    browser.courseGraphviz = lambda dot: asked.append(dot) or DRAWING
    assert "by WebAssembly" in draw_graph(Value(1) + Value(2)).data
    assert asked[0].startswith("digraph")


def test_a_page_without_graphviz_shows_the_words(browser):
    assert render.ADVICE.partition(":")[0] in draw_graph(Value(1) + Value(2)).data


def test_what_graphviz_does_not_understand_is_an_error_of_python(browser):
    def fail(dot):
        raise JsException("syntax error in line 1")

    browser.courseGraphviz = fail
    with pytest.raises(RuntimeError, match="line 1"):
        browser_svg("digraph {")
    assert render.render_svg("digraph {") is None
