"""*Do you remember?*: three questions from earlier chapters, what one got wrong first."""

import pytest

from classroom import remember
from classroom.chapters import CHAPTERS
from classroom.exercises.kit import logbook, registry
from classroom.exercises.kit.results import WRONG, Result
from classroom.exercises.questions import QUESTIONS


@pytest.mark.parametrize("chapter", range(2, len(CHAPTERS)))
def test_three_different_questions_from_earlier_chapters(chapter):
    questions = remember(f"{chapter:02d}").questions
    assert len(set(questions)) == 3
    assert all(int(each.exercise.split(".")[0]) < chapter for each in questions)
    assert questions == remember(chapter).questions


def test_what_was_answered_wrong_comes_back_first_and_never_what_comes_later():
    for key in ("3.1", "7.2"):
        logbook.record(Result(key, "", WRONG))
    assert remember("09").questions[1].exercise == "3.1"
    assert all(each.exercise != "7.2" for each in remember("05").questions)


def test_every_question_belongs_to_an_exercise():
    asked = {each.exercise for questions in QUESTIONS.values() for each in questions}
    assert asked <= {each.id for each in registry.all_exercises()}


def test_as_text_the_answers_follow_the_questions_and_as_html_they_are_folded():
    recall = remember("02")
    bundle = recall._repr_mimebundle_()
    text = bundle["text/plain"]
    for each in recall.questions:
        assert text.index(each.text) < text.index("Answers:") < text.rindex(each.answer)
    assert bundle["text/html"].count("<details>") == 3


def test_before_the_first_chapter_there_is_nothing_to_remember():
    with pytest.raises(ValueError, match="nothing to remember before chapter '00'"):
        remember("00")
