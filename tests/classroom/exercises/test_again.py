"""``again``: a predict exercise with fresh numbers, as often as one likes."""

import random

import pytest

from classroom import again
from classroom.exercises import again as module
from classroom.exercises.again import fresh_question, is_right
from classroom.exercises.kit import registry
from classroom.exercises.kit.registry import Fresh, exercise


def double(rng: random.Random) -> Fresh:
    x = rng.randint(2, 9)
    return Fresh(f"What is 2 * {x}?", 2 * x, f"2 * {x} is {2 * x}.")


@pytest.fixture
def practised(no_exercises, monkeypatch):
    monkeypatch.setattr(module, "_turns", {})

    @exercise("2.1", "double", difficulty=1, minutes=1, kind="predict", again=double)
    def check(answer):
        pass

    @exercise("2.2", "once", difficulty=1, minutes=1)
    def check_once(answer):
        pass

    return registry.find("2.1")


def test_it_asks_until_the_answer_is_right_then_asks_another_one(practised, capsys):
    again("2.1")
    question = capsys.readouterr().out
    assert "question 1" in question and 'again("2.1", your_answer)' in question
    right = fresh_question(practised, 1).expected
    again("2.1", right + 1)
    assert "✗ 2.1, question 1" in capsys.readouterr().out
    again("2.1", right)
    assert "✓ 2.1, question 1" in capsys.readouterr().out
    again("2.1")
    assert "question 2" in capsys.readouterr().out


def test_the_way_is_shown_when_asked_for(practised, capsys):
    again("2.1", show_solution=True)
    fresh = fresh_question(practised, 1)
    assert fresh.solution in capsys.readouterr().out


def test_an_exercise_without_fresh_numbers_says_which_have_them(practised, capsys):
    again("2.2")
    assert capsys.readouterr().out == (
        "✗ 2.2 has one question only; fresh numbers are there for 2.1.\n"
    )


def test_an_unknown_exercise_is_named(practised, capsys):
    again("2.9")
    assert "there is no exercise '2.9'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "found", [each for each in registry.all_exercises() if each.again], ids=lambda each: each.id
)
def test_fresh_questions_of_the_course(found):
    asked = [fresh_question(found, turn) for turn in range(1, 9)]
    assert len({each.question for each in asked}) >= 4
    assert asked[0] == fresh_question(found, 1)
    for each in asked:
        answers = tuple(each.expected) if each.several else (each.expected,)
        assert is_right(each, answers)
        assert each.solution and len(each.question) > 20
