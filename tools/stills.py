"""The pictures of a stored notebook: each drawing once, inside HTML with its words, and a PNG.

The HTML, an image with its alt text, is what Jupyter and every export show, trusted or not. The
PNG is for what takes no HTML: a PDF by LaTeX, a viewer of notebooks that leaves it out. The drawing
itself, which the HTML holds, is taken out of the file and put back for the tools that work on it.
"""

from __future__ import annotations

import ast
import base64
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from classroom.viz.kit.palette import in_light
from classroom.viz.kit.picture import PNG, SVG

HTML = "text/html"
EMBEDDED = re.compile(r"data:image/[\w+;,/=-]*")
SIZE = re.compile(r' width="\d+" height="\d+"')
EXPLORER = re.compile(r"[A-Z]\w+\(.*\): ", re.DOTALL)  # how an explorer words its state and result
DRAWING = re.compile(r'src="data:image/svg\+xml;base64,([\w+/=]*)" alt="([^"]*)"')
ZOOM = 1.5
"""Pixels per CSS pixel: sharp enough for a projector, small enough for the repository."""
COLOURS = 64
"""Shades in a still; the drawings are flat, more are not seen."""


def add_stills(notebook: NotebookNode) -> None:
    """Add the PNG to every output of the notebook that has an SVG and no PNG, in place.

    The alt text, stored as text/plain, becomes the image's ``alt``; the width is the SVG's.
    """
    for output in _shown(notebook):
        data = output.data
        if SVG in data and PNG not in data:
            image, width = still(data[SVG])
            data[PNG] = base64.b64encode(image).decode("ascii") + "\n"
            alt = output.metadata.get(SVG, {}).get("alt", data["text/plain"])
            output.metadata[PNG] = {"alt": alt, "width": width}


def keep_stills(stored: NotebookNode, fresh: NotebookNode) -> None:
    """Take over the stored PNG of each SVG that did not change: no renderer draws twice alike."""
    known = {data[SVG]: data[PNG] for data in _drawings(stored) if PNG in data}
    for data in _drawings(fresh):
        if data[SVG] in known:
            data[PNG] = known[data[SVG]]


def still(svg: str) -> tuple[bytes, int]:
    """Draw SVG source, as on a light page, as a PNG of few colours; its width in CSS pixels."""
    image = pixels(in_light(svg))
    buffer = io.BytesIO()
    few_colours(image).save(buffer, "PNG", optimize=True)
    return buffer.getvalue(), round(image.width / ZOOM)


def pixels(svg: str, zoom: float = ZOOM, ground: str = "#ffffff") -> Any:
    """Draw SVG source whose colours are plain, in fonts that come with matplotlib."""
    import matplotlib
    import resvg_py
    from PIL import Image

    fonts = (Path(matplotlib.get_data_path()) / "fonts" / "ttf").glob("DejaVu*.ttf")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        background=ground,
        skip_system_fonts=True,
        font_files=sorted(map(str, fonts)),
        sans_serif_family="DejaVu Sans",
        serif_family="DejaVu Serif",
        monospace_family="DejaVu Sans Mono",
    )
    return Image.open(io.BytesIO(bytes(drawn))).convert("RGB")


def few_colours(image: Any) -> Any:
    """The image in its `COLOURS` most frequent colours: flat areas, pale ones too, stay exact."""
    import numpy as np
    from PIL import Image

    # Not Pillow's `quantize`: it compares roughly, and white paper comes out as the palest blue.
    pixels = np.asarray(image).reshape(-1, 3)
    shades, which, times = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = shades[np.argsort(-times, kind="stable")[:COLOURS]]
    away = ((shades[:, None].astype(int) - palette[None].astype(int)) ** 2).sum(axis=2)
    result = Image.frombytes(
        "P", image.size, away.argmin(axis=1)[which.reshape(-1)].astype("uint8").tobytes()
    )
    result.putpalette(palette.tobytes())
    return result


def fold(notebook: NotebookNode) -> None:
    """Take out each drawing that is in the HTML beside it, in place: it is stored once."""
    for output in _shown(notebook):
        if DRAWING.search(output.data.get(HTML, "")):
            output.data.pop(SVG, None)
            output.metadata.pop(SVG, None)


def unfold(notebook: NotebookNode) -> None:
    """Put back what `fold` took out, in place."""
    for output in _shown(notebook):
        found = DRAWING.search(output.data.get(HTML, ""))
        if found:
            output.data.setdefault(SVG, base64.b64decode(found[1]).decode("utf-8"))
            output.metadata.setdefault(SVG, {"alt": unescape(found[2])})


def address(mime: str, content: str) -> str:
    """An image of an output as an address with everything in it; a PNG is stored in base64."""
    held = content.strip() if mime == PNG else base64.b64encode(content.encode()).decode()
    return f"data:{mime};base64,{held}"


def with_form(image: str, words: str) -> str:
    """An image; of an explorer whose form for a phone is too large to be stored, with that."""
    from classroom.widgets import MindExplorer

    if "<picture" in image or not words.startswith("MindExplorer("):
        return image
    call = ast.parse(words.partition("): ")[0] + ")", mode="eval").body
    explorer = MindExplorer().set(**{k.arg: ast.literal_eval(k.value) for k in call.keywords})
    form = address(SVG, explorer.picture.on_a_phone().data)
    return f'<picture><source media="(max-width: 600px)" srcset="{form}">{image}</picture>'


def without_drawings(html: str) -> str:
    """HTML as it is compared: an image's words, not its bytes and its size, which differ.

    >>> without_drawings('<img src="data:image/png;base64,iVBO" alt="A dot." width="9" height="9">')
    '<img src="data:image" alt="A dot.">'
    """
    return SIZE.sub("", EMBEDDED.sub("data:image", html))


def _shown(notebook: NotebookNode) -> list[NotebookNode]:
    """Every output that has data."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output for output in outputs if "data" in output]


def _drawings(notebook: NotebookNode) -> list[NotebookNode]:
    """The data of each output that has an SVG."""
    return [output.data for output in _shown(notebook) if SVG in output.data]
