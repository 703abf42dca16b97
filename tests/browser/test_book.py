"""The reading edition in a browser without network: axe-core finds nothing serious.

axe-core comes with the package axe-playwright-python. Every page is looked at twice: on a phone in
the dark, on a wide window in the light; the front page also the other way round.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
pytest.importorskip("sphinx_book_theme", reason="the extra `book` is not installed")

from tools import book
from tools.browser import open_page

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WINDOWS = [(PHONE, "dark"), (WIDE, "light")]
OTHER_WAY_ROUND = [(PHONE, "light"), (WIDE, "dark")]
SERIOUS = {"serious", "critical"}
# One of each kind of page that Sphinx makes; the index of all names repeats one thing 900 times.
LEFT_OUT = {"api.html", "genindex.html", "py-modindex.html"}
# Of thousands of words of code that look alike, one of each kind: axe-core takes long for each.
ONE_OF_A_KIND = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll(".highlight span[class]"))
        if (seen.has(word.className)) word.replaceWith(...word.childNodes);
        else seen.add(word.className);
}"""


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


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    package = importlib.util.find_spec("axe_playwright_python")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page, axe: str) -> list[str]:
    """What axe-core finds serious or critical on a page: the rule, how often, the first place."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run({resultTypes: ['violations'], preload: false})")[
        "violations"
    ]
    return [
        f"{v['id']} ({v['impact']}), {len(v['nodes'])} times: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in SERIOUS
    ]


def test_no_page_is_hard_to_use_or_asks_other_hosts(chrome, site, axe):
    pages = sorted([*site.glob("*.html"), *site.glob("notebooks/*.html")])
    read = [path for path in pages if path.name not in LEFT_OUT]
    assert len(read) >= 14
    found = {}
    for window, theme in WINDOWS + OTHER_WAY_ROUND:
        page, requests = open_page(chrome, offline=True, viewport=window, color_scheme=theme)
        for path in read if (window, theme) in WINDOWS else [site / "index.html"]:
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.dataset.theme") == theme
            place = f"{path.relative_to(site)}, {theme}, {window['width']} wide"
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            page.evaluate(ONE_OF_A_KIND)
            complaints = violations(page, axe)
            complaints += [f"{wider} pixels too wide"] if wider > 0 else []
            complaints += [f"asks {url}" for url in requests]
            requests.clear()
            if complaints:
                found[place] = complaints
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
