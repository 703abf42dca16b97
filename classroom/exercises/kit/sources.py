"""The source of a reader's answer, the names in its code, and what of them is finished work."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, FunctionType, MethodType
from typing import Any

from classroom.exercises.kit.errors import Wrong, is_readers_file
from classroom.exercises.kit.pages import codes_in
from classroom.exercises.looking.written import Written, written

OURS = ("microgpt", "classroom")


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


def require_own(answers: Sequence[Any], parts: Sequence[str]) -> None:
    """Raise ``Wrong`` if an answer is, or calls, one of the finished parts.

    They are functions, classes or methods of the package (``"softmax"``, ``"backward"``), or what
    the notebook defines for its demonstrations.
    """
    for answer in answers:
        if _is_ours(answer) and parts:
            name = getattr(answer, "__name__", "this")
            raise Wrong(
                f"`{name}` is the package's own.",
                cause="the work is the package's; this exercise asks for yours.",
            )
        used = _real_names(answer, _used(answer)) & set(parts)
        if used:
            name = sorted(used)[0]
            raise Wrong(
                f"your answer calls `{name}`, which is finished already.",
                cause=f"the work is done by `{name}`; this exercise asks you to write it yourself.",
            )


def _real_names(answer: Any, used: set[str]) -> set[str]:
    """The names, and for those that stand for something of ours, such as an alias, its own."""
    space = getattr(answer, "__globals__", {})
    ours = [space[name] for name in used if name in space and _is_ours(space[name])]
    return used | {thing.__name__ for thing in ours}


def _is_ours(answer: Any) -> bool:
    module = getattr(answer, "__module__", None) or ""
    named = isinstance(answer, (FunctionType, MethodType, type))
    return named and module.split(".")[0] in OURS


def _used(answer: Any) -> set[str]:
    """Names that the answer and the helpers of its cell call, their own names left out."""
    source = source_of(answer)
    own = {getattr(answer, "__name__", "")}
    if source is None:
        return names_used(answer) - own
    trees = [part.tree for part in source.parts if part.lines == source.parts[-1].lines]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    own |= {getattr(tree, "name", "") for tree in trees}
    attributes = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    # an attribute stays: `microgpt.linear` is not the reader's own `linear`
    return {n.id for n in nodes if isinstance(n, ast.Name)} - own | attributes
