"""The steps of a solution: its commented lines, and which of them build on which."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from classroom.exercises.looking.recording import Watched
from classroom.exercises.looking.rewriting import GROWING, Place, base

_COMMENT = re.compile(r"\S\s+# (.+?)\s*$")
_NO_STEPS = (ast.FunctionDef, ast.ClassDef, ast.Try, ast.With)


@dataclass
class Step:
    """One step: what the comment says of it, its place, and the numbers of those it builds on."""

    words: str
    place: int
    needs: set[int] = field(default_factory=set)


def steps_of(solution: Watched) -> list[Step]:
    """The commented lines of a solution, as steps."""
    steps: list[Step] = []
    lines: dict[int, int] = {}
    for part in solution.source.parts[-1:]:
        for number in range(part.tree.lineno, (part.tree.end_lineno or 0) + 1):
            comment = _COMMENT.search(part.lines[number - 1])
            place = _outermost(solution.places, number - part.before)
            if comment and place is not None:
                lines[number] = len(steps)
                steps.append(Step(comment[1], place))
        _link(steps, lines, part.tree)
    return steps


def _outermost(places: list[Place], line: int) -> int | None:
    here = [k for k, p in enumerate(places) if p.line == line and not p.owner]
    ranks = {k: (places[k].role == "part", len(places[k].around), k) for k in here}
    place = min(here, key=lambda k: ranks[k], default=None)
    if place is not None and places[place].role == "dropped":
        return next((k for k in here if places[k].role == "item"), place)
    return place


def _link(steps: list[Step], lines: dict[int, int], tree: ast.stmt) -> None:
    """Fill in what each step needs: the steps in the names that it reads."""
    made: dict[str, set[int]] = defaultdict(set)
    statements: list[Any] = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for node in sorted(statements, key=lambda each: each.lineno):
        if isinstance(node, _NO_STEPS):
            continue
        head = getattr(node, "test", None) or getattr(node, "iter", None)
        part: Any = head if head is not None and hasattr(node, "body") else node
        reads = {base(n) for n in ast.walk(part) if isinstance(getattr(n, "ctx", 0), ast.Load)}
        into = set().union(*(made[name] for name in reads - {"", "self"}))
        within = {lines[n] for n in range(node.lineno, part.end_lineno + 1) if n in lines}
        for step in within:
            steps[step].needs |= into - {step}
        for name in _changed(node, part):
            made[name] |= into | within
    for _ in steps:
        for each in steps:
            each.needs |= set().union(*(steps[number].needs for number in each.needs))


def _changed(node: Any, part: ast.AST) -> Iterator[str]:
    for target in getattr(node, "targets", None) or [getattr(node, "target", None)]:
        yield from map(base, getattr(target, "elts", [target]))
    for each in ast.walk(part):
        function: Any = getattr(each, "func", None)
        if getattr(function, "attr", "") in GROWING:
            yield base(function.value)
