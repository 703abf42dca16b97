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
        (lambda name: [name[1:]], "one entry"),
        (lambda name: [name], "whole name is one entry"),
        (lambda name: [name[0], name[1:]], "two pieces"),
        (lambda name: " ".join(name[1:]), "a text with blanks"),
        (lambda name: [name[i:] for i in range(1, len(name))], "a whole rest"),
        (lambda name: [a + b for a, b in zip(name, name[1:])], "a pair of letters"),
        (lambda name: list(enumerate(name[1:])), "more than the letter"),
        (lambda name: list(name[2:]), "two letters are gone"),
        (lambda name: list(name.lstrip(name[0])), "`aaron` lost two"),
        (lambda name: list(name.replace(name[0], "")), "`ava` lost two"),
        (lambda name: sorted(name[1:]), "were sorted"),
        (lambda name: list(dict.fromkeys(name[1:])), "came once"),
        (lambda name: list(zip(name, name[1:])), "pairs"),
        (lambda name: list(name[:0:-1]), "from the last to the first"),
        (lambda name: [name[:i] for i in range(1, len(name))], "beginnings"),
        (lambda name: list(range(1, len(name))), "positions"),
        (lambda name: [*name[1:], "end"], "follows the last letter"),
        (lambda name: list("mma"), "use the parameter"),
        (lambda name: None, "`return`"),
    ],
)
def test_wrong_answers_get_their_cause(answer, cause):
    result = evaluate("0.1", answer)
    assert result.status == "wrong"
    assert cause in result.cause
