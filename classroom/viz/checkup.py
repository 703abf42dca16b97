"""Is everything here that the notebooks need? A line for each requirement (chapter 00).

Nothing but the standard library is imported at the top, so that the answer comes where something
is missing, too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any

from classroom.viz.kit.render import render_svg
from classroom.viz.kit.style import figure, to_picture
from classroom.viz.kit.webassembly import in_browser
from microgpt_course import in_the_way

EMPTY_IN_VS_CODE = "8.1.9"
"""The ipywidgets that is reported to show nothing there (vscode-jupyter, issue 17504)."""
INSTALL = "stop Jupyter and start it with `make lab`, which installs it"
FIRST = "mend what is HIDDEN first, then run this again"


@dataclass(frozen=True)
class Requirement:
    """One thing that the notebooks need.

    Attributes
    ----------
    words : str
        What it is, and what for.
    met : callable
        Tries it out: returns what is false, or raises, if it does not work.
    advice : str
        What to do then.
    """

    words: str
    met: Callable[[], Any]
    advice: str


def _microgpt() -> Any:
    return import_module("microgpt")  # not at the top: a file of that name may hide it


def _plots() -> Any:
    if in_browser():  # every part came with the page; loading this one takes seconds
        return find_spec("matplotlib")
    with figure(1, 1) as fig:
        fig.subplots().plot([0, 1])
        return to_picture(fig, "A line that rises.")


REQUIREMENTS = (
    Requirement(
        "Python 3.10 or newer",
        lambda: sys.version_info >= (3, 10),
        "install a newer Python, then `make lab PYTHON=/path/to/python3`",
    ),
    Requirement(
        "the data: 32,257 names",
        lambda: len(_microgpt().load_docs()) == 32257,
        "assets/names.txt was changed or is missing: fetch it again, `git checkout assets`",
    ),
    Requirement(
        "the trained model: 4,192 weights",
        lambda: len(_microgpt().flatten(_microgpt().load()[0])) == 4192,
        "assets/names_weights.json is not the shipped one: `git checkout assets`",
    ),
    Requirement("plots (matplotlib)", _plots, INSTALL),
    Requirement(
        "graphs (Graphviz: dot or graphviz-pure)",
        lambda: render_svg("digraph { a -> b }"),
        "run `pip install graphviz graphviz-pure`, or install `dot`; without it you get words",
    ),
    Requirement("sliders (ipywidgets)", lambda: import_module("ipywidgets"), INSTALL),
    Requirement("training within a second (NumPy)", lambda: import_module("numpy"), INSTALL),
)


def check_environment(requirements: Sequence[Requirement] = REQUIREMENTS) -> None:
    """Try each requirement out and print a line about it: OK, or what to do.

    Before them comes what hides the course, or something that it needs, if anything does.

    Parameters
    ----------
    requirements : sequence of Requirement
        What to try; by default what the notebooks need.
    """
    hidden = [f"HIDDEN   {words}" for words in in_the_way()]
    tried = (_line(requirement, bool(hidden)) for requirement in requirements)
    for line in chain(hidden, tried, _in_vs_code()):
        print(line)


def is_vs_code() -> bool:
    """Whether this kernel was started by VS Code, and not by a Jupyter in its terminal."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if shell and "__vsc_ipynb_file__" in shell.user_ns:
        return True
    in_terminal = "TERM_PROGRAM" in os.environ
    return not in_terminal and any(name.startswith("VSCODE_") for name in os.environ)


def _in_vs_code() -> list[str]:
    """What is to be known there: one version of the sliders does not show."""
    if not is_vs_code():
        return []
    try:
        version = import_module("ipywidgets").__version__
    except ImportError:
        return []  # said already
    if version != EMPTY_IN_VS_CODE:
        return [f"OK       VS Code with ipywidgets {version}"]
    return [
        f"CAUTION  VS Code is reported to show no slider with ipywidgets {version}",
        "         -> run `%pip install ipywidgets==8.1.8`, restart; or use JupyterLab (`make lab`)",
    ]


def _line(requirement: Requirement, hidden: bool) -> str:
    """What is said of a requirement; it may be there and only `hidden`."""
    problem = ""
    try:
        if requirement.met():
            return f"OK       {requirement.words}"
    except Exception as error:  # whatever it is, the reader wants advice, not a traceback
        problem = f" ({type(error).__name__}: {error})"
    advice = FIRST if hidden else requirement.advice
    return f"MISSING  {requirement.words}{problem}\n         -> {advice}"
