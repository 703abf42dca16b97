"""Mutants of the published solutions that a check takes as right: what the check does not see.

    python tools/mutants.py            all exercises
    python tools/mutants.py 04 5.2     those of chapter 04, and exercise 5.2
    python tools/mutants.py --store    write what was found to tests/data/mutants.json

A mutant is a solution with one edit: an operator, an index, a name, a line. One that is still taken
as right either does the same as the solution, or slips past the check. The first kind is marked by
hand in the stored file, with the reason; of the second there may be none. Exit code 1 if there is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from classroom.exercises.kit import registry, running, timeout  # noqa: E402
from classroom.exercises.kit.edits import single_edits  # noqa: E402
from classroom.exercises.kit.pages import Place, bound_names, parse  # noqa: E402
from classroom.exercises.kit.results import RIGHT  # noqa: E402
from classroom.exercises.kit.sources import source_of  # noqa: E402
from classroom.exercises.kit.state import now  # noqa: E402
from classroom.exercises.kit.verify import solved  # noqa: E402

STORED = ROOT / "tests" / "data" / "mutants.json"
_LEAST_SECONDS = 0.3
_PATIENCE = 8  # times what the solution itself takes


@dataclass(frozen=True)
class Tried:
    """The mutants of one exercise.

    Attributes
    ----------
    id : str
        The exercise.
    digest : str
        Of the solution that was edited.
    count : int
        How many mutants were tried.
    survivors : list of str
        The edits that the check took as right.
    """

    id: str
    digest: str
    count: int
    survivors: list[str]


def digest_of(place: Place) -> str:
    """A short digest of a published solution."""
    return hashlib.sha256(place.solution.encode()).hexdigest()[:16]


def is_accepted(exercise_id: str, answers: tuple[Any, ...], seconds: float) -> bool:
    """Whether a check takes these answers as right within some seconds of processor time."""
    os.environ["MICROGPT_CHECK_SECONDS"] = str(seconds)
    running.start_afresh(trial=True)
    with running._captured():
        return running._run(registry.find(exercise_id), answers)[0] == RIGHT


def remarks() -> list[str]:
    """What the last check remarked on a right answer: a mutant that earns a remark was seen."""
    return list(now.remarks)


def slips(place: Place, mutant: tuple[Any, ...], seconds: float, usual: list[str]) -> bool:
    """Whether a mutant is taken as right, with no remark that the solution does not earn."""
    return is_accepted(place.id, mutant, seconds) and remarks() == usual


def mutants(place: Place, answers: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each mutant of a solution: the edit in words, and the answers with it."""
    own = set().union(*(bound_names(statement) for statement in parse(place.solution).body), set())
    names = {getattr(answer, "__name__", "") for answer in answers}
    for index, answer in enumerate(answers):
        source = source_of(answer)
        if source is None:
            continue
        others = names - {source.name}  # each is edited in its own turn
        for definition in source.tree.body:
            if getattr(definition, "name", None) not in own - others:
                continue
            for edit in single_edits(definition, cures=False):
                try:
                    mutant = source.build()
                except Exception:  # a class whose body does not run
                    continue
                yield edit.change, (*answers[:index], mutant, *answers[index + 1 :])


def try_all(place: Place, answers: tuple[Any, ...]) -> Tried:
    """Hand every mutant of a solution to its check."""
    before = timeout.clock()
    if not is_accepted(place.id, answers, 60):
        raise SystemExit(f"{place.id}: the solution itself is not taken as right")
    usual = remarks()
    seconds = max(_LEAST_SECONDS, _PATIENCE * (timeout.clock() - before))
    count, survivors = 0, []
    for change, mutant in mutants(place, answers):
        count += 1
        if slips(place, mutant, seconds, usual):
            survivors.append(change)
    return Tried(place.id, digest_of(place), count, list(dict.fromkeys(survivors)))


def chosen(wanted: list[str]) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    """The exercises asked for, by chapter ("04") or number ("5.2"); all if nothing is."""
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        chapter = int(path.name[:2])
        if wanted and not any(int(each.split(".")[0]) == chapter for each in wanted):
            continue
        for place, answers in solved(path):
            if (
                not wanted
                or place.id in wanted
                or any("." not in each and int(each) == chapter for each in wanted)
            ):
                yield place, answers


def read_stored() -> dict[str, Any]:
    """What is stored: for each exercise the digest, the count and the equivalent mutants."""
    return json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}


def unmarked(tried: Tried, stored: dict[str, Any]) -> list[str]:
    """The survivors that nobody has marked as doing the same as the solution."""
    marked = stored.get(tried.id, {}).get("equivalent", {})
    return [change for change in tried.survivors if not marked.get(change)]


def entry(tried: Tried, stored: dict[str, Any]) -> dict[str, Any]:
    """What to store of an exercise; reasons given before are kept."""
    reasons = stored.get(tried.id, {}).get("equivalent", {})
    equivalent = {change: reasons.get(change, "") for change in tried.survivors}
    return {"solution": tried.digest, "mutants": tried.count, "equivalent": equivalent}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="04 or 5.2")
    parser.add_argument("--store", action="store_true", help="write what was found")
    options = parser.parse_args(arguments)
    stored, slipped, total = read_stored(), 0, 0
    for place, answers in chosen(options.wanted):
        tried = try_all(place, answers)
        total += tried.count
        alive = unmarked(tried, stored)
        slipped += len(alive)
        print(f"{tried.id}: {tried.count} mutants, {len(tried.survivors)} taken as right")
        for change in alive:
            print(f"    {change}")
        if options.store and tried.count:
            stored[tried.id] = entry(tried, stored)
    if options.store:
        text = json.dumps(stored, indent=1, ensure_ascii=False)
        STORED.write_text(text + "\n", encoding="utf-8")
    print(f"{total} mutants, {slipped} taken as right and not marked as equivalent")
    return 1 if slipped else 0


if __name__ == "__main__":
    sys.exit(main())
