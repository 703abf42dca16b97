"""What a check says of a wrong result: the smallest example, and a cause that explains them all."""

import pytest

from classroom.exercises.kit.causes import gives, raises, when
from classroom.exercises.kit.checking import expect, expect_calls
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.predictions import expect_prediction
from classroom.exercises.kit.solutions import Asked
from microgpt.autograd import Value


def mean(numbers):
    return sum(numbers) / len(numbers)


CASES = [([4.0, 8.0, 10.0],), ([2.0],), ([1.0, 3.0],)]
CAUSES = [
    gives(sum, "you forgot to divide."),
    gives(lambda numbers: sum(numbers) / (len(numbers) + 1), "you divide by one too many."),
    when(lambda got, expected: got > 100, "far too large."),
    raises(IndexError, "you look past the end."),
]


def complaint(answer, cases=CASES, causes=CAUSES, right=mean, **options):
    with pytest.raises(Wrong) as caught:
        expect_calls(answer, right, cases, causes=causes, **options)
    return caught.value


def guessed(answer, **settings):
    """All that is said of why, where no cause is listed."""
    wrong = complaint(answer, causes=(), **settings)
    return (wrong.cause + wrong.guess).lower()


# On [1, 3] both fit a sum; only the second explains [4, 8, 10] too.
TWO = [gives(lambda x: 4.0, "always four."), gives(sum, "you forgot to divide.")]


@pytest.mark.parametrize(
    ("answer", "causes", "cause"),
    [
        (sum, CAUSES, "you forgot to divide."),
        (sum, TWO, "you forgot to divide."),
        (lambda x: 4.0 if len(x) < 3 else 0.0, TWO, ""),
        (lambda x: x[2], CAUSES, "you look past the end."),
        (lambda x: 7.7, CAUSES, ""),
        (lambda x: 1e9, CAUSES, "far too large."),
    ],
)
def test_a_cause_is_named_if_it_explains_every_failing_example(answer, causes, cause):
    assert complaint(answer, causes=causes).cause == cause


def test_the_smallest_failing_example_is_told():
    assert complaint(sum).lines == ["sum([1.0, 3.0]) gave 4.0, expected 2.0."]
    wrong = complaint(lambda x: x[len(x)])
    assert wrong.cause == "you look past the end."
    assert wrong.lines[0] == "mean([2.0]) raised IndexError: list index out of range"
    assert "line" in wrong.lines[1]


SHARED = [
    (lambda x: None, "is a `return` missing"),
    (lambda x: f"about {mean(x)}", "must be a number, yours is a text"),
    (lambda x: str(mean(x)), "leave the quotes off"),
    (lambda x: [mean(x)], "inside a list or tuple"),
    (lambda x: (mean(x),), "inside a list or tuple"),
    (lambda x: x[1:], "must be a number, yours is a list"),
    (lambda x: -mean(x), "sign"),
    (lambda x: float("nan"), "nan"),
    (lambda x: sum, "is asked for: add parentheses"),
    (lambda x: x[0].data, "only a `value` has"),
    (lambda x: x[0](2), "a missing `*`"),
    (lambda x: x.append(1) + 1, "changes its list and returns nothing"),
]
OF_LISTS = [
    (lambda x: x[::2], "it has 2 parts, not 3"),
    (lambda x: [x], "inside another list"),
    (lambda x: [[y] for y in x], "one flat list"),
    (lambda x: set(x), "must be a list, yours is a set"),
    (lambda x: [str(y) for y in x], "each part must be a number, yours is a text"),
    (lambda x: x[::-1], "in another order"),
    (lambda x: [y + 1 for y in x], "every number is 1 too large"),
    (lambda x: [y / 2 for y in x], "what is wanted divided by 2"),
    (lambda x: [-y for y in x], "right, but for its sign"),
    (lambda x: (y for y in x), "list(...)"),
]


@pytest.mark.parametrize(("answer", "cause"), SHARED)
def test_causes_that_any_exercise_shares(answer, cause):
    assert cause in guessed(answer)


@pytest.mark.parametrize(("answer", "cause"), OF_LISTS)
def test_causes_for_lists(answer, cause):
    assert cause in guessed(answer, right=list, cases=[([1, 2, 3],)])


