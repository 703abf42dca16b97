"""What can be seen in the source of a wrong answer, whatever its results are."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.kit.sources import source_of

_SHOWN = 60
_GIVE_NONE = {"append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear"}


def shown(node: ast.AST) -> str:
    """The code of a node on one short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def seen(look: Callable[[ast.AST], Iterator[str]], answers: Sequence[Any]) -> str:
    """The first thing that a look at the answer's source finds, or an empty string."""
    sources = [source for source in map(source_of, answers) if source is not None]
    if len(sources) != 1:  # of two functions one may be right
        return ""
    return next(look(sources[0].definition), "")


def misled_loops(tree: ast.AST) -> Iterator[str]:
    """A ``return`` that every first round comes to, a range whose variable is counted on."""
    for loop in [node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.While))]:
        skips = any(isinstance(node, ast.Continue) for node in ast.walk(loop))
        for line in _ends(loop.body):
            match loop, line:
                case _, ast.Return() if line is loop.body[-1] and not skips:
                    text = "stands inside the loop, so only its first round is run."
                    yield f"line {line.lineno}: `{shown(line)}` {text}"
                case ast.For(turn, ast.Call(ast.Name("range"))), ast.AugAssign(changed):
                    if shown(turn) == shown(changed):
                        text = f"skips nothing: the `for` of line {loop.lineno} gives"
                        rest = f"`{shown(turn)}` its next number anyway."
                        yield f"line {line.lineno}: `{shown(line)}` {text} {rest}"


def _ends(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The lines with which a round may end."""
    if block and isinstance(block[-1], ast.If):
        yield from _ends(block[-1].body)
        yield from _ends(block[-1].orelse)
    elif block:
        yield block[-1]


def empty_handed(tree: ast.AST) -> Iterator[str]:
    """A ``return`` of what a method gives that changes its list and returns nothing."""
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.Return)]:
        method = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in _GIVE_NONE:
            text = f"`{shown(method)}(...)` changes what is before the dot and gives None"
            yield f"line {method.lineno}: {text}: return the list itself, after it."


def unused(tree: ast.AST) -> Iterator[str]:
    """A parameter that is never looked at."""
    if not isinstance(tree, ast.FunctionDef):
        return
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for arg in tree.args.args:
        if arg.arg not in read and arg.arg != "self":
            yield f"your function never uses its `{arg.arg}`."
