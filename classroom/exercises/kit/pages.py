"""Find the exercises in a notebook: heading, stub, folded hints and solution; for every chapter."""

from __future__ import annotations

import ast
import dis
import json
import linecache
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, cast

HEADING = re.compile(
    r"^### Exercise (\d+\.\d+) · (.+?)\s+([●○]{3}) · (\d+) min(?P<extra> · extra)?\s*$", re.M
)
ROUGH_HEADING = re.compile(r"^#+ *Exercise\b.*$", re.MULTILINE)
FOLDED = re.compile(
    r"<details>\s*<summary>(?P<title>.*?)</summary>(?P<body>.*?)</details>\n?", re.DOTALL
)
EXPECTED = re.compile(r"\bexpect|\bprints?\b|\bshould (see|print|show)", re.IGNORECASE)
FENCE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where one exercise stands in a notebook."""

    id: str  # from the heading
    title: str
    difficulty: int  # from the heading
    minutes: int
    heading_cell: int  # index of the cell with the heading
    # indices of the code cells that check this exercise; there should be one
    stub_cells: tuple[int, ...]
    solution_cell: int | None  # index of the cell with the folded solution
    hints: int  # how many folded hints there are
    expected: bool  # whether the text between stub and solution says what output to expect
    solution: str  # the code of the folded solution, empty if there is none
    extra: bool  # whether the heading says that the chapter's minutes do without it


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Cells of a notebook file, each with its source as one string."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def find_places(cells: list[dict[str, Any]]) -> list[Place]:
    """Every exercise of a notebook's cells, in order.

    One for each heading; an exercise's part ends at the next heading of any kind.
    """
    return [
        _place(cells, index, match)
        for index, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
        for match in HEADING.finditer(cell["source"])
    ]


def _place(cells: list[dict[str, Any]], start: int, match: re.Match[str]) -> Place:
    behind = range(start + 1, len(cells))
    end = next((i for i in behind if _is_heading(cells[i])), len(cells))
    here = [(i, cells[i]["cell_type"], cells[i]["source"]) for i in range(start, end)]
    text = [(i, source) for i, kind, source in here if kind == "markdown"]
    code = [(i, source) for i, kind, source in here if kind == "code"]
    folded = [(i, block) for i, source in text for block in FOLDED.finditer(source)]
    solutions = [(i, block) for i, block in folded if block["title"].strip() == "Solution"]
    index, block = solutions[0] if len(solutions) == 1 else (None, None)
    fences = FENCE.findall(block["body"]) if block else []
    return Place(
        id=match[1],
        title=match[2].strip(),
        difficulty=match[3].count("●"),
        minutes=int(match[4]),
        heading_cell=start,
        stub_cells=tuple(i for i, source in code if match[1] in checked_ids(source)),
        solution_cell=index,
        hints=sum(block["title"].strip().startswith("Hint") for _, block in folded),
        expected=any(EXPECTED.search(source) for _, source in text),
        solution="\n\n".join(fence.rstrip() for fence in fences),
        extra=match["extra"] is not None,
    )


def _is_heading(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "markdown" and re.match(r"#{1,3} ", cell["source"]) is not None


def parse(source: str) -> ast.Module:
    """Syntax tree of a cell; lines for IPython (``%...``, ``!...``) count as empty."""
    lines = ["" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n")]
    return ast.parse("\n".join(lines))


def execute(source: str, space: dict[str, Any], name: str) -> None:
    """Run a cell's source in a namespace; its lines can be found under the name."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(parse(source), name, "exec", dont_inherit=True), space)


def is_check(statement: ast.stmt) -> bool:
    """Whether a statement is a call of ``check``."""
    match statement:
        case ast.Expr(ast.Call(ast.Name("check"))):
            return True
    return False


def checked_ids(source: str) -> list[str]:
    """Ids of the exercises that a code cell checks."""
    try:
        statements = parse(source).body
    except SyntaxError:
        return []
    found = []
    for statement in statements:
        match statement:
            case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(key), *_])):
                found.append(str(key))
    return found


def filled(stub: str, solution: str) -> str:
    """The stub's own helpers, then the solution, then the check, as one cell.

    If the solution's code calls ``check`` itself, that call replaces the stub's.
    """
    solved = parse(solution).body
    new = set().union(*map(bound_names, solved), set())
    own_check = any(map(is_check, solved))
    lines = stub.split("\n")
    place = None
    for statement in reversed(parse(stub).body):
        if bound_names(statement) & new or (own_check and is_check(statement)):
            decorators = getattr(statement, "decorator_list", [])
            place = min([statement.lineno, *(d.lineno for d in decorators)]) - 1
            lines[place : statement.end_lineno] = []
    if place is None:
        checks = [s.lineno - 1 for s in parse(stub).body if is_check(s)]
        place = checks[0] if checks else len(lines)
    before, after = "\n".join(lines[:place]).rstrip(), "\n".join(lines[place:]).strip("\n")
    gap = "\n\n\n" if re.search(r"(?m)^(def|class) ", solution) else "\n\n"
    return gap.join(part for part in (before, solution.strip("\n"), after) if part) + "\n"


def bound_names(statement: ast.AST) -> set[str]:
    """Names that a statement binds or changes at the level of the cell."""
    return names_of(code_of(statement), ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME"))


def code_of(tree: ast.AST) -> CodeType:
    """A cell, or one statement of it, compiled as it stands."""
    module = tree if isinstance(tree, ast.Module) else ast.Module([cast(ast.stmt, tree)], [])
    return compile(module, "<cell>", "exec", dont_inherit=True)


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Compiled code, and that of the functions and classes in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def names_of(code: CodeType, operations: Container[str]) -> set[str]:
    """The names that these operations of the bytecode are about, such as ``STORE_NAME``."""
    found = {each.argval for each in dis.get_instructions(code) if each.opname in operations}
    return found - {"__doc__", "__name__", "__annotations__", "__conditional_annotations__"}
