"""Collect what a function or class from a notebook needs, as code that runs by itself. Chapter 10.

A reader's part uses the notebook around it: its imports, its helpers, its constants. To stand in a
file of its own, all of these must come along.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from types import FunctionType, ModuleType
from typing import Any

from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.needed import open_names

Lines = dict[str, str]


def self_contained(part: Any) -> str:
    """Python code that defines a function or class of the reader's and all that it uses.

    Parameters
    ----------
    part : function or class
        Defined in a cell of the notebook.

    Returns
    -------
    str
        Imports first, then constants and helpers, then the part itself; its last line binds the
        name ``part``.

    Raises
    ------
    ValueError
        If its code cannot be found, or it uses something of the notebook that no line of code can
        bring along, such as trained weights.
    """
    imports: Lines = {}
    body: Lines = {}
    _collect(part.__name__, part, imports, body)
    imported = "\n".join(sorted(imports.values()))
    blocks = [*([imported] if imported else []), *body.values(), f"part = {part.__name__}"]
    return "\n\n\n".join(blocks) + "\n"


def _collect(name: str, thing: Any, imports: Lines, body: Lines) -> None:
    """Add the code that binds `name` to this thing, after the code for what it needs."""
    if name in imports or name in body:
        return
    if isinstance(thing, ModuleType):
        imports[name] = _import_line(thing.__name__, "", name)
    elif _is_written_here(thing):
        body[name] = ""  # what calls itself, or the class that makes its own, is not begun twice
        code = definition(thing)
        _collect_all(code, _namespace(thing), imports, body)
        del body[name]
        body[name] = code
        _collect_later_methods(name, thing, code, imports, body)
    elif isinstance(thing, (type, FunctionType)) or callable(thing):
        imports[name] = _import_line(thing.__module__, thing.__qualname__, name)
    else:
        body[name] = f"{name} = {_constant(name, thing)}"


def _collect_all(code: str, space: dict[str, Any], imports: Lines, body: Lines) -> None:
    for used in sorted(open_names(ast.parse(code))):
        if used in space:
            _collect(used, space[used], imports, body)


def _collect_later_methods(name: str, thing: Any, code: str, imports: Lines, body: Lines) -> None:
    """Methods that were given to a class after its definition: ``MyValue.backward = walk``."""
    if not isinstance(thing, type):
        return
    inside = {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    for attribute, method in vars(thing).items():
        if isinstance(method, FunctionType) and method.__name__ not in inside:
            _collect(method.__name__, method, imports, body)
            body[f"{name}.{attribute}"] = f"{name}.{attribute} = {method.__name__}"


def _is_written_here(thing: Any) -> bool:
    """Whether a function or class was written by the reader, not imported from a library."""
    codes = [f.__code__ for f in _functions(thing)]
    return bool(codes) and all(is_readers_file(code.co_filename) for code in codes[:1])


def _functions(thing: Any) -> list[FunctionType]:
    if not isinstance(thing, (type, FunctionType)):
        return []
    return [f for f in [thing, *vars(thing).values()] if isinstance(f, FunctionType)]


def _namespace(thing: Any) -> dict[str, Any]:
    """The notebook's names, as a function or the methods of a class see them."""
    return _functions(thing)[0].__globals__


def definition(thing: Any) -> str:
    """The source of a function or class as its cell was when it last ran.

    Raises
    ------
    ValueError
        If it cannot be found.
    """
    for function in _functions(thing):
        lines = linecache.getlines(function.__code__.co_filename)
        if thing is function and lines:
            if function.__code__.co_freevars:
                break
            return textwrap.dedent(inspect.getsource(function)).rstrip()
        found = _class_in("".join(lines), thing.__name__)
        if found:
            return found
    raise ValueError(
        f"the code of {thing.__name__} cannot be found: define it at the left edge of a cell, with "
        "`def` or `class`, and run that cell"
    )


def _class_in(source: str, name: str) -> str:
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a cell with a line for IPython in it
        return ""
    found = [s for s in statements if isinstance(s, ast.ClassDef) and s.name == name]
    return ast.get_source_segment(source, found[-1]) or "" if found else ""


def _import_line(module: str, found: str, name: str) -> str:
    if not found:
        return f"import {module}" + (f" as {name}" if name != module else "")
    return f"from {module} import {found}" + (f" as {name}" if name != found else "")


def _constant(name: str, thing: Any) -> str:
    text = repr(thing)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        text = ""
    if not text or len(text) > 1000:
        raise ValueError(
            f"it uses `{name}` of the notebook, {_a(thing)} that cannot be written down: make it "
            "an argument, or use a name of its own inside"
        )
    return text


def _a(thing: Any) -> str:
    kind = type(thing).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"
