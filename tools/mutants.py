"""Mutants of the published solutions that a check takes as right: what the check does not see.

    python -m tools.mutants            all exercises
    python -m tools.mutants 04 5.2     those of chapter 04, and exercise 5.2
    python -m tools.mutants --store    write what was found to tests/data/mutants.json

A mutant is a solution with one edit: an operator, an index, a name, a line. One that is still taken
as right either does the same as the solution, or slips past the check. The first kind is marked by
hand in the stored file, with the reason; of the second there may be none. Exit code 1 if there is.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import json
import os
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classroom.exercises.kit import registry, running, timeout
from classroom.exercises.kit.pages import Place, bound_names, parse
from classroom.exercises.kit.results import RIGHT
from classroom.exercises.kit.sources import source_of
from classroom.exercises.kit.state import now
from classroom.exercises.kit.verify import solved
from classroom.exercises.looking.written import Written
from tools import ROOT
from tools.careless import edits
from tools.notebooks import NOTEBOOKS, chosen_notebooks

STORED = ROOT / "tests" / "data" / "mutants.json"
_SMALL = 10_000  # parts of a list of the notebook that is copied before a mutant runs
_LEAST_SECONDS, _PATIENCE = 0.3, 8  # at least; times what the solution itself takes


def digest_of(place: Place) -> str:
    """A short digest of a published solution, whatever its comments say: they are `hint()`'s."""
    code = re.sub(r"(?m)[ \t]*#.*$", "", place.solution)
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def is_accepted(exercise_id: str, answers: tuple[Any, ...], seconds: float) -> bool:
    """Whether a check takes these answers as right within some seconds of processor time."""
    os.environ["MICROGPT_CHECK_SECONDS"] = str(seconds)
    running.start_afresh()
    with running._captured():
        return running._run(registry.find(exercise_id), answers, seconds)[0] == RIGHT


def slips(place: Place, mutant: tuple[Any, ...], seconds: float, usual: list[str]) -> bool:
    """Whether a mutant is taken as right, with no remark that the solution does not earn."""
    return is_accepted(place.id, mutant, seconds) and now.remarks == usual


def mutants(place: Place, answers: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each mutant of a solution: the edit in words, and the answers with it."""
    own = set().union(*(bound_names(statement) for statement in parse(place.solution).body), set())
    names = {getattr(answer, "__name__", "") for answer in answers}
    for index, answer in enumerate(answers):
        source = source_of(answer)
        if source is None:
            continue
        others = names - {source.name}  # each is edited in its own turn
        here = [part.tree for part in source.parts if not part.owner]
        for at, definition in enumerate(here):
            if getattr(definition, "name", None) not in own - others:
                continue
            for change, mutated in edits(definition):
                body = [*here[:at], mutated, *here[at + 1 :]]
                try:
                    mutant = built(source, ast.Module(body, []))
                except Exception:  # a class whose body does not run
                    continue
                yield change, (*answers[:index], mutant, *answers[index + 1 :])


def built(source: Written, tree: ast.Module) -> Any:
    """What the definitions in a tree make, among copies of the lists and dicts of the notebook."""
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    space = dict(source.names)
    for name in named & space.keys():
        if isinstance(space[name], (list, dict, set)) and len(space[name]) < _SMALL:
            space[name] = copy.deepcopy(space[name])
    with warnings.catch_warnings():  # a mutant may be `1[0]`, which Python remarks on
        warnings.simplefilter("ignore")
        exec(compile(tree, "<mutant>", "exec"), space)
    return space[source.name]


def tried(place: Place, answers: tuple[Any, ...], reasons: dict[str, str]) -> dict[str, Any]:
    """Hand every mutant of a solution to its check: what to store of it.

    Each edit that is taken as right has its reason: that given before, or none.
    """
    before = timeout.clock()
    if not is_accepted(place.id, answers, 60):
        raise SystemExit(f"{place.id}: the solution itself is not taken as right")
    usual = [*now.remarks]
    seconds = max(_LEAST_SECONDS, _PATIENCE * (timeout.clock() - before))
    count, survivors = 0, {}
    for change, mutant in mutants(place, answers):
        count += 1
        if slips(place, mutant, seconds, usual):
            survivors[change] = reasons.get(change, "")
    return {"solution": digest_of(place), "mutants": count, "equivalent": survivors}


def chosen(notebooks: list[Path], wanted: list[str]) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    """The exercises asked for, by chapter ("04") or number ("5.2"); all if nothing is."""
    whole = {each.zfill(2) for each in wanted if "." not in each}
    for path in notebooks:
        for place, answers in solved(path):
            if not wanted or place.id in wanted or path.name[:2] in whole:
                yield place, answers


def read_stored() -> dict[str, Any]:
    """What is stored: for each exercise the digest, the count and the equivalent mutants."""
    return json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="04 or 5.2")
    parser.add_argument("--store", action="store_true", help="write what was found")
    options = parser.parse_args(arguments)
    notebooks = chosen_notebooks(NOTEBOOKS, [each.split(".")[0] for each in options.wanted])
    stored, slipped, total = read_stored(), 0, 0
    for place, answers in chosen(notebooks, options.wanted):
        known = stored.get(place.id, {}).get("equivalent", {})
        found = tried(place, answers, known)
        count, survivors = found["mutants"], found["equivalent"]
        alive = [change for change, reason in survivors.items() if not reason]
        words = f"{place.id}: {count} mutants, {len(survivors)} taken as right"
        print(words, *alive, sep="\n    ")
        total, slipped = total + count, slipped + len(alive)
        if options.store and count:
            stored[place.id] = found
    if options.store:
        STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{total} mutants, {slipped} taken as right and not marked as equivalent")
    return 1 if slipped else 0


if __name__ == "__main__":
    sys.exit(main())
