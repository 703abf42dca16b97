"""Who may import whom: the core stands on the standard library, and nothing imports upward."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

pytestmark = pytest.mark.any_processor

# Each file of the core, and the files of the core that it may import.
CORE = {
    "autograd": set(),
    "tokenizer": set(),
    "data": set(),
    "layers": {"autograd"},
    "optim": {"autograd"},
    "model": {"autograd", "layers"},
    # an engine is found by the name that the caller gives: the one look upward
    "training": {"autograd", "layers", "model", "optim", "tokenizer", "microgpt.engines"},
    "inference": {"autograd", "model"},
    "sampling": {"autograd", "inference", "layers", "model", "tokenizer"},
    "checkpoint": {"autograd", "data", "model", "tokenizer", "training"},
}
CORE["__init__"] = set(CORE)
CORE["__main__"] = {"microgpt.cli"}

# Each room, and the rooms that it may import besides itself and the core.
ROOMS = {
    "microgpt.engines": set(),
    "microgpt.cli": {"microgpt.engines"},
    "classroom.faces": set(),
    "classroom.chapters": set(),
    "classroom.lab": {"microgpt.engines"},
    "classroom.viz": {"microgpt.engines", "classroom.faces", "classroom.chapters", "classroom.lab"},
    "classroom.exercises": {"microgpt.engines", "classroom.lab", "classroom.chapters"},
    "classroom.overview": {"classroom.exercises", "classroom.faces", "classroom.viz"},
    "classroom.widgets": {
        *("microgpt.engines", "classroom.faces", "classroom.lab", "classroom.viz"),
    },
    "classroom.__init__": {"classroom.faces"},
}

# What a room may import that Python does not bring; microgpt_course lies beside the packages.
PACKAGES = {
    "classroom.faces": {"microgpt_course"},
    "microgpt.engines": {"numpy", "numba", "torch"},
    "classroom.exercises": {"filelock"},
    "classroom.lab": {"numpy"},
    "classroom.viz": {
        *("cycler", "graphviz", "IPython", "js", "matplotlib", "microgpt_course", "numpy"),
        "pyodide",
    },
    "classroom.widgets": {"IPython", "anywidget", "ipywidgets", "numpy", "traitlets"},
}


def imported(tree: ast.Module, parts: tuple[str, ...]) -> set[str]:
    """Collect the absolute names of all modules that a file imports, at whatever depth.

    `parts` is the package that the file lies in.
    """
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = parts[: len(parts) - node.level + 1] if node.level else ()
            module = ".".join((*base, node.module) if node.module else base)
            if module in ("microgpt", "classroom"):  # each name may be a room of its own
                names |= {f"{module}.{alias.name}" for alias in node.names}
            else:
                names.add(module)
    return names


def room_of(package: str, name: str) -> str:
    """The core file (`autograd`) or the room (`classroom.viz`) that goes by this name."""
    if package == "microgpt":
        return f"microgpt.{name}" if f"microgpt.{name}" in ROOMS else name
    return f"{package}.{name}"


def may_import(place: str, target: str) -> bool:
    """Whether a file of this room or core file may import that room or core file."""
    if place in CORE:
        return target in CORE[place]
    return target == place or target in CORE or target in ROOMS[place]


def wrong_imports(root: Path) -> list[str]:
    """List the imports below the two packages that go the wrong way, and files without a place."""
    wrong = []
    for file in sorted([*root.glob("microgpt/**/*.py"), *root.glob("classroom/**/*.py")]):
        package, *inside = file.relative_to(root).with_suffix("").parts
        place = room_of(package, inside[0])
        shown = file.relative_to(root).as_posix()
        if place not in CORE and place not in ROOMS:
            wrong.append(f"{shown} has no place among the rooms")
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in sorted(imported(tree, (package, *inside[:-1]))):
            top, *rest = name.split(".")
            if top in ("microgpt", "classroom"):
                target = room_of(top, rest[0] if rest else "__init__")
                if target not in {*CORE, *ROOMS}:  # a name that the package hands on
                    target = room_of(top, "__init__")
                if not may_import(place, target):
                    wrong.append(f"{shown} imports {target}")
            elif top not in sys.stdlib_module_names | PACKAGES.get(place, set()):
                wrong.append(f"{shown} imports {top}")
    return sorted(set(wrong))


def test_directions_hold():
    assert wrong_imports(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("microgpt/autograd.py", "from .model import gpt", "imports model"),
        ("microgpt/layers.py", "import microgpt.training", "imports training"),
        ("microgpt/layers.py", "from . import model", "imports model"),
        ("microgpt/model.py", "import microgpt", "imports __init__"),
        ("microgpt/model.py", "import numpy as np", "imports numpy"),
        ("microgpt/training.py", "from .cli import main", "imports microgpt.cli"),
        ("microgpt/engines/a.py", "from ..cli.terminal import say", "imports microgpt.cli"),
        ("microgpt/cli/a.py", "import numpy", "imports numpy"),
        ("classroom/lab/a.py", "from microgpt.cli import main", "imports microgpt.cli"),
        ("microgpt/sampling.py", "def f():\n    import torch", "imports torch"),
        ("microgpt/training.py", "from classroom.viz.x import y", "imports classroom.viz"),
        ("microgpt/training.py", "from classroom import check", "imports classroom.__init__"),
        ("microgpt/engines/a.py", "import classroom.lab", "imports classroom.lab"),
        ("classroom/viz/a.py", "from ..widgets import Explorer", "imports classroom.widgets"),
        ("classroom/viz/a.py", "from classroom import widgets", "imports classroom.widgets"),
        ("classroom/viz/a.py", "import ipywidgets", "imports ipywidgets"),
        ("classroom/exercises/ch01.py", "import classroom.viz", "imports classroom.viz"),
        ("classroom/lab/deep/a.py", "from ...exercises import x", "imports classroom.exercises"),
        ("classroom/lab/a.py", "from classroom.viz import x", "imports classroom.viz"),
        ("microgpt/helpers.py", "", "has no place among the rooms"),
        ("classroom/helpers.py", "", "has no place among the rooms"),
        ("classroom/more/helpers.py", "", "has no place among the rooms"),
    ],
)
def test_a_wrong_import_is_found(tmp_path, file, line, complaint):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(line, encoding="utf-8")
    assert wrong_imports(tmp_path) == [f"{file} {complaint}"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("microgpt/model.py", "import math\nfrom .layers import linear"),
        ("microgpt/engines/deep/a.py", "from ...training import Step\nfrom ..common import x"),
        ("microgpt/engines/a.py", "import torch"),
        ("microgpt/__main__.py", "from .cli import main\nimport sys"),
        ("microgpt/cli/a.py", "from .. import engines, train\nfrom .terminal import say"),
        (
            "classroom/viz/graph.py",
            "from microgpt import Value\nfrom .picture import Picture\nimport graphviz",
        ),
        ("classroom/widgets/a.py", "from classroom.viz import Picture\nfrom .base import Explorer"),
        ("classroom/lab/a.py", "from microgpt.engines import arrays"),
        ("classroom/exercises/ch01.py", "from classroom.lab.figures import x"),
    ],
)
def test_a_right_import_is_accepted(tmp_path, file, line):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(line, encoding="utf-8")
    assert wrong_imports(tmp_path) == []


def bare_python(code: str) -> str:
    """Run code in this Python without site-packages, the checkout alone on its path."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", start + code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_imports_with_nothing_installed():
    loaded = bare_python("import microgpt, sys; print(*{m.split('.')[0] for m in sys.modules})")
    assert "microgpt" in loaded.split()
    foreign = set(loaded.split()) - set(sys.stdlib_module_names) - {"microgpt", "__main__"}
    assert foreign == set()


def test_the_command_line_runs_with_nothing_installed():
    code = "sys.argv = ['microgpt', '--help']; import runpy\n"
    shown = bare_python(code + "runpy.run_module('microgpt', run_name='__main__')")
    assert "--temperature" in shown


def test_no_tool_changes_where_python_looks():
    tools = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tools").rglob("*.py")}
    assert [path.name for path, text in tools.items() if re.search(r"sys\.path\b", text)] == []
