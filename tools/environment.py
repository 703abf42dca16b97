"""The virtual environment `.venv`: where it is, what it holds, how it is made and filled.

`tools.setup_env` decides when. An environment's own pip installs the course; where it has none, as
in one that uv made, uv does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import ROOT

VENV = ROOT / ".venv"
LOG = ROOT / "build" / "install.log"
NAME = "microgpt-course"

NO_NETWORK = (
    "Failed to establish a new connection",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Connection refused",
    "Network is unreachable",
    "Could not fetch URL",
    "timed out",
    "ProxyError",
    "NewConnectionError",
    "error sending request",
)
UNTRUSTED = ("CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "invalid peer certificate")
# Run inside the environment with this folder, the course's name and those of other packages: what
# these need is looked for as well. A package without its folder is broken, since an installer would
# take it for one that is there; a course that was installed from another folder is missing.
PROBE = """
import importlib.util as u, json, os, re, sys
from importlib import metadata
from urllib.parse import urlsplit
from urllib.request import url2pathname
missing, broken, seen, names = [], [], set(), sys.argv[2:]
try:
    url = json.loads(metadata.distribution(names[0]).read_text("direct_url.json"))["url"]
    here = os.path.samefile(url2pathname(urlsplit(url).path), sys.argv[1])
except (OSError, TypeError, metadata.PackageNotFoundError):
    here = False
if not here:
    missing.append(names.pop(0))
while names:
    name = names.pop()
    if name in seen:
        continue
    seen.add(name)
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        missing.append(name)
        continue
    record = (found.read_text("RECORD") or "").splitlines()
    tops = {line.split(",")[0].split("/")[0] for line in record if line[:1] != '"'}
    if not all(found.locate_file(top).exists() for top in tops - {"..", "__pycache__"}):
        broken.append(name)
    needs = [need for need in found.requires or () if ";" not in need]
    names += [re.match(r"[A-Za-z0-9._-]+", need).group() for need in needs]
version = sys.version_info[:2]
pip = u.find_spec("pip") is not None
print(json.dumps({"version": version, "pip": pip, "missing": missing, "broken": broken}))
"""


class SetupError(Exception):
    """A failure that the user is told in one line."""


@dataclass(frozen=True)
class Found:
    """What an environment is found to be: its Python's version, and what it lacks."""

    version: tuple[int, int]
    pip: bool
    missing: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def lacks(self) -> str:
        """The packages that do not work here, in words; empty if all do."""
        return ", ".join(sorted(self.missing + self.broken))


def venv_python(folder: Path = VENV, windows: bool = os.name == "nt") -> Path:
    """Where the Python of an environment is, on this system."""
    return folder / ("Scripts/python.exe" if windows else "bin/python")


def all_extras() -> dict[str, list[str]]:
    """The extras that pyproject.toml has, each with the packages that it needs on any Python."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = text.partition("[project.optional-dependencies]")[2].split("\n[")[0]
    lists = re.findall(r"^([\w-]+) = \[(.*?)\]$", table, re.MULTILINE | re.DOTALL)
    return {name: re.findall(r'"([A-Za-z0-9._-]+)[^";]*"', words) for name, words in lists}


def look(extras: set[str]) -> Found | None:
    """See what the environment holds of these extras; None if it has no Python that works."""
    needed = all_extras()
    names = [NAME, *(name for extra in extras & needed.keys() for name in needed[extra])]
    command = [venv_python(), "-I", "-c", PROBE, ROOT, *names]
    try:
        told = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    except (OSError, ValueError):
        return None
    return Found(**{key: value if key == "pip" else tuple(value) for key, value in told.items()})


def create() -> None:
    """Make an environment with nothing but pip in it."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError as error:
        python = f"{sys.executable} ({sys.version_info[0]}.{sys.version_info[1]})"
        advice = "on Debian and Ubuntu run `apt install python3-venv`, or choose with PYTHON=..."
        raise SetupError(f"{python} has no module {error.name or 'venv'}: {advice}") from None
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, ValueError) as error:  # a path with a colon, for one
        raise SetupError(f"the virtual environment could not be made: {error}") from None


def installer(pip: bool) -> list[str | Path]:
    """The command that installs into the environment: its own pip, or uv where it has none."""
    if pip:
        options = ["--no-compile", "--no-input", "--no-user", "--disable-pip-version-check"]
        return [venv_python(), "-I", "-m", "pip", "install", *options]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", venv_python()]
    raise SetupError(".venv has no pip, and there is no uv: remove .venv, and it is made again")


def install(extras: set[str], pip: bool, lock: int) -> None:
    """Install the course from this checkout with its extras; the installer's words go to a log.

    The installer holds the lock too, so that one that outlives this program is waited for.
    """
    command = [*installer(pip), "-e", f".[{','.join(sorted(extras))}]"]
    patience = {"PIP_RETRIES": "2"} | os.environ
    held = {} if os.name == "nt" else {"pass_fds": (lock,)}
    with open(LOG, "w", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=log, cwd=ROOT, env=patience, **held)
    if done.returncode < 0:
        raise SetupError(f"the installation was ended from outside (signal {-done.returncode})")
    if done.returncode != 0:
        raise SetupError(explain(LOG.read_text(encoding="utf-8", errors="replace")))


def explain(log: str) -> str:
    """The line that tells why the course could not be installed."""
    where = f"details in {LOG.relative_to(ROOT)}"
    if "No space left on device" in log:
        return f"the disk is full, so the course could not be installed ({where})"
    if any(sign in log for sign in UNTRUSTED):
        advice = "if a proxy stands between, name its certificates with PIP_CERT=/path/to/file.pem"
        return f"the certificate of the package index is not trusted here: {advice} ({where})"
    if any(sign in log for sign in NO_NETWORK):
        return f"no connection to the package index: check the network and run it again ({where})"
    errors = re.findall(r"^\s*(?:ERROR:|error:|×) *(.+)$", log, re.MULTILINE)
    return f"the course could not be installed: {errors[0] if errors else 'see the log'} ({where})"
