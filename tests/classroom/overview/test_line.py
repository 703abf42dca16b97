"""The line of a record: short, whole after a mail or a table, refused where it is not."""

import random

import pytest

from classroom.exercises.kit import registry
from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.exercises.kit.store import Progress
from classroom.overview import line
from classroom.overview.line import DIGITS, latest, lines, pack
from classroom.overview.words import sentences

IDS = [each.id for each in registry.all_exercises()]


def a_record(seed, count=99):
    draw = random.Random(seed)
    held = Progress()
    for key in IDS[:count]:
        held.exercises[key] = draw.choice([RIGHT, WRONG])
        tried = {"tries": draw.randint(1, 30), "minutes": [0, draw.randint(0, 900)]}
        if draw.random() < 0.5:
            tried["opened"] = draw.randint(0, 2)
        held.tried[key] = tried
    return held


def read_back(text):
    ((_, held),) = lines(text)
    return held


@pytest.mark.parametrize("seed", range(20))
def test_a_line_tells_status_tries_and_the_place(seed):
    held = a_record(seed, count=1 + 3 * seed)
    found = read_back(pack(held))
    assert found.exercises == held.exercises
    assert latest(found) == latest(held)
    for key, tried in held.tried.items():
        least = max(n for n in (1, 2, 3, 4, 5, 6, 10) if n <= tried["tries"])
        assert found.tried[key]["tries"] == least
        if held.exercises[key] == RIGHT:
            assert found.tried[key]["opened"] == (tried.get("opened", 0) > 0)


def test_a_line_is_of_about_eighty_characters_at_most():
    assert max(len(pack(a_record(seed))) for seed in range(50)) <= 80
    assert len(pack(Progress())) < 10
    assert len(pack(a_record(1, count=12))) < 30


def test_a_line_tells_how_far_an_answer_came_and_what_it_was_told():
    cause = list(sentences("2.3"))[2]
    for done in range(4):
        held = Progress()
        held.exercises["2.3"] = WRONG
        held.tried["2.3"] = {"tries": 4, "steps": [done, 3], "causes": ["000000", cause]}
        found = read_back(pack(held)).tried["2.3"]
        assert (found["steps"], found["causes"]) == ([done, 3], [cause])


def test_in_a_line_the_beginning_of_a_causes_key_is_enough():
    for key in IDS:
        known = list(sentences(key))
        assert len({line._bits(each) for each in known}) == len(known), key


@pytest.mark.parametrize(
    ("before", "label"),
    [
        ("", ""),
        ("team 7: ", "team 7"),
        ("> > team 7: ", "team 7"),
        ('17,"Ann Lee",ann@uni.edu,"', "ann@uni.edu"),
        ("[10:31] Ben - ", "[10:31] Ben"),
        ("Ben;3;", "3"),
    ],
)
@pytest.mark.parametrize("breaks", ["", "\n", "\r\n> ", "=\n"])
def test_a_line_is_found_in_a_mail_a_table_and_a_chat(before, label, breaks):
    text = pack(a_record(4))
    broken = breaks.join([text[:30], text[30:60], text[60:]])
    ((found, held),) = lines(f"Dear all,\n{before}{broken}\nBest wishes")
    assert found == label and held.exercises == a_record(4).exercises


def test_several_lines_are_several_records():
    texts = [f"team {n}: {pack(a_record(n, 4 + n))}" for n in range(30)]
    found = list(lines("\n".join(texts)))
    assert [label for label, _ in found] == [f"team {n}" for n in range(30)]
    assert [len(held.exercises) for _, held in found] == [4 + n for n in range(30)]


def test_a_line_with_one_other_letter_is_refused():
    text = pack(a_record(3, 20))
    for place in range(3, len(text)):
        other = DIGITS[(DIGITS.index(text[place]) + 1) % len(DIGITS)]
        assert read_back(text[:place] + other + text[place + 1 :]) is None, place


def test_a_line_that_was_cut_off_is_refused():
    text = pack(a_record(3, 20))
    assert [read_back(text[:end]) for end in range(5, len(text))] == [None] * (len(text) - 5)


def test_a_line_from_a_course_with_other_exercises_is_refused(monkeypatch):
    text = pack(a_record(3))
    monkeypatch.setattr(line, "_ids", lambda: tuple(IDS[:-1]))
    assert read_back(text) is None


def test_a_word_that_begins_alike_is_no_line():
    assert list(lines("img2abc, mg2")) == []


def test_an_old_record_has_a_line_too():
    held = Progress.parse('{"keep": true, "exercises": {"1.1": "right", "2.3": "wrong"}}')
    found = read_back(pack(held))
    assert found.exercises == held.exercises
    assert [found.tried[key]["tries"] for key in ("1.1", "2.3")] == [1, 1]
