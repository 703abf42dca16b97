"""Thirty students of six kinds: what the overview says of them, by folder, by file and by line."""

import json
from pathlib import Path

import pytest

from classroom.exercises.kit import registry
from classroom.exercises.kit.errors import short_key
from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.exercises.kit.store import Progress
from classroom.overview.findings import FEWEST, look_over
from classroom.overview.line import pack
from classroom.overview.students import Handed, Student, read
from classroom.overview.text import as_text
from classroom.overview.words import answers, first_steps, sentences, steps

MARKS_MISSING = "the letters are right; `BOS` is missing at both ends."


def topic(view, key):
    return next(each for each in view.topics if each.id == key)


@pytest.fixture(scope="module")
def live(thirty):
    return look_over(read([str(thirty / "class")], live=True), live=True)


def test_who_is_stuck_now_comes_first_and_who_is_quiet_last(live):
    kinds = [student.name.split("-")[0] for student in live.students]
    assert kinds[:10] == ["guessing"] * 5 + ["stuck"] * 5, "four tries before three"
    assert kinds[-5:] == ["gone"] * 5
    assert {each.name.split("-")[0] for each in live.stuck} == {"guessing", "stuck"}
    assert [each.name.split("-")[0] for each in live.quiet] == ["gone"] * 5


def test_who_refused_and_who_was_only_told_are_not_in_the_folder(live, thirty):
    names = {student.name for student in live.students}
    assert "quick-0" not in names and (thirty / "home" / "quick-0.json").exists()
    assert len(names) == 24, "a first check tells and writes nothing: the five slow ones"


def test_it_says_what_to_talk_about_in_the_words_of_the_check(live):
    first, second = live.next[:2]
    assert (first.id, second.id) == ("3.3", "3.1")
    (told,) = second.misconceptions
    assert (told.words, told.count, told.still) == (MARKS_MISSING, 10, 5)
    assert told.heard == "ids_of_zoe = (25, 14, 4)"
    slips = list(registry.find("3.3").solution.slips.values())[:2]
    assert {each.words for each in first.misconceptions} == set(slips)
    assert {each.count for each in first.misconceptions} == {10, 15}
    assert first.minute and first.tried == 19 and first.right == 9 and len(first.stuck) == 5


def test_it_says_how_far_they_come(live):
    (missing,) = topic(live, "3.3").missing
    assert missing.words in first_steps("3.3") and missing.count == 10


def of_files(thirty):
    return [str(thirty / "home")]


def of_lines(thirty):
    records = sorted((thirty / "home").glob("*.json"))
    return ["\n".join(f"{p.stem}: {pack(Progress.parse(p.read_text()))}" for p in records)]


@pytest.mark.parametrize("sources", [of_files, of_lines], ids=["files", "lines"])
def test_what_was_handed_in_says_the_same(thirty, sources):
    view = look_over(read(sources(thirty)))
    assert len(view.students) == 30 and view.complaints == []
    stuck = {each.name.split("-")[0] for each in view.stuck}
    assert stuck == {"guessing", "stuck", "gone"}, "nobody is quiet who handed in"
    first, second = view.next[:2]
    assert (first.id, len(first.stuck), first.tried, first.right) == ("3.3", 10, 20, 10)
    assert (second.id, len(second.stuck), second.tried, second.right) == ("3.1", 5, 20, 15)
    assert MARKS_MISSING in {told.words for told in second.misconceptions}


def a_class(count, key="2.1", cause=None, status=WRONG, tries=3):
    cause = cause or list(sentences(key))[0]
    for n in range(count):
        held = Progress()
        held.exercises[key] = status
        held.tried[key] = {"tries": tries, "minutes": [0, 5], "causes": [cause]}
        yield Student(f"student {n}", held)


@pytest.mark.parametrize("count", range(1, 8))
def test_below_five_students_no_misconception_is_told(count):
    (found,) = look_over(Handed(list(a_class(count)))).topics
    assert len(found.misconceptions) == (count >= FEWEST == 5)
    assert found.tried == count


def test_of_one_sentence_it_does_not_matter_which_slip_it_came_from():
    slips = registry.find("2.3").solution.slips
    text = "the nudge is far too large: `h = 1e-5` is a good one."
    same = [short_key(edit) for edit, said in slips.items() if said == text]
    students = [*a_class(3, "2.3", same[0]), *a_class(3, "2.3", same[1])]
    (found,) = look_over(Handed(students)).topics
    assert [(told.words, told.count) for told in found.misconceptions] == [(text, 6)]


def test_a_key_that_this_edition_does_not_know_does_no_harm():
    (found,) = look_over(Handed(list(a_class(6, cause="ffffff")))).topics
    assert found.misconceptions == ()


def test_an_exercise_that_this_edition_does_not_have_is_left_out():
    held = Progress.parse(
        json.dumps({"keep": True, "exercises": {"99.9": "right", "1.1": "right"}})
    )
    view = look_over(Handed([Student("ann", held)]))
    assert [each.id for each in view.topics] == ["1.1"] and "99.9" not in as_text(view)


def test_where_all_is_right_there_is_nothing_to_talk_about():
    view = look_over(Handed(list(a_class(6, status=RIGHT))))
    assert view.next == [] and view.stuck == []
    assert as_text(view).splitlines()[0] == "6 students, 0 stuck at what they tried last."


def test_an_empty_folder_is_no_class(tmp_path):
    view = look_over(read([str(tmp_path)]))
    assert as_text(view) == "0 students, 0 stuck at what they tried last."


def test_without_names_no_name_is_anywhere(live, thirty):
    view = look_over(read([str(thirty / "class")]), names=False)
    assert "stuck-1" in as_text(live) and "stuck-1" not in as_text(view)
    assert "student 1: 3.1, 4 tries" in as_text(view)


def test_every_key_of_a_record_has_its_words(thirty):
    for path in Path(thirty / "home").glob("*.json"):
        for key, tried in Progress.parse(path.read_text()).tried.items():
            assert set(tried.get("causes", [])) <= set(sentences(key)), (path.name, key)
            assert {tried["missing"]} <= set(steps(key)) if tried.get("missing") else True


def test_the_values_that_a_sentence_is_told_of():
    found = answers("2.4")
    assert found["b is a leaf: it hands nothing on."] == "node = 'b'"
