"""What a wrong answer does with its names, seen in its source: arguments lost, lists shared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from classroom.exercises.kit.seen import shown

_LISTS = (ast.List, ast.ListComp, ast.BinOp)
_NUMBERS = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp)  # `^` of sets or of tests is right
_ONCE = ("map(", "filter(", "zip(", "enumerate(", "reversed(", "iter(")


def misled(tree: ast.AST) -> Iterator[str]:
    """Arguments overwritten, lists shared or gone through twice, what is no power, or two."""
    methods = tree.body if isinstance(tree, ast.ClassDef) else [tree]
    for function in methods:  # not in those inside: they are made anew in each call
        if isinstance(function, ast.FunctionDef):
            yield from _shared(function)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _overwritten(node)
            yield from _used_up(node)
        elif isinstance(node, ast.ClassDef):
            yield from _of_the_class(node)
        elif isinstance(node, (ast.For, ast.ListComp)):
            yield from _late(node)
        elif _is(node, ast.BitXor) and isinstance(node.right, _NUMBERS):  # type: ignore[attr-defined]
            yield f"line {node.lineno}: `^` in `{shown(node)}` is no power: `**`."  # type: ignore[attr-defined]
        elif isinstance(node, ast.Assign) and len(node.targets) > 1:
            names = [shown(target) for target in node.targets]
            if isinstance(node.value, _LISTS) and any(_changes(tree, name) for name in names):
                text = "are two names for one list: what changes one changes the other."
                yield f"line {node.lineno}: `{names[0]}` and `{names[1]}` {text}"
        elif _is(node, ast.Pow) and _is(node.right, ast.Pow):  # type: ignore[attr-defined]
            left, right = shown(node.left), shown(node.right)  # type: ignore[attr-defined]
            yield f"line {node.lineno}: `{shown(node)}` is `{left} ** ({right})`."  # type: ignore[attr-defined]


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


def _of_the_class(tree: ast.ClassDef) -> Iterator[str]:
    """A list or dict of the class that its methods change, and none of them makes."""
    stores = {shown(n) for n in ast.walk(tree) if isinstance(getattr(n, "ctx", None), ast.Store)}
    for line in [each for each in tree.body if isinstance(each, ast.Assign)]:
        name = f"self.{shown(line.targets[0])}"
        kept = isinstance(line.value, (*_LISTS, ast.Dict)) and name not in stores
        if kept and _changes(tree, name):
            text = "belongs to the class, so all its objects share it: make it in `__init__`"
            yield f"line {line.lineno}: `{name[5:]}` {text}, as `{name} = ...`."


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


def _late(loop: ast.For | ast.ListComp) -> Iterator[str]:
    """A `lambda` that is kept in a loop, and reads the loop's variable only when it is called."""
    targets = [loop.target] if isinstance(loop, ast.For) else [g.target for g in loop.generators]
    turns = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    made = [loop.elt] if isinstance(loop, ast.ListComp) else []
    for node in ast.walk(loop) if isinstance(loop, ast.For) else ():
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append":
            made += node.args
    for kept in [each for each in made if isinstance(each, ast.Lambda)]:
        reads = {n.id for n in ast.walk(kept.body) if isinstance(n, ast.Name)}
        for name in sorted(reads & turns - {arg.arg for arg in kept.args.args}):
            text = f"when it is called, after the loop: write `lambda ..., {name}={name}:`"
            yield f"line {kept.lineno}: the `lambda` reads `{name}` {text}."


def _is(node: ast.AST, sign: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, sign)


def _changes(tree: ast.AST, name: str) -> bool:
    """Whether parts of a list are set, or added to it."""
    changes = (node for node in ast.walk(tree) if isinstance(node, (ast.Subscript, ast.Attribute)))
    return any(
        shown(node.value) == name
        and (isinstance(node.ctx, ast.Store) or getattr(node, "attr", "") in ("append", "extend"))
        for node in changes
    )
