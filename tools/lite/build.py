"""Build the site in ``build/lite``: `make lite`.

    python -m tools.lite.build [--parts FILE_OR_FOLDER] [--out FOLDER] [--again]

JupyterLite makes the pages; here it gets its Python, its packages, the notebooks with their stored
outputs and, last, the course's own script and start page. No part of the site asks another host for
anything, and no address in it is absolute: any file server can serve it, from any folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

from tools import ROOT
from tools.lite import lockfile, pages, parts, pins, slim

OUT = ROOT / "build" / "lite"
# What a site is made from: if none of these changed, it is there already.
INPUTS = "microgpt classroom assets notebooks tools/lite tools/lab_settings.json pyproject.toml"
SHARED = Path("share/jupyter/labextensions")
KERNEL = "@jupyterlite/pyodide-kernel-extension"


def inputs_digest() -> str:
    """One number for everything that a site is made from."""
    total = hashlib.sha256()
    for place in INPUTS.split():
        top = ROOT / place
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
                total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


def course_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(ROOT)]
    run(command, ROOT, SOURCE_DATE_EPOCH="315532800")  # the same files give the same bytes
    return next(folder.glob("microgpt_course-*.whl"))


def run(command: list[str], folder: Path, **variables: str) -> None:
    """Run a program in a folder; its words are shown only if it fails."""
    environment = os.environ | variables
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}")


def fill_python(folder: Path, files: list[Path], wheels: list[Path], work: Path) -> str:
    """Lay Pyodide, all packages and the lock file into a folder; return the lock file's name."""
    folder.mkdir(parents=True)
    wheels, course = [*wheels, *lockfile.kernel_wheels()], course_wheel(work)
    lock = lockfile.site_lock(wheels, course)
    found = {path.name: path for path in (*files, *wheels, course)}
    for each in lock["packages"].values():
        wheel = slim.slim(found[each["file_name"]], folder)
        each.update(file_name=wheel.name, sha256=pins.digest(wheel))
    for name in pins.CORE:
        shutil.copy(found[name], folder)
    slim.rewrite(found[pins.LIBRARY], folder / pins.LIBRARY, slim.LIBRARY)
    text = json.dumps(lock, indent=1, sort_keys=True)
    name = f"pyodide-lock-{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    (folder / name).write_text(text, encoding="utf-8")
    return name


def fill_extensions(folder: Path, wheels: list[Path]) -> None:
    """Lay the page's half of the kernel and of the sliders into a folder."""
    data = Path(sysconfig.get_path("data"))
    shutil.copytree(data / SHARED / KERNEL, folder / KERNEL, ignore=shutil.ignore_patterns("*.map"))
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                before, found, rest = name.partition(f".data/data/{SHARED.as_posix()}/")
                if found and not name.endswith(("/", ".map")):
                    (folder / rest).parent.mkdir(parents=True, exist_ok=True)
                    (folder / rest).write_bytes(archive.read(name))


