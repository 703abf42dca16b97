"""``again``: a predict exercise with fresh numbers, as often as one likes."""

import math
import random
import re

import pytest

import microgpt
from classroom import again
from classroom.exercises import again as module
from classroom.exercises.again import fresh_question, is_right
from classroom.exercises.ch03 import LETTERS
from classroom.exercises.ch06 import SAME_GUESS, WHY
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


def test_what_else_may_be_asked_for_is_answered_in_a_line(practised, capsys):
    again("2.1", show_solution=True)
    assert fresh_question(practised, 1).solution in capsys.readouterr().out
    again("2.2")
    one = "✗ 2.2 has one question only; fresh numbers are there for 2.1.\n"
    assert capsys.readouterr().out == one
    again("2.9")
    assert "there is no exercise '2.9'" in capsys.readouterr().out


def slope(question):
    steps, _, place = question.partition(", at x = ")
    space = {"x": microgpt.Value(int(place.split(".")[0]))}
    exec(steps, space)
    space["z"].backward()
    return space["x"].grad


def without_positions(*names):
    """The probabilities after each name, from the trained model with no position embeddings."""
    state_dict, config, tokenizer = microgpt.load()
    state_dict["wpe"] = [[microgpt.Value(0.0) for _ in row] for row in state_dict["wpe"]]
    return [microgpt.next_token_probs(state_dict, config, tokenizer, name) for name in names]


def same_guesses(question):
    first, *others = without_positions(*re.findall(r"'(\w+)'", question))
    return [first == pytest.approx(other, abs=1e-9) for other in others]


def first_step(question):
    rate, slope = map(float, re.findall(r"rate is ([\d.]+).*slope is ([\d.]+)\.", question)[0])
    weight = microgpt.Value(1.0)
    adam = microgpt.Adam([weight])
    weight.grad = slope
    adam.step(rate)
    return pytest.approx(1.0 - weight.data, rel=1e-3)


def next_name(question):
    names, step = map(int, re.findall(r"\d+(?= names|th step)", question))
    return [n % names for n in range(step)][-1]


def doors(question):
    (n,) = map(int, re.findall(r" (\d+) of the 27", question))
    return pytest.approx((math.log(n), n))


# what a question's answer is, found in another way
ANSWERS = {
    "2.1": slope,
    "3.1": lambda question: microgpt.CharTokenizer(LETTERS).document_ids(question.split("'")[1]),
    "4.1": doors,
    "6.3": same_guesses,
    "7.2": first_step,
    "8.1": next_name,
    "9.4": lambda question: ((n := len(question.split("'")[1])) + 1, sum(range(n + 2))),
}


@pytest.mark.parametrize(
    "found", [each for each in registry.all_exercises() if each.again], ids=lambda each: each.id
)
def test_fresh_questions_of_the_course(found):
    asked = [fresh_question(found, turn) for turn in range(1, 9)]
    assert len({each.question for each in asked}) >= 4
    assert asked[0] == fresh_question(found, 1)
    for each in asked:
        if found.id in ANSWERS:
            assert each.expected == ANSWERS[found.id](each.question)
        assert is_right(each, each.answers)
        assert each.solution and len(each.question) > 20


def test_the_predictions_of_6_3_are_what_the_model_without_positions_does():
    named = [re.findall(r"'\w+'", why)[:2] for why in WHY]
    assert [same_guesses(" ".join(pair)) for pair in named] == [[x] for x in SAME_GUESS]
