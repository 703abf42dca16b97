"""Run an answer or a solution, and note what every expression in it came to."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from classroom.exercises.kit.sources import names_in
from classroom.exercises.kit.timeout import TimeLimit, time_limit
from classroom.exercises.looking.rewriting import LAZY, NOTE, Place, Rewriter
from classroom.exercises.looking.values import plain
from classroom.exercises.looking.written import written

_MOST_NOTES = 40_000
_SECONDS = 0.12  # of processor time for one run
_SMALL = 10_000
_FILE = "<looked at {}>"


class Endless(BaseException):
    """More values have been noted than any answer needs."""


@dataclass
class Run:
    """What came of one case: for each place its values and their times, and the result."""

    values: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    raw: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))  # as they were
    times: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    given: tuple[Any, ...] = ()
    told: str = ""  # what a case that drives says of itself
    result: Any = None
    plain: Any = None
    after: tuple[Any, ...] = ()  # the arguments, afterwards
    kind: str = ""
    error: BaseException | None = None
    part: int = 0
    line: int = 0
    slopes: list[Any] = field(default_factory=list)
    good: bool = False  # whether the case is one that the answer has right

    @property
    def outcome(self) -> Any:
        """What two runs have in common that came to the same."""
        return type(self.error) if self.error else (self.plain, self.after, self.kind)

    @property
    def is_endless(self) -> bool:
        """Whether it was stopped."""
        return isinstance(self.error, (Endless, TimeLimit))


class Watched:
    """A function or class that can be run with all its expressions watched."""

    def __init__(self, thing: Any) -> None:
        self.thing, self.source = thing, written(thing)
        self.places: list[Place] = []
        self.seconds = _SECONDS
        self.programs = []
        with _quiet():
            for number, part in enumerate(self.source.parts):
                tree = Rewriter(part, self.places).rewrite(copy.deepcopy(part.tree))
                module = ast.fix_missing_locations(ast.Module([tree], []))
                self.programs.append(compile(module, _FILE.format(number), "exec"))
        self.names = dict(self.source.names)
        for name in self.names.keys() & {each for p in self.programs for each in names_in(p)}:
            thing = self.names[name]  # of the reader's lists and nodes nothing is changed
            if isinstance(thing, (list, dict, set)) and len(thing) < _SMALL or _is_node(thing):
                with contextlib.suppress(Exception):
                    self.names[name] = copy.deepcopy(thing)

    def altered(self, number: int) -> Watched:
        """The same, with one of its definitions as its tree is now: unwatched, with less time."""
        other, module = copy.copy(self), ast.Module([self.source.parts[number].tree], [])
        code = compile(ast.fix_missing_locations(module), _FILE.format(number), "exec")
        other.programs = [*self.programs[:number], code, *self.programs[number + 1 :]]
        other.seconds = _SECONDS / 4
        return other

    def run(self, case: Any, noting: bool = True) -> Run:
        """Call it with a case's arguments (copied), or hand it to a case that drives it."""
        run = Run()
        try:
            args = () if callable(case) else copy.deepcopy(tuple(case))
            run.given = plain(args)
            run.told = " ".join((case.__doc__ or "").split()) if callable(case) else ""
            with _quiet(), time_limit(self.seconds):
                thing = self._made(run, noting)
                run.result = case(thing) if callable(case) else thing(*args)
                run.kind = _kind_of(run.result)
                if hasattr(run.result, "__next__"):
                    run.result = list(run.result)
                run.plain, run.after = plain(run.result), plain(args)
                run.slopes = _slopes(run.result, args)
        except (Exception, SystemExit, GeneratorExit, Endless, TimeLimit) as error:
            run.error = error
            for frame, line in traceback.walk_tb(error.__traceback__):
                file = frame.f_code.co_filename
                if file.startswith(_FILE[:11]):
                    run.part, run.line = int(file[11:-1]), line
        return run

    def _made(self, run: Run, noting: bool) -> Any:
        """The function or class, made anew; its notes go to the run from now on."""
        count, ready = 0, False

        def note(place: int, value: Any) -> Any:
            nonlocal count
            count += 1 + (len(value) // 4 if isinstance(value, (list, tuple, str)) else 0)
            if count > _MOST_NOTES:
                raise Endless
            if ready and noting:
                run.values[place].append(plain(value))
                run.raw[place].append(value[:] if isinstance(value, list) else value)
                run.times[place].append(count)
            return value

        def lazy(place: int, make: Callable[..., Any], *parts: Any) -> Any:
            if all(isinstance(part, (list, tuple, str)) for part in parts):
                note(place, list(make(*parts)))
            return make(*parts)

        space = {**self.names, NOTE: note, LAZY: lazy, "__name__": "answer"}
        for program in self.programs:
            exec(program, space)
        ready = True
        return space[self.source.name] if self.programs else self.thing


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    out, err = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with warnings.catch_warnings(), out, err:
        warnings.simplefilter("ignore")
        yield


def _is_node(thing: Any) -> bool:
    return hasattr(thing, "backward") and hasattr(thing, "grad")


def _kind_of(result: Any) -> str:
    """What sort of thing is returned, as far as it matters: an iterator, nodes or plain values."""
    if hasattr(result, "__next__"):
        return f"a {type(result).__name__}"
    result = result.tolist() if hasattr(result, "tolist") else result
    if not isinstance(result, (list, tuple)):
        return "a node" if _is_node(result) else "a plain value"
    while isinstance(result, (list, tuple)) and result:
        result = result[0]
    return f"some kind of list of {'nodes' if _is_node(result) else 'plain values'}"


def nodes_in(thing: Any) -> list[Any]:
    """The nodes in a value, from the left."""
    if isinstance(thing, (list, tuple)):
        return [node for part in thing for node in nodes_in(part)]
    return [thing] if _is_node(thing) else []


def _slopes(result: Any, args: tuple[Any, ...]) -> list[Any]:
    """The slope of a fixed mixture of all results to each argument's numbers."""
    out, into = nodes_in(result), nodes_in(args)
    if not out or not into:
        return []
    for node in into:
        node.grad = 0
    sum(node * (1.5 + 0.7 * i) for i, node in enumerate(out)).backward()
    return [plain([node.grad for node in nodes_in(each)]) for each in args]
