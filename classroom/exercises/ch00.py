"""The warm-up exercise of chapter 00, and the example of how a chapter's checks are written."""

from typing import Any

from classroom.exercises.kit.checking import expect_calls, gives
from classroom.exercises.kit.registry import exercise


def next_letters(name: str) -> list[str]:
    """Every letter of a name but the first: what is to be guessed after each letter."""
    return list(name[1:])


@exercise("0.1", "What comes next?", difficulty=1, minutes=5)
def check_next_letters(answer: Any) -> None:
    """Check ``next_letters(name)``."""
    expect_calls(
        answer,
        next_letters,
        cases=[("emma",), ("ava",), ("jo",), ("zoe",), ("christopher",)],
        causes=[
            gives(lambda name: name[1:], "a string came out; `list(...)` cuts it into letters."),
            gives(list, "the first letter is still there; nothing before it to guess from."),
            gives(lambda name: list(name[:-1]), "you left out the last letter, not the first."),
            gives(lambda name: name[1], "one letter came out; all but the first are asked for."),
        ],
    )
