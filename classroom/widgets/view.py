"""The view behind every explorer: a picture whose states glide and whose parts are controls.

It is an `anywidget`, so one file of JavaScript serves JupyterLab, Notebook, VS Code, Colab and
JupyterLite. Where anywidget is missing there is no view, and an explorer shows its picture as HTML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import ipywidgets as ipw

from classroom.viz.kit.palette import filled
from classroom.widgets.edits import edits

PAGE = Path(__file__).parent / "page"
SQUARES = re.compile(r'(<g class="mg-squares"[^>]*>).*?(?=</g>)', re.DOTALL)
ASLEEP = "This explorer is asleep: run its cell to wake it."


@cache
def style_sheet() -> str:
    """The style sheet of the explorers."""
    return filled((PAGE / "explorer.css").read_text(encoding="utf-8"))


@cache
def view_class() -> type[Any] | None:
    """The class of the view, or None where anywidget is not installed."""
    try:
        import anywidget
        import traitlets
    except ImportError:
        return None

    class View(anywidget.AnyWidget):
        """Shows `html`, the drawing of a number; pale, if it is out of date.

        Where the controls stood as the cell showed them, and where they stand `now`, outlives the
        kernel with the picture: an explorer that is woken stands where it was left.
        """

        _esm = filled("\n".join(path.read_text("utf-8") for path in sorted(PAGE.glob("*.js"))))
        html, drawn = traitlets.Unicode("").tag(sync=True), traitlets.Int(0).tag(sync=True)
        change: Any = traitlets.List().tag(sync=True)
        pale = traitlets.Bool(False).tag(sync=True)
        begun, now = traitlets.Dict().tag(sync=True), traitlets.Dict().tag(sync=True)
        _known = False

        def show(self, html: str, whole: bool) -> None:
            """Show a drawing; unless the whole is asked for, by what is new in it."""
            if (html := unpainted(html)) == self.html:
                return
            new, number = None if whole else edits(self.html, html), self.drawn
            self._known = new is not None
            with self.hold_sync():
                self.html, self.drawn = html, number + 1
            self._known = False
            if new:
                self.change = [number, number + 1, *new]

        def film(self, drawings: Iterable[str]) -> None:
            """Send what the page plays by itself, see ``page/film.js``."""
            shown = [self.html, *map(unpainted, drawings)]
            film = [edits(a, b) or [0, len(a), b] for a, b in pairwise(shown)]
            self.send({"film": film, "from": self.drawn})

        def notify_change(self, change: Any) -> None:
            """Tell the page, unless it will know by the edits."""
            if not (self._known and change["name"] in ("html", "drawn")):
                super().notify_change(change)

    return View


def new_view() -> ipw.DOMWidget | None:
    """A view for one explorer, or None where there can be none."""
    made = view_class()
    return None if made is None else made()


def unpainted(html: str) -> str:
    """A drawing without the squares that the view paints itself, see ``page/squares.js``."""
    return SQUARES.sub(r"\1", html)


def as_meant(value: Any) -> Any:
    """A value without the noise that a slider on the page adds: -0.2, not -0.20000000000000018.

    The page says so after every move: taken as another value, all would be drawn once more.
    """
    return float(f"{value:.12g}") if isinstance(value, float) else value


def as_value(widget: ipw.Widget, given: Any) -> Any:
    """What a part of a picture says, as a value that the control can take.

    Parameters
    ----------
    widget : widget
        The control.
    given : str, float or bool
        From a ``data-set`` (always text) or a ``data-drag`` (a number).

    Raises
    ------
    ValueError
        If a menu has no such option.
    """
    if hasattr(widget, "_options_values"):
        found = [value for value in widget._options_values if str(value) == str(given)]
        if not found and isinstance(given, (int, float)):  # dragged: the nearest one
            found = [min(widget._options_values, key=lambda value: abs(math.log(value / given)))]
        if not found:
            raise ValueError(f"{widget.description!r} has no option {given!r}")
        return found[0]
    if isinstance(widget.value, bool):
        return str(given).lower() in ("true", "1")
    if isinstance(widget.value, (int, float)):
        return _on_step(widget, float(given))
    return str(given)


def nudged(widget: ipw.Widget, by: int) -> Any:
    """The value that lies so many steps further; at the end, the last one."""
    if hasattr(widget, "_options_values"):
        last = len(widget._options_values) - 1
        return widget._options_values[min(max(widget.index + by, 0), last)]
    if isinstance(widget.value, bool):
        return by > 0
    if isinstance(widget, ipw.FloatLogSlider):
        return _on_step(widget, widget.value * widget.base ** (by * widget.step))
    return _on_step(widget, widget.value + by * widget.step)


def _on_step(widget: ipw.Widget, value: float) -> float | int:
    """The nearest value at which a slider can stand."""
    if isinstance(widget, ipw.FloatLogSlider):
        lowest, highest = widget.min, widget.max
        power = math.log(max(value, widget.base**lowest), widget.base)
        steps = round((min(power, highest) - lowest) / widget.step)
        return widget.base ** (lowest + steps * widget.step)
    low, high = widget.min, widget.max
    value = min(max(value, low), high)
    stepped = low + round((value - low) / widget.step) * widget.step
    if isinstance(widget.value, int):
        return int(min(stepped, high))
    return min(round(stepped, 10), high)
