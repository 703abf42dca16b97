"""An installed, non-editable course has its data, from a wheel and from a source archive."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from support import ROOT


def build(kind: str, source: Path, target: Path) -> Path:
    """Build a 'wheel' or an 'sdist' of a source tree, offline, and return the archive."""
    code = f"import hatchling.build as b, sys; print(b.build_{kind}(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> Path:
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def unpacked(wheel: Path, folder: Path) -> Path:
    """Where the wheel lies as pip would lay it out."""
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_is_the_package_and_its_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    here = [path for room in ("microgpt", "classroom") for path in (ROOT / room).rglob("*.py")]
    assert {path.relative_to(ROOT).as_posix() for path in here} <= set(names)
    assert {"microgpt/assets/names.txt", "microgpt/assets/names_weights.json"} <= set(names)
    tops = {name.split("/")[0] for name in names}
    stem = f"microgpt_course-{wheel.name.split('-')[1]}"
    assert tops == {
        *("classroom", "microgpt", "microgpt_course.py"),
        *(f"{stem}.dist-info", f"{stem}.data"),
    }


def test_any_jupyterlab_into_which_the_course_is_installed_has_its_layout_and_settings(wheel):
    """On a hub or Binder nobody runs `make lab`: both travel with the course."""
    own = ROOT / "tools" / "labextensions"
    files = {path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file()}
    archive = zipfile.ZipFile(wheel)
    names = {name.partition(".data/data/")[2]: name for name in archive.namelist()}
    config = "etc/jupyter/labconfig/default_setting_overrides.d/microgpt-course.json"
    theme, news, files_shown, explorers = json.loads(archive.read(names.pop(config))).values()
    assert theme["adaptive-theme"] is True  # light or dark as the system is
    assert news["fetchNews"] == "false"  # no question about news before the first notebook
    assert files_shown["showLastModifiedColumn"] is False  # names of files are whole
    assert explorers["saveState"] is True  # the next day an explorer's last picture is there
    assert set(names) - {""} == {f"share/jupyter/labextensions/{name}" for name in files}


def test_an_installed_course_finds_its_data(wheel, tmp_path):
    code = f"""
import sys; sys.path.insert(0, {str(unpacked(wheel, tmp_path))!r})
import microgpt
state_dict, config, tokenizer = microgpt.load()
print(len(microgpt.load_docs()), len(state_dict), config.n_embd, tokenizer.vocab_size)
print(microgpt.asset_path('names.txt'))
"""
    command = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    numbers, path = done.stdout.splitlines()
    assert numbers == "32257 9 16 27"
    assert Path(path) == tmp_path.resolve() / "site" / "microgpt" / "assets" / "names.txt"


def test_the_command_line_runs_from_a_wheel_on_a_bare_python(wheel, tmp_path):
    command = [sys.executable, "-S", "-m", "microgpt", "--steps", "1", "--samples", "1"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(unpacked(wheel, tmp_path))},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "step    1 /    1 | loss 3.4639" in done.stdout


def test_a_wheel_from_the_source_archive_is_the_same(wheel, sdist, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path)
    (tree,) = tmp_path.iterdir()
    again = build("wheel", tree, tmp_path)
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()
    assert {"README.md", "LICENSE", "Makefile", "notebooks", "tests"} <= {
        path.name for path in tree.iterdir()
    }


def test_the_names_are_the_ones_that_their_page_describes():
    page = (ROOT / "assets" / "README.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((ROOT / "assets" / "names.txt").read_bytes()).hexdigest()
    assert re.findall(r"\b[0-9a-f]{64}\b", page) == [digest]
