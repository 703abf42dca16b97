"""Who may import whom: the core stands on the standard library, and nothing imports upward."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

# Each file of the core, and the files of the core that it may import.
CORE = {
    "autograd": set(),
    "tokenizer": set(),
    "data": set(),
    "layers": {"autograd"},
    "optim": {"autograd"},
    "model": {"autograd", "layers"},
    "training": {"autograd", "layers", "model", "optim", "tokenizer"},
    "inference": {"autograd", "model"},
    "sampling": {"autograd", "inference", "layers", "model", "tokenizer"},
    "checkpoint": {"autograd", "data", "model", "tokenizer"},
}
CORE["__init__"] = set(CORE)
CORE["__main__"] = {*CORE, "__init__"}

# Each room above the core, and the rooms below it; every one may import the whole core.
ROOMS = {"engines": set(), "exercises": set(), "viz": set(), "widgets": {"viz", "engines"}}

# What a room may import that Python does not bring.
PACKAGES = {
    "engines": {"numpy", "numba", "torch"},
    "viz": {"cycler", "graphviz", "IPython", "matplotlib", "numpy"},
    "widgets": {"IPython", "ipywidgets", "numpy", "traitlets"},
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
            if module == "microgpt":  # each name may be a room of its own
                names |= {f"{module}.{alias.name}" for alias in node.names}
            else:
                names.add(module)
    return names


def may_import(place: str, package: str) -> bool:
    """Whether a file of this room or core file may import that room or core file."""
    if place in CORE:
        return package in CORE[place]
    return package == place or package in CORE or package in ROOMS[place]


def wrong_imports(package: Path) -> list[str]:
    """List the imports below `package` that go the wrong way, and files without a place."""
    wrong = []
    for file in sorted(package.rglob("*.py")):
        inside = file.relative_to(package)
        place = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        if place not in CORE and place not in ROOMS:
            wrong.append(f"{inside} has no place among the rooms")
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in sorted(imported(tree, ("microgpt", *inside.parts[:-1]))):
            top, *rest = name.split(".")
            if top == "microgpt":
                target = rest[0] if rest and rest[0] in {*CORE, *ROOMS} else "__init__"
                if not may_import(place, target):
                    wrong.append(f"{inside} imports {target}")
            elif top not in sys.stdlib_module_names | PACKAGES.get(place, set()):
                wrong.append(f"{inside} imports {top}")
    return sorted(set(wrong))


def test_directions_hold():
    assert wrong_imports(ROOT / "microgpt") == []


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("autograd.py", "from .model import gpt", "autograd.py imports model"),
        ("layers.py", "import microgpt.training", "layers.py imports training"),
        ("layers.py", "from . import model", "layers.py imports model"),
        ("model.py", "import microgpt", "model.py imports __init__"),
        ("model.py", "import numpy as np", "model.py imports numpy"),
        ("sampling.py", "def f():\n    import torch", "sampling.py imports torch"),
        ("training.py", "from .viz.graph import draw_graph", "training.py imports viz"),
        ("viz/graph.py", "from ..widgets import Explorer", "viz/graph.py imports widgets"),
        ("viz/graph.py", "from microgpt import widgets", "viz/graph.py imports widgets"),
        ("viz/graph.py", "import ipywidgets", "viz/graph.py imports ipywidgets"),
        ("exercises/ch01.py", "from microgpt.viz import x", "exercises/ch01.py imports viz"),
        ("engines/deep/a.py", "from ...exercises import x", "engines/deep/a.py imports exercises"),
        ("helpers.py", "", "helpers.py has no place among the rooms"),
    ],
)
def test_a_wrong_import_is_found(tmp_path, file, line, complaint):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(line, encoding="utf-8")
    assert wrong_imports(tmp_path) == [complaint]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("model.py", "import math\nfrom .layers import linear"),
        (
            "viz/graph.py",
            "from microgpt import Value\nfrom .picture import Picture\nimport graphviz",
        ),
        ("widgets/a.py", "from microgpt.viz import Picture\nfrom .base import Explorer"),
        ("engines/deep/a.py", "from ...training import Step\nfrom ..common import x\nimport torch"),
        ("__main__.py", "from . import train\nimport argparse"),
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
