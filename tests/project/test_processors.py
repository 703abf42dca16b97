"""`tools/processors.py` and `noxfile.py`: which kernels and which Pythons are tried."""

from __future__ import annotations

import os
import runpy
import shutil
import stat
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import ROOT, WITHOUT_PLUGINS

pytest.importorskip("numpy")
from tools import processors  # noqa: E402

pytestmark = pytest.mark.any_processor


def test_a_kernel_that_openblas_does_not_use_is_not_one_of_them():
    own = processors.kernel_here()
    if not own:
        pytest.skip("NumPy does not stand on OpenBLAS here")
    assert processors.kernel_here(own) in ("", own)
    assert processors.kernel_here("Nonsense") == own
    others = processors.kernels()
    assert own not in others and set(others) <= set(processors.KERNELS)


def test_where_a_kernel_crashes_it_is_none(monkeypatch):
    monkeypatch.setattr(processors, "PROBE", "import os; os.abort()")
    assert processors.kernels() == []


def test_what_computes_with_numpy_is_found():
    names = {path.name for path in processors.computing()}
    assert {"test_teaching.py", "test_same_training.py", "10_whole_machine.ipynb"} <= names
    assert not {"test_autograd.py", "test_imports.py", "01_value.ipynb"} & names


@pytest.mark.slow
def test_elsewhere_the_course_comes_from_its_wheel(tmp_path):
    pytest.importorskip("hatchling")
    environment = processors.from_the_wheel(tmp_path)
    ask = "import classroom, microgpt as m; print(m.__file__); print(m.asset_path('names.txt'))"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert [line.startswith(str(tmp_path)) for line in done.stdout.splitlines()] == [True, True]


def test_each_notebooks_python_is_told_the_kernel_of_its_folder(tmp_path):
    source = "import os; print(os.environ['OPENBLAS_CORETYPE'])"
    output = new_output("stream", text="Haswell\n")
    cell = new_code_cell(source, execution_count=1, outputs=[output])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    disguises = [
        processors.Disguise(name, "OPENBLAS_CORETYPE", name) for name in ("Prescott", "Haswell")
    ]
    processors.copy_notebooks([tmp_path / "a.ipynb"], disguises, tmp_path / "lecture")
    command = [*processors.PYTEST, "-p", "nbval.plugin", "--nbval", "--nbval-current-env"]
    failed = processors.failures(command, tmp_path / "lecture", WITHOUT_PLUGINS)
    assert failed == ["Prescott/a.ipynb::Cell 0"]


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_nox_takes_each_python_once_from_the_path_or_from_pyenv(tmp_path, monkeypatch):
    pytest.importorskip("nox")
    for place, version in (
        ("bin/python3.10", "3.10"),
        ("bin/python3.12", "2.7"),  # a name that lies
        ("pyenv/versions/3.10.9/bin/python", "3.10"),
        ("pyenv/versions/3.13.0/bin/python", "3.13"),
        ("pyenv/versions/3.9.1/bin/python", "3.9"),
    ):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!{shutil.which('sh')}\necho {version}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    found = runpy.run_path(str(ROOT / "noxfile.py"), run_name="not_nox")["interpreters"]()
    assert found == {
        "3.10": str(tmp_path / "bin/python3.10"),
        "3.13": str(tmp_path / "pyenv/versions/3.13.0/bin/python"),
    }
