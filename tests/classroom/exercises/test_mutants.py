"""No check takes a broken solution as right: what `tools/mutants.py` found is stored, and is fresh.

Trying all mutants takes minutes, so their result is kept in `tests/data/mutants.json`. Here it is
held against the solutions of today, and one mutant of each is tried again.
"""

import itertools
import os
import random

import pytest
from support import NOTEBOOKS

from classroom.exercises.kit.sources import source_of
from classroom.exercises.kit.verify import solved
from tools import mutants

STORED = mutants.read_stored()
AGAIN = 1  # mutants of each exercise that are tried here


def test_every_survivor_is_marked_by_hand_with_a_reason():
    bare = [
        f"{key}: {change}"
        for key, found in STORED.items()
        for change, reason in found["equivalent"].items()
        if len(reason.split()) < 3
    ]
    assert bare == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_stored_is_of_todays_solutions(path, monkeypatch):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", os.environ.get("MICROGPT_CHECK_SECONDS", "20"))
    for place, answers in solved(path):
        if not any(source_of(answer) for answer in answers):
            continue
        if place.id not in STORED:  # a new one: all of them are tried
            assert mutants.tried(place, answers, {})["equivalent"] == {}, place.id
            continue
        found = STORED[place.id]
        message = f"run tools/mutants.py --store {place.id}"
        assert found["solution"] == mutants.digest_of(place), message
        assert mutants.is_accepted(place.id, answers, 60)
        usual = [*mutants.now.remarks]
        every = [
            (change, mutant)
            for change, mutant in mutants.mutants(place, answers)
            if change not in found["equivalent"]
        ]
        random.Random(place.id).shuffle(every)
        for change, mutant in itertools.islice(every, AGAIN):
            assert not mutants.slips(place, mutant, 2, usual), f"{place.id}: {change}"
