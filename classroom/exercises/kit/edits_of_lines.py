"""Single edits of whole lines: a `return` indented too far, a line out of place or missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from classroom.exercises.kit.edits import LOOPS, Edit, fresh, replaced, shown

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
_RETURNED = {
    "list({})": "you return what makes the parts; make it a list with `list(...)`.",
    "[{}]": "a list is asked for, with your result as its one part.",
    "{}[0]": "your result is inside a list; the part itself is asked for.",
    "{}[::-1]": "the right parts, in reverse order.",
    "sorted({})": "the right parts, but they have to be in order.",
    "list(dict.fromkeys({}))": "the right parts, but each is to come once.",
    "{} / len({})": "",
    "''.join({})": "the right letters, but a text is asked for: `''.join(...)`.",
    "len({})": "their number is asked for, not the things themselves.",
    "sum({})": "their sum is asked for, not the parts.",
    "{}.data": "a `Value` is returned; its data is asked for.",
    "1 / ({})": "your result is upside down.",
}


def lists_of_statements(tree: ast.AST) -> list[tuple[ast.AST, list[ast.stmt]]]:
    """Every body of a function, a loop or a branch, with what it belongs to."""
    found: list[tuple[ast.AST, list[ast.stmt]]] = []
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and statements and isinstance(node, ast.stmt):
                found.append((node, statements))
    return found


def returns(tree: ast.AST) -> Iterator[Edit]:
    """A `return` moved out of its loop; a result that is printed, or computed and left."""
    for _, statements in lists_of_statements(tree):
        for place, loop in enumerate(list(statements)):
            if isinstance(loop, LOOPS) and isinstance(loop.body[-1], ast.Return):
                last = loop.body.pop()
                rest = statements[place + 1 :]
                if not loop.body:
                    loop.body.append(ast.copy_location(ast.Pass(), last))
                statements[place + 1 :] = [last]
                try:
                    cause = (
                        f"`{shown(last)}` stands inside the loop, so only its first round is run: "
                        "indent it less."
                    )
                    yield Edit(last.lineno, cause, f"{shown(last)} moved out of the loop")
                finally:
                    statements[place + 1 :] = rest
                    if isinstance(loop.body[-1], ast.Pass):
                        loop.body.pop()
                    loop.body.append(last)
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        yield from _missing_return(function)


def _missing_return(function: ast.FunctionDef) -> Iterator[Edit]:
    last = function.body[-1]
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        value, cause = last.value, f"`{shown(last)}` is computed but not returned."
        if isinstance(value, ast.Call) and shown(value.func) == "print" and len(value.args) == 1:
            value, cause = value.args[0], "the result is printed; it has to be returned."
        place = len(function.body) - 1
        yield from replaced(function, "body", place, ast.Return(fresh(value)), cause)
    if not isinstance(last, ast.Return):
        stored = {
            node.id: None
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for name in stored:
            yield from inserted(
                function.body,
                len(function.body),
                ast.Return(ast.Name(name, ast.Load())),
                f"`{name}` is computed but never returned.",
            )


def inserted(statements: list[ast.stmt], place: int, new: ast.stmt, cause: str) -> Iterator[Edit]:
    """Put a new statement at a place, for as long as the edit is looked at."""
    near = statements[min(place, len(statements) - 1)]
    ast.copy_location(new, near)
    ast.fix_missing_locations(new)
    statements.insert(place, new)
    try:
        yield Edit(near.lineno, cause, f"added: {shown(new)}")
    finally:
        statements.pop(place)


def copies(tree: ast.AST) -> Iterator[Edit]:
    """A parameter copied before the work: its caller's list is changed, or a default is shared."""
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        defaults = dict(
            zip(
                [arg.arg for arg in function.args.args][::-1],
                function.args.defaults[::-1],
                strict=False,
            )
        )
        for arg in function.args.args:
            cause = f"your function changes its argument `{arg.arg}`: work on a copy."
            if isinstance(defaults.get(arg.arg), (ast.List, ast.Dict, ast.Set, ast.Call)):
                cause = (
                    f"the default of `{arg.arg}` is made once and shared by all calls: "
                    "use `None`, and make it anew inside."
                )
            copying = ast.parse(f"{arg.arg} = __import__('copy').deepcopy({arg.arg})").body[0]
            yield from inserted(function.body, 0, copying, cause)


