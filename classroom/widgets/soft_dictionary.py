"""The soft dictionary of chapter 05: set a query and labels by hand, see what is fetched."""

from __future__ import annotations

from classroom.lab.soft_dictionary import LONGEST, soft_lookup
from classroom.viz.kit.picture import Picture
from classroom.viz.soft_dictionary import shares_in_words, soft_dictionary_picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import float_slider, text


class SoftDictionary(Explorer):
    """Letters as entries, each with a key of two numbers; a query of two numbers asks them all.

    The first number of a key is set by hand, the second is the letter's place, from 1. It begins
    with a query that asks for a late place alone.

    Parameters
    ----------
    name : str
        What stands in the field at first; at most eight letters.

    Examples
    --------
    >>> SoftDictionary("oliv").set(q0=4, q1=3, vowel=4)
    SoftDictionary(name='oliv', q0=4, q1=3, vowel=4, consonant=0): answer 1.00 i
    """

    def __init__(self, name: str = "oliv") -> None:
        label = "first number of its key"
        super().__init__(
            name=text("name", name, tooltip=f"1 to {LONGEST} letters"),
            q0=float_slider("query[0]", 0, -4, 4, 0.5, tooltip="asks for the kind"),
            q1=float_slider("query[1]", 1, -4, 4, 0.5, tooltip="asks for the place"),
            vowel=float_slider("key[0] of a vowel", 4, -4, 4, 0.5, tooltip=label),
            consonant=float_slider("key[0] of the others", 0, -4, 4, 0.5, tooltip=label),
        )

    def draw(
        self, name: str, q0: float, q1: float, vowel: float, consonant: float
    ) -> tuple[Picture, str]:
        """Draw the lookup; say what was fetched, and whether all count the same."""
        found = soft_lookup(name, (q0, q1), vowel, consonant)
        words = f"answer {shares_in_words(found)}"
        if len(name) > 1 and len(set(found.scores)) == 1:
            words += "; all scores are equal, so all letters count the same"
        return soft_dictionary_picture(found), words
