"""What an explorer says: errors in a teacher's words, values in a few characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.lab.written import number
from microgpt.tokenizer import CharTokenizer

LONGEST = 160
LONGEST_VALUE = 40


def in_one_sentence(error: Exception) -> str:
    r"""Say what went wrong in the words of whoever wrote the error, without Python's name for it.

    >>> in_one_sentence(ValueError("no such row:\n give one below 3"))
    'no such row: give one below 3'
    """
    words = " ".join(str(error).split()) or f"this cannot be shown: {type(error).__name__}"
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def short(value: Any) -> str:
    """A control's value as the repr shows it: numbers with at most 4 decimals, text not too long.

    >>> short(0.123456), short("emma"), short(True)
    ('0.1235', "'emma'", 'True')
    """
    words = number(value) if isinstance(value, float) else repr(value)
    return words if len(words) <= LONGEST_VALUE else words[: LONGEST_VALUE - 2] + "…" + words[-1]


def letters_only(tokenizer: CharTokenizer, most: int, example: str) -> Callable[[str], str]:
    """A judge of what is typed into a field for a name.

    Parameters
    ----------
    tokenizer : CharTokenizer
        Whose characters are allowed.
    most : int
        How many characters fit.
    example : str
        What to suggest if nothing of what was typed can be used.

    Returns
    -------
    function of a str
        Returns what is wrong with it and what to try, in one sentence; empty if it is fine.

    Examples
    --------
    >>> judge = letters_only(CharTokenizer("abcdefghijklmnopqrstuvwxyz"), 15, "ava")
    >>> judge("EMMA")
    'This model knows small letters only: try emma'
    """
    known = frozenset(tokenizer.chars)
    every = "".join(tokenizer.chars)
    kind = "the letters a to z" if every == "abcdefghijklmnopqrstuvwxyz" else f"only {every!r}"

    def judge(name: str) -> str:
        capitals = any(char not in known for char in name)
        foreign = [char for char in name if char.lower() not in known]
        usable = "".join(char for char in name.lower() if char in known)[:most] or example
        if foreign:
            return f"This model knows {kind}, not {foreign[0]!r}: try {usable}"
        if capitals:
            return f"This model knows small letters only: try {usable}"
        if len(name) > most:
            return f"At most {most} letters fit here, and this has {len(name)}: try {usable}"
        return ""

    return judge
