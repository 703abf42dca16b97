"""What an explorer shows: a picture, a line of words, a busy sign, and how they change.

`classroom.widgets.base` stands on it with the controls that move them; every chapter uses both.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as ipw

from classroom.viz.kit.picture import Picture
from classroom.widgets.view import ASLEEP, new_view, style_sheet
from classroom.widgets.words import in_one_sentence

PHONE = 560
"""A page below this width, in CSS pixels, is a phone's."""


class Stage(ipw.VBox):
    """A picture, the controls below it, and a line of words.

    Parameters
    ----------
    controls : sequence of widgets
        What stands in the row below the picture.

    Attributes
    ----------
    picture : Picture or None
        What is shown; None until the first success.
    result : str
        The last result in words; unchanged while an error is shown.
    error : str
        The sentence about the last error, empty if the last drawing succeeded.
    lines : int
        Lines that are kept free for the result below the picture; a class may ask for more.
    """

    lines = 2

    def __init__(self, controls: Sequence[ipw.Widget]) -> None:
        self.picture: Picture | None = None
        self.result = ""
        self.error = ""
        self._phone = False
        self._viewed = False  # until the view says that it works, the picture is shown twice
        self._image = ipw.HTML()
        self._image.add_class("mg-fallback")
        self._view = new_view()
        self._status, self._busy = ipw.HTML(), ipw.HTML()
        self._busy.add_class("mg-busy")
        super().__init__(self._parts(controls))
        self.add_class("mg-explorer")

    def _parts(self, controls: Sequence[ipw.Widget]) -> list[ipw.Widget]:
        """What the column consists of: controls with the busy sign, picture, result.

        The style sheet puts the picture first: a cell that is run shows it where the stored one
        was, and yet the Tab key need not go through all its parts to reach the controls.
        """
        wrapped = ipw.Layout(flex_flow="row wrap", grid_gap="4px 12px", align_items="center")
        row = ipw.HBox([*controls, self._busy], layout=wrapped)
        row.add_class("mg-controls")
        height = f"{1.4 * self.lines + 0.2:.1f}em"
        self._status.layout = ipw.Layout(min_height=height, max_height=height, overflow="auto")
        self._status.add_class("mg-said")
        sheet = ipw.HTML(f"<style>{style_sheet()}</style>", layout=ipw.Layout(display="none"))
        asleep = ipw.HTML(f'<div role="note">{ASLEEP}</div>', layout=self._status.layout)
        asleep.add_class("mg-asleep")
        views = [self._view] if self._view is not None else []
        return [sheet, row, self._image, *views, self._status, asleep]

    def for_page(self, width: float) -> None:
        """Draw for a page of this width, in CSS pixels: a narrow one is a phone's."""
        if self._phone != (width < PHONE):
            self._phone = width < PHONE
            if self.picture is not None:
                self._paint(self.picture, pale=bool(self.error))

    def show(self, picture: Picture, result: str) -> None:
        """Show a picture and a result in words; for live ones that change without a control."""
        if not isinstance(picture, Picture):
            raise TypeError(f"draw must return (Picture, str), got {type(picture).__name__}")
        self.picture, self.result, self.error = picture, " ".join(result.split()), ""
        self._paint(picture)
        self._status.value = f'<div class="mg-status" role="status">{escape(self.result)}</div>'

    def _fail(self, error: Exception) -> None:
        """Say in the widget, in one sentence, what went wrong; turn the old picture pale."""
        self.error = in_one_sentence(error)
        if self.picture is not None:
            self._paint(self.picture, pale=True)
        self._status.value = (
            f'<div class="mg-status mg-alert" role="alert">⚠ {escape(self.error)}</div>'
        )

    def _paint(self, picture: Picture, pale: bool = False) -> None:
        """Hand the picture to whatever shows it."""
        html = (picture.on_a_phone() if self._phone else picture).html()
        if self._view is not None:
            self._view.show(html, whole=not self._viewed)
            self._view.pale = pale
        if not self._viewed:
            self._image.value = f"<div{' class=mg-pale' * pale}>{html}</div>"

    def keep_room_for(self, picture: Picture) -> None:
        """Be as high from now on as this picture needs."""
        shown = self._image if self._view is None else self._view
        width, height = picture.size  # on a wide page it is shown larger than drawn
        shown.layout.min_height = f"min({1.28 * height:.0f}px, {100 * height / width:.0f}vw)"

    def busy(self, working: bool, words: str = "working ...") -> None:
        """Show or hide the busy sign."""
        self._busy.value = f'<em aria-live="polite">⏳ {escape(words)}</em>' if working else ""
