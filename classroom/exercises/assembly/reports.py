"""What `assemble` found, as it is printed. Chapter 10."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

from classroom.exercises.assembly.faults import Fault


@dataclass(frozen=True)
class Difference:
    """Where a run first left the reference.

    Attributes
    ----------
    step : int
        The step, counted from 1.
    what : str
        "loss", "gradient", "update", or "error" if the run could not go on.
    text : str
        The place with both numbers, or what was raised.
    """

    step: int
    what: str
    text: str


@dataclass(frozen=True)
class Report:
    """What came of `assemble`.

    Attributes
    ----------
    parts : tuple of str
        The parts that were the reader's.
    losses : list of float
        Losses of the steps that agreed.
    difference : Difference or None
        Where the run first left the reference.
    faults : dict of str to Fault
        For each part that is at fault: how it shows, and what did it.
    """

    parts: tuple[str, ...]
    losses: list[float]
    difference: Difference | None
    faults: dict[str, Fault]

    @property
    def agrees(self) -> bool:
        """Whether nothing was found wrong."""
        return self.difference is None and not self.faults

    def __repr__(self) -> str:
        steps = len(self.losses)
        lines = [f"your parts: {', '.join(self.parts) or 'none'}"]
        if self.difference is None:
            lines.append(
                f"✓ {steps} steps agree with the reference in every loss, gradient and update; "
                f"loss {self.losses[-1]:.4f} at the end"
            )
        else:
            found = self.difference
            lines.append(f"✗ step {found.step}, first difference: {found.what}")
            lines.append(_folded("  ", found.text))
            if not self.faults:
                lines.append("  each of your parts alone agrees: they do not fit together")
        lines += [_folded(f"✗ {name}: ", str(fault)) for name, fault in self.faults.items()]
        lines += [f"✓ {name}" for name in self.parts if name not in self.faults]
        return "\n".join(lines)


def _folded(mark: str, text: str) -> str:
    return fill(mark + text, 88, subsequent_indent="  ", break_on_hyphens=False)
