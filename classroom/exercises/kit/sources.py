"""The source of a reader's answer, and the names in its code; for every chapter."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.pages import codes_in
from classroom.exercises.looking.written import Written, written


def source_of(answer: Any) -> Written | None:
    """Where a function or class of the reader's is defined, with its helpers.

    None for values, lambdas, methods, and what was not typed into a cell or file.
    """
    if not any(is_readers_file(each.__code__.co_filename) for each in functions_of(answer)):
        return None
    found = written(answer)
    known = found.parts and isinstance(found.parts[-1].tree, (ast.FunctionDef, ast.ClassDef))
    return found if known else None


def functions_of(answer: Any) -> list[FunctionType]:
    """The functions that an answer consists of: itself, or its methods."""
    things = vars(answer).values() if isinstance(answer, type) else [answer]
    return [each for each in things if isinstance(each, FunctionType)]


def files_of(answers: Iterable[Any]) -> Iterator[str]:
    """The cells or files that answers, or the parts in a dict of them, were typed into."""
    for answer in answers:
        if isinstance(answer, dict):
            yield from files_of(answer.values())
        elif isinstance(answer, (type, FunctionType)):
            files = (each.__code__.co_filename for each in functions_of(answer))
            yield next(filter(is_readers_file, files), "")  # "" if all methods are inherited


def names_in(code: CodeType) -> Iterator[str]:
    """The names that code looks up around it, and attributes; those of functions in it, too."""
    return (name for each in codes_in(code) for name in each.co_names)


def names_used(answer: Any) -> set[str]:
    """Every global name and attribute that an answer's code reads, helpers of its cell not."""
    return {name for each in functions_of(answer) for name in names_in(each.__code__)}
