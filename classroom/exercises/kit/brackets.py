"""Edits of brackets, among those that mend an answer: what is taken in by an operator or method."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

Edits = Iterator[tuple[int, str, Callable[[Any], None]]]
_SIGNS = dict(zip((ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow), ["+", "-", "*", "/", "**"]))
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
_ONCE = ("map", "filter", "zip", "enumerate", "reversed", "iter")


def brackets(node: ast.AST) -> Edits:
    """``(a + b) / c`` for ``a + b / c``, ``(a - b).exp()`` for ``a - b.exp()``, and back."""
    for meant, words in _read_otherwise(node):

        def change(old: Any, meant: ast.expr = meant) -> None:
            old.__class__, old.__dict__ = meant.__class__, dict(vars(meant))

        yield node.lineno, f"{words}, in `{ast.unparse(node)}`.", change  # type: ignore[attr-defined]


def _read_otherwise(node: Any) -> Iterator[tuple[ast.expr, str]]:
    if not (sign := _sign(node)):
        return
    left, right = node.left, node.right
    if _RANK.get(_sign(right), 0) > _RANK[sign]:  # a + b / c
        within = ast.BinOp(left, node.op, right.left)
        yield ast.BinOp(within, right.op, right.right), f"`{_sign(right)}` comes before `{sign}`"
    if _sign(left) and (_RANK[_sign(left)] != _RANK[sign] or _sign(left) == "/"):
        within = ast.BinOp(left.right, node.op, right)
        words = f"`{sign}` takes in all of `{ast.unparse(left)}`"
        yield ast.BinOp(left.left, left.op, within), words
    if isinstance(right, ast.Call) and isinstance(right.func, ast.Attribute):  # a - b.exp()
        owner, name = right.func.value, right.func.attr
        whole = ast.Attribute(ast.BinOp(left, node.op, owner), name, ast.Load())
        words = f"`.{name}` belongs to `{ast.unparse(owner)}` alone"
        yield ast.Call(whole, right.args, right.keywords), words


def _sign(node: Any) -> str:
    return _SIGNS.get(type(node.op), "") if isinstance(node, ast.BinOp) else ""


def used_up(node: ast.AST) -> Edits:
    """A list for what can be gone through only once."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        value, call = node.value, isinstance(node.value, ast.Call)
        if isinstance(value, ast.GeneratorExp) or call and ast.unparse(value.func) in _ONCE:  # type: ignore[attr-defined]
            words = f"`{node.targets[0].id}` can be gone through only once: make it a list."
            kept = ast.Call(ast.Name("list", ast.Load()), [value], [])
            yield node.lineno, words, lambda old: setattr(old, "value", kept)
