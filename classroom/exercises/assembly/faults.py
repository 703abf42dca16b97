"""A fault of a part: how it shows, and what did it. Chapter 10."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part."""

    text: str  # how it shows: what was asked, what came out, what should have
    cause: str = ""  # the likely cause in words, or nothing

    def __str__(self) -> str:
        """Both in one sentence or two."""
        return f"{self.text}: {self.cause}" if self.cause else self.text
