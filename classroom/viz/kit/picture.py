"""A picture and the words that say what it shows: every chapter's drawings end up in this class.

A notebook shows the image; a screen reader, a terminal and the automatic comparison of the
notebooks get the alt text instead. So the alt text must state the key numbers: a picture that
came out wrong then has other words, and the comparison fails.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from classroom.viz.kit.palette import themed

SVG = "image/svg+xml"
PNG = "image/png"
SUFFIX = {SVG: ".svg", PNG: ".png"}
PAGE_WIDTH, PHONE_WIDTH = 900, 358
"""CSS pixels that a notebook leaves for a picture on a small laptop, and that a phone leaves."""
MOST_STORED = 60_000
"""Characters of a form for a phone; a longer one is drawn where it is needed, not stored."""
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that XML forbids, that steer a terminal, or that turn the line of writing round."""


def visible(text: str) -> str:
    r"""Write characters of a reader's text that no picture can show as escapes.

    >>> print(visible("a" + chr(7) + "b"))
    a\x07b
    """
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


@dataclass(frozen=True)
class Picture:
    """An image and its alt text.

    Parameters
    ----------
    data : str or bytes
        SVG source (str) or PNG file (bytes).
    mime : str
        ``"image/svg+xml"`` or ``"image/png"``.
    alt : str
        One or more sentences that state what the picture shows, key numbers included: at least
        three words. In an SVG it is also written into ``<title>``, ``<desc>`` and ``aria-label``.
    width : int, optional
        Width in CSS pixels at which a PNG is shown (a PNG drawn at twice this width stays sharp
        on a projector). An SVG knows its own size.
    small : callable, optional
        Returns the source of an SVG that shows the same on a phone.

    Raises
    ------
    TypeError
        If `data` or `alt` has the wrong type for `mime`.
    ValueError
        If `mime` is unknown, `data` is no such image, or `alt` says nothing.

    >>> square = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    >>> picture = Picture(square, "image/svg+xml", "An empty square of 9 by 9 pixels.")
    >>> print(picture)
    An empty square of 9 by 9 pixels.
    """

    data: str | bytes
    mime: str
    alt: str
    width: int | None = None
    small: Callable[[], str] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the fields; write the alt text into an SVG."""
        object.__setattr__(self, "alt", _checked_alt(self.alt))
        if self.mime == SVG:
            object.__setattr__(self, "data", themed(_describe_svg(self.data, self.alt)))
        elif self.mime == PNG:
            if not isinstance(self.data, bytes):
                raise TypeError(f"a PNG's data must be bytes, got {type(self.data).__name__}")
            if not self.data.startswith(b"\x89PNG\r\n"):
                raise ValueError(f"the data is no PNG file: it begins with {self.data[:8]!r}")
        else:
            raise ValueError(f"mime must be {SVG!r} or {PNG!r}, got {self.mime!r}")

    def __repr__(self) -> str:
        """Name the kind of image and the alt text, on one line."""
        return f"Picture({self.mime}: {self.alt})"

    def __str__(self) -> str:
        """Return the alt text, so that ``print(picture)`` says what it shows."""
        return self.alt

    @property
    def size(self) -> tuple[int, int]:
        """Width and height at which the picture is shown, in CSS pixels."""
        if isinstance(self.data, bytes):
            width, height = struct.unpack(">II", self.data[16:24])
            shown = self.width or width
            return shown, round(height * shown / width)
        return _svg_length(self.data, "width"), _svg_length(self.data, "height")

    def save(self, path: str | Path) -> Path:
        """Write the image to a file and return its path.

        Raises
        ------
        ValueError
            If the ending does not fit the kind of image: ``.svg`` or ``.png``.
        FileNotFoundError
            If the folder does not exist.
        """
        path = Path(path)
        if path.suffix.lower() != SUFFIX[self.mime]:
            raise ValueError(
                f"cannot save to {path.name!r}: this picture is {self.mime}, "
                f"so the file name must end in {SUFFIX[self.mime]}"
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(f"folder {str(path.parent)!r} does not exist: make it first")
        data = self.data if isinstance(self.data, bytes) else self.data.encode("utf-8")
        path.write_bytes(data)
        return path

    def on_a_phone(self) -> Picture:
        """Return the picture in its form for a phone, if it has one."""
        return Picture(self.small(), SVG, self.alt) if self.small else self

    def html(self) -> str:
        """Return the picture as a piece of HTML: an inline ``<svg>`` or an ``<img>`` with alt."""
        if isinstance(self.data, str):
            return self.data[self.data.index("<svg") :]
        return self.image()

    def image(self, most: int = MOST_STORED) -> str:
        """Return the picture as an ``<img>`` with everything in it, its alt text too.

        An untrusted notebook shows it as well, and no export of a notebook loses the words. A form
        for a phone is in it, too, unless it has more than `most` characters.
        """
        width, height = self.size
        shown = min(width, PAGE_WIDTH)  # also where the style below is not heeded
        size = f'width="{shown}" height="{height * shown // width}" ' if width and height else ""
        image = (
            f'<img src="{self._source()}" alt="{escape(self.alt)}" {size}'
            'decoding="sync" style="max-width:100%;height:auto">'
        )
        return f" \n{self._with_small(image, most)}"  # JupyterLab shows line 1 of a folded output

    def _with_small(self, image: str, most: int = MOST_STORED) -> str:
        """An image that on a phone is another one, if there is one that may be stored twice."""
        if not self.small or len(self.small()) > most:
            return image
        small = f'<source media="(max-width: 600px)" srcset="{self.on_a_phone()._source()}">'
        return f"<picture>{small}{image}</picture>"

    def _source(self) -> str:
        """The image as an address."""
        data = self.data if isinstance(self.data, bytes) else self.data.encode("utf-8")
        return f"data:{self.mime};base64,{base64.b64encode(data).decode('ascii')}"

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give Jupyter the image, the alt text as text/plain and in HTML, which it prefers.

        Exports of a notebook write an image of its own type without the words in its metadata.
        """
        data = self.data
        if isinstance(data, bytes):
            data = base64.b64encode(data).decode("ascii")
        metadata: dict[str, Any] = {"alt": self.alt}
        if self.width is not None:
            metadata["width"] = self.width
        words = {"text/html": self.image(), "text/plain": self.alt}
        return {self.mime: data, **words}, {self.mime: metadata}


