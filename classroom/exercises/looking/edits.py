"""One edit of an answer with which it is right: where there is one, it tells the place.

Something is left out, a comparison turned round, another name read; or no two numbers of a case are
equal. What is said is true whatever the mistake was: it has been run, and came out right.
"""

from __future__ import annotations

import ast
import copy
import math
import operator
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from classroom.exercises.kit.seen import names_of
from classroom.exercises.kit.timeout import clock
from classroom.exercises.looking.recording import Run, Watched
from classroom.exercises.looking.values import is_count

_MOST = 400  # edits that are tried
_PATIENCE = 0.25  # seconds of processor time for all of them
_CODE = 50  # characters of code in a sentence
_LUCKY = re.compile(r"`[-+] \d+`|`\d+ [-+]`|the loop of line|in `range")
_ONCE = ("map", "filter", "zip", "enumerate", "reversed", "iter")
_AROUND = ("sorted", "reversed", "set", "abs", "round", "int", "min", "max", "list", "sum")
_OTHER: dict[type, tuple[Any, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,), ast.Break: (ast.Continue,), ast.Continue: (ast.Break,),
    ast.Is: (ast.Eq,), ast.IsNot: (ast.NotEq,),
}  # fmt: skip


class Edit(NamedTuple):
    """What is put in the place of a part of the tree; its line, and the words for it."""

    holder: Any  # the list, or the attributes, that hold the part
    key: Any
    new: Any
    line: int
    words: str
    rank: int = 0  # below 0 if it is a known mistake, 0 if told in words, above if only its place


def mending(
    mine: Watched, road: Watched, cases: Sequence[Any], rights: Sequence[Run], bad: Sequence[int]
) -> str:
    """What is said of the edit that puts an answer right, or "" if none does, or in other lines."""
    order, late = sorted(range(len(rights)), key=lambda i: i not in bad), clock() + _PATIENCE
    found: list[Edit] = []
    counts = all(is_count(right.plain) for right in rights)
    for number, edit in _edits(mine):
        if clock() > late:
            break
        if counts and _is_luck(edit):
            continue
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
    best = [edit for edit in found if edit.rank == found[0].rank]
    if len({edit.line for edit in best}) != 1:
        return "" if best else _of_equals(mine, road, [cases[i] for i in bad])
    one = "one edit, in " * best[0].words.startswith("line")
    return f"Right so far, but for {one}{best[0].words} it comes out right in every case."


def _is_luck(edit: Edit) -> bool:
    """Whether an edit only makes a count one more, or one less; without an end it does not."""
    whole = isinstance(edit.new, ast.Constant) and edit.new.value not in (math.inf, -math.inf)
    return whole or isinstance(edit.new, ast.Call) or bool(_LUCKY.search(edit.words))


def _of_equals(mine: Watched, road: Watched, cases: Sequence[Any]) -> str:
    """What is said of an answer that is wrong only where two numbers are equal, or ""."""
    one = next(_joins(mine.source.definition), None)
    apart = [case if callable(case) else _apart(case, [0]) for case in cases]
    if one is None or any(map(operator.eq, map(repr, apart), map(repr, cases))):
        return ""
    if any(mine.run(case, False).outcome != road.run(case, False).outcome for case in apart):
        return ""
    line = one[0].lineno - mine.source.parts[-1].before
    return f"It goes wrong where two numbers are equal: line {line}, `{_code(one[0])}`, {one[1]}."


def _joins(tree: ast.AST) -> Iterator[tuple[Any, str]]:
    """What takes equal numbers for one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(_, "index")):
                yield node, "finds the first of them"
            case ast.SetComp() | ast.Call(ast.Name("set")):
                yield node, "keeps one of them"
            case ast.DictComp() | ast.Call(ast.Name("dict") | ast.Attribute(_, "setdefault")):
                yield node, "has one key for both"


def _apart(thing: Any, count: list[int]) -> Any:
    """A case in which no two numbers of its lists are equal."""
    if isinstance(thing, (list, tuple)):
        return type(thing)(
            _apart(part, count) if isinstance(thing, list) or isinstance(part, list) else part
            for part in thing
        )
    count[0] += isinstance(thing, float)
    return thing + count[0] ** 2 * 1e-4 if isinstance(thing, float) else thing


def _edits(mine: Watched) -> list[tuple[int, Edit]]:
    """All edits of an answer's own definitions, those that are told in words first."""
    some: list[tuple[int, Edit]] = []
    for number, part in enumerate(mine.source.parts):
        if not part.owner:
            some += [(number, edit) for edit in _anew(part.tree, part.before)]
            for parent in ast.walk(part.tree):
                each = _within(parent, part.before, names_of(part.tree))
                some += [(number, edit) for edit in each]
    return sorted(some, key=lambda pair: pair[1].rank)[:_MOST]


