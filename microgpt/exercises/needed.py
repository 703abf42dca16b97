"""Which earlier cells of a notebook an exercise needs; so that `verify` runs only those."""

from __future__ import annotations

import ast

from microgpt.exercises.pages import bound_names, parse


def needed_cells(sources: list[str], target: str) -> list[int]:
    """Cells to run before a target, found by going backwards from the names it uses.

    Parameters
    ----------
    sources : list of str
        The code cells before the target, in order.
    target : str
        Code that is to run after them.

    Returns
    -------
    list of int
        Indices, rising, of the cells that bind or change a name which the target, or a cell needed
        for it, uses.
    """
    wanted = used_names(parse(target))
    needed = []
    for index in range(len(sources) - 1, -1, -1):
        tree = parse(sources[index])
        touched = set().union(*(bound_names(s) | changed_names(s) for s in tree.body), set())
        if touched & wanted:
            needed.append(index)
            wanted |= used_names(tree)
    return needed[::-1]


def used_names(tree: ast.AST) -> set[str]:
    """Every name that is read anywhere in the code."""
    nodes = ast.walk(tree)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


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
        while isinstance(target, (ast.Attribute, ast.Subscript, ast.Call)):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            changed.add(target.id)
    return changed
