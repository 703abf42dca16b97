"""Collect what a function or class from a notebook needs, as code that runs by itself. Chapter 10.

A reader's part uses the notebook around it: its imports, its helpers, its constants. To stand in a
file of its own, all of these must come along.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import textwrap
from types import FunctionType, ModuleType
from typing import Any

from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.needed import open_names
from classroom.exercises.kit.pages import bound_names
from classroom.exercises.looking.written import function_of, lines_of, written

Lines = dict[str, str]


def self_contained(part: Any) -> str:
    """Python code that defines a function or class of the reader's and all that it uses.

    Imports first, then constants and helpers, then the part; the last line binds the name ``part``.
    ``ValueError`` if its code cannot be found, or needs what no line of code can bring along, such
    as trained weights.
    """
    imports: Lines = {}
    body: Lines = {}
    name = "part" if part.__name__ == "<lambda>" else part.__name__
    _collect(name, part, imports, body)
    blocks = ["\n".join(sorted(imports.values())), *body.values()]
    blocks += [f"part = {name}"] if name != "part" else []
    return "\n\n\n".join(filter(None, blocks)) + "\n"


def _collect(name: str, thing: Any, imports: Lines, body: Lines) -> None:
    """Add the code that binds `name` to this thing, after the code for what it needs."""
    if name in imports or name in body:
        return
    function = function_of(thing)
    if isinstance(thing, ModuleType):
        imports[name] = _import_line(thing.__name__, "", name)
    elif function is not None and is_readers_file(function.__code__.co_filename):
        body[name] = ""  # what calls itself, or the class that makes its own, is not begun twice
        code = definition(name, thing)
        if name not in set().union(*map(bound_names, ast.parse(code).body)):  # a second name
            code += f"\n\n\n{name} = {thing.__name__}"
        _collect_all(code, function.__globals__, imports, body)
        del body[name]
        body[name] = code
        _collect_later_methods(name, thing, code, imports, body)
    elif callable(thing):
        imports[name] = _import_line(thing.__module__, thing.__qualname__, name)
    else:
        body[name] = f"{name} = {_constant(name, thing)}"


def _collect_all(code: str, space: dict[str, Any], imports: Lines, body: Lines) -> None:
    for used in sorted(open_names(ast.parse(code))):
        if used in space:
            _collect(used, space[used], imports, body)
        elif not hasattr(builtins, used) and not used.startswith("__"):
            raise ValueError(
                f"it uses `{used}`, which is not defined here: run the cell that defines it, then "
                "keep it again"
            )


def _collect_later_methods(name: str, thing: Any, code: str, imports: Lines, body: Lines) -> None:
    """Methods that were given to a class after its definition: ``MyValue.backward = walk``."""
    if not isinstance(thing, type):
        return
    classes = (tree for tree in ast.parse(code).body if isinstance(tree, ast.ClassDef))
    inside = set().union(*(bound_names(each) for tree in classes for each in tree.body))
    for attribute, method in vars(thing).items():
        if not isinstance(method, FunctionType):
            continue
        owner, _, own = method.__qualname__.rpartition(".")
        of_this_class = owner == thing.__qualname__
        if of_this_class and (attribute in inside or own not in inside):
            continue  # it is in the class already, or a decorator put it there
        if of_this_class:
            body[f"{name}.{attribute}"] = f"{name}.{attribute} = {name}.{own}"
        elif method.__name__ == "<lambda>":
            code = definition("part", method).removeprefix("part = ")
            _collect_all(code, method.__globals__, imports, body)
            body[f"{name}.{attribute}"] = f"{name}.{attribute} = {code}"
        else:
            _collect(method.__name__, method, imports, body)
            body[f"{name}.{attribute}"] = f"{name}.{attribute} = {method.__name__}"


def definition(name: str, thing: Any) -> str:
    """The source of a thing as its cell was when it last ran; ``ValueError`` if there is none."""
    inside = not isinstance(thing, type) and getattr(function_of(thing), "__closure__", None)
    parts = [] if inside else written(thing, name).parts  # another function's names stay behind
    if not parts:
        raise ValueError(
            f"the code of {thing.__name__} cannot be found: define it at the left edge of a cell, "
            "with `def` or `class`, and run that cell"
        )
    tree, lines = parts[-1].tree, parts[-1].lines
    if isinstance(tree, ast.Assign):  # a lambda, perhaps a piece of a longer line
        return ast.unparse(tree)
    return textwrap.dedent("".join(lines[i - 1] for i in lines_of(tree))).rstrip()


def _import_line(module: str, found: str, name: str) -> str:
    if not found:
        return f"import {module}" + (f" as {name}" if name != module else "")
    return f"from {module} import {found}" + (f" as {name}" if name != found else "")


def _constant(name: str, thing: Any) -> str:
    with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        ast.literal_eval(text := repr(thing))
        if len(text) <= 1000:
            return text
    raise ValueError(
        f"it uses `{name}` of the notebook, and what that holds ({type(thing).__name__}) cannot be "
        "written down: make it an argument, or use a name of its own inside"
    )
