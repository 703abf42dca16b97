"""What a wrong answer does with its names, seen in its source: arguments lost, lists shared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from classroom.exercises.kit.seen import shown

_NUMBERS = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp)  # `^` of sets or of tests is right
_ONCE = ("map(", "filter(", "zip(", "enumerate(", "reversed(", "iter(")


def misled(tree: ast.AST) -> Iterator[str]:
    """Arguments overwritten, lists shared or gone through twice, what is no power, or two."""
    methods = tree.body if isinstance(tree, ast.ClassDef) else [tree]
    for function in methods:  # not in those inside: they are made anew in each call
        if isinstance(function, ast.FunctionDef):
            yield from _shared(function)
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                yield from _overwritten(node)
                yield from _used_up(node)
            case ast.BinOp(_, ast.BitXor(), right) if isinstance(right, _NUMBERS):
                yield f"line {node.lineno}: `^` in `{shown(node)}` is no power: `**`."
            case ast.BinOp(left, ast.Pow(), ast.BinOp(_, ast.Pow()) as right):
                way = f"`{shown(left)} ** ({shown(right)})`"
                yield f"line {node.lineno}: `{shown(node)}` is {way}."
            case ast.Assign([_, _, *_], ast.List() | ast.ListComp() | ast.BinOp()):
                names = [shown(target) for target in node.targets]
                if any(_changes(tree, name) for name in names):
                    text = "are two names for one list: what changes one changes the other."
                    yield f"line {node.lineno}: `{names[0]}` and `{names[1]}` {text}"


def _overwritten(function: ast.FunctionDef) -> Iterator[str]:
    """An argument that gets another value, whatever came in, before any line has read it."""
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
    for line in [each for each in function.body if isinstance(each, ast.Assign)]:
        targets = [each for target in line.targets for each in getattr(target, "elts", [target])]
        for name in sorted({arg.arg for arg in function.args.args} & {*map(shown, targets)}):
            read = [n.lineno for n in names if n.id == name and isinstance(n.ctx, ast.Load)]
            if read and min(read) > line.end_lineno:  # type: ignore[operator]
                text = "overwrites what your function was given, before any line has read it."
                yield f"line {line.lineno}: `{name} = …` {text}"


def _shared(function: ast.FunctionDef) -> Iterator[str]:
    """A list that is the default of an argument, and is changed."""
    arguments = zip(function.args.args[::-1], function.args.defaults[::-1])
    for arg, default in arguments:
        if isinstance(default, (ast.List, ast.Call)) and _changes(function, arg.arg):
            text = f"the default of `{arg.arg}` is made once and shared by all calls: use `None`"
            yield f"line {function.lineno}: {text}, and make it anew inside."


def _used_up(function: ast.FunctionDef) -> Iterator[str]:
    """A name, read more than once, for what can be gone through only once."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    read = [name.id for name in names if isinstance(name.ctx, ast.Load)]
    for line in [each for each in ast.walk(function) if isinstance(each, ast.Assign)]:
        lazy = isinstance(line.value, ast.GeneratorExp) or shown(line.value).startswith(_ONCE)
        name = shown(line.targets[0])
        by_hand = any(shown(n) == f"next({name})" for n in ast.walk(function))
        if lazy and read.count(name) > 1 and not by_hand:
            yield f"line {line.lineno}: `{name}` can be gone through only once: make it a list."


def _changes(tree: ast.AST, name: str) -> bool:
    """Whether parts of a list are set, or added to it."""
    changes = (node for node in ast.walk(tree) if isinstance(node, (ast.Subscript, ast.Attribute)))
    return any(
        shown(node.value) == name
        and (isinstance(node.ctx, ast.Store) or getattr(node, "attr", "") in ("append", "extend"))
        for node in changes
    )
