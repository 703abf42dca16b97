"""Which earlier cells of a notebook an exercise needs; so that `verify` runs only those."""

from __future__ import annotations

import ast

from classroom.exercises.kit.pages import bound_names, code_of, codes_in, names_of, parse

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ALWAYS_BIND = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, *_DEFINED)
_READS = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")


def needed_cells(sources: list[str], target: str) -> list[int]:
    """Cells to run before a target, found by going backwards from the names it uses.

    Of the code cells before it, the indices, rising, of those that bind or change a name which the
    target, or a cell needed for it, uses. What a cell binds anew is not looked for further back.
    """
    deferred: set[str] = set()
    while True:
        needed = _backwards(sources, open_names(parse(target)) | deferred)
        found = set().union(*(_read_names(parse(sources[i]), True) for i in needed), set())
        if found <= deferred:
            return needed
        deferred |= found


def _backwards(sources: list[str], wanted: set[str]) -> list[int]:
    needed = []
    for index in range(len(sources) - 1, -1, -1):
        tree = parse(sources[index])
        touched = set().union(*(bound_names(s) | changed_names(s) for s in tree.body), set())
        if touched & wanted:
            needed.append(index)
            wanted = (wanted - _surely_bound(tree.body)) | open_names(tree)
    return needed[::-1]


def open_names(tree: ast.Module) -> set[str]:
    """Names that code reads but has not surely bound before: others must have bound them."""
    names: set[str] = set()
    bound: set[str] = set()
    for statement in tree.body:
        names |= _read_names(statement) - bound
        bound |= _surely_bound([statement])
    return names


def _surely_bound(statements: list[ast.stmt]) -> set[str]:
    return set().union(*(bound_names(s) for s in statements if isinstance(s, _ALWAYS_BIND)), set())


def _read_names(tree: ast.AST, inside: bool = False) -> set[str]:
    """Names of the cell's level that code reads, in its functions too, or in these alone."""
    outer, *inner = codes_in(code_of(tree))
    read = [names_of(code, _READS) - names_of(code, ("STORE_NAME",)) for code in inner]
    return set().union(*read) if inside else names_of(outer, _READS).union(*read)


def changed_names(statement: ast.stmt) -> set[str]:
    """Names whose objects a statement may change: ``x.append(1)``, ``x[0] = 1``, ``x.grad = 0``."""
    changed: set[str] = set()
    for node in () if isinstance(statement, _DEFINED) else ast.walk(statement):
        match node:
            case ast.Attribute(target, ctx=ast.Store()) | ast.Subscript(target, ctx=ast.Store()):
                pass
            case ast.Expr(ast.Call(ast.Attribute(target))) if ast.unparse(target) != "microgpt":
                pass  # a call of the package changes nothing in it
            case _:
                continue
        while isinstance(target, (ast.Attribute, ast.Subscript, ast.Call)):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            changed.add(target.id)
    return changed
