"""Whether an answer lets a finished part do the work that the exercise asks for."""

from __future__ import annotations

import ast
import types
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.sources import names_used, source_of

OURS = ("microgpt", "classroom")


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
    named = isinstance(answer, (types.FunctionType, types.MethodType, type))
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
