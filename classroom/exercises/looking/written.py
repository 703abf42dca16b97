"""What an answer or a solution is written as: its definition, and those of the helpers it calls."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import linecache
import os
import types
from dataclasses import dataclass, field
from typing import Any

from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.pages import parse


@dataclass(frozen=True)
class Part:
    """One definition: its tree, the lines of its cell or file, how many of these do not count."""

    tree: ast.stmt
    lines: list[str]
    before: int
    owner: str  # its name if it is a helper from another cell


@dataclass
class Written:
    """An answer's definitions, helpers first, with the names that they see."""

    name: str
    parameters: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    @property
    def definition(self) -> ast.stmt:
        """Its own."""
        return self.parts[-1].tree


def written(thing: Any, name: str = "_answer_") -> Written:
    """The source of a function, class or lambda, which gets a name; no parts if it is not had."""
    own, function = getattr(thing, "__name__", ""), function_of(thing)
    whole = Written(name if own == "<lambda>" else own)
    if function is not None:
        if not isinstance(thing, type):
            whole.parameters = list(inspect.signature(function).parameters)
        _collect(whole, whole.name, thing, set())
    return whole


def _collect(whole: Written, name: str, thing: Any, seen: set[Any]) -> None:
    """Add a thing's definition, after those of the reader's functions that it names."""
    function = function_of(thing)
    if function is None or function in seen:
        return
    home = next(iter(seen), function).__code__.co_filename
    seen.add(function)
    file, tree = function.__code__.co_filename, None
    lines = linecache.getlines(file, function.__globals__)
    with contextlib.suppress(SyntaxError):
        tree = definition_of(parse("".join(lines)), name, thing, function.__code__)
    if tree is None:
        return
    cells = zip(function.__code__.co_freevars, function.__closure__ or ())
    closed = {each: cell.cell_contents for each, cell in cells if each != "__class__"}
    names = {**function.__globals__, **closed}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for each in sorted(named & names.keys()):
        helper = function_of(names[each])
        if helper is not None and is_readers_file(helper.__code__.co_filename):
            _collect(whole, each, names[each], seen)
    if not is_readers_file(file) and hasattr(tree, "decorator_list"):
        tree = copy.copy(tree)  # what decorates ours registers it, once
        tree.decorator_list = []
    on_disk = os.path.exists(file)  # a cell is not, and its lines count from its first
    near = name == whole.name or file == home and not on_disk
    before = lines_of(tree)[0] - 1 if on_disk else 0
    whole.parts.append(Part(tree, lines, before, "" if near else name))
    whole.names = {**names, **whole.names}


def function_of(thing: Any) -> types.FunctionType | None:
    """The function itself under its decorators, or the first that stands in the class."""
    if isinstance(thing, type):
        own = [each for each in vars(thing).values() if isinstance(each, types.FunctionType)]
        own = [each for each in own if each.__qualname__.startswith(thing.__qualname__ + ".")]
        return next((each for each in own if each.__code__.co_filename != "<string>"), None)
    thing = inspect.unwrap(thing) if callable(thing) else thing
    return thing if isinstance(thing, types.FunctionType) else None


def lines_of(node: Any) -> range:
    """The numbers of a definition's lines, from its first decorator on."""
    decorators = getattr(node, "decorator_list", ())
    return range(min([node.lineno, *(each.lineno for each in decorators)]), node.end_lineno + 1)


def definition_of(file: ast.Module, name: str, thing: Any, code: types.CodeType) -> ast.stmt | None:
    """The function, class or lambda in a file's tree that a thing's code comes from."""
    own, line = getattr(inspect.unwrap(thing), "__name__", name), code.co_firstlineno
    for node in ast.walk(file):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name == own and line in lines_of(node):
                return node
        elif isinstance(node, ast.Lambda) and own == "<lambda>" and node.lineno == line:
            arguments = tuple(each.arg for each in node.args.args)
            if arguments == code.co_varnames[: code.co_argcount]:
                target = ast.copy_location(ast.Name(name, ast.Store()), node)
                return ast.copy_location(ast.Assign([target], node), node)
    return None
