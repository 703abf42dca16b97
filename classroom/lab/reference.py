"""Facts about Karpathy's script, the reference: which of its lines do what. Chapter 10.

His text is not part of the course. Kept here are the places of its blocks, how many of their lines
carry code, and what our script does in another way. `tests/classroom/viz/test_rows.py` holds
them against the script where that is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HIS_SCRIPT = "https://gist.github.com/karpathy/8627fe009c40f57531cb18360106ce95"
HIS_LINES = 200


@dataclass(frozen=True)
class Theirs:
    """What the reference script has for one block of ours.

    Attributes
    ----------
    lines : tuple of pairs of int
        First and last line of each piece.
    code : int
        How many of them carry code: no comments, no blank lines.
    marker : str
        What its first line of code begins with.
    differs : str
        What ours does in another way.
    """

    lines: tuple[tuple[int, int], ...]
    code: int
    marker: str
    differs: str


# fmt: off
THEIRS = {
    0: Theirs(((9, 12),), 4, "import", "ours also says how many steps, and where the names are"),
    3: Theirs(((14, 27),), 11, "if", "his fetches another list where it finds none"),
    1: Theirs(((29, 57),), 24, "class Value", "he has the short methods on one line each"),
    2: Theirs(((59, 72),), 14, "def backward", "his walk calls itself: 1,000 deep is the end"),
    4: Theirs(((97, 101),), 5, "def softmax", "nothing but names"),
    5: Theirs(((94, 95), (103, 106), (115, 133)), 24, "def linear",
              "his sums are chains: 33 nodes for 16 products, ours is 1"),
    6: Theirs(((74, 90), (108, 114), (134, 144)), 31, "n_embd",
              "he has attention and MLP inside gpt, not in functions of their own"),
    7: Theirs(((146, 149), (174, 182)), 11, "learning_rate", "his stands inside the loop"),
    8: Theirs(((151, 172), (184, 184)), 16, "num_steps", "he prints the loss of every step"),
    9: Theirs(((186, 200),), 14, "temperature", "he draws 20 names"),
}
# fmt: on


def his_lines(path: str | Path) -> tuple[str, ...]:
    """Read the lines of his script, or nothing where there is no such file.

    Raises
    ------
    ValueError
        If that file is not the version whose lines are known here.
    """
    path = Path(path)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for theirs in THEIRS.values() if lines else ():
        first, last = theirs.lines[0]
        code = (line.strip() for line in lines[first - 1 : last])
        found = next((line for line in code if line and not line.startswith("#")), "")
        if not found.startswith(theirs.marker) or len(lines) != HIS_LINES:
            raise ValueError(
                f"{path} is not the version of {HIS_LINES} lines that this table knows: it has "
                f"{len(lines)}, and from line {first} on {found!r} in place of {theirs.marker!r}"
            )
    return tuple(lines)
