"""matplotlib's list of its fonts, as a wheel of one file for the site.

Pyodide's matplotlib ships a list that another version of matplotlib wrote, so it makes its own when
a kernel first plots, and prints a warning about that. Here is the list that it takes for its own.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

NAME = "course-fonts"
LIST = "matplotlib/fontlist.json"


def font_wheel(matplotlib: Path, folder: Path) -> Path:
    """Write a wheel that puts the right list into the folder of `matplotlib`, Pyodide's wheel."""
    with zipfile.ZipFile(matplotlib) as archive:
        source = archive.read("matplotlib/font_manager.py").decode("utf-8")
        fonts = json.loads(archive.read(LIST))
    found = re.search(r"^    __version__ = (\d+)$", source, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"{matplotlib.name}: the version of its list of fonts is not to be seen")
    fonts["_version"] = int(found[1])
    for kind in ("afmlist", "ttflist"):  # those of the machine it was made on are not here
        fonts[kind] = [each for each in fonts[kind] if each["fname"].startswith("fonts/")]
    files = {
        LIST: json.dumps(fonts),
        "course_fonts-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1\n",
        "course_fonts-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        "course_fonts-1.dist-info/RECORD": "",
    }
    wheel = folder / "course_fonts-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return wheel
