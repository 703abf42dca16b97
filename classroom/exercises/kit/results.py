"""The result of a check, and how it is printed; used by every chapter."""

from __future__ import annotations

from dataclasses import dataclass

RIGHT, WRONG, OPEN = "right", "wrong", "not attempted"
_MARKS = {RIGHT: "✓", WRONG: "✗", OPEN: "☐"}


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes
    ----------
    id, title : str
        Of the exercise.
    status : str
        ``RIGHT``, ``WRONG`` or ``OPEN``.
    lines : tuple of str
        For a wrong answer: the smallest failing example. For a half done one: what is missing.
    cause : str
        The likely cause in words, or empty.
    printed : str
        What the reader's code printed meanwhile, cut to a readable length.
    remark : str
        What is worth saying of a right answer, or empty.
    """

    id: str
    title: str
    status: str
    lines: tuple[str, ...] = ()
    cause: str = ""
    printed: str = ""
    remark: str = ""

    def __str__(self) -> str:
        head = f"{_MARKS[self.status]} {self.id} {self.title}"
        if self.status == RIGHT:
            return head + (f", and: {self.remark}" if self.remark else "")
        if self.status == OPEN and not self.lines:
            return f"{head}: not attempted yet"
        body = [f"  {line}" for line in self.lines]
        if self.cause:
            body.append(f"  Likely cause: {self.cause}")
        if self.printed:
            body.append("  Your code printed:")
            body += [f"    {line}" for line in self.printed.splitlines()]
        return "\n".join([head + (": not finished yet" if self.status == OPEN else ""), *body])
