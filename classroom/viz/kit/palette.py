"""The colours of the whole course, on a light page and on a dark one.

They are those of Okabe and Ito (Color Universal Design, 2008), which stay apart for colour-blind
readers. Drawings are made with the light ones; `themed` turns them into variables that follow the
page, so no drawing function knows of themes.
"""

from __future__ import annotations

import re

PAPER = "#FFFFFF"
TEXT = "#1A1A1A"
GRID = "#DDDDDD"

# Lines, text and areas that carry text; the same on a dark page.
PALETTE = {
    "data": ("#0072B2", "#005B8F", "#E3F0F8", "#3B9BDC", "#85C8F7", "#12293A"),  # blue
    "gradient": ("#D55E00", "#A84A00", "#FBE9DD", "#EE7F31", "#FFAA6E", "#3B2314"),  # vermilion
    "parameter": ("#009E73", "#00664A", "#E0F3EC", "#1FB58A", "#63DBB8", "#0F3127"),  # green
    "constant": ("#767676", "#595959", "#EFEFEF", "#9A9A9A", "#BDBDBD", "#2B2B2B"),  # grey
    # orange, what the text points at; sky blue; reddish purple
    "accent": ("#E69F00", "#7A5400", "#FDF3DC", "#F0B429", "#F5C55C", "#382C0F"),
    "second": ("#56B4E9", "#1F6E9C", "#EAF5FC", "#8CCDF5", "#A3DAFA", "#173140"),
    "third": ("#CC79A7", "#96437A", "#F8EAF2", "#DB90BC", "#EFAFD4", "#37212E"),
}
COLOURS, INK, TINT, DARK_COLOURS, DARK_INK, DARK_TINT = (
    {name: row[place] for name, row in PALETTE.items()} for place in range(6)
)
"""Lines, bars and borders, by what they stand for (contrast with `PAPER` at least 2.2); text in the
same hues, at least 4.5:1 on `PAPER` and on every `TINT`; and these areas."""
SIGNS = {"above": ("#E09600", "#CC8E20"), "below": ("#0F78BB", "#6DB9F2")}
"""The hues of numbers above and below 0 in every picture, on a light page and on a dark one: the
blue, which is drawn flatter, is as much further from the paper. Where there is room, a number in a
cell, or a bar that goes up or down, says the sign too."""
ABOVE, BELOW = SIGNS["above"][0], SIGNS["below"][0]


def _variables() -> dict[str, tuple[str, str, str]]:
    """For each light colour in small letters: its variable, itself, its dark counterpart."""
    pairs = [("paper", PAPER, "#111111"), ("text", TEXT, "#F0F0F0"), ("grid", GRID, "#3A3A3A")]
    pairs += [("code", "#F7F7F7", "#1E1E1E")]  # the ground of code in a deck
    pairs += [(name, *pair) for name, pair in SIGNS.items()]
    kinds = ("", COLOURS, DARK_COLOURS), ("-ink", INK, DARK_INK), ("-tint", TINT, DARK_TINT)
    for kind, light, dark in kinds:
        pairs += [(name + kind, light[name], dark[name]) for name in light]
    found = {light.lower(): (f"--mg-{name}", light, dark) for name, light, dark in pairs}
    return {**found, "white": found[PAPER.lower()], "black": found[TEXT.lower()]}


VARIABLES = _variables()
DARK = {light: dark for _, light, dark in VARIABLES.values()}
"""The dark counterpart of each light colour."""
OF_THE_PAGE = {"--mg-paper": "--jp-layout-color0, var(--pst-color-background, {})"}
"""What the page itself says, where it says it: JupyterLab's name, the book's name."""
DARK_PLACES = ("[data-jp-theme-light=false]", "[data-theme=dark]", ".vscode-dark")
DARK_PAGES = ",".join(f"{place} .mg-theme" for place in DARK_PLACES)
OWN = re.compile(r'<style>\.mg-theme.*?</style>|(?<=<svg) class="mg-theme"', re.DOTALL)
VARIABLE = re.compile(r"var\(\s*--[\w-]+\s*,\s*([^()]*(?:\([^()]*\))?[^()]*)\)")
PAINT = re.compile(
    r"""((?:fill|stroke|stop-color|color)(?:="|:\s*))(#[0-9A-Fa-f]{6}|black|white)(?=[";\s])"""
)
SIZES, TABLET = re.compile(r'font-size(?:="|: )([\d.]+)'), 650.0
"""Sizes of words, and how wide a picture is shown on a tablet, in CSS pixels."""


