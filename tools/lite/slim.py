"""The site's wheels: as they were pinned, without what no page of it can use (`needless.txt`).

Each start of Python unpacks them, so what is not there saves a reader's time. Where a Python of the
site's own version builds it, what a start imports (`imported.txt`) is compiled here, once. And
matplotlib gets a list of its fonts that it takes for its own: the one in Pyodide's wheel was
written by another version, so a kernel made a new one when it first plotted, with a warning.
"""

from __future__ import annotations

import importlib.util
import json
import marshal
import re
import sys
import zipfile
from pathlib import Path

from tools.lite import pins

PACKAGES, LIBRARY = "/lib/python3.12/site-packages", "/lib/python312.zip"  # where Python has them
DAY, FONTS = (1980, 1, 1, 0, 0, 0), "matplotlib/fontlist.json"


def listed(name: str) -> list[str]:
    """The lines of a list beside this file, without its remarks."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


NEEDLESS, IMPORTED = re.compile("|".join(listed("needless.txt"))), set(listed("imported.txt"))


def slim(wheel: Path, folder: Path) -> Path:
    """Write a wheel anew into a folder; its build tag tells its content, as browsers keep files."""
    draft = folder / "draft"
    rewrite(wheel, draft, PACKAGES)
    name, version, *_, python, abi, platform = wheel.name.split("-")
    tag = f"0{pins.digest(draft)[:10]}"
    return draft.rename(folder / "-".join((name, version, tag, python, abi, platform)))


def rewrite(source: Path, target: Path, place: str) -> None:
    """Write an archive anew; `place` is where Python finds it, or what is unpacked of it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(name for name in old.namelist() if not NEEDLESS.search(name)):
            content = own_fonts(old) if name == FONTS else old.read(name)
            for part, text in parts(name, content, place).items():
                new.writestr(zipfile.ZipInfo(part, DAY), text, zipfile.ZIP_DEFLATED, 9)


def parts(name: str, content: bytes, place: str) -> dict[str, bytes]:
    """A file, and what it compiles to; of a module listed as `.pyc` nobody looks at the source."""
    alone = f"{name}c" in IMPORTED
    if sys.version_info[:2] != (3, 12) or not (alone or name in IMPORTED):
        return {name: content}
    code = marshal.dumps(compile(content, f"{place}/{name}", "exec", dont_inherit=True))
    kind = (1).to_bytes(4, "little")  # PEP 552: known by a hash, which is not compared
    code = importlib.util.MAGIC_NUMBER + kind + importlib.util.source_hash(content) + code
    cached = re.sub(r"(\w+)\.py$", r"__pycache__/\1.cpython-312.pyc", name)
    beside = alone or place == LIBRARY
    return {f"{name}c" if beside else cached: code} | ({} if alone else {name: content})


def own_fonts(matplotlib: zipfile.ZipFile) -> bytes:
    """The list of the fonts that are in the wheel, in the version that matplotlib looks for."""
    source = matplotlib.read("matplotlib/font_manager.py").decode("utf-8")
    found = re.search(r"^    __version__ = (\d+)$", source, re.MULTILINE)
    if found is None:
        raise RuntimeError("matplotlib: the version of its list of fonts is not to be seen")
    fonts = json.loads(matplotlib.read(FONTS)) | {"_version": int(found[1]), "afmlist": []}
    fonts["ttflist"] = [each for each in fonts["ttflist"] if each["fname"].startswith("fonts/")]
    return json.dumps(fonts).encode()
