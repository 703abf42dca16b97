"""The controls of an explorer, made one way: each with a description, a tooltip and its bounds.

Every explorer of the course (chapters 00 to 11) builds its sliders, menus and fields here. They
report while they are moved, `log_slider` when it is let go: it is for what takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as ipw


def _made(kind: type[Any], description: str, tooltip: str, width: str = "", **more: Any) -> Any:
    """Make a control whose description has the room that it needs."""
    layout = {"layout": ipw.Layout(width=width)} if width else {}
    style = {"description_width": "initial"}
    return kind(description=description, tooltip=tooltip, style=style, **layout, **more)


def float_slider(
    description: str, value: float, low: float, high: float, step: float = 0.1, *, tooltip: str
) -> ipw.FloatSlider:
    """Make a slider over the decimal numbers from `low` to `high`."""
    decimals = len(f"{step:.4f}".rstrip("0").partition(".")[2])
    span: Any = {"value": value, "min": low, "max": high, "step": step}
    shown = f".{decimals}f"
    return _made(ipw.FloatSlider, description, tooltip, readout_format=shown, **span)


def log_slider(
    description: str, value: float, low: int, high: int, *, tooltip: str
) -> ipw.FloatLogSlider:
    """Make a slider over the powers of 10 from `low` to `high`, ten steps for each."""
    span = {"value": value, "base": 10, "min": low, "max": high, "step": 0.1}
    how = {"readout_format": ".2g", "continuous_update": False}
    return _made(ipw.FloatLogSlider, description, tooltip, "320px", **span, **how)


def int_slider(description: str, value: int, low: int, high: int, *, tooltip: str) -> ipw.IntSlider:
    """Make a slider over the whole numbers from `low` to `high`."""
    span: Any = {"value": value, "min": low, "max": high}
    return _made(ipw.IntSlider, description, tooltip, **span)


def play(slider: ipw.IntSlider, milliseconds: int, *, tooltip: str) -> ipw.Play:
    """Make a button that moves a slider by itself, a step each so many milliseconds."""
    span = {"value": slider.value, "min": slider.min, "max": slider.max}
    made = ipw.Play(description="play", tooltip=tooltip, interval=milliseconds, **span)
    ipw.link((made, "value"), (slider, "value"))
    return made


def stepping(play: ipw.Play, slider: ipw.IntSlider) -> ipw.HBox:
    """A play control with a button for a step back and one for a step on; either stops it."""
    row = ipw.HBox([play])
    row.add_class("mg-play")
    for by, icon, tooltip in (-1, "step-backward", "a step back"), (1, "step-forward", "a step on"):
        made = ipw.Button(icon=icon, tooltip=tooltip, layout=ipw.Layout(width="36px"))

        def go(_: Any, by: int = by) -> None:
            play.playing = False
            slider.value += by  # it ends at its ends, and is what is seen

        made.on_click(go)
        row.children += (made,)
    return row


def choice(description: str, value: Any, options: Sequence[Any], *, tooltip: str) -> ipw.Dropdown:
    """Make a drop-down menu; an option is a value or a pair (label, value)."""
    given = {"value": value, "options": options}
    return _made(ipw.Dropdown, description, tooltip, "max-content", **given)


def steps_slider(
    description: str, value: Any, options: Sequence[Any], *, tooltip: str
) -> ipw.SelectionSlider:
    """Make a slider that stands on a few given values only."""
    given = {"value": value, "options": options}
    return _made(ipw.SelectionSlider, description, tooltip, "280px", **given)


def checkbox(description: str, value: bool = False, *, tooltip: str) -> ipw.Checkbox:
    """Make a box to tick."""
    return _made(ipw.Checkbox, description, tooltip, "max-content", value=value, indent=False)


def text(
    description: str, value: str = "", *, tooltip: str, width: str = "230px",
    judge: Callable[[str], str] | None = None,
) -> ipw.Text:  # fmt: skip
    """Make a field for one line of text.

    `judge` says in one sentence what is wrong with a text, or nothing: see
    `classroom.widgets.words.letters_only`. An explorer then shows that sentence.
    """
    made = _made(ipw.Text, description, tooltip, width, value=value)
    if judge is not None:
        made.judge = judge
    return made


def button(description: str, *, tooltip: str) -> ipw.Button:
    """Make a button; connect it with ``button.on_click(explorer.guarded(action))``."""
    layout = ipw.Layout(width="auto", min_width="90px")
    return ipw.Button(description=description, tooltip=tooltip, layout=layout)
