"""A picture whose parts lead somewhere, also in a notebook that was not run (the machine map)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from classroom.viz.kit.picture import MOST_STORED, Picture

ON_A_PHONE = (
    "@media(max-width:600px){.mg-wide{display:none!important}.mg-small{display:block!important}}"
)


@dataclass(frozen=True)
class Link:
    """A rectangle of a picture that leads somewhere, with what a screen reader says.

    The target is a path beside the notebook; the sides are shares of the picture's width and
    height.
    """

    target: str
    words: str
    left: float
    top: float
    width: float
    height: float

    def html(self, kind: str, display: str = "block") -> str:
        """An empty link of that size over the picture."""
        sides = ("left", "top", "width", "height")
        place = ";".join(f"{side}:{100 * getattr(self, side):.2f}%" for side in sides)
        words = escape(self.words)
        return (
            f'<a href="{escape(self.target)}" title="{words}" aria-label="{words}" class="{kind}" '
            f'style="position:absolute;{place};display:{display}"></a>'
        )


@dataclass(frozen=True)
class LinkedPicture(Picture):
    """An SVG with links: in a notebook it is HTML, an image with links lying over it."""

    links: tuple[Link, ...] = ()
    small_links: tuple[Link, ...] = ()

    def image(self, most: int = MOST_STORED) -> str:
        """The image with its links lying over it, those of the form that is seen."""
        width, _ = self.size
        image = f'<img src="{self._source()}" alt="{escape(self.alt)}"'
        image += f' width="{width}" style="width:100%;max-width:{width}px;display:block">'
        links = "".join(link.html("mg-wide") for link in self.links)
        if self.small:
            links += "".join(link.html("mg-small", "none") for link in self.small_links)
            links += f"<style>{ON_A_PHONE}</style>"
        place = f"position:relative;max-width:{width}px"
        return f'<div style="{place}">{self._with_small(image, most)}{links}</div>'
