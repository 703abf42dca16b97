"""The result of a check, and how it is printed; used by every chapter."""

from __future__ import annotations

from dataclasses import dataclass

RIGHT, WRONG, OPEN = "right", "wrong", "not attempted"
_MARKS = {RIGHT: "✓", WRONG: "✗", OPEN: "☐"}


@dataclass(frozen=True)
class Result:
    """What a check found."""

    id: str  # of the exercise
    title: str
    status: str  # ``RIGHT``, ``WRONG`` or ``OPEN``
    # for a wrong answer: the smallest failing example. For a half done one: what is missing
    lines: tuple[str, ...] = ()
    cause: str = ""  # the cause in words, if it is certain; else empty
    # what is true of the answer where no cause is certain: how far it is right, what is missing
    facts: tuple[str, ...] = ()
    printed: str = ""  # what the reader's code printed meanwhile, cut to a readable length
    remark: str = ""  # what is worth saying of a right answer, or empty
    done: int = 0  # how many of the solution's steps the answer has done, and how many there are
    steps: int = 0
    missing: str = ""  # the step that is missing first, in words; or empty
    # the short name of the cause; of an answer of several parts one each, with blanks between
    key: str = ""

    @property
    def told(self) -> str:
        """The cause, or else the facts: whatever is said beyond the failing example."""
        return self.cause or " ".join(self.facts)

    def __str__(self) -> str:
        head = f"{_MARKS[self.status]} {self.id} {self.title}"
        if self.status == RIGHT:
            return head + (f", and: {self.remark}" if self.remark else "")
        if self.status == OPEN:
            head += ": not finished yet" if self.lines else ": not attempted yet"
        elif 0 < self.done < self.steps > 2:
            head += f": {self.done} of {self.steps} steps"
        body = [f"  {line}" for line in self.lines]
        if self.cause:
            body.append(f"  Likely cause: {self.cause}")
        body += [f"  {fact}" for fact in self.facts]
        if self.printed:
            body.append("  Your code printed:")
            body += [f"    {line}" for line in self.printed.splitlines()]
        return "\n".join([head, *body])
