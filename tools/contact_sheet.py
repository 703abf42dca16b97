"""Draw every explorer at its default, smallest and largest settings, on a light and a dark page.

    python -m tools.contact_sheet                 all, to build/contact_sheet.html
    python -m tools.contact_sheet LogitLens       some
    python -m tools.contact_sheet --png           also pictures of both pages (needs Chromium)

For authors: one look shows what is cut off, too pale, or jumps.
"""

from __future__ import annotations

import argparse
import sys
from html import escape

from classroom.viz.kit.palette import DARK, PAPER, TEXT
from classroom.widgets import Explorer
from tools import ROOT
from tools.explorers import extremes, names

LARGEST_PICTURE = (900, 520)


def complaints(name: str, title: str, explorer: Explorer) -> list[str]:
    """What is wrong with a state that can be told without eyes: a picture too wide or too high."""
    if explorer.picture is None:
        return [f"{name}, {title}: no picture ({explorer.error})"]
    (width, height), most = explorer.picture.size, LARGEST_PICTURE
    fits = width <= most[0] and height <= most[1]
    return [] if fits else [f"{name}, {title}: {width} x {height}, more than {most[0]} x {most[1]}"]


def figure(name: str, title: str, explorer: Explorer) -> str:
    """One state as HTML."""
    picture = explorer.picture.html() if explorer.picture else ""
    caption = f"<figcaption><b>{name}</b>, {title}</figcaption>"
    return f"<figure>{caption}{picture}<p>{escape(repr(explorer))}</p></figure>"


def page(figures: list[str], dark: bool) -> str:
    """A whole page in one theme."""
    theme = "dark" if dark else "light"
    ground, ink = (DARK[PAPER], DARK[TEXT]) if dark else (PAPER, TEXT)
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8">'
        f"<title>Explorers, {theme}</title><style>body{{background:{ground};color:{ink};"
        "font:13px sans-serif;width:930px;margin:16px}figure{margin:0 0 28px}</style>"
        f"<body>{''.join(figures)}</body></html>"
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the pages; 1 if a picture is too large."""
    parser = argparse.ArgumentParser(prog="python -m tools.contact_sheet", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="EXPLORER", help="LogitLens, ...; all if none")
    parser.add_argument("--png", action="store_true", help="also pictures of the pages")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        print(f"no explorer {unknown[0]!r}: there are {', '.join(names())}")
        return 2
    figures, wrong = [], []
    for name in options.names or names():
        for title, explorer in extremes(name):
            figures.append(figure(name, title, explorer))
            wrong += complaints(name, title, explorer)
    (ROOT / "build").mkdir(exist_ok=True)
    for dark in (False, True):
        target = ROOT / "build" / f"contact_sheet{'_dark' * dark}.html"
        target.write_text(page(figures, dark), encoding="utf-8")
        print(target.relative_to(ROOT).as_posix())
        if options.png:
            from tools.browser import chromium

            with chromium() as browser:
                shown = browser.new_page(viewport={"width": 960, "height": 800})
                shown.goto(target.as_uri())
                shown.screenshot(path=str(target.with_suffix(".png")), full_page=True)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
