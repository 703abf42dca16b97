"""What a check tells of a wrong answer, which may be an edit of the solution. For tests."""

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
    result: Result = wrong(key, *(answers if isinstance(answers, tuple) else (answers,)))
    return f"{result}\n{result.told}"
