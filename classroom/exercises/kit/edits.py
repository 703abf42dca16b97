"""Single edits of a piece of code: one operator, index, name or line changed at a time.

They serve two ends. A wrong answer that becomes right by one edit has its cause there (`repair`).
And a right answer that stays right after an edit shows what a check does not see
(`tools/mutants.py`). The tree is edited in place and put back when the next edit is asked for.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_SHOWN = 60
LOOPS = (ast.For, ast.While)


@dataclass(frozen=True)
class Edit:
    """One edit.

    Attributes
    ----------
    line : int
        Line of the code, counted from 1 in the parsed source.
    cause : str
        What is wrong if this edit makes a wrong answer right, in the words of a teacher.
    change : str
        What was put in place of what, for the list of mutants.
    """

    line: int
    cause: str
    change: str


def shown(node: ast.AST) -> str:
    """The code of a node on one short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def swapped(
    node: ast.AST, field: str, new: Any, cause: str, shown_before: str = ""
) -> Iterator[Edit]:
    """Set a field of a node for as long as the edit is looked at."""
    before, old = shown_before or shown(node), getattr(node, field)
    setattr(node, field, new)
    try:
        after = shown(ast.fix_missing_locations(node))
        yield Edit(getattr(node, "lineno", 0), cause, f"{before} -> {after}")
    finally:
        setattr(node, field, old)


def replaced(
    parent: ast.AST, field: str, place: int | None, new: ast.AST, cause: str
) -> Iterator[Edit]:
    """Put another node in place of a child, for as long as the edit is looked at."""
    holder = getattr(parent, field)
    old = holder if place is None else holder[place]
    ast.copy_location(new, old)
    ast.fix_missing_locations(new)
    _put(parent, field, place, new)
    try:
        yield Edit(getattr(old, "lineno", 0), cause, f"{shown(old)} -> {shown(new)}")
    finally:
        _put(parent, field, place, old)


def _put(parent: ast.AST, field: str, place: int | None, new: ast.AST) -> None:
    if place is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[place] = new


def expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    """Every expression below a tree but types, with the place where it hangs."""
    found = []
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns"):
                continue
            children = value if isinstance(value, list) else [value]
            for place, child in enumerate(children):
                if isinstance(child, ast.expr):
                    found.append((parent, field, place if value is children else None, child))
    return found


def single_edits(tree: ast.AST, *, cures: bool = True) -> Iterator[Edit]:
    """Every single edit of the functions and classes in a tree, the likeliest mistakes first.

    Parameters
    ----------
    tree : ast.AST
        A parsed definition; it is edited in place, and as before when the iteration has ended.
    cures : bool, default True
        Also what only mends: a copy of an argument made first, a result in another form.

    Yields
    ------
    Edit
        While it is being looked at, the tree holds the edit: compile it then.
    """
    from classroom.exercises.kit import edits_of_lines, edits_of_parts

    families: list[Callable[[ast.AST], Iterator[Edit]]] = [
        *edits_of_lines.FIRST,
        *edits_of_parts.FAMILIES,
        *edits_of_lines.LAST,
    ]
    if not cures:
        families = [family for family in families if family not in edits_of_lines.CURES]
    for family in families:
        yield from family(tree)


def fresh(node: ast.AST) -> Any:
    """A copy of a node that can be put elsewhere."""
    return copy.deepcopy(node)
