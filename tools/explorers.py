"""Every explorer of the course in chosen states, drawn without a kernel.

The contact sheet shows each at its default, smallest and largest settings (`extremes`); the decks
show it in the states that they name (`sequence`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from classroom import WholeRun, widgets
from classroom.widgets import Explorer
from microgpt import Value, linear, mlp, rmsnorm, softmax

LONGEST_TEXT = "abcdefghijklmno"
NOT_ALONE = ("Explorer", "Finale")
"""Shown by a chapter with the reader's own parts, or no explorer by itself."""


def names() -> list[str]:
    """The explorers that need nothing of the reader's."""
    return [name for name in widgets.__all__ if name not in NOT_ALONE]


def expression() -> Explorer:
    """Chapter 01's expression."""

    def L(a: Any, b: Any) -> Any:
        c = a * b
        return c + a

    return widgets.ExpressionExplorer(L, slopes=True, a=(2, -5, 5), b=(3, -5, 5))


def stepper() -> Explorer:
    """Chapter 02's graph."""
    a, b = Value(2), Value(3)
    L = (c := a * b) + a
    return widgets.BackwardStepper(L, {"a": a, "b": b, "c": c, "L": L})


def finale() -> Explorer:
    """Chapter 10's run, with the package's parts in place of the script's."""
    parts = {"value": Value, "linear": linear, "softmax": softmax, "rmsnorm": rmsnorm, "mlp": mlp}
    return widgets.Finale(WholeRun(parts)).advance(30)


NEED_ARGUMENTS: dict[str, Callable[[], Explorer]] = {
    "ExpressionExplorer": expression,
    "BackwardStepper": stepper,
    "Finale": finale,
}
"""How to make those that do not explain themselves from numbers and words alone."""


def made(name: str) -> Explorer:
    """An explorer of the course as it begins."""
    return (NEED_ARGUMENTS.get(name) or getattr(widgets, name))()


def extreme(control: Any, largest: bool) -> Any:
    """The smallest or the largest value that a control can take."""
    if hasattr(control, "_options_values"):
        return control._options_values[-1 if largest else 0]
    if isinstance(control.value, bool):
        return largest
    if isinstance(control.value, str):
        return LONGEST_TEXT if largest else ""
    if hasattr(control, "base"):  # a logarithmic slider
        return control.base ** (control.max if largest else control.min)
    return control.max if largest else control.min


def extremes(name: str) -> list[tuple[str, Explorer]]:
    """An explorer three times: as it begins, at its smallest and at its largest settings."""
    found = []
    for title in ("default", "smallest", "largest"):
        explorer = made(name)
        if title != "default":
            for control_name, control in explorer.controls.items():
                explorer.set(**{control_name: extreme(control, title == "largest")})
        found.append((title, explorer))
    return found


def as_in_the_notebook(source: str) -> tuple[str, Explorer] | None:
    """The explorer that a cell makes, by name; None if it makes none of the course's."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in NEED_ARGUMENTS:
                return name, made(name)
            if name in widgets.__all__:
                given = [ast.literal_eval(argument) for argument in node.args]
                named = {each.arg: ast.literal_eval(each.value) for each in node.keywords}
                return name, getattr(widgets, name)(*given, **named)
    return None


@cache
def sequence(source: str, states: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Any], ...]:
    """The explorer of a cell in further states: the words of each, and its picture.

    A state is words and settings: ``T=0.2, seed=1``; ``advance=9`` lets a run go on.
    """
    found, pictures = as_in_the_notebook(source), []
    for words, settings in states if found else ():
        call = ast.parse(f"f({settings})", mode="eval").body
        moved = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
        steps = moved.pop("advance", 0)
        explorer = found[1].set(**moved) or found[1]
        if steps:
            explorer.advance(steps)
        if explorer.error:
            raise ValueError(f"{found[0]}, {words!r}: {explorer.error}")
        pictures.append((words, explorer.picture))
    return tuple(pictures)
