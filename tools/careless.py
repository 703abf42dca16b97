"""The edits of a careless hand, for `tools.mutants`: an operator, an index, a name, a line."""

from __future__ import annotations

import ast
import builtins
import copy
import pickle
from collections.abc import Callable, Iterator
from typing import Any

from classroom.exercises.kit.seen import shown

Change = Callable[[Any], None]


def edits(tree: ast.stmt) -> Iterator[tuple[str, Any]]:
    """Every edit that a careless hand makes in a definition: in words, and the tree with it."""
    held, nodes = pickle.dumps(tree), list(ast.walk(tree))
    local = {each.arg for each in nodes if isinstance(each, ast.arg)}
    local |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    types = [getattr(each, field, None) for each in nodes for field in ("annotation", "returns")]
    untouched = {id(each) for kind in types if kind for each in ast.walk(kind)}
    for number, node in enumerate(nodes):
        for words, change in _changes(node, local) if id(node) not in untouched else ():
            edited = pickle.loads(held)
            change(list(ast.walk(edited))[number])
            yield words, ast.fix_missing_locations(edited)


def _changes(node: Any, local: set[str]) -> Iterator[tuple[str, Change]]:
    for new in (*_others(node), *_other_names(node, local)):
        yield f"{shown(node)} -> {shown(new)}", _becoming(new)
    for field in ("body", "orelse"):
        lines = getattr(node, field, None)
        for at, line in enumerate(lines[:-1] if isinstance(lines, list) else ()):
            if not isinstance(line, ast.FunctionDef):  # methods have no order
                yield f"{shown(line)} swapped with the next line", _swapping(field, at)


def _becoming(new: ast.AST) -> Change:
    """The change that makes another node of a node, in its place."""

    def change(node: Any) -> None:
        node.__class__, node.__dict__ = new.__class__, vars(new)

    return change


def _swapping(field: str, at: int) -> Change:
    def change(node: Any) -> None:
        body = getattr(node, field)
        body[at : at + 2] = body[at : at + 2][::-1]

    return change


_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_CALLED = {"min": "max", "max": "min", "sum": "len", "len": "sum", "zip": "list"}
_FIELDS = {"data": "grad", "grad": "data", "log": "exp", "exp": "log"}


def _with(node: ast.AST, **fields: Any) -> Any:
    """A copy of a node with other fields."""
    new = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What a careless hand would have written in place of a node."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        yield from (_with(node, op=o()) for o in _OPERATORS if not isinstance(node.op, o))
    if isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Add, ast.Mult)):
        yield _with(node, left=node.right, right=node.left)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], _COMPARISONS):
        others = [each for each in _COMPARISONS if not isinstance(node.ops[0], each)]
        yield from (_with(node, ops=[each(), *node.ops[1:]]) for each in others)
    if isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.Call) and node.args:
        yield from _other_calls(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        value = node.value
        new = [not value] if isinstance(value, bool) else [value + 1, value - 1, -value]
        yield from (ast.Constant(each) for each in dict.fromkeys(new) if each != value)
    yield from _other_statements(node)


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    """Turned round, or left out."""
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, (ast.Return, ast.Assign)) and not _is_zero(node.value):
        yield _with(node, value=ast.UnaryOp(ast.USub(), node.value))
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.If, ast.Expr, ast.For, ast.Continue)):
        yield ast.Pass()
    if isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=[])
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        for end in ("lower", "upper"):
            if getattr(node.slice, end) is not None:
                yield _with(node, slice=_with(node.slice, **{end: None}))
    if isinstance(node, ast.Attribute) and node.attr in _FIELDS and isinstance(node.ctx, ast.Load):
        yield _with(node, attr=_FIELDS[node.attr])


def _is_zero(value: ast.expr | None) -> bool:
    return value is None or isinstance(value, ast.Constant) and value.value in (0, True)


def _other_calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if len(node.args) == 2:
        yield _with(node, args=node.args[::-1])
    if name in _CALLED:
        yield _with(node, func=ast.Name(_CALLED[name], ast.Load()))
    if hasattr(builtins, name) and len(node.args) == 1:
        yield node.args[0]


def _other_names(node: ast.AST, local: set[str]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in local:
        yield from (ast.Name(each, ast.Load()) for each in sorted(local - {node.id, "self"}))
