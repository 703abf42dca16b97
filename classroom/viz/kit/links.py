"""A picture whose parts lead somewhere, also in a notebook that was not run (the machine map)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from classroom.viz.kit.picture import Picture


@dataclass(frozen=True)
class Link:
    """A rectangle of a picture that leads somewhere.

    Parameters
    ----------
    target : str
        Where to: a path beside the notebook.
    words : str
        What a screen reader says and the pointer shows.
    left, top, width, height : float
        Where it lies, as shares of the picture's width and height.
    """

    target: str
    words: str
    left: float
    top: float
    width: float
    height: float

    def html(self) -> str:
        """An empty link of that size over the picture."""
        place = ";".join(
            f"{side}:{100 * share:.2f}%"
            for side, share in (
                ("left", self.left),
                ("top", self.top),
                ("width", self.width),
                ("height", self.height),
            )
        )
        words = escape(self.words)
        return (
            f'<a href="{escape(self.target)}" title="{words}" aria-label="{words}" '
            f'style="position:absolute;{place}"></a>'
        )


@dataclass(frozen=True)
class LinkedPicture(Picture):
    """An SVG with links: in a notebook it is HTML, an image with links lying over it.

    Parameters
    ----------
    links : tuple of Link
        Its parts that lead somewhere.
    """

    links: tuple[Link, ...] = ()

    def image(self) -> str:
        """The image with its links lying over it."""
        width, _ = self.size
        image = f'<img src="{self._source()}" alt="{escape(self.alt)}"'
        image += f' width="{width}" style="width:100%;max-width:{width}px;display:block">'
        links = "".join(link.html() for link in self.links)
        return f'<div style="position:relative;max-width:{width}px">{image}{links}</div>'
