"""Every explorer of the course in chosen states, drawn without a kernel.

The contact sheet shows each at its default, smallest and largest settings (`extremes`); the decks
show it as a short sequence of states, each with a sentence that says what changed (`sequence`).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from classroom import WholeRun, widgets  # noqa: E402, the root must be on the path first
from classroom.widgets import Explorer  # noqa: E402
from microgpt import Value, linear, mlp, rmsnorm, softmax  # noqa: E402

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
    c = a * b
    L = c + a
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
"""How to make those that do not explain themselves from plain numbers and words."""


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
    make = NEED_ARGUMENTS.get(name) or getattr(widgets, name)
    found = []
    for title in ("default", "smallest", "largest"):
        explorer = make()
        if title != "default":
            for control_name, control in explorer.controls.items():
                explorer.set(**{control_name: extreme(control, title == "largest")})
        found.append((title, explorer))
    return found


SEQUENCES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "NamesExplorer": [
        ("Colder: temperature 0.2", {"T": 0.2}),
        ("Warmer: temperature 1", {"T": 1.0}),
        ("Much too warm: temperature 2.5", {"T": 2.5}),
    ],
    "NameJourney": [
        ("Two stations on: attention", {"step": 2}),
        ("Round the machine once: the die", {"step": 5}),
        ("The last throw ends the name", {"step": 35}),
    ],
    "ExpressionExplorer": [
        ("`b` goes from 3 to -2", {"b": -2}),
        ("`a` goes to 4 as well, and backward fills in the gradients", {"a": 4, "gradients": True}),
    ],
    "BackwardStepper": [
        ("One step: `L` hands its gradient on", {"step": 1}),
        ("Two steps: `c` hands on what it has", {"step": 2}),
        ("The last step: all gradients are there", {"step": 4}),
    ],
    "TokenizerExplorer": [
        ("Another name, with a letter twice: `anna`", {"text": "anna"}),
        ("A capital letter: `Emma`", {"text": "Emma"}),
    ],
    "SoftmaxExplorer": [
        ("The same logits at temperature 0.3", {"T": 0.3}),
        ("The same logits at temperature 3", {"T": 3.0}),
        ("Temperature 1 again, and 1,000 added to every logit", {"T": 1.0, "all": 1000.0}),
    ],
    "SoftDictionary": [
        (
            "The query asks for a vowel: both vowels fit equally well",
            {"q0": 4, "vowel": 4, "consonant": -4},
        ),
        ("It asks for the place as well: the last vowel wins", {"q1": 3}),
    ],
    "AttentionExplorer": [
        ("Another head, the same letter: head 3", {"head": 3}),
        (
            "Another name: `olivia`, its last letter asks head 1",
            {"name": "olivia", "head": 1, "position": 6},
        ),
    ],
    "LogitLens": [
        ("One letter later: position 2", {"position": 2}),
        ("Another name: `emma`", {"name": "emma", "position": 2}),
    ],
    "WeightEditor": [
        ("The weight pushed up by 1", {"move": 1.0}),
        ("The same weight pushed down by 1", {"move": -1.0}),
    ],
    "KnockOuts": [
        ("Head 0 is out instead", {"detector": "none", "head": 0}),
        ("All detectors are out: no MLP", {"detector": "all", "head": "none"}),
    ],
    "LearningRates": [
        ("A tenth of the rate: 0.001", {"rate": 0.001}),
        ("Ten times the rate: 0.1", {"rate": 0.1}),
    ],
    "LiveTraining": [
        ("100 steps made", {"engine": "numpy", "advance": 100}),
        ("All 1,000 steps made", {"advance": 900}),
    ],
    "TemperatureExplorer": [
        ("Colder: temperature 0.2", {"T": 0.2}),
        ("Warmer: temperature 2", {"T": 2.0}),
        ("Still 2, but only among the 3 most probable letters", {"top_k": 3}),
    ],
    "Finale": [("70 steps later", {"advance": 70})],
    "CostExplorer": [
        ("Four times as wide: `n_embd` 64", {"n_embd": 64}),
        ("Four layers as well", {"n_layer": 4}),
    ],
}
"""What a lecture shows of each after its first state: a sentence, and the settings that change."""


def as_in_the_notebook(source: str) -> tuple[str, Explorer] | None:
    """The explorer that a cell makes, by name; None if it makes none of the course's."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in NEED_ARGUMENTS:
                return name, NEED_ARGUMENTS[name]()
            if name in SEQUENCES:
                given = [ast.literal_eval(argument) for argument in node.args]
                named = {each.arg: ast.literal_eval(each.value) for each in node.keywords}
                return name, getattr(widgets, name)(*given, **named)
    return None


@cache
def sequence(source: str) -> tuple[tuple[str, Any, str], ...]:
    """The explorer of a cell in the states that follow its first.

    Parameters
    ----------
    source : str
        The cell that shows it.

    Returns
    -------
    tuple of (str, Picture, str)
        For each state what changed, the picture, and the result in words.

    Raises
    ------
    ValueError
        If the settings of a state are refused.
    """
    found = as_in_the_notebook(source)
    if found is None:
        return ()
    name, explorer = found
    states = []
    for words, settings in SEQUENCES[name]:
        moved = {key: value for key, value in settings.items() if key != "advance"}
        if moved:
            explorer.set(**moved)
        if "advance" in settings:
            explorer.advance(settings["advance"])
        if explorer.error:
            raise ValueError(f"{name}, {words!r}: {explorer.error}")
        states.append((words, explorer.picture, explorer.result))
    return tuple(states)
