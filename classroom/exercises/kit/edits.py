"""The one edit that mends a wrong answer: where there is one, the cause is certain.

Only edits are tried whose kinds mend no answer by accident. The reader is told the place and what
is wrong there, not what to write. A kind is a function that takes one node of the answer's tree and
gives, for each edit, the line, what is wrong if that edit mends it, and the change itself.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.kit.brackets import brackets, used_up
from classroom.exercises.kit.sources import Source, source_of
from classroom.exercises.kit.timeout import TimeLimit, clock, time_limit

SECONDS = 0.4  # for all tries together
_TO_BUILD = 0.3
_SHOWN = 60
LOOPS = (ast.For, ast.While)

Change = Callable[[Any], None]
Kind = Callable[[Any], Iterator[tuple[int, str, Change]]]


def mended_cause(
    answers: Sequence[Any], passes: Callable[..., bool], kinds: Sequence[Kind] = ()
) -> str:
    """What is wrong with an answer that one edit makes right, with its line; or nothing.

    `passes` says whether answers like these pass the check; it is called many times.
    """
    until = clock() + SECONDS
    sources = [(place, found) for place, found in enumerate(map(source_of, answers)) if found]
    for place, source in sources:
        for line, cause, tree in edits(source.tree, kinds or KINDS):
            if clock() > until:
                return ""
            if _mends(dataclasses.replace(source, tree=tree), answers, place, passes):
                return f"line {line}: {cause}"
    return ""


def _mends(source: Source, answers: Sequence[Any], place: int, passes: Callable[..., bool]) -> bool:
    try:
        with time_limit(_TO_BUILD):
            edited = source.build()
        return passes(*answers[:place], edited, *answers[place + 1 :])
    except (TimeLimit, Exception):  # the mended code may do anything
        return False


def edits(tree: ast.AST, kinds: Sequence[Kind]) -> Iterator[tuple[int, str, Any]]:
    """Every edit of these kinds: its line, what it says, and a tree of its own in which it is."""
    held = pickle.dumps(tree)
    for kind in kinds:
        for number, node in enumerate(ast.walk(tree)):
            for line, said, change in kind(node):
                edited = pickle.loads(held)
                change(nth(edited, number))
                yield line, said, ast.fix_missing_locations(edited)


def nth(tree: ast.AST, number: int) -> Any:
    """A node by its place in a walk through a tree."""
    return next(node for place, node in enumerate(ast.walk(tree)) if place == number)


def shown(node: ast.AST) -> str:
    """The code of a node on one short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def bodies(node: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The lists of statements of a function, a loop, a branch, with the names of their fields."""
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        if isinstance(node, ast.stmt) and isinstance(statements, list) and statements:
            yield field, statements


def setting(field: str, new: Any) -> Change:
    """The change that sets a field of the node."""
    return lambda node: setattr(node, field, new)


def returns(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """A result that is printed, or computed and left."""
    if not isinstance(node, ast.FunctionDef) or isinstance(node.body[-1], ast.Return):
        return
    last = node.body[-1]
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        value, cause = last.value, f"`{shown(last)}` is computed but not returned."
        if isinstance(value, ast.Call) and shown(value.func) == "print" and len(value.args) == 1:
            value, cause = value.args[0], "the result is printed; it has to be returned."
        back: ast.stmt = ast.Return(value)
        yield last.lineno, cause, lambda node: node.body.__setitem__(-1, back)
    for name in dict.fromkeys(_names(node, ast.Store)):
        back = ast.Return(ast.Name(name, ast.Load()))
        cause = f"`{name}` is computed but never returned."
        yield last.lineno, cause, lambda node, back=back: node.body.append(back)  # type: ignore[misc]


def _names(tree: ast.AST, context: type) -> list[str]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return [node.id for node in nodes if isinstance(node.ctx, context)]


def copies(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """A parameter copied before the work: its caller's list is changed, or a default is shared."""
    if not isinstance(node, ast.FunctionDef):
        return
    given, defaults = node.args.args, node.args.defaults
    for arg, default in zip(given[::-1], [*defaults[::-1], *[None] * len(given)]):
        cause = f"your function changes its argument `{arg.arg}`: work on a copy."
        if isinstance(default, (ast.List, ast.Dict, ast.Set, ast.Call)):
            cause = (
                f"the default of `{arg.arg}` is made once and shared by all calls: "
                "use `None`, and make it anew inside."
            )
        line = ast.parse(f"{arg.arg} = __import__('copy').deepcopy({arg.arg})").body[0]
        yield node.lineno, cause, lambda node, line=line: node.body.insert(0, line)  # type: ignore[misc]


def assignments(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """``+=`` for ``=`` and the other way round."""
    for field, statements in bodies(node):
        for place, line in enumerate(statements):
            if isinstance(line, ast.AugAssign):
                new: ast.stmt = ast.Assign([line.target], line.value)
                words = "adds to what was there; it has to replace it."
                if not isinstance(line.op, ast.Add):
                    words = "changes what was there; it has to replace it."
            elif isinstance(line, ast.Assign) and isinstance(line.targets[0], _PLACES):
                if _reads(line.value, line.targets[0]):
                    continue
                new = ast.AugAssign(line.targets[0], ast.Add(), line.value)
                words = "replaces what was there; `+=` adds to it."
            else:
                continue
            yield line.lineno, f"`{shown(line)}` {words}", _putting(field, place, new)


_PLACES = (ast.Name, ast.Attribute, ast.Subscript)


def _reads(value: ast.AST, place: ast.AST) -> bool:
    """Whether a place is read in a value: then nothing can be added to it that way."""
    parts = [each for each in ast.walk(value) if isinstance(each, _PLACES)]
    return ast.unparse(place) in map(ast.unparse, parts)


def _putting(field: str, place: int, new: ast.AST) -> Change:
    """The change that puts a new part at a place of one of the node's lists."""
    return lambda node: getattr(node, field).__setitem__(place, new)


def global_names(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """A local name in place of one of the notebook's."""
    if not isinstance(node, ast.FunctionDef):
        return
    local = {*_names(node, ast.Store), *(each.arg for each in node.args.args)}
    called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    for number, name in enumerate(ast.walk(node)):
        if not isinstance(name, ast.Name) or name in called or name.id in local | {node.name}:
            continue
        for other in sorted(local) if not hasattr(builtins, name.id) else ():
            cause = f"`{name.id}` is no name of your function's own; it has `{other}`."

            def change(tree: Any, number: int = number, other: str = other) -> None:
                nth(tree, number).id = other

            yield name.lineno, cause, change


def indented(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """A line moved into the loop before or after it, or out of it."""
    for field, statements in bodies(node):
        for place, loop in enumerate(statements):
            if isinstance(loop, LOOPS):
                yield from _around(field, place, statements, loop)


def _around(
    field: str, place: int, statements: list[ast.stmt], loop: ast.For | ast.While
) -> Iterator[tuple[int, str, Change]]:
    def moved(
        line: ast.stmt, words: str, change: Callable[[Any, Any], None]
    ) -> tuple[int, str, Change]:
        def moving(owner: Any) -> None:
            change(getattr(owner, field), getattr(owner, field)[place].body)

        return line.lineno, f"`{shown(line)}` {words}", moving

    begins = [n for n in range(place) if isinstance(statements[n], ast.Assign)]
    for at in {*begins[-3:], max(place - 1, 0)} - {place}:
        if not isinstance(statements[at], LOOPS):
            words = "stands before the loop; it belongs at the beginning of each round."

            def back(outer: Any, body: Any, at: int = at) -> None:
                body.insert(0, outer.pop(at))

            yield moved(statements[at], words, back)
    for line in statements[place + 1 : place + 2]:
        if not isinstance(line, LOOPS):
            words = "stands after the loop; it belongs into it: indent it more."
            yield moved(line, words, lambda outer, body: body.append(outer.pop(place + 1)))
    if len(loop.body) > 1:
        words = "stands inside the loop and begins anew each round; it belongs before it."
        yield moved(loop.body[0], words, lambda outer, body: outer.insert(place, body.pop(0)))
        if not isinstance(loop.body[-1], ast.Return):
            words = "stands inside the loop; it belongs after it: indent it less."
            yield moved(
                loop.body[-1], words, lambda outer, body: outer.insert(place + 1, body.pop())
            )


def indices(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """Indices, the ends of slices and of ranges moved by one; an end left out."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Slice, ast.Tuple)):
        yield from _off_by_one(node, "index", "slice", None, node.slice)
    if isinstance(node, ast.Slice):
        for field in ("lower", "upper"):
            if getattr(node, field) is not None:
                yield from _off_by_one(node, "slice", field, None, getattr(node, field))
    if isinstance(node, ast.Call) and shown(node.func) == "range":
        for place, each in enumerate(node.args):
            yield from _off_by_one(node, "range", "args", place, each)
        if len(node.args) == 1:
            cause = f"the range is off by one: `{shown(node)}` begins at 0."
            yield node.lineno, cause, lambda call: call.args.insert(0, ast.Constant(1))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        for field, end in (("lower", "begins too late"), ("upper", "ends too early")):
            if getattr(node.slice, field) is not None:
                without = ast.Slice(**{**vars(node.slice), field: None})
                yield node.lineno, f"`{shown(node)}` {end}.", setting("slice", without)


def _off_by_one(
    node: Any, what: str, field: str, place: int | None, part: ast.expr
) -> Iterator[tuple[int, str, Change]]:
    cause = f"the {what} is off by one: `{shown(part)}` in `{shown(node)}`."
    for step in (1, -1):
        if isinstance(part, ast.Constant) and isinstance(part.value, int):
            if what == "index" and part.value + step < 0:
                continue
            new: ast.expr = ast.Constant(part.value + step)
        else:
            new = ast.BinOp(part, ast.Add(), ast.Constant(step))
        put = setting(field, new) if place is None else _putting(field, place, new)
        yield part.lineno, cause, put


_BORDERS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


def operators(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """``**`` for ``^``; ``<=`` for ``<``, and the like."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitXor):
        yield node.lineno, f"`^` in `{shown(node)}` is no power: `**`.", setting("op", ast.Pow())
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _BORDERS:
        cause = f"should equal values count here, in `{shown(node)}`?"
        yield node.lineno, cause, setting("ops", [_BORDERS[type(node.ops[0])]()])


def stops(node: ast.AST) -> Iterator[tuple[int, str, Change]]:
    """``continue`` for a ``return`` or ``break`` that ends more than a round."""
    if isinstance(node, LOOPS):
        for number, line in enumerate(ast.walk(node)):
            if isinstance(line, ast.Break) or isinstance(line, ast.Return) and line.value is None:

                def change(loop: Any, number: int = number) -> None:
                    nth(loop, number).__class__ = ast.Continue

                text = f"`{shown(line)}` ends the loop, with all rounds that are left."
                yield line.lineno, text, change


KINDS = (
    *(stops, returns, copies, used_up, brackets, assignments, indented),
    *(global_names, indices, operators),
)
