"""The source of a reader's answer: found, and read; for every chapter."""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.pages import parse
from classroom.exercises.looking.written import definition_of

_SHORT = 120  # lines of a cell whose other functions count as the answer's helpers


@dataclass(frozen=True)
class Source:
    """Where an answer is defined."""

    name: str  # the name that its definition binds
    tree: ast.Module  # its definition, with those of its helpers in the same cell
    definition: ast.FunctionDef | ast.ClassDef  # its own
    names: dict[str, Any]  # the names of the notebook that it sees


def source_of(answer: Any) -> Source | None:
    """The source of a function or class of the reader's.

    None for values, lambdas, closures, methods, and what was not typed into a cell or file.
    """
    function = _a_function_of(answer)
    if function is None or function.__closure__ and isinstance(answer, types.FunctionType):
        return None
    filename = function.__code__.co_filename
    if not is_readers_file(filename):
        return None
    try:
        whole = parse("".join(linecache.getlines(filename)))
    except SyntaxError:
        return None
    definition = definition_of(whole, answer.__name__, answer, function.__code__)
    if not isinstance(definition, (ast.FunctionDef, ast.ClassDef)):
        return None
    tree = ast.Module([definition], [])
    if len(linecache.getlines(filename)) <= _SHORT and definition in whole.body:
        kinds = (ast.FunctionDef, ast.ClassDef)
        tree.body = [node for node in whole.body if isinstance(node, kinds)]
    return Source(answer.__name__, tree, definition, function.__globals__)


def _a_function_of(answer: Any) -> types.FunctionType | None:
    if isinstance(answer, types.FunctionType):
        return answer
    if not isinstance(answer, type):
        return None
    own = [each for each in vars(answer).values() if isinstance(each, types.FunctionType)]
    return next((each for each in own if is_readers_file(each.__code__.co_filename)), None)


def files_of(answers: Iterable[Any]) -> Iterator[str]:
    """The cells or files that answers, or the parts in a dict of them, were typed into."""
    for answer in answers:
        if isinstance(answer, dict):
            yield from files_of(answer.values())
        elif function := _a_function_of(answer):
            yield function.__code__.co_filename
        elif isinstance(answer, type):  # all its methods are inherited
            yield ""


def _read_names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _read_names(constant)


def names_used(answer: Any) -> set[str]:
    """Every global name and attribute that an answer's code reads, helpers of its cell not."""
    function = _a_function_of(answer)
    if function is None:
        return set()
    functions = [function]
    if isinstance(answer, type):
        functions = [f for f in vars(answer).values() if isinstance(f, types.FunctionType)]
    return {name for each in functions for name in _read_names(each.__code__)}


def names_in(answer: Any) -> set[str]:
    """Names of the functions that an answer consists of: its own, or those of its methods."""
    if isinstance(answer, type):
        return {name for name, each in vars(answer).items() if isinstance(each, types.FunctionType)}
    return {getattr(answer, "__name__", "")}
