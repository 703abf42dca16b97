"""Which files of a Pyodide release the site carries, and the sha256 of each.

    python -m tools.lite.pins pyodide-lock.json

writes ``pins.json`` anew: an excerpt of the release's own lock file (every Pyodide release, and the
npm package ``pyodide``, holds one) with the packages that the course needs. The site is built from
this excerpt, so the bytes may come from anywhere: what has another sha256 is refused.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name as canonical

PINS = Path(__file__).with_name("pins.json")
# The kernel's own wishes, and what the notebooks import.
WANTED = ("ipython", "jedi", "matplotlib", "micropip", "numpy", "sqlite3")
# Pyodide itself; they lie beside the lock file and are pinned like it.
LIBRARY = "python_stdlib.zip"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", LIBRARY)


def closure(packages: dict[str, Any], names: Iterable[str]) -> list[str]:
    """These packages and all that they depend on, sorted; `packages` are those of a lock file."""
    found: set[str] = set()
    todo = [canonical(name) for name in names]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += map(canonical, packages[name]["depends"])
    return sorted(found)


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_pins() -> dict[str, Any]:
    """What `pins.json` holds: ``info``, ``core`` (file to sha256), ``packages`` (lock entries)."""
    return json.loads(PINS.read_text(encoding="utf-8"))


def excerpt(lock: Path) -> dict[str, Any]:
    """The part of a release's lock file that the course needs, with the files beside it."""
    whole = json.loads(lock.read_text(encoding="utf-8"))
    packages = {canonical(name): entry for name, entry in whole["packages"].items()}
    return {
        "info": whole["info"],
        "core": {name: digest(lock.parent / name) for name in CORE},
        "packages": {name: packages[name] for name in closure(packages, WANTED)},
    }


def main(arguments: list[str]) -> int:
    """Write `pins.json` from a lock file that lies in an unpacked release or npm package."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("usage: python -m tools.lite.pins FOLDER/pyodide-lock.json")
        return 2
    text = json.dumps(excerpt(Path(arguments[0])), indent=1, sort_keys=True)
    PINS.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{PINS.name}: {len(read_pins()['packages'])} packages pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
