"""The race: who reads what, what is stored, and a part of it run again."""

import random

import pytest

pytest.importorskip("numpy")

from classroom.lab import race
from microgpt import load_docs

STORED = race.stored_race()


def test_nobody_is_judged_on_a_name_that_was_read():
    names, judged = race.split(0)
    assert len(names) == race.NAMES and not {*names} & {*judged}
    docs = load_docs()
    random.Random(0).shuffle(docs)
    assert names == docs[: race.NAMES] and {*judged} == {*docs} - {*names}


def test_every_runner_and_seed_is_stored():
    assert tuple(STORED["seeds"]) == race.SEEDS
    assert [row["name"][0] for row in STORED["tables"]] == [str(n) for n in race.MEMORIES]
    assert [row["name"].split()[0] for row in STORED["GPTs"]] == [str(w) for w, _ in race.SIZES]
    rows = STORED["tables"] + STORED["GPTs"]
    assert all(len(row["losses"]) == len(race.SEEDS) for row in rows)


def test_the_table_of_two_letters_comes_out_again():
    numbers, loss = race.table_entry(2, 1)
    row = STORED["tables"][1]
    assert numbers == pytest.approx(row["numbers"], rel=0.01)  # stored is the first seed's
    assert loss == pytest.approx(row["losses"][1], abs=1e-4)


def test_the_smallest_gpt_comes_out_again():
    numbers, loss = race.gpt_entry(8, 1, 1)
    assert numbers == STORED["GPTs"][0]["numbers"]
    assert loss == pytest.approx(STORED["GPTs"][0]["losses"][1], abs=0.01)  # float32