def _checked_alt(alt: str) -> str:
    """Return `alt` without surrounding space; refuse one that says nothing."""
    if not isinstance(alt, str):
        raise TypeError(f"alt must be a str, got {type(alt).__name__}")
    if len(alt.split()) < 3:
        raise ValueError(
            f"alt text {alt!r} says too little: state what the picture shows, with its key numbers"
        )
    return visible(alt.strip())


def _describe_svg(data: str | bytes, alt: str) -> str:
    """Return SVG source whose root is an image with a title, a description and a label."""
    if not isinstance(data, str):
        raise TypeError(f"an SVG's data must be a str, got {type(data).__name__}")
    data = visible(data)
    opening = re.search(r"<svg\b[^>]*>", data)
    if opening is None:
        raise ValueError(f"the data is no SVG: no <svg> tag in {data[:40]!r}")
    if 'role="img"' in opening.group():
        raise ValueError("this SVG already carries a description: give the plain drawing")
    title = re.split(r"(?<=[.;:]) ", alt, maxsplit=1)[0]
    fit = "" if "style=" in opening.group() else ' style="max-width:100%;height:auto"'
    tag = f'{opening.group()[:-1]}{fit} role="img" aria-label="{escape(alt)}">'
    words = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    return data[: opening.start()] + tag + words + data[opening.end() :]


def _svg_length(source: str, name: str) -> int:
    """Return the root's width or height in CSS pixels (1 pt = 4/3 px); 0 if not given."""
    tag = source[source.index("<svg") : source.index(">", source.index("<svg"))]
    found = re.search(rf'\b{name}="([\d.]+)(pt|px)?"', tag)
    if found is None:
        return 0
    return round(float(found.group(1)) * (4 / 3 if found.group(2) == "pt" else 1))
