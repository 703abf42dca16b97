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
    names = [
        path.replace(os.sep, "/").rpartition("tests/")[2] for path in processors.computing_tests()
    ]
    assert "project/test_teaching.py" in names
    assert "microgpt/engines/test_same_training.py" in names
    assert "microgpt/test_autograd.py" not in names and "project/test_imports.py" not in names
    notebooks = {
        path.name[:2]
        for path in (ROOT / "notebooks").glob("*.ipynb")
        if processors.USES_NUMPY.search(path.read_text(encoding="utf-8"))
    }
    assert {"07", "08", "10", "11"} <= notebooks


@pytest.mark.slow
def test_elsewhere_the_course_comes_from_its_wheel(tmp_path):
    pytest.importorskip("hatchling")
    environment = processors.elsewhere(tmp_path, ["Prescott", "Haswell"])
    ask = "import classroom, microgpt as m; print(m.__file__); print(m.asset_path('names.txt'))"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert [line.startswith(str(tmp_path)) for line in done.stdout.splitlines()] == [True, True]
    every = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    copies = [
        {path.name for path in (tmp_path / "lecture" / kernel).glob("*.ipynb")}
        for kernel in ("Prescott", "Haswell")
    ]
    assert copies[0] == every and copies[1] < every and "10_whole_machine.ipynb" in copies[1]


def test_each_notebooks_python_is_told_the_kernel_of_its_folder(tmp_path):
    for kernel in ("Prescott", "Haswell"):
        folder = tmp_path / kernel
        folder.mkdir()
        processors.tell_kernels(folder, "OPENBLAS_CORETYPE", kernel)
        source = "import os; print(os.environ['OPENBLAS_CORETYPE'])"
        output = new_output("stream", text=f"{kernel}\n")
        cell = new_code_cell(source, execution_count=1, outputs=[output])
        nbformat.write(new_notebook(cells=[cell]), folder / "a.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "nbval.plugin"]
    done = subprocess.run(
        [*command, "--nbval", "--nbval-current-env", "Prescott", "Haswell"],
        cwd=tmp_path, env=WITHOUT_PLUGINS, capture_output=True, text=True,
    )  # fmt: skip
    assert "2 passed" in done.stdout, done.stdout


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
