"""A notebook as the rules of hygiene see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from classroom.exercises.kit.pages import Place, find_places, parse

DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
IMAGES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(frozen=True)
class Page:
    """A notebook; its file's name begins with the chapter's number, links start at its folder."""

    path: Path
    notebook: NotebookNode

    @classmethod
    def read(cls, path: Path) -> Page:
        """Read a notebook file."""
        return cls(path, nbformat.read(path, as_version=4))

    @property
    def chapter(self) -> int:
        """Number of the chapter."""
        return int(self.path.name[:2])

    @property
    def cells(self) -> list[tuple[int, NotebookNode]]:
        """All cells with their numbers, from 1."""
        return list(enumerate(self.notebook.cells, 1))

    @property
    def code(self) -> list[tuple[int, NotebookNode]]:
        """Code cells that hold something, with their numbers."""
        return [(n, c) for n, c in self.cells if c.cell_type == "code" and c.source.strip()]

    @property
    def markdown(self) -> list[tuple[int, NotebookNode]]:
        """Markdown cells with their numbers."""
        return [(n, c) for n, c in self.cells if c.cell_type == "markdown"]

    @cached_property
    def places(self) -> list[Place]:
        """The exercises."""
        return find_places(self.notebook.cells)

    def outputs(self) -> Iterator[tuple[int, NotebookNode, NotebookNode]]:
        """Every output with the number of its cell and the cell."""
        for number, cell in self.code:
            for output in cell.outputs:
                yield number, cell, output

    def sources(self, kind: str = "") -> Iterator[tuple[int, NotebookNode, str]]:
        """The source of every cell of a kind, code or markdown; of all cells if none is named."""
        return ((n, cell, cell.source) for n, cell in self.cells if kind in cell.cell_type)

    def texts(self) -> Iterator[tuple[int, NotebookNode, str]]:
        """Every text that a cell put out: streams, plain text, HTML, tracebacks; not images."""
        for number, cell, output in self.outputs():
            if output.output_type == "stream":
                yield number, cell, output.text
            for mime, data in output.get("data", {}).items():
                if mime not in IMAGES and isinstance(data, str):
                    yield number, cell, data
            if output.output_type == "error":
                yield number, cell, "\n".join(output.traceback)

    def section(self, pattern: str) -> str | None:
        """Markdown under the first heading that matches, up to the next heading, or None."""
        for part in re.split(r"(?m)^(?=#{2,3} )", self.all_markdown()):
            heading = part.split("\n", 1)[0]
            if heading.startswith("##") and re.search(pattern, heading, re.IGNORECASE):
                return part
        return None

    def all_markdown(self) -> str:
        """All Markdown of the notebook."""
        return "\n\n".join(cell.source for _, cell in self.markdown)


RULES: list[Callable[[Page], list[str]]] = []
"""Every rule of the course, in the order of the files that hold them."""


def rule(complain: Callable[[Page], Iterator[str]]) -> Callable[[Page], list[str]]:
    """Make a rule of a function that yields complaints about a page."""

    @wraps(complain)
    def complaints(page: Page) -> list[str]:
        return list(complain(page))

    RULES.append(complaints)
    return complaints


def tags(cell: NotebookNode) -> list[str]:
    """Tags of a cell."""
    return list(cell.metadata.get("tags", []))


def tree_of(source: str) -> ast.Module:
    """Syntax tree of a cell; an empty one if it is no Python."""
    try:
        return parse(source)
    except SyntaxError:
        return ast.Module([], [])


def images_without_alt(html: str) -> list[str]:
    """The images in a text whose alt text is missing or says next to nothing."""
    alt = re.compile(r"\balt=(\"[^\"]{20,}\"|'[^']{20,}')")
    return [tag for tag in re.findall(r"<img\b[^>]*>", html) if not alt.search(tag)]


def without_fences(markdown: str) -> str:
    """Markdown without fenced blocks."""
    return re.sub(r"(?ms)^ *```.*?^ *```", "", markdown)


def without_code(markdown: str) -> str:
    """Markdown without fenced blocks, inline code, mathematics, tags and link targets."""
    markdown = re.sub(r"\]\([^)]*\)", "]", without_fences(markdown))
    return re.sub(r"`[^`\n]*`|\$\$[^$]*\$\$|\$[^$\n]+\$|<[^>\n]+>", " ", markdown)
