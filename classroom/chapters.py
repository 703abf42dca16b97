"""The one list of chapters: map, progress, README's table, the book and the tests read it.

``python -m classroom.chapters`` prints the rows of the table in README.md and, with an empty
folder behind it (``""``), those of chapter 00.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes
    ----------
    number : int
        Its number, from 0.
    stem : str
        Name of its notebook, without the ending.
    title : str
        What it is called; its first line is ``# number · title``.
    lecture, alone : int
        Minutes it takes in a lecture, and for somebody alone.
    idea : str
        The one idea, for a table.
    """

    number: int
    stem: str
    title: str
    lecture: int
    alone: int
    idea: str

    @property
    def file(self) -> str:
        """Name of its notebook."""
        return f"{self.stem}.ipynb"


# fmt: off
CHAPTERS = (
    Chapter(0, "00_start_here", "Start here", 15, 30,
            "a GPT is a machine for guessing the next character"),
    Chapter(1, "01_value", "Value", 35, 80,
            "a number that remembers how it was made"),
    Chapter(2, "02_backward", "backward", 55, 105,
            "the chain rule, walked once in the right order"),
    Chapter(3, "03_tokenizer", "Tokenizer", 25, 45,
            "text is a list of small integers"),
    Chapter(4, "04_next_token", "Next token", 40, 85,
            "a language model is a table of probabilities; loss is surprise"),
    Chapter(5, "05_attention", "Attention", 50, 100,
            "each position asks all earlier ones a question"),
    Chapter(6, "06_mlp", "MLP", 40, 105,
            "think alone after having listened; add, don't overwrite"),
    Chapter(7, "07_adam", "Adam", 45, 100,
            "a step size of its own for every weight"),
    Chapter(8, "08_training", "Training", 40, 95,
            "repeat, and watch the loss honestly"),
    Chapter(9, "09_sampling", "Sampling", 35, 90,
            "roll the loaded die, again and again"),
    Chapter(10, "10_whole_machine", "The whole machine", 40, 105,
            "all of it on one page, and yours can run it"),
    Chapter(11, "11_efficiency", "Efficiency", 50, 90,
            "all the rest is efficiency: the same numbers, faster"),
)
# fmt: on


def table(folder: str = "notebooks/") -> str:
    """Return the chapters as the rows of a Markdown table, with links into a folder."""
    return "\n".join(
        f"| {each.number:02} | [{each.title}]({folder}{each.file}) | {each.idea} "
        f"| {each.lecture} / {each.alone} |"
        for each in CHAPTERS
    )


def find(number: int) -> Chapter:
    """Return the chapter of a number.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> find(7).file
    '07_adam.ipynb'
    """
    for chapter in CHAPTERS:
        if chapter.number == number:
            return chapter
    raise ValueError(f"there is no chapter {number!r}: give a number from 0 to {len(CHAPTERS) - 1}")


if __name__ == "__main__":
    print(table(*sys.argv[1:2]))
