"""Graphviz as WebAssembly: the half that runs in the browser is tried in Node, if that is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from classroom.viz import render
from classroom.viz.webassembly import HOST, browser_svg
from microgpt import Value

NODE = shutil.which("node")
# A module that exports what Graphviz's does, in the text format's stead: a JavaScript stand-in.
STAND_IN = """
const start = SOURCE;
const memory = new WebAssembly.Memory({initial: 1});
let top = 8;
const malloc = (size) => { const place = top; top += size; return place; };
const put = (text) => {
  const data = new TextEncoder().encode(text), place = malloc(data.length + 1);
  new Uint8Array(memory.buffer).set([...data, 0], place);
  return [place, data.length];
};
const read = (place) => {
  const all = new Uint8Array(memory.buffer, place);
  return new TextDecoder().decode(all.slice(0, all.indexOf(0)));
};
let freed = 0;
const exports = {
  memory, malloc, free: () => { freed++; }, graphviz_free: () => { freed++; },
  graphviz_last_error: () => put('syntax error in line 1')[0],
  graphviz_render: (dot, format, engine, size) => {
    if (!read(dot).startsWith('digraph')) return 0;
    const [place, length] = put(`${read(engine)} ${read(format)} of ${read(dot)}`);
    new DataView(memory.buffer).setUint32(size, length, true);
    return place;
  },
};
WebAssembly.Module = class { static imports() { return [{name: 'fd_read'}]; } };
WebAssembly.Instance = class { constructor() { this.exports = exports; } };
const draw = start(new Uint8Array());
const said = [draw('digraph { é }', 'svg', 'dot')];
try { draw('nonsense', 'svg', 'dot'); } catch (error) { said.push(error.message); }
console.log(JSON.stringify([...said, freed]));
"""


def test_outside_a_browser_it_says_so():
    with pytest.raises(ImportError, match="only a browser"):
        browser_svg("digraph { a -> b }")


def test_in_a_browser_it_is_the_renderer(monkeypatch):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="20pt" '
    drawing += 'viewBox="0 0 30 20"><text>by WebAssembly</text></svg>'
    monkeypatch.setattr(render, "in_browser", lambda: True)
    monkeypatch.setattr(render, "browser_svg", lambda dot: drawing)
    assert (
        "by WebAssembly" in render.graph_picture("digraph { a -> b }", "An arrow from a to b.").data
    )


def test_a_browser_without_graphviz_shows_the_words(monkeypatch):
    from classroom.viz import draw_graph

    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "Not drawn" in draw_graph(Value(1) + Value(2)).data


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
def test_texts_go_in_and_come_out_and_nothing_is_left_behind(tmp_path):
    script = tmp_path / "try.js"
    script.write_text(STAND_IN.replace("SOURCE", HOST.read_text(encoding="utf-8")))
    done = subprocess.run([NODE, str(script)], capture_output=True, text=True, check=True)
    drawn, complaint, freed = json.loads(done.stdout)
    assert drawn == "dot svg of digraph { é }"
    assert complaint == "syntax error in line 1"
    assert freed == 2 * 4 + 1
