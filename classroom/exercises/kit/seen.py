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


def unused(tree: ast.AST) -> Iterator[str]:
    """A parameter that is never looked at."""
    if not isinstance(tree, ast.FunctionDef):
        return
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for arg in tree.args.args:
        if arg.arg not in read and arg.arg != "self":
            yield f"your function never uses its `{arg.arg}`."
