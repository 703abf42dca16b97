"""From DOT source to SVG with whatever is on this machine (chapters 01, 02 and later graphs).

`dot` is used where it is installed, else the program of the pip package ``graphviz-pure``; inside a
browser, which has no programs, `dot` as WebAssembly. Where none works the picture is a card that
carries the alt text and one line of advice: the reader loses the drawing, not what it says.
"""

from __future__ import annotations

import functools
import re
import shutil
import sysconfig
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from classroom.viz.kit.picture import SVG, Picture, visible
from classroom.viz.kit.style import FONT, INK, PAGE_WIDTH, PAPER, PHONE_WIDTH, TEXT, TINT
from classroom.viz.kit.webassembly import browser_svg, in_browser

ADVICE = "Not drawn, no Graphviz here: `pip install graphviz-pure` (or install `dot`), then rerun."

MOST_SECONDS = 20
"""A renderer that takes longer hangs: the largest graph takes `dot` a second."""
SMALLEST_SCALE = 0.6
"""A drawing is not shown smaller than this: beyond it the page scrolls."""
EDGE = re.compile(r'<g id="edge\d+" class="edge">.*?</g>', re.DOTALL)
RIM = f'stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'


def graph_picture(dot: str, alt: str, goals: Mapping[int, str] | None = None) -> Picture:
    """Draw DOT source, or write its alt text on a card if nothing here can draw it.

    `goals` has for a node, counted from 1 in the order of the source, the attributes that make it a
    control (see `classroom.viz.kit.parts`). On a phone the graph runs from top to bottom.
    """

    def drawn(dot: str, page: int) -> str:
        svg = render_svg(visible(dot), page) or text_card(alt, ADVICE, page // 8)
        for index, attributes in (goals or {}).items():
            svg = svg.replace(f'<g id="node{index}"', f'<g id="node{index}" {attributes}', 1)
        return svg

    downwards = dot.replace("rankdir=LR", "rankdir=TB")
    wide = drawn(dot, PAGE_WIDTH)
    return Picture(wide, SVG, alt, small=lambda: drawn(downwards, PHONE_WIDTH))


def renderers() -> list[Path]:
    """Return the programs on this machine that can draw a graph, the preferred one first."""
    scripts = sysconfig.get_path("scripts")
    found = [
        shutil.which("dot"),
        shutil.which("graphviz-pure", path=scripts),
        shutil.which("graphviz-pure"),
    ]
    return [Path(program) for program in dict.fromkeys(found) if program]


def render_svg(dot: str, page: int = PAGE_WIDTH) -> str | None:
    """Return the drawing as SVG source, for a page of that width, or None if no renderer works."""
    programs = [functools.partial(_run, program) for program in renderers()]
    for draw in [browser_svg] if in_browser() else programs:
        try:
            return tidy_svg(draw(dot), page)
        except (ImportError, OSError, RuntimeError, ValueError):
            continue  # not installed properly: the next one may do
    return None


def _run(program: Path, dot: str) -> str:
    """Return what a renderer makes of DOT source; a RuntimeError if it fails, or hangs."""
    import subprocess

    from graphviz.backend.execute import run_check

    told = {"input": dot, "capture_output": True, "encoding": "utf-8", "quiet": True}
    try:
        done = run_check([program, "-Kdot", "-Tsvg"], timeout=MOST_SECONDS, **told)
    except subprocess.SubprocessError as error:
        raise RuntimeError(str(error)) from error
    return str(done.stdout)


def tidy_svg(source: str, page: int = PAGE_WIDTH) -> str:
    """Make Graphviz's SVG fit for a page with many graphs.

    Cut are the prologue, ids but those of nodes and edges (so that they can light up), and titles
    of single nodes (a browser shows them as tooltips). Words on an edge get a rim of paper, so that
    no arrow crosses them. A wide drawing is scaled to the page, and `sans-serif` written small: a
    renderer that reads it with its case would take letters with feet.
    """
    source = source[source.index("<svg") :].replace("sans-Serif", "sans-serif")
    source = re.sub(r"<!--.*?-->\n?", "", source, flags=re.DOTALL)
    source = re.sub(r"<title>.*?</title>\n?", "", source, flags=re.DOTALL)
    source = re.sub(r' id="(?!node\d|edge\d)[^"]*"', "", source)
    source = EDGE.sub(lambda edge: edge.group().replace("<text ", f"<text {RIM} "), source)
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', source)
    width, height = (float(length) * 4 / 3 for length in size.groups()) if size else (1.0, 1.0)
    scale = min(1.0, max(page / width, SMALLEST_SCALE))
    shown = f'width="{width * scale:.0f}" height="{height * scale:.0f}"'
    return source.replace(size[0], shown, 1) if size else source


def text_card(text: str, advice: str, columns: int = 100) -> str:
    """Return an SVG that carries a text and, below it, one line of advice."""
    lines = textwrap.wrap(text, columns)
    step, left, wide = 20, 16, 8 * columns
    height = step * (len(lines) + 2) + 16
    rows = "".join(
        f'<text x="{left}" y="{step * (row + 1) + 8}" fill="{TEXT}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" '
        f'viewBox="0 0 {wide} {height}" font-family="{FONT}" font-size="14">'
        f'<rect x="1" y="1" width="{wide - 2}" height="{height - 2}" rx="6" fill="{PAPER}" '
        f'stroke="{INK["constant"]}" stroke-dasharray="6 4"/>{rows}'
        f'<rect x="2" y="{height - step - 14}" width="{wide - 4}" height="{step + 12}" rx="6" '
        f'fill="{TINT["accent"]}"/><text x="{left}" y="{height - step + 6}" '
        f'fill="{INK["accent"]}">{escape(advice)}</text></svg>'
    )


def stacked_picture(pictures: Sequence[Picture], captions: Sequence[str], alt: str) -> Picture:
    """Return graphs below each other, each under its caption, which on a phone has more lines."""
    lines = ["\n".join(textwrap.fill(s, 48) for s in said.split("\n")) for said in captions]
    return Picture(
        *(stacked([str(p.data) for p in pictures], captions), SVG, alt),
        small=lambda: stacked([str(p.on_a_phone().data) for p in pictures], lines),
    )


def stacked(drawings: Sequence[str], captions: Sequence[str]) -> str:
    """Return one SVG with several drawings below each other, each under its lines of text."""
    width, top, parts = 0.0, 0.0, []
    for drawing, caption in zip(drawings, captions):
        found = re.search(r'\bwidth="([\d.]+)" height="([\d.]+)"', drawing)
        if found is None:
            raise ValueError(f"a drawing has no size: {drawing[:60]!r}")
        across, down = (float(length) for length in found.groups())
        for line in caption.split("\n"):
            top += 22
            parts.append(
                f'<text x="6" y="{top - 2:.0f}" font-size="14" fill="{TEXT}">{escape(line)}</text>'
            )
            width = max(width, 7.2 * len(line))
        plain = re.sub(r' (role|aria-label|style|id)="[^"]*"|<(title|desc)>.*?</\2>', "", drawing)
        size = f'x="0" y="{top + 6:.0f}" width="{across:.0f}" height="{down:.0f}"'
        parts.append(plain.replace(found.group(), size, 1))
        width, top = max(width, across), top + down + 18
    scale = min(1.0, PAGE_WIDTH / width)
    size = f'width="{scale * width:.0f}" height="{scale * top:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {width:.0f} {top:.0f}" font-family="{FONT}">'
        f'<rect width="{width:.0f}" height="{top:.0f}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
