"""Put a PNG beside each SVG of a stored notebook: what a reader sees who has not run it.

Jupyter shows no SVG in a notebook that it does not trust (a fresh clone, a download, a hub); it
shows the next type that it does trust. So the stored output carries the same picture as pixels.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from classroom.viz.palette import in_light

SVG, PNG = "image/svg+xml", "image/png"
ZOOM = 1.5
"""Pixels per CSS pixel: sharp enough for a projector, small enough for the repository."""
COLOURS = 128
"""Shades in a still; the drawings are flat, more are not seen."""


def add_stills(notebook: NotebookNode) -> None:
    """Add the PNG to every output of the notebook that has an SVG and no PNG, in place.

    The alt text, stored as text/plain, becomes the image's ``alt``; the width is the SVG's.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
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
    """Draw SVG source as a PNG of few colours.

    Parameters
    ----------
    svg : str
        The drawing. Variables of the page's theme get their fallbacks: those of a light page.

    Returns
    -------
    tuple of bytes and int
        The PNG file, and the width in CSS pixels at which it is to be shown.

    Raises
    ------
    ImportError
        If the renderer is missing: it is part of the extra ``test``.
    """
    import matplotlib
    import resvg_py
    from PIL import Image

    fonts = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")
    drawn = resvg_py.svg_to_bytes(
        svg_string=in_light(svg),
        zoom=ZOOM,
        background="#ffffff",
        skip_system_fonts=True,
        font_dirs=[fonts],
        sans_serif_family="DejaVu Sans",
        serif_family="DejaVu Serif",
        monospace_family="DejaVu Sans Mono",
    )
    image = Image.open(io.BytesIO(bytes(drawn))).convert("RGB")
    buffer = io.BytesIO()
    few_colours(image).save(buffer, "PNG", optimize=True)
    return buffer.getvalue(), round(image.width / ZOOM)


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


def _drawings(notebook: NotebookNode) -> list[NotebookNode]:
    """The data of each output that has an SVG."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data for output in outputs if SVG in output.get("data", {})]