def _anew(tree: Any, before: int) -> Iterator[Edit]:
    """What is made only once: a list of one thing many times over, a default; made anew."""
    if not isinstance(tree, ast.FunctionDef):
        return
    made = {n.targets[0].id: n.value for n in ast.walk(tree) if isinstance(n, ast.Assign)
            and isinstance(n.targets[0], ast.Name) and isinstance(n.value, ast.Call)}  # fmt: skip
    lines: list[int] = []

    class Anew(ast.NodeTransformer):
        def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
            match node:
                case ast.BinOp(
                    ast.List([ast.Call() | ast.Name() | ast.List() as one]), ast.Mult(), times
                ):
                    one = made.get(getattr(one, "id", ""), one)
                    turns = ast.Call(ast.Name("range", ast.Load()), [times], [])
                    lines.append(node.lineno - before)
                    round_ = ast.comprehension(ast.Name("_", ast.Store()), turns, [], 0)
                    return ast.ListComp(one, [round_])
            return node

    body = [Anew().visit(copy.deepcopy(line)) for line in tree.body]
    if lines:
        words = f"line {lines[0]}: with `[... for _ in range(...)]`, which makes new ones, for `*`"
        yield Edit(vars(tree), "body", body, lines[0], words, -1)
    held = [
        ast.Assign([ast.Name(arg.arg, ast.Store())], default)
        for arg, default in list(zip(tree.args.args[::-1], tree.args.defaults[::-1]))[::-1]
        if isinstance(default, (ast.List, ast.Dict, ast.Call))
    ]
    if held:
        words = "the defaults, which are made once for all calls: made anew inside,"
        yield Edit(vars(tree), "body", held + tree.body, tree.lineno - before, words, -1)


def _within(parent: ast.AST, before: int, names: set[str]) -> Iterator[Edit]:
    """The edits of what a part of the tree holds."""
    for field, value in ast.iter_fields(parent):
        if field in ("decorator_list", "args") and isinstance(parent, ast.FunctionDef):
            continue
        many = isinstance(value, list)
        keys: Sequence[Any] = range(len(value)) if many else [field]
        for key in keys:
            holder: Any = value if many else vars(parent)
            node = value[key] if many else value
            whole = node if isinstance(node, (ast.expr, ast.stmt)) else parent
            line = getattr(whole, "lineno", before) - before
            for new, what in (*_left_out(node, field), *_put_in(node)):
                yield Edit(holder, key, new, line, f"line {line}: {what}")
            for new, stays, where in _moved(node, value, key):
                at, words = stays.lineno - before, f"`{_code(stays)}`: {where} {line}"
                place: Any = slice(key, key + len(new)) if isinstance(new, list) else key
                yield Edit(holder, place, new, at, f"line {at}, {words}")
            small = isinstance(node, (ast.Constant, ast.Name))
            for new in _changed(node, names):
                shown = _code(parent if small and not isinstance(parent, ast.stmt) else whole)
                words = f"one thing in line {line}, in `{shown}`: changed,"
                yield Edit(holder, key, new, line, words, 1)


