"""The expression explorer: sliders for any expression's inputs, the graph redrawn (chapter 01).

`classroom.viz.draw_graph` draws; this is the shell with the sliders.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

from classroom.lab.nodes import is_node, read_graph
from classroom.lab.written import number
from classroom.viz.graph import draw_graph
from classroom.viz.kit.parts import Axis, handle
from classroom.viz.kit.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import checkbox, float_slider
from microgpt.autograd import Value

OPTIONS = ("gradients", "slopes")
PIXELS = 240
"""How far an input is dragged from its lowest value to its highest."""


class ExpressionExplorer(Explorer):
    """Sliders for the inputs of an expression, with its graph and its result.

    Parameters
    ----------
    expression : callable
        A function of Values that returns a Value, such as ``lambda a, b: a * b + a``. The name
        of a function made with ``def`` becomes the name of its result; it names parts, too.
    gradients, slopes : bool
        Whether the boxes "gradients" and "local slopes" are ticked at the beginning.
    **inputs : tuple of (value, low, high) or (value, low, high, step)
        Start and bounds of the slider of each argument; the step is 0.1 unless given.

    Raises
    ------
    TypeError
        If the inputs are not the arguments of the expression, or not such tuples.

    Examples
    --------
    >>> ExpressionExplorer(lambda a, b: a * b + a, a=(2, -5, 5), b=(3, -5, 5)).set(b=4)
    ExpressionExplorer(a=2, b=4): result = 10, with 4 nodes
    """

    def __init__(
        self, expression: Callable[..., Any], *, gradients: bool = False, slopes: bool = False,
        **inputs: tuple[float, ...],
    ) -> None:  # fmt: skip
        _check_arguments(expression, inputs)
        self._expression = expression
        name = getattr(expression, "__name__", "")
        self._name = name if name.isidentifier() else "result"
        sliders = {name: _slider(name, given) for name, given in inputs.items()}
        super().__init__(
            **sliders,
            gradients=checkbox(
                "gradients", gradients, tooltip="run backward and show each node's gradient"
            ),
            slopes=checkbox(
                "local slopes", slopes, tooltip="show the local derivative on each edge"
            ),
        )
        if not self.error:  # the boxes make the graph higher
            self.keep_room_for(self.draw(**{**self.state, **dict.fromkeys(OPTIONS, True)})[0])

    def draw(self, gradients: bool, slopes: bool, **inputs: float) -> tuple[Picture, str]:
        """Compute the expression and draw its graph."""
        values = {name: Value(_whole(given)) for name, given in inputs.items()}
        result, parts = _with_parts(self._expression, values)
        if not is_node(result):
            raise TypeError(
                f"the expression gave {result!r}, not a Value: compute it from its arguments alone"
            )
        if gradients:
            result.backward()
        own = {**values, self._name: result}  # before the names that parts were given
        names = {**own, **parts, **own}
        pulls = {name: self._pull(name, given) for name, given in inputs.items()}
        picture = draw_graph(result, names, local_grads=slopes, grads=gradients, handles=pulls)
        words = f"{self._name} = {number(result.data)}, with {len(read_graph(result))} nodes"
        if gradients:
            slopes_of = (f"d{self._name}/d{n} = {number(v.grad)}" for n, v in values.items())
            words += f"; {', '.join(slopes_of)}"
        return picture, words

    def _pull(self, name: str, now: float) -> str:
        """What lets an input be dragged in the graph, to the left and to the right."""
        slider = self.controls[name]
        axes = [Axis(name, "x", (0, PIXELS), (slider.min, slider.max))]
        return handle(f"the input {name}: drag it sideways", axes, now, by=True)

    def __repr__(self) -> str:
        """Say the inputs and the result; the boxes only if they are ticked."""
        state = {name: value for name, value in self.state.items() if name not in OPTIONS}
        parts = [f"{name}={number(_whole(value))}" for name, value in state.items()]
        parts += [f"{name}=True" for name in OPTIONS if self.state[name]]
        return f"{type(self).__name__}({', '.join(parts)}): {self.error or self.result}"


def _whole(value: float) -> float:
    """Return a whole number as an int, so that it is shown and computed as one."""
    return int(value) if value == int(value) else round(value, 10)


def _with_parts(expression: Callable[..., Any], inputs: dict[str, Any]) -> tuple[Any, Any]:
    """The result of an expression, and what it calls its parts: ``c = a * b`` is shown as c."""
    parts: dict[str, Any] = {}

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is getattr(expression, "__code__", None):
            parts.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        return expression(**inputs), parts
    finally:
        sys.setprofile(before)


def _slider(name: str, given: tuple[float, ...]) -> Any:
    """Make the slider of one input."""
    if not isinstance(given, (tuple, list)) or len(given) not in (3, 4):
        raise TypeError(
            f"input {name!r} must be (value, low, high) or (value, low, high, step), got {given!r}"
        )
    return float_slider(name, *given, tooltip=f"the input {name}, from {given[1]} to {given[2]}")


def _check_arguments(expression: Callable[..., Any], inputs: dict[str, Any]) -> None:
    """Raise TypeError if the expression cannot be called with these inputs."""
    try:
        inspect.signature(expression).bind(**inputs)
    except TypeError as error:
        problem = f"the inputs are not the expression's arguments: {error}"
        raise TypeError(f"{problem}; give one slider, name=(value, low, high), for each") from None
