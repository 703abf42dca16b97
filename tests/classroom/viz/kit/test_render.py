"""The three machines: one with `dot`, one with graphviz-pure alone, one with neither."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET

import pytest

from classroom.viz import draw_graph
from classroom.viz.kit import render
from classroom.viz.kit.render import ADVICE, render_svg, renderers, stacked, tidy_svg
from microgpt import Value

SCRIPTS = sysconfig.get_path("scripts")
PURE = shutil.which("graphviz-pure", path=SCRIPTS) or shutil.which("graphviz-pure")
DOT = "digraph { a -> b }"
ALT = "Computation graph with 3 nodes and 2 edges. Inputs: a = 2; b = 3. Result: #3 = a * b = 6."

needs_pure = pytest.mark.skipif(PURE is None, reason="graphviz-pure is not installed")
needs_shell = pytest.mark.skipif(os.name == "nt", reason="the stand-in for dot is a shell script")


def draw():
    a, b = Value(2), Value(3)
    return draw_graph(a * b, {"a": a, "b": b})


def texts(picture):
    root = ET.fromstring(picture.data)
    return [element.text for element in root.iter() if element.tag.endswith("}text")]


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    """A machine on whose PATH there is nothing."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


@pytest.fixture
def nothing(no_dot, monkeypatch, tmp_path):
    """A machine that has neither program."""
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "empty"))


def pretend_dot(folder, script):
    """Put a program called dot into a folder."""
    (folder / "dot.py").write_text(script)
    path = folder / "dot"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder}/dot.py" "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@needs_shell
def test_dot_is_preferred_where_it_is_installed(monkeypatch, tmp_path):
    drawing = '<svg width="30pt" height="20pt"><text>by dot</text></svg>'
    program = pretend_dot(
        tmp_path, f"import sys; sys.stdin.read(); print(sys.argv[1:], {drawing!r})"
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    assert renderers()[0] == program
    picture = draw()
    assert "by dot" in picture.data
    assert picture.alt == ALT


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_the_real_dot_draws_the_graph():
    assert renderers()[0].stem == "dot"
    assert {"data 2", "data 3", "data 6", "a", "b"} <= set(texts(draw()))


@needs_pure
def test_graphviz_pure_alone_draws_the_graph(no_dot, capfd):
    assert [program.stem for program in renderers()] == ["graphviz-pure"]
    picture = draw()
    assert {"data 2", "data 3", "data 6", "a", "b"} <= set(texts(picture))
    assert ADVICE not in texts(picture)
    assert picture.alt == ALT
    assert capfd.readouterr() == ("", "")


def test_with_neither_there_is_the_alt_text_and_one_line_of_advice(nothing, capfd):
    assert renderers() == []
    picture = draw()
    *words, advice = texts(picture)
    assert " ".join(words) == ALT
    assert advice == ADVICE
    assert "pip install graphviz-pure" in advice
    assert capfd.readouterr() == ("", "")


@needs_pure
def test_the_words_that_are_compared_do_not_depend_on_the_renderer(nothing, monkeypatch):
    without = draw()
    monkeypatch.undo()
    with_one = draw()
    assert without.data != with_one.data
    assert without._repr_mimebundle_()[0]["text/plain"] == ALT
    assert with_one._repr_mimebundle_()[0]["text/plain"] == ALT
    assert set(without._repr_mimebundle_()[0]) == set(with_one._repr_mimebundle_()[0])


@needs_pure
@needs_shell
@pytest.mark.parametrize(
    "script", ["raise SystemExit(1)", "print('no drawing')", "import os; os.abort()"]
)
def test_a_broken_dot_is_passed_over(script, monkeypatch, tmp_path, capfd):
    pretend_dot(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "data 6" in texts(draw())
    assert capfd.readouterr().err == ""


def test_where_no_program_can_be_started_the_words_remain(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("emscripten does not support processes")

    monkeypatch.setattr(subprocess, "run", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert texts(draw())[-1] == ADVICE


def test_without_the_graphviz_package_the_words_remain(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz.backend.execute", None)
    assert texts(draw())[-1] == ADVICE


@needs_shell
def test_a_dot_that_hangs_is_given_up_and_the_words_remain(nothing, monkeypatch, tmp_path, capfd):
    pretend_dot(tmp_path, "import time; time.sleep(60)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(render, "MOST_SECONDS", 0.5)
    assert texts(draw())[-1] == ADVICE
    assert capfd.readouterr() == ("", "")


@needs_pure
def test_what_is_no_graph_is_not_drawn():
    assert render_svg(DOT) is not None
    assert render_svg("digraph { this is no dot") is None


GRAPHVIZ = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "x" "y">
<!-- Generated by graphviz -->
<svg width="{width}pt" height="75pt" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg">
<g id="graph0" class="graph"><title>%3</title><!-- n1 --><text>a</text></g></svg>"""


def test_an_inline_svg_has_no_ids_comments_or_tooltips():
    tidy = tidy_svg(GRAPHVIZ.format(width=300))
    assert tidy.startswith('<svg width="400" height="100"')
    for unwanted in (" id=", "<!--", "<title", "DOCTYPE"):
        assert unwanted not in tidy
    assert "<text>a</text>" in tidy


SMALLEST = round(4000 * render.SMALLEST_SCALE)


@pytest.mark.parametrize("points, shown", [(300, 400), (675, 900), (900, 900), (3000, SMALLEST)])
def test_a_wide_graph_is_scaled_to_the_page_but_stays_readable(points, shown):
    assert f'<svg width="{shown}"' in tidy_svg(GRAPHVIZ.format(width=points))
    assert SMALLEST > 900


def test_stacked_drawings_keep_their_sizes_and_captions():
    one = '<svg width="40" height="30" viewBox="0 0 9 9" role="img"><rect/></svg>'
    root = ET.fromstring(stacked([one, one], ["first", "second < third"]))
    inner = [child for child in root if child.tag.endswith("svg")]
    assert [child.get("y") for child in inner] == ["28", "98"]
    assert all((child.get("width"), child.get("height")) == ("40", "30") for child in inner)
    captions = [child.text for child in root if child.tag.endswith("text")]
    assert captions == ["first", "second < third"]
    assert int(root.get("height")) >= 98 + 30
    with pytest.raises(ValueError, match="has no size"):
        stacked(["<svg></svg>"], ["first"])