def filled(sheet: str) -> str:
    """A sheet or script with the light colours in place of their names, as ``var(--mg-data)``."""
    named = {name: light for name, light, _ in VARIABLES.values()}
    return re.sub(r"var\((--mg-[\w-]+)\)", lambda found: named[found[1]], sheet)


def root() -> str:
    """Every colour as a variable of a whole page, light or dark as the system is."""
    light, dark = ("".join(f"{n}:{pair[i]};" for n, *pair in VARIABLES.values()) for i in (0, 1))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def themed(svg: str) -> str:
    """Let a drawing take its colours from the page: light or dark, as a whole.

    Colours of this module become variables, each with the light colour as fallback; others
    stay. Inside a page it follows the page's theme, as an image file what
    the page says of itself.
    """
    svg = OWN.sub("", svg)  # a drawing within this one may have been themed before
    svg = PAINT.sub(_as_variable, svg)
    used = {name for name, *_ in VARIABLES.values() if f"var({name}," in svg} | {"--mg-text"}
    opening = re.search(r"<svg\b[^>]*>", svg)
    assert opening is not None
    tag = opening.group().replace("<svg", '<svg class="mg-theme"', 1)
    style = _style(sorted(used)).replace("</style>", f"{_on_a_tablet(svg)}</style>")
    return svg[: opening.start()] + tag + style + svg[opening.end() :]


def _on_a_tablet(svg: str) -> str:
    """A rule for words that would be below 11 pixels where a page shrinks the drawing."""
    size = re.search(r'width="([\d.]+)"[^>]*viewBox="\S+ \S+ ([\d.]+)', svg)
    least = 11 * float(size[2]) / TABLET if size and float(size[1]) > TABLET else 0
    small = sorted({found for found in SIZES.findall(svg) if float(found) < least})
    ways = [f'[font-size="{s}"],.mg-theme [style*="font-size: {s}px"]' for s in small]
    rule = f".mg-theme {',.mg-theme '.join(ways)}{{font-size:{least:.4g}px!important}}"
    return f"@media (min-width:480px) and (max-width:800px){{{rule}}}" if small else ""


def in_light(svg: str) -> str:
    """The drawing as it is on a light page, in plain colours: for programs that know no variables.

    >>> in_light(themed('<svg><g fill="#1A1A1A"/></svg>'))
    '<svg><g fill="#1A1A1A"/></svg>'
    """
    svg, before = OWN.sub("", svg), ""
    while before != svg:
        before, svg = svg, VARIABLE.sub(r"\1", svg)
    return svg


def _as_variable(found: re.Match[str]) -> str:
    name, light, _ = VARIABLES.get(found[2].lower(), ("", "", ""))
    return f"{found[1]}var({name}, {light})" if name else found[0]


def _style(used: list[str]) -> str:
    """The style sheet: values on a light page, on a dark one, and for text without a colour."""
    values = {name: pair for name, *pair in VARIABLES.values()}
    light, dark = ("".join(f"{n}:{_of_the_page(n, values[n][i])};" for n in used) for i in (0, 1))
    return (
        f"<style>.mg-theme{{{light}}}"
        f"@media (prefers-color-scheme:dark){{.mg-theme:root{{{dark}}}}}"
        f"{DARK_PAGES}{{{dark}}}"
        ".mg-theme text:not([fill]):not([style*=fill]){fill:var(--mg-text)}</style>"
    )


def _of_the_page(name: str, value: str) -> str:
    return f"var({OF_THE_PAGE[name].format(value)})" if name in OF_THE_PAGE else value
