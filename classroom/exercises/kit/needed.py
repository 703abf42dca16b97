"""Which earlier cells of a notebook an exercise needs; so that `verify` runs only those."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator

from classroom.exercises.kit.pages import bound_names, parse

_DEFINED = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ALWAYS_BIND = (ast.Assign, ast.AnnAssign, *_DEFINED)


def needed_cells(sources: list[str], target: str) -> list[int]:
    """Cells to run before a target, found by going backwards from the names it uses.

    Of the code cells before it, the indices, rising, of those that bind or change a name which the
    target, or a cell needed for it, uses. What a cell binds anew is not looked for further back.
    """
    deferred: set[str] = set()
    while True:
        needed = _backwards(sources, open_names(parse(target)) | deferred)
        found = set().union(*(_deferred_names(parse(sources[i])) for i in needed), set())
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


def _read_names(statement: ast.stmt) -> set[str]:
    """Names of the cell's level that a statement reads, in its functions too."""
    tables = _all_tables(_table(statement))
    names = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }
    if isinstance(statement, ast.AugAssign):
        names |= bound_names(statement)
    return names


def _deferred_names(tree: ast.Module) -> set[str]:
    """Names of the cell's level that are read inside functions, when these are called."""
    inner = (t for t in _all_tables(_table(tree)) if t.get_type() != "module")
    return {s.get_name() for t in inner for s in t.get_symbols() if s.is_global()}


class _AsGenerators(ast.NodeTransformer):
    """From Python 3.12 on a list comprehension has no scope of its own; a generator has."""

    def _generator(self, node: ast.ListComp | ast.SetComp) -> ast.GeneratorExp:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_ListComp = visit_SetComp = _generator

    def visit_DictComp(self, node: ast.DictComp) -> ast.GeneratorExp:
        """Both parts of an entry are read."""
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _table(tree: ast.AST) -> symtable.SymbolTable:
    """The same table of names on every Python."""
    source = ast.unparse(_AsGenerators().visit(ast.parse(ast.unparse(tree))))
    return symtable.symtable(source, "cell", "exec")


def _all_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _all_tables(child)


def changed_names(statement: ast.stmt) -> set[str]:
    """Names whose objects a statement may change: ``x.append(1)``, ``x[0] = 1``, ``x.grad = 0``."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return set()
    changed = set()
    for node in ast.walk(statement):
        target: ast.expr | None = None
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            target = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            target = node.value.func if isinstance(node.value.func, ast.Attribute) else None
            if target is not None and ast.unparse(target.value) == "microgpt":
                target = None  # a call of the package changes nothing in it
        while isinstance(target, (ast.Attribute, ast.Subscript, ast.Call)):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            changed.add(target.id)
    return changed