def fill_graphviz(folder: Path, wheel: Path) -> None:
    """Take Graphviz's WebAssembly, one file of JavaScript, out of the wheel that carries it."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        (folder / "viz-standalone.js").write_bytes(
            archive.read("sphinx_ext_vizjs/viz-standalone.js")
        )


def fill_content(folder: Path) -> dict[str, str]:
    """Write the notebooks and the names that chapter 10 reads; return each notebook's version.

    A notebook tells in its metadata which version it is, so that a visitor's copy still knows.
    """
    (folder / "assets").mkdir(parents=True)
    shutil.copy(ROOT / "assets" / "names.txt", folder / "assets")
    versions = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = pages.joined(json.loads(path.read_text(encoding="utf-8")))
        spec = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        versions[path.name] = pins.digest(path)[:12]
        notebook["metadata"].update(kernelspec=spec, course={"version": versions[path.name]})
        for cell in notebook["cells"]:  # ours: its pictures are shown in all their forms
            cell["metadata"]["trusted"] = True
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        (folder / path.name).write_text(text, encoding="utf-8")
    return versions


def settings(lock_name: str) -> dict[str, Any]:
    """What `jupyter-lite.json` says: where Python is, and what it loads at its start."""
    options = {
        "packages": list(lockfile.AT_START),
        "lockFileURL": f"static/pyodide/{lock_name}",  # made whole by pages.CONFIG_LINES
        "env": pages.ENVIRONMENT,
    }
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": options,
    }
    data = {
        "appName": pages.TITLE,
        "exposeAppInBrowser": True,
        "litePluginSettings": {f"{KERNEL}:kernel": kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def make_pages(work: Path, out: Path, config: dict[str, Any]) -> None:
    """Let JupyterLite build the site from what lies in the work folder."""
    builder = {
        "output_dir": str(out),
        "lite_dir": str(work / "site"),
        "contents": [str(work / "content")],
        "apps": list(pages.APPS),
        "ignore_sys_prefix": True,
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    extensions = {"extra_labextensions_path": [str(work / "extensions")]}
    whole = {"LiteBuildConfig": builder, "FederatedExtensionAddon": extensions}
    (work / "build.json").write_text(json.dumps(whole), encoding="utf-8")
    (work / "site" / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    (work / "site" / "overrides.json").write_text(json.dumps(pages.SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    run([*command, "--config", str(work / "build.json")], work)
    settle(out / "jupyter-lite.json", config["jupyter-config-data"])


def settle(path: Path, ours: dict[str, Any]) -> None:
    """Put our settings into the site's own file: what JupyterLite merges there leaves some out."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    data = whole["jupyter-config-data"]
    plugins = data.setdefault("litePluginSettings", {})
    for name, values in ours["litePluginSettings"].items():
        plugins[name] = {**plugins.get(name, {}), **values}
    data.update({key: value for key, value in ours.items() if key != "litePluginSettings"})
    path.write_text(json.dumps(whole, indent=1), encoding="utf-8")


def build(out: Path, named: Path | None = None) -> None:
    """Build the site anew; what is there is replaced once the new one is complete.

    Pyodide's files are looked for in what is `named` first. `Unavailable` if one cannot be had,
    `RuntimeError` if a program that is needed fails.
    """
    cache = parts.cache_folder()
    files = parts.fetch_pyodide(cache, named)
    python = ".".join(pins.read_pins()["info"]["python"].split(".")[:2])
    wheels = parts.fetch_wheels(cache, python)
    work = out.with_name(f"{out.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    (work / "site").mkdir(parents=True)
    graphviz = next(path for path in wheels if path.name.startswith("sphinx_ext_vizjs"))
    wheels.remove(graphviz)
    name = fill_python(work / "site" / "static" / "pyodide", files, wheels, work)
    fill_extensions(work / "extensions", wheels)
    versions = fill_content(work / "content")
    make_pages(work, work / "out", settings(name))
    fill_graphviz(work / "out" / "static" / "graphviz", graphviz)
    pages.finish(work / "out", versions, name)
    shutil.rmtree(out, ignore_errors=True)
    (work / "out").rename(out)
    shutil.rmtree(work)


def main(arguments: list[str] | None = None) -> int:
    """Build the site unless it is there already, made from the same files; say where it is."""
    parser = argparse.ArgumentParser(prog="make lite LITE_ARGS=...", description=__doc__)
    parser.add_argument("--parts", type=Path, help="a Pyodide release, packed or unpacked")
    parser.add_argument("--out", type=Path, default=OUT, help="where to build the site")
    parser.add_argument("--again", action="store_true", help="build it even if nothing changed")
    given = parser.parse_args(arguments)
    stamp, wanted = given.out.with_name(f"{given.out.name}.stamp"), inputs_digest()
    made = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
    if given.again or made != wanted or not (given.out / "index.html").is_file():
        stamp.unlink(missing_ok=True)
        try:
            build(given.out, given.parts)
        except (parts.Unavailable, RuntimeError) as error:
            print(f"lite: not built: {error}", file=sys.stderr)
            return 1
        stamp.write_text(wanted, encoding="utf-8")
    size = sum(path.stat().st_size for path in given.out.rglob("*") if path.is_file()) / 1e6
    print(f"{given.out}: {size:.1f} MB; to try it: python3 -m http.server -d {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
