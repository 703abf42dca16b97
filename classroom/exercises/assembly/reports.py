"""What `assemble` found, as it is printed. Chapter 10."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat
from textwrap import fill


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part."""

    text: str  # how it shows: what was asked, what came out, what should have
    cause: str = ""  # the likely cause in words, or nothing
    seen: tuple[str, ...] = ()  # what is true of the part where no cause is certain

    def __str__(self) -> str:
        """How it shows, with its cause; what is seen, in a line each."""
        return "\n".join((f"{self.text}: {self.cause}" if self.cause else self.text, *self.seen))


@dataclass(frozen=True)
class Difference:
    """Where a run first left the reference."""

    step: int  # the step, counted from 1
    what: str  # "loss", "gradient", "update", or "error" if the run could not go on
    text: str  # the place with both numbers, or what was raised


@dataclass(frozen=True)
class Report:
    """What came of `assemble`."""

    parts: tuple[str, ...]  # the parts that were the reader's
    losses: list[float]  # losses of the steps that agreed
    difference: Difference | None  # where the run first left the reference
    # for each part that is at fault: how it shows, and what did it. Parts that fail only together
    # have one, under ``"gpt + attention_head"``
    faults: dict[str, Fault]

    @property
    def agrees(self) -> bool:
        """Whether nothing was found wrong."""
        return self.difference is None and not self.faults

    def __repr__(self) -> str:
        steps = len(self.losses)
        lines = [f"your parts: {', '.join(self.parts) or 'none'}"]
        if self.difference is None:
            agreed = "steps agree with the reference in every loss, gradient and update"
            lines.append(_folded(f"✓ {steps} ", f"{agreed}; loss {self.losses[-1]:.4f} at the end"))
        else:
            found = self.difference
            lines.append(f"✗ step {found.step}, first difference: {found.what}")
            lines.append(_folded("  ", found.text))
        lines += [_folded(f"✗ {name}: ", str(fault)) for name, fault in self.faults.items()]
        named = " + ".join(self.faults).split(" + ")
        lines += [f"✓ {name}" for name in self.parts if name not in named]
        return "\n".join(lines)


def _folded(mark: str, text: str) -> str:
    return "\n".join(
        fill(begin + line, 72, subsequent_indent="  ", break_on_hyphens=False)
        for begin, line in zip(chain([mark], repeat("  ")), text.splitlines())
    )