def moved(tree: ast.AST) -> Iterator[Edit]:
    """A line moved into the loop before or after it, or out of it; two lines swapped."""
    for _, statements in lists_of_statements(tree):
        for place, loop in enumerate(list(statements)):
            if isinstance(loop, LOOPS):
                yield from _around(statements, place, loop)
        for place in range(len(statements) - 1):
            one, two = statements[place : place + 2]
            if isinstance(one, DEFINITIONS) or isinstance(two, DEFINITIONS):
                continue
            statements[place : place + 2] = [two, one]
            try:
                cause = f"`{shown(one)}` comes too early: it belongs after the line below it."
                yield Edit(one.lineno, cause, f"{shown(one)} swapped with the next line")
            finally:
                statements[place : place + 2] = [one, two]


def _around(statements: list[ast.stmt], place: int, loop: ast.stmt) -> Iterator[Edit]:
    body = loop.body  # type: ignore[attr-defined]
    into = "moved into the loop"
    if place > 0 and not isinstance(statements[place - 1], LOOPS):
        words = "stands before the loop; it belongs at the beginning of each round."
        yield from _carried(statements, place - 1, body, 0, words, into)
    if place + 1 < len(statements) and not isinstance(statements[place + 1], LOOPS):
        words = "stands after the loop; it belongs into it: indent it more."
        yield from _carried(statements, place + 1, body, len(body), words, into)
    if len(body) > 1:
        out = "moved out of the loop"
        words = "stands inside the loop and begins anew each round; it belongs before it."
        yield from _carried(body, 0, statements, place, words, out)
        if not isinstance(body[-1], ast.Return):
            words = "stands inside the loop; it belongs after it: indent it less."
            yield from _carried(body, len(body) - 1, statements, place + 1, words, out)


def _carried(
    source: list[ast.stmt], at: int, target: list[ast.stmt], to: int, words: str, change: str
) -> Iterator[Edit]:
    """Take a line out of one list of statements and put it into another for a while."""
    line = source.pop(at)
    target.insert(to, line)
    try:
        yield Edit(line.lineno, f"`{shown(line)}` {words}", f"{shown(line)} {change}")
    finally:
        target.pop(to)
        source.insert(at, line)


def removed(tree: ast.AST) -> Iterator[Edit]:
    """A line left out, a condition left out."""
    for owner, statements in lists_of_statements(tree):
        for place, line in enumerate(list(statements)):
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
                continue
            if isinstance(line, ast.Return) and isinstance(owner, ast.FunctionDef):
                continue
            cause = f"`{shown(line)}` should not be there."
            yield from replaced(owner, _field(owner, statements), place, ast.Pass(), cause)
            if isinstance(line, ast.If) and not line.orelse:
                old = statements[place : place + 1]
                statements[place : place + 1] = line.body
                try:
                    cause = f"the condition `{shown(line.test)}` keeps out what belongs to it."
                    yield Edit(line.lineno, cause, f"if {shown(line.test)} left out")
                finally:
                    statements[place : place + len(line.body)] = old
    for node in [n for n in ast.walk(tree) if isinstance(n, ast.comprehension) and n.ifs]:
        old_tests, node.ifs = node.ifs, []
        try:
            cause = f"the condition `{shown(old_tests[0])}` keeps out what belongs to it."
            yield Edit(old_tests[0].lineno, cause, f"if {shown(old_tests[0])} left out")
        finally:
            node.ifs = old_tests


def _field(owner: ast.AST, statements: list[ast.stmt]) -> str:
    return "body" if getattr(owner, "body", None) is statements else "orelse"


def results(tree: ast.AST) -> Iterator[Edit]:
    """What is returned, in another form: as a list, in reverse, its first part, its length."""
    for node in [n for n in ast.walk(tree) if isinstance(n, ast.Return) and n.value]:
        assert node.value is not None
        text = ast.unparse(node.value)
        for form, cause in _RETURNED.items():
            if cause:
                new = ast.parse(form.replace("{}", f"({text})"), mode="eval").body
                yield from replaced(node, "value", None, new, cause)


FIRST = (returns, copies)
CURES = (copies, results)
LAST = (moved, results, removed)