@pytest.mark.parametrize("answer", [lambda x: mean(x) * 1.001, lambda x: sum(x) // len(x) + 0.3])
def test_nothing_is_guessed_where_nothing_is_seen(answer):
    assert guessed(answer) == ""


@pytest.mark.parametrize("answer", [5, "mean", [1], {}, None])
def test_something_that_is_no_function(answer):
    wrong = complaint(answer)
    assert "needs your function itself" in wrong.lines[0]
    assert "parentheses" in wrong.cause


def test_a_wrong_number_of_parameters():
    wrong = complaint(lambda a, b: 0)
    assert "yours is your_function(a, b)" in wrong.lines[0]
    assert "1 argument." in wrong.cause


def test_a_changed_argument_is_told_though_the_result_is_right():
    def greedy(numbers):
        result = mean(numbers)
        numbers.clear()
        return result

    wrong = complaint(greedy)
    assert "changed its argument from [2.0] to []" in wrong.lines[0]
    expect_calls(greedy, mean, CASES, may_change=True)


def test_changed_data_of_a_value_is_told():
    def spoil(x):
        y = x.data + 1
        x.data = 0.0
        return y

    wrong = complaint(spoil, right=lambda x: x.data + 1, cases=[(Value(2.0),)])
    assert "changed its argument from 2.0 to 0.0" in str(wrong)


def test_the_cases_themselves_are_never_changed():
    cases = [([3.0, 1.0],)]
    complaint(lambda x: x.sort(), cases)
    assert cases == [([3.0, 1.0],)]


def test_show_as_prints_the_call_as_written():
    assert str(complaint(sum, show_as="mean of {0}")).startswith("mean of [1.0, 3.0] gave")


def test_an_expected_exception():
    def safe(numbers):
        if not numbers:
            raise ValueError("no numbers")
        return mean(numbers)

    expect_calls(safe, safe, [([],), ([1.0],)])
    with pytest.raises(Wrong, match="gave 0, expected a ValueError"):
        expect_calls(lambda x: mean(x) if x else 0, safe, [([],)])
    with pytest.raises(Wrong, match="ZeroDivisionError"):
        expect_calls(mean, safe, [([],)])


def test_expect_with_and_without_a_lambda():
    expect("1 + 1", 2, 2)
    expect("1 + 1", lambda: 1 + 1, 2)
    with pytest.raises(Wrong, match="1 \\+ 1 gave 3, expected 2"):
        expect("1 + 1", 3, 2)
    with pytest.raises(Wrong, match="1 / 0 raised ZeroDivisionError"):
        expect("1 / 0", lambda: 1 / 0, 2)


def test_a_result_is_told_with_its_cause():
    causes = [gives([1.0], "looks like `=` where `+=` is needed.")]
    with pytest.raises(Wrong) as caught:
        expect("the gradient of a in a + a", lambda: [1.0], [2], causes=causes)
    assert str(caught.value) == "the gradient of a in a + a gave [1.0], expected [2]."
    assert "`+=`" in caught.value.cause


PREDICTED = [
    (3, "your answer 3 is too small.", "plain stack"),
    (40, "your answer 40 is too large.", ""),
    ("39", "your answer '39' is not right.", "leave the quotes off"),
    ([39], "your answer [39] is not right.", "brackets or the comma"),
    ((3, 9), "your answer (3, 9) is not right.", "yours is a tuple"),
    ((39,), "your answer (39,) is not right.", "brackets or the comma"),
    (Value(40), "your answer 40 is a Value.", "a number is asked for"),
    (lambda: 39, "is not right", ""),
]


@pytest.mark.parametrize(("answer", "text", "cause"), PREDICTED)
def test_a_predicted_value_is_not_given_away(answer, text, cause):
    with pytest.raises(Wrong) as caught:
        expect_prediction(Asked(39, {3: "that is what the plain stack gives."}), answer)
    assert text in str(caught.value) and "expected 39" not in str(caught.value)
    assert cause in caught.value.cause + caught.value.guess


def test_memory_addresses_are_left_out():
    thing = object()
    wrong = Wrong(f"{thing} is odd", cause=f"it is {thing!r}")
    assert str(wrong) == "<object object> is odd" and wrong.cause == "it is <object object>"
