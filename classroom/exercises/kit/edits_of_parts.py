"""Single edits inside a line: operators, comparisons, indices, numbers, names, calls."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from classroom.exercises.kit.edits import Edit, expressions, fresh, replaced, shown, swapped

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
    ast.BitXor: (ast.Pow,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_BORDER = {(ast.Lt, ast.LtE), (ast.LtE, ast.Lt), (ast.Gt, ast.GtE), (ast.GtE, ast.Gt)}
_OTHER_CALLS = {"min": ("max",), "max": ("min",), "sum": ("len", "max"), "len": ("sum",)}
_WRAPPERS = {"int", "round", "abs", "sorted", "set", "reversed", "float", "str", "len", "sum"}
_OTHER_FIELDS = {"data": ("grad",), "grad": ("data",), "log": ("exp",), "exp": ("log",)}


def operators(tree: ast.AST) -> Iterator[Edit]:
    """Another operator, the two sides swapped, another comparison, ``and`` for ``or``."""
    for node in list(ast.walk(tree)):
        if isinstance(node, (ast.BinOp, ast.AugAssign)):
            for kind in _OPERATORS.get(type(node.op), ()):
                cause = f"the operator in `{shown(node)}` is not the right one."
                if isinstance(node.op, ast.BitXor):
                    cause = f"`^` in `{shown(node)}` is no power; that is `**`."
                yield from swapped(node, "op", kind(), cause)
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow)):
                yield from _sides(node)
            yield from _grouping(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            for other in _COMPARISONS[type(node.ops[0])]:
                cause = f"the comparison in `{shown(node)}` is not the right one."
                if (type(node.ops[0]), other) in _BORDER:
                    cause = f"does the border belong to it or not, in `{shown(node)}`?"
                yield from swapped(node, "ops", [other()], cause)
        if isinstance(node, ast.BoolOp):
            kind_ = ast.Or if isinstance(node.op, ast.And) else ast.And
            cause = f"`and` or `or`: `{shown(node)}` joins its parts the wrong way."
            yield from swapped(node, "op", kind_(), cause)


def _sides(node: ast.BinOp) -> Iterator[Edit]:
    left, right, text = node.left, node.right, shown(node)
    node.left, node.right = right, left
    try:
        cause = f"the two sides of `{text}` are the wrong way round."
        yield Edit(node.lineno, cause, f"{text} -> {shown(node)}")
    finally:
        node.left, node.right = left, right


def _grouping(node: ast.BinOp) -> Iterator[Edit]:
    """``a / b * c`` for ``a / (b * c)``, and the like."""
    inner = node.left
    if not isinstance(inner, ast.BinOp):
        return
    text, op, right = shown(node), node.op, node.right
    node.left, node.op = inner.left, inner.op
    node.right = ast.copy_location(ast.BinOp(inner.right, op, right), inner)
    ast.fix_missing_locations(node)
    try:
        cause = f"brackets are missing: `{text}` is not computed in the order you mean."
        yield Edit(node.lineno, cause, f"{text} -> {shown(node)}")
    finally:
        node.left, node.op, node.right = inner, op, right


def assignments(tree: ast.AST) -> Iterator[Edit]:
    """``+=`` for ``=`` and the other way round."""
    for parent in list(ast.walk(tree)):
        for field in ("body", "orelse"):
            statements = getattr(parent, field, None)
            if not isinstance(statements, list):
                continue
            for place, node in enumerate(statements):
                if isinstance(node, ast.AugAssign):
                    new: ast.stmt = ast.Assign([fresh(node.target)], fresh(node.value))
                    cause = f"`{shown(node)}` adds to what was there; it has to replace it."
                    if not isinstance(node.op, ast.Add):
                        cause = f"`{shown(node)}`: a plain `=` belongs there."
                elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                    if isinstance(node.targets[0], ast.Tuple):
                        continue
                    new = ast.AugAssign(fresh(node.targets[0]), ast.Add(), fresh(node.value))
                    cause = f"`{shown(node)}` replaces what was there; `+=` adds to it."
                else:
                    continue
                yield from replaced(parent, field, place, new, cause)


def indices(tree: ast.AST) -> Iterator[Edit]:
    """Indices, the ends of slices and of ranges moved by one; a step left out."""
    for parent, field, place, node in expressions(tree):
        in_index = isinstance(parent, ast.Subscript) and field == "slice"
        in_slice = isinstance(parent, ast.Slice) and field in ("lower", "upper")
        in_range = isinstance(parent, ast.Call) and shown(parent.func) == "range"
        if in_index and isinstance(node, (ast.Slice, ast.Tuple)):
            continue
        if not (in_index or in_slice or in_range and field == "args"):
            continue
        for step in (1, -1):
            op = ast.Add() if step > 0 else ast.Sub()
            new = ast.BinOp(fresh(node), op, ast.Constant(1))
            if isinstance(node, ast.Constant) and isinstance(node.value, int):
                if isinstance(parent, ast.Subscript) and node.value + step < 0:
                    continue
                new = ast.Constant(node.value + step)  # type: ignore[assignment]
            what = "range" if in_range else "slice" if in_slice else "index"
            cause = f"the {what} is off by one: `{shown(node)}` in `{shown(parent)}`."
            yield from replaced(parent, field, place, new, cause)
    yield from _ranges(tree)


def _ranges(tree: ast.AST) -> Iterator[Edit]:
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.Call) and shown(node.func) == "range" and len(node.args) == 1:
            cause = f"the range is off by one: `{shown(node)}` begins at 0."
            yield from swapped(node, "args", [ast.Constant(1), *node.args], cause)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            for field, end in (("lower", "begins too late"), ("upper", "ends too early")):
                if getattr(node.slice, field) is not None:
                    cause = f"`{shown(node)}` {end}."
                    yield from swapped(node.slice, field, None, cause, shown(node))


def numbers(tree: ast.AST) -> Iterator[Edit]:
    """Another number in place of a number; a text in place of a near one."""
    for parent, field, place, node in expressions(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            value = node.value
            assert isinstance(value, (int, float))
            for new in dict.fromkeys(
                [value + 1, value - 1, -value, 0, 1, 1.0 / value if value else 2]
            ):
                if new != value:  # nor -0 for 0
                    cause = f"`{value}` in `{shown(parent)}` is not the right number."
                    yield from replaced(parent, field, place, ast.Constant(new), cause)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            cause = f"`{node.value}` in `{shown(parent)}` is the wrong way round."
            yield from replaced(parent, field, place, ast.Constant(not node.value), cause)


def signs(tree: ast.AST) -> Iterator[Edit]:
    """A minus left out or put in; ``not`` left out or put in."""
    for parent, field, place, node in expressions(tree):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
            word = "the sign" if isinstance(node.op, ast.USub) else "`not`"
            cause = f"{word} in `{shown(node)}` should not be there."
            yield from replaced(parent, field, place, fresh(node.operand), cause)
        elif isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign)) and field == "value":
            if isinstance(node, (ast.Compare, ast.BoolOp)) or _is_bool_or_zero(node):
                continue
            new = ast.UnaryOp(ast.USub(), fresh(node))
            yield from replaced(parent, field, place, new, f"the sign of `{shown(node)}`.")
        elif isinstance(parent, (ast.If, ast.While, ast.IfExp)) and field == "test":
            new = ast.UnaryOp(ast.Not(), fresh(node))
            cause = f"the condition `{shown(node)}` is the wrong way round."
            yield from replaced(parent, field, place, new, cause)


def _is_bool_or_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is True or not node.value)


def names(tree: ast.AST) -> Iterator[Edit]:
    """Another local name in place of a name, first of all where the name is the notebook's."""
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        local = _local_names(function)
        rows = [
            row
            for row in expressions(function)
            if isinstance(row[3], ast.Name) and isinstance(row[3].ctx, ast.Load)
        ]
        rows.sort(key=lambda row: getattr(row[3], "id", "") in local)
        for parent, field, place, node in rows:
            assert isinstance(node, ast.Name)
            if isinstance(parent, ast.Call) and field == "func" and node.id not in local:
                continue
            if hasattr(builtins, node.id):
                continue
            for other in sorted(local - {node.id}):
                cause = f"`{node.id}` in `{shown(parent)}` is not the one that is meant."
                if node.id not in local:
                    cause = f"`{node.id}` is a name from the notebook; your function has `{other}`."
                yield from replaced(parent, field, place, ast.Name(other, ast.Load()), cause)


