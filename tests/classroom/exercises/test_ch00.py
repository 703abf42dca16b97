import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch00 import next_letters


def test_the_right_answer():
    assert evaluate("0.1", next_letters).status == "right"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda name: name[1:], "a string came out"),
        (lambda name: list(name), "the first letter is still there"),
        (lambda name: list(name[:-1]), "the last letter"),
        (lambda name: name[1], "one letter came out"),
        (lambda name: None, "`return`"),
    ],
)
def test_wrong_answers_get_their_cause(answer, cause):
    result = evaluate("0.1", answer)
    assert result.status == "wrong"
    assert cause in result.cause
