"""The controls of an explorer, made one way: each with a description, a tooltip and its bounds.

Every explorer of the course (chapters 00 to 11) builds its sliders, menus and fields here.
`slow=True` makes a control report only when it is let go: for reactions of more than 100 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as ipw

WIDE = {"description_width": "initial"}


def float_slider(
    description: str,
    value: float,
    low: float,
    high: float,
    step: float = 0.1,
    *,
    tooltip: str,
    slow: bool = False,
) -> ipw.FloatSlider:
    """Make a slider over the decimal numbers from `low` to `high`."""
    return ipw.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=description,
        tooltip=tooltip,
        continuous_update=not slow,
        readout_format=_readout_format(step),
        style=WIDE,
    )


def int_slider(
    description: str, value: int, low: int, high: int, *, tooltip: str, slow: bool = False
) -> ipw.IntSlider:
    """Make a slider over the whole numbers from `low` to `high`."""
    return ipw.IntSlider(
        value=value,
        min=low,
        max=high,
        description=description,
        tooltip=tooltip,
        continuous_update=not slow,
        style=WIDE,
    )


def choice(description: str, value: Any, options: Sequence[Any], *, tooltip: str) -> ipw.Dropdown:
    """Make a drop-down menu; an option is a value or a pair (label, value)."""
    return ipw.Dropdown(
        value=value,
        options=options,
        description=description,
        tooltip=tooltip,
        style=WIDE,
        layout=ipw.Layout(width="max-content"),
    )


def steps_slider(
    description: str, value: Any, options: Sequence[Any], *, tooltip: str
) -> ipw.SelectionSlider:
    """Make a slider that stands on a few given values only."""
    return ipw.SelectionSlider(
        value=value,
        options=options,
        description=description,
        tooltip=tooltip,
        style=WIDE,
        layout=ipw.Layout(width="280px"),
    )


def checkbox(description: str, value: bool = False, *, tooltip: str) -> ipw.Checkbox:
    """Make a box to tick."""
    return ipw.Checkbox(
        value=value,
        description=description,
        tooltip=tooltip,
        indent=False,
        style=WIDE,
        layout=ipw.Layout(width="max-content"),
    )


def text(
    description: str,
    value: str = "",
    *,
    tooltip: str,
    slow: bool = True,
    judge: Callable[[str], str] | None = None,
) -> ipw.Text:
    """Make a field for one line of text; with `slow`, it reports on Enter or when left.

    `judge` says in one sentence what is wrong with a text, or nothing: see
    `classroom.widgets.words.letters_only`. An explorer then shows that sentence.
    """
    made = ipw.Text(
        value=value,
        description=description,
        tooltip=tooltip,
        continuous_update=not slow,
        style=WIDE,
        layout=ipw.Layout(width="230px"),
    )
    if judge is not None:
        made.judge = judge
    return made


def button(description: str, *, tooltip: str) -> ipw.Button:
    """Make a button; connect it with ``button.on_click(explorer.guarded(action))``."""
    return ipw.Button(description=description, tooltip=tooltip)


def _readout_format(step: float) -> str:
    """Return the format that shows as many decimals as a step has, at most four."""
    decimals = len(f"{step:.4f}".rstrip("0").partition(".")[2])
    return f".{decimals}f"
