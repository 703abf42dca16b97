"""What a check tells of a wrong answer, which may be an edit of the solution. For tests."""

import pytest

from classroom.exercises import evaluate
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.results import Result


def wrong(key, *answers):
    """The result of wrong answers; ``"old -> new"`` stands for the solution with that edit."""
    result = evaluate(key, *(edited(key, each) for each in answers))
    assert result.status == "wrong", result
    return result


def edited(key, answer):
    """The solution of an exercise with an edit made in it; any other answer as it is."""
    is_edit = isinstance(answer, str) and " ->" in answer
    return find(key).solution.slip(answer) if is_edit else answer


def told(key, answers) -> str:
    """Everything that is said of a wrong answer, or of several in a tuple."""
    result: Result = wrong(key, *as_tuple(answers))
    return f"{result}\n{result.told}"


def as_tuple(answers):
    """Several answers as they are, and one in a tuple of its own."""
    return answers if isinstance(answers, tuple) else (answers,)


def chapter_tests(right, wrong):
    """A chapter's two tests: other right ways pass, and what no slip says of wrong ones is told.

    Rows are ``(key, answers)``, of `wrong` ``(key, answers, words that are said)``; an answer may
    be an edit of the solution.
    """

    @pytest.mark.parametrize(("key", "answers"), right)
    def passes(key, answers):
        result = evaluate(key, *(edited(key, each) for each in as_tuple(answers)))
        assert result.status == "right", result

    @pytest.mark.parametrize(("key", "answers", "words"), wrong)
    def is_told(key, answers, words):
        said = told(key, answers)
        assert words in said, said

    return passes, is_told
