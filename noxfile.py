"""Run the suite on every Python that is found here: ``nox``, or ``nox -s tests-3.13`` for one.

Names on the PATH (``python3.10`` to ``python3.14``) count, and what pyenv has installed. Each gets
an environment of its own in ``.nox/``; words after ``--`` go to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
nox.options.reuse_existing_virtualenvs = True


def interpreters() -> dict[str, str]:
    """The Pythons of this machine that the course is for: version and path, one a version."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = {}
    for version in VERSIONS:
        places = [
            shutil.which(f"python{version}") or "",
            *sorted(pyenv.glob(f"{version}.*/bin/python")),
        ]
        for place in filter(None, map(str, places)):
            command = [place, "-c", "import venv, sys; print('%d.%d' % sys.version_info[:2])"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0 and done.stdout.strip() == version:
                found[version] = place
                break
    return found


def suite(session: nox.Session) -> None:
    """Install the course with its default extras, and run all tests."""
    usual = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")
    session.install("-e", ".[lab,test]")
    session.run("python", "-m", "pytest", *(session.posargs or usual))


for _version, _path in interpreters().items():
    nox.session(suite, name=f"tests-{_version}", python=_path)
