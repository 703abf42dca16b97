"""The course's own part of the site's pages: settings, start page, script, versions, fonts."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from classroom.chapters import CHAPTERS
from classroom.viz.kit.palette import filled, root
from classroom.widgets import MindExplorer
from tools import ROOT
from tools.lite import lockfile, pins
from tools.screenshots import HINT
from tools.stills import with_form

TITLE = "How a GPT works"
FIRST = CHAPTERS[0].file
# The Notebook look is what a beginner meets; the file list and JupyterLab are a click away.
APPS = ("notebooks", "tree", "lab", "edit")
OWN = Path(__file__).with_name("page")
START = "start.css"  # of a page with no theme of its own
PYTHON = Path("static", "pyodide")
# Variables of the kernel: /drive is the folder that the browser keeps. Python is slower there than
# outside, so a check may take longer.
ENVIRONMENT = {"XDG_DATA_HOME": "/drive", "MICROGPT_CHECK_SECONDS": "6"}
SETTINGS = {
    **json.loads((ROOT / "tools" / "lab_settings.json").read_text(encoding="utf-8")),
    "@jupyter-notebook/application-extension:top": {"visible": "no"},  # room for the chapter
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
}
# In `config-utils.js`: a server is asked again for the settings, since they name the files of the
# present build; and the lock file's address is made whole, since it is used from within a worker.
CONFIG_LINES = {
    "await window.fetch(liteUrl)": "await window.fetch(liteUrl, {cache: 'no-cache'})",
    "  // hoist to cache\n": """\
  for (const settings of Object.values(finalConfig.litePluginSettings || {})) {
    const options = settings.loadPyodideOptions;
    if (options) options.lockFileURL = new URL(options.lockFileURL, FULL_LITE_ROOT).href;
  }
  // hoist to cache
""",
}
# Fonts in formats that no browser of this decade asks for, and the icons that a page asks for.
ELK = "knownLayoutAlgorithms"  # 1.5 MB for diagrams that name another way to be laid out
UNUSED = ("build/fa-*.svg", "build/fa-*.eot", "build/fa-*.ttf", "build/fa-*.woff")
UNASKED = '["ssl",'  # loaded before the kernel starts, never used by a page that asks nobody
WORKERS = "extensions/@jupyterlite/pyodide-kernel-extension/static/*.js"
FETCHED = ("pyodide.asm.wasm", "python_stdlib.zip")  # of Pyodide itself; its scripts are loaded
ICONS = ("static/favicons/favicon-notebook.ico", "static/favicons/favicon-busy-1.ico")


def finish(site: Path, versions: dict[str, str], lock_name: str) -> None:
    """Add the start page and the script to what JupyterLite built."""
    patch(site / "config-utils.js", CONFIG_LINES)
    unused = [path for pattern in UNUSED for path in site.glob(pattern)]
    for path in [*unused, *(p for p in site.glob("build/*.js") if ELK in p.read_text("utf-8"))]:
        path.unlink()
    (site / ICONS[0]).parent.mkdir(parents=True)
    for icon in (*map(site.joinpath, ICONS), *site.glob("*/favicon.ico")):
        shutil.copy(OWN / "icon.ico", icon)
    files = [[path.as_posix(), (site / path).stat().st_size] for path in needed(site, lock_name)]
    content = {"versions": versions, "python": files}
    (site / "course.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    extend_kernel(site)
    folder = lay_script(site)
    for app in APPS:
        page = site / app / "index.html"
        patch(page, {"  </head>": f"{head(folder)}\n  </head>", "<html>": '<html lang="en">'})
    start_page(site, folder, sum(size for _, size in files))


def start_page(site: Path, folder: str, size: int) -> None:
    """Write the page that the site opens with: what this is, where to begin, every chapter."""
    row = "<li><a href='notebooks/index.html?path={}'><b>{}</b></a> {} <small>{} min</small></li>"
    filling = {
        "files": json.dumps([each.file for each in CHAPTERS]),
        "first": FIRST,
        "style": folder,
        "chapters": "\n".join(row.format(c.file, c.title, c.idea, c.alone) for c in CHAPTERS),
        "megabytes": f"{size / 1e6:.0f}",
    }
    text = (OWN / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"\{\{ (\w+) \}\}", lambda found: filling[found[1]], text)
    (site / "index.html").write_text(text, encoding="utf-8")
    mind = MindExplorer().picture
    for name, picture in (("mind", mind), ("mind-phone", mind.on_a_phone())):
        (site / f"{name}.svg").write_text(picture.data.replace(HINT, ""), encoding="utf-8")
    for film in (ROOT / "assets" / "images").glob("mind*.webp"):
        shutil.copy(film, site)


def lay_script(site: Path) -> str:
    """Copy the script into the site; its folder's name changes with it, as browsers keep files."""
    sources = sorted(path for path in OWN.iterdir() if path.suffix in (".js", ".css"))
    texts = {path.name: filled(path.read_text(encoding="utf-8")) for path in sources}
    texts[START] = root() + (OWN / START).read_text(encoding="utf-8")
    folder = f"course-{hashlib.sha256(''.join(texts.values()).encode()).hexdigest()[:10]}"
    (site / folder).mkdir()
    for name, text in texts.items():
        (site / folder / name).write_text(text, encoding="utf-8")
    return folder


def head(folder: str) -> str:
    """The lines that bring style and script into a page, one folder below the site's top."""
    return (
        f'    <link rel="icon" href="../{ICONS[0]}">\n'
        f'    <link rel="stylesheet" href="../{folder}/course.css">\n'
        f'    <script type="module" src="../{folder}/course.js"></script>'
    )


def extend_kernel(site: Path) -> None:
    """Put our lines before the kernel's script, in each of its forms; it loads what is used."""
    scripts = [p for p in site.glob(WORKERS) if UNASKED in p.read_text(encoding="utf-8")]
    if not scripts:
        raise RuntimeError(f"no file {WORKERS} starts Python: another version of the kernel")
    for path in scripts:
        theirs = path.read_text(encoding="utf-8").replace(UNASKED, "[")
        path.write_text((OWN / "kernel.js").read_text(encoding="utf-8") + theirs, encoding="utf-8")


def needed(site: Path, lock_name: str) -> list[Path]:
    """The files that Python fetches while it starts, relative to the site."""
    lock = json.loads((site / PYTHON / lock_name).read_text(encoding="utf-8"))
    packages = pins.closure(lock["packages"], lockfile.AT_START)
    names = [*FETCHED, lock_name, *(lock["packages"][name]["file_name"] for name in packages)]
    return [PYTHON / name for name in names]


def patch(path: Path, changes: dict[str, str]) -> None:
    """Replace text that stands once in a file of JupyterLite's: each version has its own."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        if text.count(old) != 1:
            raise RuntimeError(f"{path.name} has {old!r} {text.count(old)} times, not once")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def joined(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook whose texts are strings: files keep them as lists of lines, pages do not."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = "".join(output["text"])
            for mime, content in output.get("data", {}).items():
                if isinstance(content, list) and not mime.endswith("json"):
                    output["data"][mime] = "".join(content)
            drop_unseen(output.get("data", {}))
    return notebook


def drop_unseen(data: dict[str, Any]) -> None:
    """Leave out of a picture what no page shows, which prefers HTML; add what a phone does."""
    if "<img" in data.get("text/html", ""):
        for mime in ("image/svg+xml", "image/png"):
            data.pop(mime, None)
        data["text/html"] = with_form(data["text/html"], data.get("text/plain", ""))
