"""What can be seen in the source of a wrong answer, whatever its results are."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.kit.sources import source_of

_SHOWN = 60
_GIVE_NONE = {"append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear"}
_NUMBERS = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp)  # `^` of sets or of tests is right


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
    """A ``return`` that every first round comes to, a loop's name that is set; shared defaults."""
    for function in getattr(tree, "body", ()) if isinstance(tree, ast.ClassDef) else [tree]:
        if isinstance(function, ast.FunctionDef):  # those inside are made anew in each call
            yield from _shared(function, tree)
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
                case ast.For(turn), ast.AugAssign(ast.Name(name)) if name in names_of(turn):
                    text = f"gives the loop's own `{name}` another value, which nothing keeps."
                    yield f"line {line.lineno}: `{shown(line)}` {text}"


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


def misled(tree: ast.AST) -> Iterator[str]:
    """Arguments overwritten, lists shared or gone through twice, what is no power, or two."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(body=[*lines]):
                yield from _of_the_class(node, lines)
            case ast.FunctionDef():
                yield from _overwritten(node)
            case ast.BinOp(_, ast.BitXor(), right) if isinstance(right, _NUMBERS):
                yield f"line {node.lineno}: `^` in `{shown(node)}` is no power: `**`."
            case ast.BinOp(ast.BinOp(_, ast.Pow(), n), ast.Div()) if shown(n).split()[-1] == "1":
                text = "the power comes first: `** (1 / ...)`."
                yield f"line {node.lineno}: in `{shown(node)}` {text}"
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


def _of_the_class(tree: ast.ClassDef, lines: list[ast.stmt]) -> Iterator[str]:
    """What belongs to the class and is changed, so that all objects share it."""
    for line in [each for each in lines if isinstance(each, ast.Assign)]:
        for name in sorted(names_of(line)):
            sets = [shown(n.target) for n in ast.walk(tree) if isinstance(n, ast.AugAssign)]
            if _changes(tree, f"self.{name}") or f"{tree.name}.{name}" in sets:
                text = f"`{name}` belongs to the class, so all its objects share it: make it anew"
                yield f"line {line.lineno}: {text} in `__init__`, as `self.{name}`."


def names_of(tree: ast.AST) -> set[str]:
    """The names that part of a source gives values to, those of arguments among them."""
    nodes = list(ast.walk(tree))
    set_here = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set_here | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _shared(function: ast.FunctionDef, tree: ast.AST) -> Iterator[str]:
    """A list that is the default of an argument, and is changed, under whatever name it is kept."""
    sets = [line for line in ast.walk(function) if isinstance(line, ast.Assign)]
    for arg, default in zip(function.args.args[::-1], function.args.defaults[::-1]):
        kept = {arg.arg, *(shown(each.targets[0]) for each in sets if shown(each.value) == arg.arg)}
        made = isinstance(default, (ast.List, ast.Dict, ast.Call))
        if made and any(_changes(tree, name) for name in kept):
            text = f"the default of `{arg.arg}` is made once and shared by all calls: use `None`"
            yield f"line {function.lineno}: {text}, and make it anew inside."


def _changes(tree: ast.AST, name: str) -> bool:
    """Whether parts of a list are set, or added to it."""
    changes = (node for node in ast.walk(tree) if isinstance(node, (ast.Subscript, ast.Attribute)))
    return any(
        shown(node.value) == name
        and (isinstance(node.ctx, ast.Store) or getattr(node, "attr", "") in ("append", "extend"))
        for node in changes
    )
