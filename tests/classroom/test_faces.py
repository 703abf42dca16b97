"""The faces of the classroom: lazy, and complete for every name that a notebook uses."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys

import pytest
from support import NOTEBOOKS, ROOT

pytestmark = pytest.mark.any_processor

FACES = ("classroom", "classroom.viz", "classroom.widgets")


def classroom_imports(path):
    """Every import from the classroom in a notebook: pairs of the module and its names."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "classroom":
                yield node.module, [alias.name for alias in node.names]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_from_the_faces_in_at_most_three_lines(path):
    imports = list(classroom_imports(path))
    assert {module for module, _ in imports} <= set(FACES)
    assert len(imports) <= 3
    for module, names in imports:
        face = importlib.import_module(module)
        assert set(names) <= set(face.__all__)
        for name in names:
            assert getattr(face, name) is not None


@pytest.mark.parametrize("face", FACES)
def test_every_name_of_a_face_is_there_and_no_module_hides_it(face):
    module = importlib.import_module(face)
    files = {path.stem for path in (ROOT / face.replace(".", "/")).glob("*") if path.stem}
    assert not files & set(module.__all__)
    assert dir(module) == module.__all__
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    import classroom.viz

    with pytest.raises(AttributeError, match="'classroom.viz' has no attribute 'draw_grahp'"):
        classroom.viz.draw_grahp  # noqa: B018


@pytest.mark.parametrize(
    "line", ["import classroom, classroom.viz, classroom.widgets", "from classroom import check"]
)
def test_importing_the_faces_loads_neither_matplotlib_nor_ipywidgets(line):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{line}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"matplotlib", "ipywidgets", "numpy", "graphviz"} & set(done.stdout.split())