def _local_names(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return {each.arg for each in given} | stored


def calls(tree: ast.AST) -> Iterator[Edit]:
    """Arguments swapped, another function, a function left out, another field."""
    for parent, field, place, node in expressions(tree):
        if isinstance(node, ast.Call):
            if len(node.args) == 2 and not any(isinstance(a, ast.Starred) for a in node.args):
                cause = f"the arguments of `{shown(node)}` are the wrong way round."
                yield from swapped(node, "args", node.args[::-1], cause)
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            for other in _OTHER_CALLS.get(name, ()):
                cause = f"`{name}` is not what is needed in `{shown(node)}`."
                yield from swapped(node, "func", ast.Name(other, ast.Load()), cause)
            if name in _WRAPPERS and len(node.args) >= 1:
                cause = f"`{name}(...)` should not be there, in `{shown(node)}`."
                yield from replaced(parent, field, place, fresh(node.args[0]), cause)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            for other in _OTHER_FIELDS.get(node.attr, ()):
                cause = f"`.{node.attr}` is not what is needed in `{shown(parent)}`."
                yield from swapped(node, "attr", other, cause)
            if node.attr in ("data", "grad"):
                cause = f"`.{node.attr}` should not be there, in `{shown(parent)}`."
                yield from replaced(parent, field, place, fresh(node.value), cause)


FAMILIES = (assignments, operators, indices, signs, calls, names, numbers)
