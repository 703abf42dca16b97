"""One palette and one plotting style for the whole course, and the way from a figure to a Picture.

A plot is drawn on a `matplotlib` figure of its own (no pyplot, no global state) inside
``with figure() as fig`` and leaves it through `to_picture`:

    with figure(9, 4) as fig:
        ax = fig.subplots()
        ax.plot(losses, color=COLOURS["data"])
        return to_picture(fig, f"Loss over {len(losses)} steps, from ... to ...")

The colours of `classroom.viz.kit.palette` are too pale for text on white, so text uses `INK`, the
darker shade of the same hue, and areas behind text use `TINT`. Colour is never the only sign: vary
line style, marker or label as well (`LINE_STYLES`, `MARKERS`).
"""

from __future__ import annotations

import io
import logging
import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from classroom.viz.kit.palette import ABOVE, BELOW, COLOURS, GRID, INK, PAPER, TEXT, TINT  # noqa: F401, handed on
from classroom.viz.kit.picture import PAGE_WIDTH, PHONE_WIDTH, PNG, SVG, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CYCLE = tuple(COLOURS[name] for name in ("data", "gradient", "parameter", "third", "accent"))
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")

DPI, POINTS = 150, 72
"""Dots per inch of a stored picture; it is shown at `CSS_PIXELS_PER_INCH`."""
CSS_PIXELS_PER_INCH = 100
POSITIONS = re.compile(r' (?:d|x|y)="[^"]*"')  # a tenth of a pixel is enough
MARKS = re.compile(r'<use [^>]*( style="[^"]*")/>\n(?:<use [^>]*\1/>\n)+')
MOST_BYTES = 200_000
"""An SVG is not larger than this: a plot of thousands of points becomes a PNG."""

PX = POINTS / CSS_PIXELS_PER_INCH
"""Points of a pixel on the page: plots have the sizes of `cells` and `frames`."""
RC: dict[str, Any] = {
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "axes.edgecolor": INK["constant"],
    "axes.linewidth": PX, "axes.labelcolor": INK["constant"], "axes.labelsize": 12 * PX,
    "axes.titlelocation": "left", "axes.titlesize": 14 * PX, "axes.titleweight": "bold",
    "axes.titlepad": 12 * PX, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.grid.axis": "y", "axes.axisbelow": True,
    "grid.color": GRID, "grid.linewidth": PX,
    "font.family": "DejaVu Sans", "font.size": 13 * PX, "text.color": TEXT,
    "xtick.color": INK["constant"], "xtick.labelcolor": TEXT, "xtick.labelsize": 12 * PX,
    "xtick.major.size": 5 * PX, "xtick.major.width": PX, "xtick.minor.size": 0,
    "ytick.labelcolor": INK["constant"], "ytick.labelsize": 12 * PX,
    "ytick.major.size": 0, "ytick.minor.size": 0,
    "legend.frameon": False, "legend.fontsize": 13 * PX,
    "lines.linewidth": 3 * PX, "lines.markersize": 8 * PX,
    "svg.hashsalt": "microgpt", "svg.fonttype": "none",
}  # fmt: skip
FONT = "Helvetica,Arial,sans-serif"
"""Of every picture: what every machine has in one shape or another."""


@contextmanager
def figure(width: float = 9.0, height: float = 4.0, layout: Any = "tight") -> Iterator[Figure]:
    """Open an empty figure in the course's style; nothing of it outlives the ``with`` block.

    Width and height are inches: 9 x 4 fits a notebook page and a slide of 960 x 700 pixels. The
    layout is ``"tight"``, ``"constrained"`` (better for colour bars, slower) or ``"none"`` (place
    the axes yourself). Draw on ``fig.subplots()``; end with ``return to_picture(fig, alt)`` inside
    the block.
    """
    with loading_matplotlib():
        import matplotlib as mpl
        from cycler import cycler
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    settings: Any = {**RC, "axes.prop_cycle": cycler(color=CYCLE)}
    with mpl.rc_context(), warnings.catch_warnings():
        # A letter that the font lacks is a box, and below 3.11 `clear` complains of log axes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Attempt to set non-positive .lim")
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        fig = Figure(figsize=(width, height), layout=layout)
        FigureCanvasAgg(fig)
        yield fig
        fig.clear()


