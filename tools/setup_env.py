"""Build or renew the virtual environment `.venv`: what `make lab` and `make test` do first.

Run by the system's own Python (3.10 or newer), with the extras of pyproject.toml that are needed:

    python3 tools/setup_env.py lab,test

A stamp inside `.venv` tells what it was built from, so a second run takes no time and a changed
pyproject.toml is noticed. An environment that was never finished is removed, at once or, if this
program was killed, by its next run. Every failure is one line and an exit code other than 0.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "course-stamp.json"  # written last: what the environment holds
UNFINISHED = VENV / "course-unfinished"  # written first, gone when the first install is complete
LOG = ROOT / "build" / "install.log"

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
)
# JupyterLab's own "do you want news?" question would be the first thing that a newcomer sees. And
# with an explorer's state saved, the next day shows its last picture, not "model not found".
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}


class SetupError(Exception):
    """A failure that the user is told in one line."""


def venv_python() -> Path:
    """Where the environment's own Python is, on this system."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp(extras: set[str]) -> dict[str, object]:
    """What the stamp says of an environment that fits this checkout and these extras."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"pyproject": digest, "root": str(ROOT), "extras": sorted(extras)}


def read_stamp() -> dict[str, object]:
    """What the environment holds; nothing if it has no readable stamp."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def venv_version() -> tuple[int, ...] | None:
    """Python's version in the environment, or None if it does not run or has no pip."""
    probe = "import importlib.util as u, sys; u.find_spec('pip').name; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([venv_python(), "-I", "-c", probe], capture_output=True, text=True)
    except OSError:
        return None
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None


def other_version_chosen(version: tuple[int, ...]) -> bool:
    """Whether the user asked with PYTHON=... for a Python that this environment is not."""
    return bool(os.environ.get("PYTHON")) and version != sys.version_info[:2]


def discard_unusable() -> None:
    """Remove an environment of ours that cannot be used; refuse to touch one of somebody else's."""
    if not VENV.exists():
        return
    ours = UNFINISHED.exists() or STAMP.exists()
    version = venv_version()
    usable = version is not None and version >= (3, 10) and not other_version_chosen(version)
    if UNFINISHED.exists() or (ours and not usable):
        shutil.rmtree(VENV)
    elif not usable:
        found = "no working Python" if version is None else "Python {}.{}".format(*version)
        raise SetupError(f"a folder .venv is there already, with {found}: move it away first")


def refuse_link() -> None:
    """Leave a linked environment alone: what it leads to belongs to another checkout."""
    if VENV.is_symlink():
        advice = "remove the link with `rm .venv`, and a .venv of its own is made here"
        raise SetupError(f".venv is a link to {os.readlink(VENV)}, which is left alone: {advice}")


def create() -> None:
    """Make an empty environment, marked as unfinished."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError as error:
        python = f"{sys.executable} ({sys.version_info[0]}.{sys.version_info[1]})"
        advice = "on Debian and Ubuntu run `apt install python3-venv`, or choose with PYTHON=..."
        raise SetupError(f"{python} has no module {error.name or 'venv'}: {advice}") from None
    VENV.mkdir()
    UNFINISHED.touch()
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"the virtual environment could not be made: {error}") from None


def pip_install(extras: set[str]) -> None:
    """Install the course from this checkout with its extras; pip's words go to a log file."""
    LOG.parent.mkdir(exist_ok=True)
    target = f".[{','.join(sorted(extras))}]"
    options = ["--no-compile", "--no-input", "--disable-pip-version-check"]
    command = [venv_python(), "-m", "pip", "install", *options, "-e", target]
    patience = {"PIP_RETRIES": "2"} | os.environ
    with open(LOG, "w", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=log, cwd=ROOT, env=patience)
    if done.returncode != 0:
        raise SetupError(explain(LOG.read_text(encoding="utf-8", errors="replace")))


def explain(log: str) -> str:
    """The line that tells why pip failed."""
    where = f"details in {LOG.relative_to(ROOT)}"
    if "No space left on device" in log:
        return f"the disk is full, so the course could not be installed ({where})"
    if any(sign in log for sign in NO_NETWORK):
        return f"no connection to the package index: check the network and run it again ({where})"
    errors = [line[len("ERROR: ") :] for line in log.splitlines() if line.startswith("ERROR: ")]
    return f"pip could not install the course: {errors[0] if errors else 'see the log'} ({where})"


def write_lab_settings() -> None:
    """Give JupyterLab the course's settings, where they are not there yet."""
    path, text = VENV / "share/jupyter/lab/settings/overrides.json", json.dumps(LAB_SETTINGS)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_stamp(stamp: dict[str, object]) -> None:
    """Say that the environment is complete, in one step that cannot be half done."""
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps(stamp), encoding="utf-8")
    draft.replace(STAMP)
    UNFINISHED.unlink(missing_ok=True)


def prepare(extras: set[str]) -> None:
    """Make `.venv` hold the course with these extras, keeping the extras that it already has."""
    refuse_link()
    discard_unusable()
    stamp = read_stamp()
    had = set(map(str, stamp.get("extras", [])))  # type: ignore[call-overload]
    wanted = wanted_stamp(extras | had)
    if stamp != wanted:
        install(wanted)
    if "lab" in extras | had:
        write_lab_settings()


def install(wanted: dict[str, object]) -> None:
    """Install what the stamp will say, and write it."""
    extras = set(wanted["extras"])  # type: ignore[call-overload]
    STAMP.unlink(missing_ok=True)
    what = ", ".join(sorted(extras))
    print(f"Installing what the course needs ({what}) into .venv: a few minutes, once ...")
    sys.stdout.flush()
    if not VENV.exists():
        create()
    pip_install(extras)
    write_stamp(wanted)


def main(arguments: list[str]) -> int:
    """Prepare the environment; 0 if it is ready, 1 after a failure, 130 after Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        prepare(set(",".join(arguments).split(",")) - {""})
    except SetupError as error:
        return give_up(str(error), 1)
    except KeyboardInterrupt:
        return give_up("stopped before the course was installed: run it again to start over", 130)
    except OSError as error:
        return give_up(f"the course could not be set up: {error}", 1)
    return 0


def give_up(message: str, code: int) -> int:
    """Remove what was never finished, and say why in one line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if UNFINISHED.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    print(f"error: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
