"""How much of the machine exists after a chapter: its parts and their lines. Every chapter's recap.

The lines are counted in the sources of the package when the function is called, so the table is
true of the code that the reader has.
"""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module

from classroom.viz.style import TEXT

EVERYTHING = ("*",)
PARTS: dict[int, dict[str, tuple[str, ...]]] = {
    1: {"autograd": ("Value",)},
    2: {"autograd": ("topological_sort", "Value.backward")},
    3: {"data": EVERYTHING, "tokenizer": EVERYTHING},
    4: {"layers": ("softmax", "cross_entropy", "_shifted_exp", "_largest"), "autograd": ("total",)},
    5: {
        "autograd": ("dot", "dots"),
        "layers": ("linear", "rmsnorm"),
        "model": ("attention_head", "attention"),
    },
    6: {"model": ("Config", "init_params", "empty_cache", "flatten", "mlp", "gpt")},
    7: {"optim": EVERYTHING},
    8: {"training": EVERYTHING, "checkpoint": EVERYTHING},
    9: {"inference": EVERYTHING, "sampling": EVERYTHING},
}
"""What each chapter builds: modules of the package and the definitions in them."""
LAST_CHAPTER = 11


@dataclass(frozen=True)
class Row:
    """What one chapter adds.

    Attributes
    ----------
    chapter : int
        The chapter.
    parts : tuple of str
        Public names that it defines.
    lines : int
        Lines of code in their definitions and private helpers.
    """

    chapter: int
    parts: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class ScriptSoFar:
    """The parts that exist after a chapter; shows itself as a table.

    Attributes
    ----------
    rows : tuple of Row
        One for each chapter that added something, in order.
    """

    rows: tuple[Row, ...]

    @property
    def lines(self) -> int:
        """Lines of code in all rows."""
        return sum(row.lines for row in self.rows)

    def __repr__(self) -> str:
        """The table as text: chapter, lines, parts; the sum comes last."""
        body = [f"{row.chapter:>7}  {row.lines:>5}  {', '.join(row.parts)}" for row in self.rows]
        last = f"{'sum':>7}  {self.lines:>5}  lines of code (no docstrings, comments, blank lines)"
        return "\n".join(["chapter  lines  parts", *body, last])

    def _repr_html_(self) -> str:
        """The same as an HTML table."""
        look = f'style="text-align:left;color:{TEXT}"'
        head = "".join(f'<th scope="col" {look}>{w}</th>' for w in ("chapter", "lines", "parts"))
        cell = f"<td {look}>"
        body = "".join(
            f"<tr>{cell}{row.chapter}</td>{cell}{row.lines}</td>{cell}"
            + ", ".join(f"<code>{escape(name)}</code>" for name in row.parts)
            + "</td></tr>"
            for row in self.rows
        )
        words = "lines of code, without docstrings, comments and blank lines"
        foot = f"<th {look}>sum</th><th {look}>{self.lines}</th><th {look}>{words}</th>"
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}<tr>{foot}</tr></tbody></table>"


def script_so_far(chapter: int) -> ScriptSoFar:
    """The parts of the package that exist after a chapter, with their lines of code.

    Parameters
    ----------
    chapter : int
        From 0 (nothing yet) to 11. Chapters 10 and 11 add nothing to the machine itself.

    Returns
    -------
    ScriptSoFar
        A table with a row for each chapter so far.

    Raises
    ------
    ValueError
        If there is no such chapter.

    Examples
    --------
    >>> [row.parts for row in script_so_far(2).rows]
    [('Value',), ('Value.backward', 'topological_sort')]
    """
    if chapter not in range(LAST_CHAPTER + 1):
        raise ValueError(f"there is no chapter {chapter!r}: give a number from 0 to {LAST_CHAPTER}")
    return ScriptSoFar(tuple(_row(number) for number in PARTS if number <= chapter))


def code_lines(source: str) -> int:
    r"""Count the lines of a source that carry code: no docstrings, comments, blank lines.

    >>> code_lines("# why\n\ndef f(x):\n    'The docstring.'\n    return x\n")
    2
    """
    return len(_code_rows(source))


def _row(chapter: int) -> Row:
    """Count what one chapter builds."""
    found = {
        name: lines
        for module, wanted in PARTS[chapter].items()
        for name, lines in definitions(module).items()
        if wanted == EVERYTHING or name in wanted
    }
    public = tuple(name for name in found if not name.startswith("_"))
    return Row(chapter, public, sum(found.values()))


@cache
def definitions(module: str) -> dict[str, int]:
    """Lines of code of each function and class of a module of the package, in order.

    `Value.backward`, which has a chapter of its own, is counted apart from the rest of `Value`.
    """
    source = inspect.getsource(import_module(f"microgpt.{module}"))
    rows = _code_rows(source)
    counted: dict[str, int] = {}
    for node in ast.parse(source).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        counted[node.name] = len(rows & _span(node))
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef) and inner.name == "backward":
                counted[f"{node.name}.backward"] = apart = len(rows & _span(inner))
                counted[node.name] -= apart
    return counted


def _span(node: ast.FunctionDef | ast.ClassDef) -> set[int]:
    """Numbers of a definition's lines, its decorators included."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return set(range(first, (node.end_lineno or first) + 1))


def _code_rows(source: str) -> set[int]:
    """Numbers of the lines that carry code."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    rows: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (*silent, tokenize.ENDMARKER):
            rows.update(range(token.start[0], token.end[0] + 1))
    for text in _bare_strings(ast.parse(source)):
        rows.difference_update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return rows


def _bare_strings(tree: ast.Module) -> Iterator[ast.Expr]:
    """Strings that stand as statements: docstrings of modules, classes, functions, fields."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        if isinstance(node.value.value, str):
            yield node
