"""The reading edition in a browser without network: axe-core finds nothing serious, and on a phone
the words of every picture can be read.

axe-core comes with the package axe-playwright-python. Every page is loaded once and looked at
twice: on a wide window in the light, and on a phone in the dark, where only what may differ is
asked again; the front page also the other way round.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("sphinx_book_theme", reason="the extra `book` is not installed")

from browser.hands import violations

from tools import book
from tools.browser import open_page

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WINDOWS = [(WIDE, "light"), (PHONE, "dark")]
OTHER_WAY_ROUND = [(PHONE, "light"), (WIDE, "dark")]
# What a small or dark window changes: colours, and what there is to press.
ASKED_AGAIN = ["color-contrast", "button-name", "link-name", "scrollable-region-focusable"]
# One of each kind of page that Sphinx makes; the reference repeats one thing 900 times.
LEFT_OUT = {"api.html", "py-modindex.html"}
# Of thousands of words of code that look alike, one of each kind: axe-core takes long for each.
ONE_OF_A_KIND = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll(".highlight span[class]"))
        if (seen.has(word.className)) word.replaceWith(...word.childNodes);
        else seen.add(word.className);
}"""

# What is not as it should be with the pictures of a page: words below 11 pixels (on a phone), a
# drawing on a ground of its own, a page that scrolls sideways, words of Python below an explorer.
LOOKED_AT = """phone => {
  const found = [], clear = 'rgba(0, 0, 0, 0)';
  const bare = element => getComputedStyle(element).backgroundColor === clear;
  for (const image of document.querySelectorAll('.cell_output img')) {
    if (!image.currentSrc.startsWith('data:image/svg')) continue;
    const svg = new DOMParser().parseFromString(new TextDecoder().decode(Uint8Array.from(
      atob(image.currentSrc.split(',')[1]), one => one.charCodeAt())), 'image/svg+xml');
    const root = svg.documentElement, box = root.getAttribute('viewBox');
    const wide = box ? Number(box.split(' ')[2]) : parseFloat(root.getAttribute('width'));
    const sizes = [...root.outerHTML.matchAll(/font-size[=:]\\s*"?([\\d.]+)/g)].map(one => +one[1]);
    const least = Math.min(...sizes) * image.getBoundingClientRect().width / wide;
    if (phone && image.checkVisibility() && least < 10.9)
      found.push(`words of ${least.toFixed(1)} pixels: ${image.alt.slice(0, 60)}`);
  }
  for (const part of document.querySelectorAll('.swipe'))
    if (phone && part.scrollWidth > part.clientWidth + 1)
      found.push(`sticks out: ${part.querySelector('img').alt.slice(0, 60)}`);
  for (const part of document.querySelectorAll('.cell_output :is(.text_html, img:not(.pixels))'))
    if (!bare(part)) found.push(`a ground of its own: ${part.outerHTML.slice(0, 60)}`);
  for (const words of document.querySelectorAll('.explorer'))
    if (/\\w\\(.*\\): /.test(words.textContent)) found.push(words.textContent);
  if (/(^|\\. )Press (play|start)/m.test(document.body.innerText)) found.push('nothing plays here');
  const wider = document.documentElement.scrollWidth - innerWidth;
  return wider > 0 ? [...found, `${wider} pixels too wide`] : found;
}"""

# A moment after the window or the theme has changed: colours have stopped fading, and the theme has
# made what is wide reachable by Tab.
SETTLED = """() => document.getAnimations().every(each => each.playState !== 'running') &&
  [...document.querySelectorAll('pre, .cell_output > .output, .pst-scrollable-table-container')]
    .every(each => each.scrollWidth <= each.clientWidth || each.tabIndex === 0)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The book: the one that ``MICROGPT_BOOK`` names, else built in a folder of its own."""
    if os.environ.get("MICROGPT_BOOK"):
        return Path(os.environ["MICROGPT_BOOK"]).resolve()
    place = tmp_path_factory.mktemp("book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "BUILD", place)
        patch.setattr(book, "SOURCE", place / "source")
        patch.setattr(book, "SITE", place / "html")
        assert book.main() == 0
    return place / "html"


def test_no_page_is_hard_to_use_or_asks_other_hosts(chrome, site, axe):
    pages = sorted([*site.glob("*.html"), *site.glob("notebooks/*.html")])
    read = [path for path in pages if path.name not in LEFT_OUT]
    assert len(read) >= 14
    found = {}
    page, requests = open_page(chrome, offline=True)
    for path in read:
        page.goto(path.as_uri())
        front = path.name == "index.html"
        for window, theme in WINDOWS + OTHER_WAY_ROUND * front:
            page.set_viewport_size(window)
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(
                "theme => document.documentElement.dataset.theme === theme", arg=theme
            )
            page.wait_for_function(SETTLED)
            complaints = page.evaluate(LOOKED_AT, window is PHONE)
            page.evaluate(ONE_OF_A_KIND)
            whole = front or window is WIDE
            complaints += violations(page, axe, rules=None if whole else ASKED_AGAIN)
            complaints += [f"asks {url}" for url in requests]
            requests.clear()
            if complaints:
                found[f"{path.relative_to(site)}, {theme}, {window['width']} wide"] = complaints
    page.context.close()
    assert found == {}


def test_faults_are_found(chrome, axe):
    page, requests = open_page(chrome, offline=True)
    page.set_content(
        "<html lang='en'><title>Faults</title><main><h1>Faults</h1><img src='http://a.org/b.png'>"
        "<p style='color: #aaa; background: #fff'>pale</p></main></html>"
    )
    found = violations(page, axe)
    page.context.close()
    assert {line.split()[0] for line in found} == {"image-alt", "color-contrast"}
    assert requests == ["http://a.org/b.png"]


def test_a_picture_that_cannot_be_read_is_found(chrome):
    small = "<svg xmlns='http://www.w3.org/2000/svg' width='900' viewBox='0 0 900 90'>"
    small += "<text y='50' font-size='11'>small</text></svg>"
    source = base64.b64encode(small.encode()).decode()
    page, _ = open_page(chrome, offline=True, viewport=PHONE)
    page.set_content(
        "<p>Press play.</p><div class='cell_output'><div class='text_html' style='background: red'>"
        f"<img style='width: 100%' alt='A drawing' src='data:image/svg+xml;base64,{source}'>"
        "<p class='explorer'>NamesExplorer(T=0.5): names</p></div></div>"
    )
    found = page.evaluate(LOOKED_AT, True)
    page.context.close()
    assert [line[:14] for line in found] == [
        *("words of 4.6 p", "a ground of it", "NamesExplorer(", "nothing plays "),
    ]
