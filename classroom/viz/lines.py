"""How much of the script exists after a chapter: its parts and their lines. Every chapter's recap.

The lines are those of the page of chapter 10, on which all parts are put together; a test counts
them there.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from classroom.chapters import find
from classroom.viz.kit.style import TEXT

SCRIPT = 146
"""Lines of code of the whole script, its seven of imports, seed and settings among them."""
PARTS: dict[int, tuple[int, tuple[str, ...]]] = {
    1: (31, ("Value",)), 2: (12, ("Value.backward",)), 3: (5, ("docs", "chars", "BOS")),
    4: (5, ("softmax",)), 5: (24, ("dot", "linear", "rmsnorm", "attention_head", "attention")),
    6: (25, ("mlp", "gpt", "state_dict", "params")), 7: (11, ("adam",)), 8: (14, ("losses",)),
    9: (12, ("temperature",)),
}  # fmt: skip
"""What each chapter builds: lines of code in the script, and the names that it sets there."""


@dataclass(frozen=True)
class ScriptSoFar:
    """The parts that exist after a chapter, of those that added one; shows itself as a table."""

    chapters: tuple[int, ...]

    @property
    def lines(self) -> int:
        """Lines of code of all these chapters."""
        return sum(PARTS[chapter][0] for chapter in self.chapters)

    @property
    def words(self) -> str:
        """What the sum is a part of."""
        return f"of the {SCRIPT} lines of code of the whole script, chapter 10"

    def __repr__(self) -> str:
        """The table as text: chapter, lines, parts; the sum comes last."""
        rows = [f"{n:>7}  {PARTS[n][0]:>5}  {', '.join(PARTS[n][1])}" for n in self.chapters]
        last = f"{'sum':>7}  {self.lines:>5}  {self.words}"
        return "\n".join(["chapter  lines  parts", *rows, last])

    def _repr_html_(self) -> str:
        """The same as an HTML table."""
        look = f'style="text-align:left;color:{TEXT}"'
        head = "".join(f'<th scope="col" {look}>{w}</th>' for w in ("chapter", "lines", "parts"))
        cell = f"<td {look}>"
        body = "".join(
            f"<tr>{cell}{chapter}</td>{cell}{PARTS[chapter][0]}</td>{cell}"
            + ", ".join(f"<code>{escape(name)}</code>" for name in PARTS[chapter][1])
            + "</td></tr>"
            for chapter in self.chapters
        )
        foot = f"<th {look}>sum</th><th {look}>{self.lines}</th><th {look}>{self.words}</th>"
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}<tr>{foot}</tr></tbody></table>"


def script_so_far(chapter: int) -> ScriptSoFar:
    """The parts of the script that exist after a chapter, with their lines of code.

    The chapter is one from 0 (nothing yet) to 11, else a ValueError is raised; chapters 10 and 11
    add nothing to the machine itself.

    >>> script_so_far(2).lines
    43
    """
    last = find(chapter).number
    return ScriptSoFar(tuple(number for number in PARTS if number <= last))