def _left_out(node: Any, field: str) -> Iterator[tuple[ast.AST, str]]:
    """What stays if something is left out, and what that is."""
    if field == "ifs":
        yield ast.Constant(True), f"without `if {_code(node)}`"
    match node:
        case ast.Subscript(value, ast.Slice() as cut):
            yield value, f"without `[{_code(cut)}]`"
        case ast.Call(ast.Name(name) | ast.Attribute(_, name), [first, *_]) if name in _AROUND:
            yield first, f"without `{name}(...)`"
        case ast.Call(ast.Name("zip"), [ast.Starred(rows)]):
            yield rows, "without `zip(*...)`"
        case ast.UnaryOp(op, operand):
            yield operand, f"without the `{'-' if isinstance(op, ast.USub) else 'not'}`"
        case ast.BinOp(left, op, right):
            sign = ast.unparse(ast.BinOp(ast.Name("_"), op, ast.Name("_")))[2:-2]
            yield left, f"without `{sign} {_code(right)}` behind `{_code(left)}`"
            yield right, f"without `{_code(left)} {sign}` before `{_code(right)}`"
        case ast.If(test, body, []):
            yield ast.Pass(), f"without `if {_code(test)}` and what it does"
            yield ast.If(ast.Constant(True), body, []), f"without the condition `{_code(test)}`"


def _put_in(node: Any) -> Iterator[tuple[ast.AST, str]]:
    """What may have been forgotten: a list around it, in an ``if`` the best so far, or its flag."""
    sets: list[tuple[ast.Name, ast.expr]] = []
    match node:
        case ast.Assign(targets, ast.GeneratorExp() | ast.Call(ast.Name()) as lazy):
            if isinstance(lazy, ast.GeneratorExp) or getattr(lazy.func, "id", "") in _ONCE:
                whole = ast.Assign(targets, ast.Call(ast.Name("list", ast.Load()), [lazy], []))
                yield whole, "with `list(...)` around what can be gone through only once"
        case ast.If(ast.Compare(value, [ast.Lt() | ast.Gt()], [ast.Name() as best]), body):
            sets = [(best, value)]
        case ast.If(ast.Compare(ast.Name() as best, [ast.Lt() | ast.Gt()], [value]), body):
            sets = [(best, value)]
        case ast.If(ast.Name() as flag, body):
            sets = [(flag, ast.Constant(False))]
    for name, value in sets:
        line = ast.copy_location(ast.Assign([ast.Name(name.id, ast.Store())], value), node)
        yield ast.If(node.test, [line, *body], node.orelse), f"with `{_code(line)}` in this `if`"


def _moved(node: Any, block: Any, key: Any) -> Iterator[tuple[Any, ast.stmt, str]]:
    """A loop with what is set around it in it, or with its last line behind it."""
    if not isinstance(node, (ast.For, ast.While)):
        return
    for before in _set_in(block[key - 1]) if key else ():
        moved = type(node)(**{**vars(node), "body": [before, *node.body]})
        yield moved, before, "at the beginning of the loop of line"
    for n in (1, 2):
        after = [line for line in block[key + 1 : key + 1 + n] if _set_in(line)]
        if len(after) == n:
            longer = type(node)(**{**vars(node), "body": [*node.body, *after]})
            yield [longer, *([ast.Pass()] * n)], after[0], "at the end of the loop of line"
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
        case ast.Constant(int(value) | float(value)) if not isinstance(value, bool):
            yield from (ast.Constant(value + by) for by in (1, -1, math.inf, -math.inf))
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
        case ast.Slice(lower, upper, None):
            yield from (ast.Slice(each, upper) for each in _near(lower))
            yield from (ast.Slice(lower, each) for each in _near(upper))
        case ast.BinOp(ast.Name(), ast.Sub(), ast.Name()):
            yield from _near(node)
        case ast.Subscript(of, ast.Name() | ast.BinOp() as place, ast.Load()):
            yield from (ast.Subscript(of, each, ast.Load()) for each in _near(place))
        case ast.Call(ast.Attribute(_, "triu" | "tril"), [one]):
            yield from (ast.Call(node.func, [one, ast.Constant(by)], []) for by in (1, -1))
        case ast.Tuple([one, other], ctx):
            yield ast.Tuple([other, one], ctx)


def _near(place: Any) -> list[ast.expr]:
    """One place further, and one before, where it is no bare number."""
    if place is None or isinstance(place, ast.Constant):
        return []
    return [ast.BinOp(place, ast.Add(), ast.Constant(by)) for by in (1, -1)]


def _code(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _CODE else text[: _CODE - 1] + "…"
