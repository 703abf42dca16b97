"""Doctests are looked for in an optional engine only where its package is installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from support import ROOT, WITHOUT_PLUGINS

pytestmark = pytest.mark.any_processor

# Run before anything else: packages that are not there, whatever is installed.
HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = (
    lambda name, *rest: None if name.partition(".")[0] in {names} else real(name, *rest)
)
"""


def collect(tmp_path, *hidden: str) -> subprocess.CompletedProcess[str]:
    """Let pytest collect the machine's doctests on a machine without these packages."""
    (tmp_path / "hide.py").write_text(HIDE.format(names=hidden or "()"), encoding="utf-8")
    asked = ["-p", "hide", "-p", "no:cacheprovider", "--collect-only", "-q", "microgpt"]
    asked += ["-o", "addopts=--import-mode=importlib --doctest-modules"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *asked],
        cwd=ROOT,
        env={**WITHOUT_PLUGINS, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_without_the_optional_packages_the_engines_are_left_out(tmp_path):
    done = collect(tmp_path, "numba", "torch")
    assert done.returncode == 0, done.stdout
    assert "microgpt/autograd.py" in done.stdout
    for name in ("compiled", "torch_engine", "ddp"):
        assert f"{name}.py" not in done.stdout


def test_without_a_package_of_the_lab_collecting_fails(tmp_path):
    done = collect(tmp_path, "numba", "torch", "numpy")
    assert done.returncode != 0
    assert "No module named 'numpy'" in done.stdout


@pytest.mark.parametrize("name", ["numba", "torch"])
def test_where_a_package_is_there_its_engine_is_imported(name):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    spec = importlib.util.spec_from_file_location("root_conftest", ROOT / "conftest.py")
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    engine = {"numba": "compiled", "torch": "torch_engine"}[name]
    path = ROOT / "microgpt" / "engines" / f"{engine}.py"
    assert name not in conftest.missing_packages(path)
    assert not conftest.pytest_ignore_collect(path)
