"""The explorer that every chapter's interactive picture is made of.

An explorer is a picture, its controls, and a line that says the result in words. A
subclass makes the controls and says, in one pure method, what to show for their values:

    class Doubler(Explorer):
        def __init__(self):
            super().__init__(x=float_slider("x", 1, 0, 10, tooltip="the number to double"))

        def draw(self, x):
            return bar_picture(2 * x), f"twice {number(x)} is {number(2 * x)}"

`Doubler()` in a cell shows it; `Doubler().set(x=4)` moves the slider as a hand would, and
``repr`` then says ``Doubler(x=4): twice 4 is 8``. The base class does the rest:

- a control that changes is a call of `draw`; several changes while one call runs become a single
  further call with the last values (so does `set` with several names);
- an error raised by `draw` is shown in the widget in one sentence and the old picture turns
  pale; the next good value clears it;
- if the last call took longer than 100 ms, the next one shows "working ..." (always, with `slow`);
- a control without a description and a tooltip is refused;
- parts of the picture that `classroom.viz.kit.parts` marks are controls too, for hand and keyboard;
- the picture glides from state to state (see `classroom.widgets.view`), and its height stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import ipywidgets as ipw

from classroom.viz.kit.picture import Picture
from classroom.widgets.controls import stepping
from classroom.widgets.stage import Stage
from classroom.widgets.view import as_meant, as_value, nudged
from classroom.widgets.words import short

SLOW_SECONDS = 0.1


class Explorer(Stage):
    """Controls, a picture, and a line of words that follow them.

    Parameters
    ----------
    extras : sequence of widgets, optional
        Not part of the state: a play control, which moves ``step`` and is first, and buttons.
    slow : bool
        True if `draw` takes longer than 100 ms: the busy sign is shown from the first change on.
    **controls
        The widgets whose values are the state, by the name that `draw` gives them. See
        `classroom.widgets.controls`.

    Attributes
    ----------
    controls : dict of str to widget
        The controls by name: ``explorer.controls["x"].value = 3`` moves one.
    telling : mapping of str to value
        Controls that are otherwise in the picture that a notebook stores, as long as nothing was
        moved: what plays from an empty beginning is seen there in the midst of it.

    Raises
    ------
    ValueError
        If a control has no description or no tooltip.
    """

    telling: Mapping[str, Any] = {}

    def __init__(
        self, *, extras: Sequence[ipw.Widget] = (), slow: bool = False, **controls: ipw.Widget
    ) -> None:
        for name, widget in [*controls.items(), *((type(w).__name__, w) for w in extras)]:
            _check_control(name, widget)
        self.controls = controls
        self._always_slow = self._slow = slow
        self._shown: dict[str, Any] | None = None
        self._held = self._drawing = False
        plays = [one for one in extras if isinstance(one, ipw.Play)]
        buttons = [one for one in extras if one not in plays]
        walks = [stepping(one, controls["step"]) for one in plays]
        super().__init__([*walks, *controls.values(), *buttons])
        if self._view is not None:
            self._view.on_msg(self._heard)
        for widget in controls.values():
            widget.observe(self._changed, names="value")
        self.redraw()
        self._begun = self.state

    def draw(self, *_: Any, **state: Any) -> tuple[Picture, str]:
        """Return the picture for these values of the controls, and the result in words.

        A subclass defines this. It must depend on nothing but `state` and what `__init__` stored;
        what it raises is shown to the user as one sentence.
        """
        raise NotImplementedError(f"{type(self).__name__} must define draw(**state)")

    def fit(self, *_: Any, **state: Any) -> None:
        """Let controls follow others, such as the end of a slider a name, before `draw`.

        A subclass defines this if one control depends on another. It is called with what every
        field accepts.
        """

    @property
    def state(self) -> dict[str, Any]:
        """The present values of the controls, by name."""
        return {name: as_meant(widget.value) for name, widget in self.controls.items()}

    def set(self, **values: Any) -> Explorer:
        """Give controls new values, draw once, and return the explorer.

        Raises
        ------
        KeyError
            If there is no control of that name.
        """
        unknown = [name for name in values if name not in self.controls]
        if unknown:
            raise KeyError(f"no control {unknown[0]!r}: there are {', '.join(self.controls)}")
        self._assign(values)
        return self

    def _assign(self, values: Mapping[str, Any]) -> None:
        """Move controls, then draw once."""
        self._held = True
        try:
            for _ in range(2):  # again, since an end that has moved may have cut a value off
                for name in filter(values.__contains__, self.controls):  # in the controls' order
                    self.controls[name].value = values[name]
                self._follow()
        finally:
            self._held = False
        self._changed()

    def _heard(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """Do what a part of the picture asks for, as if the control had been moved."""
        if "ready" in message:
            self._viewed, self._image.value = True, ""
        if "lost" in message and self._view is not None:
            self._view.send_state(["html", "drawn"])
        if "width" in message:
            self.for_page(message["width"])
        for read, kind in (as_value, "set"), (nudged, "nudge"):
            if message.get(kind):
                self.guarded(self._obey)(message[kind], read)

    def _obey(self, wanted: Mapping[str, Any], read: Callable[[Any, Any], Any]) -> None:
        """Give controls that are not locked the values that the page asks for."""
        free = {name: given for name, given in wanted.items() if not self.controls[name].disabled}
        if free:
            self._assign({name: read(self.controls[name], given) for name, given in free.items()})

    def redraw(self) -> None:
        """Draw the present state, even if it is what is shown already."""
        self._shown = None
        self._changed()

    def guarded(self, action: Callable[..., Any]) -> Callable[..., None]:
        """Wrap a button's action so that what it raises is shown in the widget.

        The action is called with the arguments that the button (or an observer) passes. When it
        succeeds, an error that is still shown is cleared by drawing again.
        """

        def run(*arguments: Any) -> None:
            try:
                action(*arguments)
            except Exception as error:  # an error in a callback would vanish in the log
                self._fail(error)
            else:
                if self.error:
                    self.redraw()

        return run

    def _changed(self, change: Any = None) -> None:
        """Draw until what is shown is the present state: the last value wins."""
        if self._held or self._drawing:
            return
        self._drawing = True
        try:
            while self._shown != self.state:
                self._follow()
                self._shown = self.state
                self._draw_once(self._shown)
                self._note("now")
        finally:
            self._drawing = False

    def _note(self, when: str) -> None:
        """Tell the view where the controls stand, in words that they take from the page."""
        if self._view is not None:
            setattr(self._view, when, {name: str(value) for name, value in self.state.items()})

    def _follow(self) -> None:
        """Fit the controls to the state, unless a field refuses what is in it."""
        with suppress(ValueError):
            self._judge(self.state)
            self.fit(**self.state)

    def _draw_once(self, state: dict[str, Any]) -> None:
        """Call `draw`, show what it returns or raises, and learn whether it is slow."""
        self.busy(self._slow)
        started = time.perf_counter()
        try:
            self._judge(state)
            self.show(*self.draw(**state))
        except Exception as error:  # whatever the reader's values cause belongs in the widget
            self._fail(error)
        finally:
            self.busy(False)
        self._slow = self._always_slow or time.perf_counter() - started > SLOW_SECONDS

    def _judge(self, state: dict[str, Any]) -> None:
        """Refuse what a field's own judge refuses: see `classroom.widgets.controls.text`."""
        for name, control in self.controls.items():
            said = control.judge(state[name]) if hasattr(control, "judge") else ""
            if said:
                raise ValueError(said)

    def __repr__(self) -> str:
        """Say the state and the result (or the error) on one line."""
        return self._line(self.state, self.error or self.result)

    def _line(self, state: Mapping[str, Any], said: str) -> str:
        values = ", ".join(f"{name}={short(value)}" for name, value in state.items())
        return f"{type(self).__name__}({values}): {said}"

    def frame(self) -> tuple[Picture | None, str]:
        """The picture and the line that stand for the explorer where there is no kernel."""
        if not self.telling or self.error or self.state != self._begun:
            return self.picture, repr(self)
        state = {**self.state, **self.telling}
        picture, said = self.draw(**state)
        return picture, self._line(state, said)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give Jupyter the live widget, and its repr and picture where there is no kernel."""
        self._note("begun")
        data = dict(super()._repr_mimebundle_(**kwargs) or {})
        metadata: dict[str, Any] = {}
        picture, line = self.frame()
        if picture is not None:
            images, metadata = picture._repr_mimebundle_()
            data.update(images)
        data["text/plain"] = line
        return data, metadata


def _check_control(name: str, widget: ipw.Widget) -> None:
    """Refuse a control that a screen reader could not announce."""
    for trait in ("description", "tooltip"):
        if widget.has_trait(trait) and not getattr(widget, trait):
            raise ValueError(f"control {name!r} ({type(widget).__name__}) has no {trait}")