@contextmanager
def loading_matplotlib() -> Iterator[None]:
    """Keep it from complaining, above the picture, of a home that it may not write.

    It then keeps its settings and its list of fonts in a temporary folder, and says so at length.
    """
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def to_picture(fig: Figure, alt: str, *, dpi: int = DPI, svg: bool = True) -> Picture:
    """Turn a figure into a Picture: the same bytes for the same figure, every time.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, still inside its ``with figure()`` block.
    alt : str
        What it shows, with its key numbers (see `Picture`).
    dpi : int
        Dots per inch of a PNG.
    svg : bool
        Draw an SVG, which takes its colours from the page; a PNG if there would be more than
        `MOST_BYTES` of it.
    """
    _take_words_as_words(fig)
    for ax in fig.axes:  # what is measured stands above, as in the explorers, and upright
        if not ax.get_title(loc="left"):
            ax.set_title(ax.get_ylabel())
            ax.set_ylabel("")
    drawn = _svg_of(fig) if svg else ""
    if drawn and len(drawn) <= MOST_BYTES:
        small = _for_phone(fig)
        return Picture(drawn, SVG, alt, small=lambda: small)
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    width = min(PAGE_WIDTH, round(fig.get_figwidth() * CSS_PIXELS_PER_INCH))
    return Picture(buffer.getvalue(), PNG, alt, width=width)


def _take_words_as_words(fig: Figure) -> None:
    """Let a dollar in a label be a dollar, and a power of ten a number: exponents are too small."""
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatter

    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        if isinstance(axis.get_major_formatter(), LogFormatter):
            low, high = axis.get_view_interval()
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter("{x:,g}" if high < 10 * low else "")
    for text in fig.findobj(Text):
        text.set_parse_math(False)


def _for_phone(fig: Figure) -> str:
    """The figure as wide as a phone: letters and margins stay, the axes have what is left."""
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        text.set_fontsize(11 if float(text.get_fontsize()) < 12 * PX else 12)
    width, height = fig.get_size_inches()
    shrunk, count = width * POINTS / PHONE_WIDTH, len(fig.axes)
    grid = fig.add_gridspec(count, 1)
    for place, ax in enumerate(fig.axes):
        box = ax.get_position()
        left, right = shrunk * box.x0, 1 - shrunk * (1 - box.x1)
        if fig.get_layout_engine() is not None:
            ax.set_subplotspec(grid[place])
            ax.tick_params(labelleft=True)
        elif count > 1:
            ax.set_position((0.02, 1 - (place + 0.98) / count, 0.96, 0.96 / count))
        else:
            ax.set_position((left, box.y0, right - left, box.height))
        ax.set_xlabel(textwrap.fill(ax.get_xlabel(), 40))
        names = [text.get_text() for text in ax.get_xticklabels()]
        if len(names) > 20:  # a word among single letters stands a line below them
            ax.set_xticks(ax.get_xticks(), ["\n" * (len(name) > 1) + name for name in names])
        if len(ax.texts) > 12:
            ax.margins(y=0.16)
        for text in ax.texts if len(ax.texts) > 12 else ():
            text.set(rotation=90, verticalalignment="bottom")
    height *= 1 + 0.8 * (count - 1)
    fig.set_size_inches(PHONE_WIDTH / POINTS, height)
    root = f'width="{PHONE_WIDTH}" height="{height * POINTS:.0f}"'
    return re.sub(r'width="[\d.]+" height="[\d.]+"', root, _svg_of(fig), count=1)


def _svg_of(fig: Figure) -> str:
    """The figure as SVG without prologue, in CSS pixels, with fonts that every machine has."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawn = buffer.getvalue().decode("utf-8")
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"\s*\n\s*", "\n", drawn)
    drawn = POSITIONS.sub(lambda found: re.sub(r"(\.\d)\d+", r"\1", found[0]), drawn)
    drawn = MARKS.sub(lambda f: f"<g{f[1]}>{f[0].replace(f[1], '')}</g>\n", drawn)
    drawn = drawn.replace("'DejaVu Sans'", FONT)
    inches = fig.get_size_inches()
    scale = min(CSS_PIXELS_PER_INCH, PAGE_WIDTH / inches[0])
    size = (round(scale * side) for side in inches)
    root = 'width="{}" height="{}"'.format(*size)
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', root, drawn, count=1)


def contrast(colour: str, background: str) -> float:
    """Return the contrast ratio of two ``#RRGGBB`` colours, from 1 to 21.

    Source: W3C, Web Content Accessibility Guidelines 2.1, "contrast ratio" and "relative
    luminance". Text needs at least 4.5.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    lighter, darker = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a ``#RRGGBB`` colour, from 0 (black) to 1 (white)."""
    if len(colour) == 4:  # #RGB
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
