"""The site's `pyodide-lock.json`: the pinned packages, and the course's own wheel beside them.

What the lock file lists, Python in the browser loads by itself, from the site and from nowhere
else, and compares with the sha256 given here.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name as canonical

from tools.lite.pins import digest, read_pins

COURSE = "microgpt-course"
# What is not in Pyodide's own lock file, and what it stands on; last what the kernel needs.
ADDED = {
    "anywidget": "ipywidgets psygnal typing-extensions",
    "ipywidgets": "comm ipython jupyterlab-widgets traitlets widgetsnbextension",
    **dict.fromkeys(("jupyterlab-widgets", "psygnal", "typing-extensions"), ""),
    **{"comm": "traitlets", "ipykernel": "", "piplite": "micropip", "widgetsnbextension": ""},
    "pyodide-kernel": "comm ipykernel ipython",
}
# Loaded while the kernel starts. Named here in full: the kernel asks an index for what is not.
KERNEL = "micropip piplite ipykernel comm pyodide_kernel jedi ipython sqlite3"
AT_START = (*KERNEL.split(), COURSE)
# What Pyodide's matplotlib names and a plot on a screen never uses.
LEFT_OUT = {"fonttools", "pytz"}


def kernel_wheels() -> list[Path]:
    """The wheels inside jupyterlite-pyodide-kernel: what stands in for ipykernel in a browser."""
    place = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
    found = sorted((Path(sysconfig.get_path("data")) / place).glob("*.whl"))
    return [path for path in found if not path.name.startswith("widgetsnbextension-3")]


def entry(wheel: Path, name: str, depends: list[str], imports: list[str]) -> dict[str, Any]:
    """What a lock file says of a wheel; a cell that imports one of `imports` loads it."""
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": digest(wheel),
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def site_lock(wheels: list[Path], course: Path) -> dict[str, Any]:
    """The lock file of a site: Pyodide's packages, these wheels that it lacks, and the course's."""
    pins = read_pins()
    packages = {
        name: each | {"depends": [need for need in each["depends"] if need not in LEFT_OUT]}
        for name, each in pins["packages"].items()
        if name not in LEFT_OUT
    }
    for wheel in wheels:
        name = canonical(wheel.name.split("-")[0])
        packages[name] = entry(wheel, name, ADDED[name].split(), [name.replace("-", "_")])
    needs, own = ["anywidget", "matplotlib"], ["microgpt", "classroom", "microgpt_course"]
    packages[COURSE] = entry(course, COURSE, needs, own)
    return {"info": pins["info"], "packages": dict(sorted(packages.items()))}
