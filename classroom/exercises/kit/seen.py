"""What can be seen in the source of a wrong answer, whatever its results are."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.kit.edits import LOOPS, shown
from classroom.exercises.kit.sources import source_of


def seen(look: Callable[[ast.AST], Iterator[str]], answers: Sequence[Any]) -> str:
    """The first thing that a look at the answers' sources finds, or an empty string."""
    sources = [source for source in map(source_of, answers) if source is not None]
    return next((said for source in sources for said in look(source.definition)), "")


def early_returns(tree: ast.AST) -> Iterator[str]:
    """A ``return`` that every first round of a loop comes to."""
    for loop in [node for node in ast.walk(tree) if isinstance(node, LOOPS)]:
        last = loop.body[-1]
        if isinstance(last, ast.Return) and not _skips(loop):
            text = f"`{shown(last)}` stands inside the loop, so only its first round is run."
            yield f"line {last.lineno}: {text}"


def _skips(loop: ast.For | ast.While) -> bool:
    return any(isinstance(node, ast.Continue) for node in ast.walk(loop))


GIVE_NONE = {"append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear"}


def empty_handed(tree: ast.AST) -> Iterator[str]:
    """A ``return`` of what a method gives that changes its list and returns nothing."""
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.Return)]:
        given = named.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
        method = given.func if isinstance(given, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in GIVE_NONE:
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
