"""One edit of an answer with which it is right: where there is one, it tells the place.

Something is left out, a comparison turned round, another name read. What is said is true whatever
the mistake was: the edited answer has been run, and came out right in every case.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from classroom.exercises.kit.timeout import clock
from classroom.exercises.looking.recording import Run, Watched
from classroom.exercises.looking.values import is_count

_MOST = 300  # edits that are tried
_PATIENCE = 0.25  # seconds of processor time for all of them
_CODE = 50  # characters of code in a sentence
_LUCKY = re.compile(r"`[-+] \d+`|`\d+ [-+]`|the loop of line|in `range")
_AROUND = ("sorted", "reversed", "set", "abs", "round", "int", "min", "max", "list", "sum")
_OTHER: dict[type, tuple[Any, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,), ast.Break: (ast.Continue,), ast.Continue: (ast.Break,),
}  # fmt: skip


class Edit(NamedTuple):
    """What is put in the place of a part of the tree; its line, and the words for it."""

    holder: Any  # the list, or the attributes, that hold the part
    key: Any
    new: ast.AST
    line: int
    words: str
    certain: bool = True  # whether the words say what to do; else only where


def mending(mine: Watched, cases: Sequence[Any], rights: Sequence[Run], bad: Sequence[int]) -> str:
    """What is said of the edit that puts an answer right, or "" if none does, or in other lines."""
    order, late = sorted(range(len(rights)), key=lambda i: i not in bad), clock() + _PATIENCE
    found: list[Edit] = []
    counts = all(is_count(right.plain) for right in rights)
    for number, edit in _edits(mine):
        if clock() > late:
            break
        if counts and (isinstance(edit.new, (ast.Constant, ast.Call)) or _LUCKY.search(edit.words)):
            continue  # one more, or one less
        old, edit.holder[edit.key] = edit.holder[edit.key], edit.new
        try:
            other = mine.altered(number)
            runs = ((other.run(cases[i], False), rights[i]) for i in order)
            if all((g.outcome, g.slopes) == (right.outcome, right.slopes) for g, right in runs):
                found.append(edit)
        except (SyntaxError, ValueError, TypeError):  # an edit that is no Python
            pass
        finally:  # the tree is kept for the next check, also if the stop button is pressed
            edit.holder[edit.key] = old
    best = [edit for edit in found if edit.certain] or found
    lines = sorted({edit.line for edit in best})
    if len(lines) != 1:
        return ""
    return f"Right so far, but for {best[0].words} it comes out right in every case."


def _edits(mine: Watched) -> list[tuple[int, Edit]]:
    """All edits of an answer's own definitions, those that are told in words first."""
    some: list[tuple[int, Edit]] = []
    for number, part in enumerate(mine.source.parts):
        if not part.owner:
            for parent in ast.walk(part.tree):
                some += [(number, edit) for edit in _within(parent, part.before, _names(part.tree))]
    return sorted(some, key=lambda pair: not pair[1].certain)[:_MOST]


def _names(tree: ast.AST) -> set[str]:
    """The names that a definition gives values to."""
    nodes = list(ast.walk(tree))
    set_here = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set_here | {n.arg for n in nodes if isinstance(n, ast.arg)}


def _within(parent: ast.AST, before: int, names: set[str]) -> Iterator[Edit]:
    """The edits of what a part of the tree holds."""
    for field, value in ast.iter_fields(parent):
        if field in ("decorator_list", "args") and isinstance(parent, ast.FunctionDef):
            continue
        many = isinstance(value, list)
        for key in range(len(value)) if many else [field]:
            holder: Any = value if many else vars(parent)
            node = value[key] if many else value
            whole = node if isinstance(node, (ast.expr, ast.stmt)) else parent
            line = getattr(whole, "lineno", before) - before
            for new, left in _left_out(node, field):
                yield Edit(holder, key, new, line, f"line {line}: without {left}")
            for new, stays, where in _moved(node, value, key):
                at = stays.lineno - before
                yield Edit(holder, key, new, at, f"line {at}, `{_code(stays)}`: {where} {line}")
            small = isinstance(node, (ast.Constant, ast.Name))
            for new in _changed(node, names):
                shown = _code(parent if small and not isinstance(parent, ast.stmt) else whole)
                words = f"one thing in line {line}, in `{shown}`: changed,"
                yield Edit(holder, key, new, line, words, certain=False)


def _left_out(node: Any, field: str) -> Iterator[tuple[ast.AST, str]]:
    """What stays if something is left out, and what that is."""
    if field == "ifs":
        yield ast.Constant(True), f"`if {_code(node)}`"
    match node:
        case ast.Subscript(value, ast.Slice() as cut):
            yield value, f"`[{_code(cut)}]`"
        case ast.Call(ast.Name(name), [first, *_]) if name in _AROUND:
            yield first, f"`{name}(...)`"
        case ast.UnaryOp(op, operand):
            yield operand, f"the `{'-' if isinstance(op, ast.USub) else 'not'}`"
        case ast.BinOp(left, op, right):
            sign = ast.unparse(ast.BinOp(ast.Name("_"), op, ast.Name("_")))[2:-2]
            yield left, f"`{sign} {_code(right)}`"
            yield right, f"`{_code(left)} {sign}`"
        case ast.If(test, body, []):
            yield ast.Pass(), f"`if {_code(test)}` and what it does"
            yield ast.If(ast.Constant(True), body, []), f"`if {_code(test)}`"


def _moved(node: Any, block: Any, key: Any) -> Iterator[tuple[ast.AST, ast.stmt, str]]:
    """A loop with what is set before it at its beginning, or with its last line behind it."""
    if not isinstance(node, (ast.For, ast.While)):
        return
    for before in _set_in(block[key - 1]) if key else ():
        moved = type(node)(**{**vars(node), "body": [before, *node.body]})
        yield moved, before, "at the beginning of the loop of line"
    if len(node.body) > 1:
        *rest, last = node.body
        less = type(node)(**{**vars(node), "body": rest})
        yield ast.If(ast.Constant(True), [less, last], []), last, "behind the loop of line"


def _set_in(line: ast.stmt) -> list[ast.stmt]:
    """An assignment, or those that ``a, b = 0, []`` is made of."""
    match line:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            return [ast.copy_location(ast.Assign([t], v), line) for t, v in zip(targets, values)]
    return [line] if isinstance(line, (ast.Assign, ast.AugAssign)) else []


def _changed(node: Any, names: set[str]) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    yield from (other() for other in _OTHER.get(type(node), ()))
    match node:
        case ast.Constant(int(value)) if not isinstance(value, bool):
            yield from (ast.Constant(value + by) for by in (1, -1))
        case ast.Name(name, ast.Load()) if name in names:
            yield from (ast.Name(other, ast.Load()) for other in sorted(names - {name}))
        case ast.Call(ast.Name("max" | "min" as name), args, keywords):
            yield ast.Call(ast.Name("min" if name == "max" else "max", ast.Load()), args, keywords)
        case ast.Call(ast.Name("range") as called, [*first, last], []):
            ends = [[*first, ast.BinOp(last, ast.Add(), ast.Constant(by))] for by in (1, -1)]
            starts = [] if first else [[ast.Constant(1), last]]
            yield from (ast.Call(called, args, []) for args in [*ends, *starts])
        case ast.AugAssign(target, _, value):
            yield ast.Assign([target], value)
        case ast.Tuple([one, other], ctx):
            yield ast.Tuple([other, one], ctx)


def _code(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _CODE else text[: _CODE - 1] + "…"
