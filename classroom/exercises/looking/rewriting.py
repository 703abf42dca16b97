"""Rewrite a definition so that each expression in it hands on its value to be noted."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import Any

from classroom.exercises.looking.written import Part

NOTE, LAZY = "_seen_", "_looked_through_"
GROWING = ("append", "add", "insert", "extend")
_CHANGING = ("update", "remove", "pop", "sort", "reverse")
_NO_VALUES = (ast.Constant, ast.Starred, ast.Slice, ast.FormattedValue, ast.Lambda, ast.Yield)
_LEFT_ALONE = {
    *("annotation", "returns", "pattern", "decorator_list", "bases", "type_params", "format_spec"),
    *("defaults", "kw_defaults", "ctx"),
}
_ROLES: dict[tuple[type, str], str] = {
    (ast.Return, "value"): "return",
    (ast.Lambda, "body"): "return",
    (ast.ListComp, "elt"): "item",
    (ast.SetComp, "elt"): "item",
    (ast.GeneratorExp, "elt"): "item",
    (ast.Yield, "value"): "item",
    (ast.If, "test"): "condition",
    (ast.While, "test"): "condition",
    (ast.IfExp, "test"): "condition",
    (ast.comprehension, "ifs"): "condition",
    (ast.Expr, "value"): "dropped",
}
ROLES = ("part", "return", "item", "condition", "dropped")  # another is the name of what is made


@dataclass(frozen=True)
class Place:
    """An expression in a source: its sort, its line as the reader counts, its text, its role.

    ``names`` are the names and attributes that it reads, those of functions left out; ``around``
    the places that it is a part of, innermost first; ``owner`` the helper from another cell, if it
    is in one, ``function`` the function or method; ``element`` the text of a comprehension's.
    """

    sort: str
    line: int
    code: str
    role: str
    names: frozenset[str]
    around: tuple[int, ...]
    owner: str
    function: str
    element: str


class Rewriter:
    """Wrap each expression that computes something into a call that notes its value."""

    def __init__(self, part: Part, places: list[Place]) -> None:
        self._part, self._places = part, places
        first, last = part.tree.lineno - 1, part.tree.end_lineno
        self._text = "\n" * first + "".join(part.lines[first:last])  # a long file is slow to cut
        self._around: list[int] = []
        self._function = ""
        self._held: dict[str, int] = {}  # what a name holds, whichever line changes it

    def rewrite(self, node: Any) -> Any:
        """Rewrite the parts of a node, each in its role."""
        outer, self._function = self._function, getattr(node, "name", self._function)
        for name, value in ast.iter_fields(node):
            role = self._role(node, name)
            if isinstance(value, list) and name not in _LEFT_ALONE:
                setattr(node, name, [new for part in value for new in self._each(part, role)])
            elif isinstance(value, ast.AST) and name not in _LEFT_ALONE:
                setattr(node, name, self._each(value, role)[0])
        self._function = outer
        return node

    def _each(self, node: Any, role: str) -> list[Any]:
        if isinstance(node, ast.expr):
            return [self._expression(node, role)]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)):
            return self._statement(node)
        return [self.rewrite(node) if isinstance(node, ast.AST) else node]

    def _role(self, node: Any, name: str) -> str:
        if isinstance(node, (ast.Assign, ast.NamedExpr, ast.AnnAssign)) and name == "value":
            return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        if isinstance(node, ast.Call) and name == "args":
            return "item" if getattr(node.func, "attr", "") in GROWING else "part"
        return _ROLES.get((type(node), name), "part")

    def _expression(self, node: Any, role: str) -> Any:
        """The expression, or a call that notes its value and returns it."""
        loads = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        endless = role == "condition" and isinstance(node, ast.Constant)  # `while True`: counted
        if isinstance(node, _NO_VALUES) and not endless or not loads:
            return self.rewrite(node)
        if isinstance(node, ast.Name) and node.id in ("self", "super", "cls"):
            return node
        place = self._enter(node, role)
        self._around.append(place)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):  # the function itself is no step
                node.func.value = self._expression(node.func.value, "part")
            node.args = [self._expression(each, self._role(node, "args")) for each in node.args]
            node.keywords = [self.rewrite(each) for each in node.keywords]
        else:
            text, self._text = self._text, "" if isinstance(node, ast.JoinedStr) else self._text
            self.rewrite(node)
            self._text = text
        self._around.pop()
        match node:  # looked at, these would be used up
            case ast.Call(ast.Name("zip" | "enumerate" | "reversed"), args, []):
                if not any(isinstance(each, ast.Starred) for each in args):
                    return _call(LAZY, [ast.Constant(place), node.func, *args], node)
        return _call(NOTE, [ast.Constant(place), node], node)

    def _enter(self, node: Any, role: str, code: str = "") -> int:
        """The number of a new place."""
        if self._text and not code:  # in a text with `f`, places are not where Python says
            code = ast.get_source_segment(self._text, node) or ""
        code = code or ast.unparse(node)
        called = {id(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
        place = Place(
            sort=_sort(node),
            line=node.lineno - self._part.before,
            code=" ".join(code.split()),
            role=role,
            names=frozenset(base(n) for n in ast.walk(node) if id(n) not in called) - {"", "self"},
            around=tuple(self._around[::-1]),
            owner=self._part.owner,
            function=self._function,
            element=ast.unparse(node.elt) if isinstance(node, ast.ListComp) else "",
        )
        self._places.append(place)
        return len(self._places) - 1

    def _statement(self, node: Any) -> list[ast.stmt]:
        """A statement, and behind it what notes the value of what it changed."""
        changed, more = _changed(node), []
        if isinstance(node, ast.AugAssign):
            place = self._enter(node, ast.unparse(node.target))
            self._around.append(place)
            more = _looks(node.target, node, place)
        self.rewrite(node)
        if isinstance(node, ast.AugAssign):
            self._around.pop()
        if changed is not None:
            name, around = ast.unparse(changed), self._around
            if name not in self._held:
                self._around = []
                at = ast.copy_location(ast.Name(name, ast.Load()), node)
                self._held[name], self._around = self._enter(at, name, name), around
            more += _looks(changed, node, self._held[name])
        return [node, *more]


def _sort(node: Any) -> str:
    sums = isinstance(getattr(node, "op", None), (ast.Add, ast.Sub))
    name = type(node).__name__
    return name if name != "BinOp" else "sum" if sums else "product"


def _changed(node: Any) -> ast.expr | None:
    """What a statement changes: the target of ``+=``, or the list that it grows or writes into."""
    target: Any = getattr(node, "target", None)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        target = node.targets[0].value
    elif isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Call):
        function: Any = node.value.func
        grows = getattr(function, "attr", "") in (*GROWING, *_CHANGING)
        target = function.value if grows else None
    is_name = isinstance(target, (ast.Name, ast.Attribute, ast.Subscript))
    return copy.deepcopy(target) if is_name else None


def _call(name: str, args: list[ast.expr], node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), args, []), node)  # type: ignore[type-var]


def _looks(target: ast.expr, node: ast.stmt, place: int) -> list[ast.stmt]:
    """A line that notes a target's value, if looking there changes nothing; ``+=`` sets it, too."""
    now = copy.deepcopy(target)
    for each in ast.walk(now):
        if isinstance(each, (ast.Call, ast.NamedExpr)):
            return []
        if hasattr(each, "ctx"):
            each.ctx = ast.Load()
    call = _call(NOTE, [ast.Constant(place), ast.copy_location(now, node)], node)
    sets = isinstance(node, ast.AugAssign)
    line = ast.Assign([copy.deepcopy(target)], call) if sets else ast.Expr(call)
    return [ast.copy_location(line, node)]


def base(node: ast.AST) -> str:
    """The name or attribute that an expression takes its value from: ``m`` for ``m[0][1]``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
