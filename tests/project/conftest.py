"""A small stand-in for the course, set up offline, and Pythons that are missing, old or bare."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import ROOT

# A build backend inside the project, so that pip needs no network to install it.
BACKEND = """
import pathlib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info, name = "microgpt_course-1.dist-info", "microgpt_course-1-py3-none-any.whl"
    extras = "".join(f"Provides-Extra: {e}\\n" for e in ("lab", "test"))
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("tiny.pth", str(pathlib.Path.cwd()))
        head = "Metadata-Version: 2.1\\nName: microgpt-course\\nVersion: 1\\n"
        wheel.writestr(f"{info}/METADATA", head + extras + "__DEPENDENCY__")
        kind = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", kind)
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
# Sets up as tools.setup_env does, but borrows this Python's pip: to install one takes seconds.
QUICK = """
import importlib.util, pathlib, sys, venv
from tools import setup_env

def create_quickly(folder, create=venv.create, **options):
    pip = importlib.util.find_spec("pip")
    create(folder, **options | {"with_pip": pip is None})
    if pip is not None:
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "pip").symlink_to(pathlib.Path(pip.origin).parent)

venv.create = create_quickly
sys.exit(setup_env.main(sys.argv[1:]))
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "microgpt-course"
version = "1"

[project.optional-dependencies]
lab = []
test = []
"""
NOWHERE = "http://127.0.0.1:9/simple"  # nothing listens on the discard port


@dataclass
class Course:
    """A copy of the Makefile and its tools around a package without dependencies."""

    root: Path
    environment: dict[str, str]
    bin: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> dict:
        """What the environment says that it holds."""
        return json.loads((self.venv / "course-stamp.json").read_text(encoding="utf-8"))

    def run(self, *command: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a command in the course's folder, with its own environment."""
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("make", *words)

    def setup(self, extras: str = "lab", quick: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run(*self.setup_command(quick), extras)

    def setup_command(self, quick: bool = True) -> list[str]:
        return [sys.executable, *(["quick.py"] if quick else ["-m", "tools.setup_env"])]

    def depend_on(self, requirement: str) -> None:
        """Let the stand-in ask for a package."""
        line = f"Requires-Dist: {requirement}\\n" if requirement else ""
        (self.root / "backend.py").write_text(BACKEND.replace("__DEPENDENCY__", line), "utf-8")

    def list_packages(self, extra: str, *names: str) -> None:
        """Let pyproject.toml name the packages of an extra."""
        path = self.root / "pyproject.toml"
        text = re.sub(
            rf"^{extra} = .*$", f"{extra} = {list(names)}", path.read_text("utf-8"), flags=re.M
        )
        path.write_text(text.replace("'", '"'), encoding="utf-8")

    def program(self, name: str, text: str) -> None:
        """Put a shell script on the PATH."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def link(self, name: str, target: str | Path) -> None:
        """Put a program of the system on the PATH."""
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).symlink_to(target)


@pytest.fixture
def course(tmp_path) -> Course:
    """Make a stand-in whose path holds a space and whose PATH holds no Python."""
    if os.name == "nt" or not shutil.which("make"):
        pytest.skip("make lab is for systems with make")
    root, programs = tmp_path / "my course", tmp_path / "bin"
    for folder in (root, programs, tmp_path / "home"):
        folder.mkdir()
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", root)
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "quick.py").write_text(QUICK, encoding="utf-8")
    environment = {
        "PATH": str(programs),
        "HOME": str(tmp_path / "home"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": NOWHERE,
        "PIP_RETRIES": "0",
        "LC_ALL": "C",
    }
    made = Course(root, environment, programs)
    for name in ("sh", "make", "awk", "rm", "find", "dirname", "cat", "mkdir", "mktemp"):
        made.link(name, shutil.which(name))
    made.depend_on("")
    return made
