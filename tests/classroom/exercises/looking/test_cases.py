"""What right cases have in common that wrong ones have not, and how lists differ, as it is said."""

import pytest

from classroom.exercises.looking.cases import right_where
from classroom.exercises.looking.relations import relation

SAID = [
    ([([1], 3), ([2], 5), ([1, 1], 4)], [([], 1)], "4 cases tried; wrong just where `x` is empty."),
    ([([1], 1), ([2, 7], 1), ([3], 1)], [([3], 2), ([1, 4], 3), ([1], 4)], "just where `n` is 1."),
    ([([2, 1], 7), ([3, 2], 9), ([1], 2)], [([3, 3], 8), ([1, 4, 1], 7), ([5, 5], 2)],
     "Right in 3 of the 6 cases tried; wrong just where `x` has the same part twice."),
    ([([1], 7), ([2], 9)], [([-3], 8), ([1, -4], 7)], "Right in 2 of the 4 cases tried."),  # chance
    ([([3], n) for n in (4, 9, 10)], [([3], n) for n in (11, 20, 12)], "`n` is larger than 10."),
    ([(object(), 1), (object(), 5)], [(object(), 1)], "Right in 2 of the 3 cases tried."),
]  # fmt: skip
SUMS, LAST, SIGNS = (3.0, 1.0, 6.5), (5.5, 5.5, 5.5), (1.0, -1.0, 1.0)


@pytest.mark.parametrize(("good", "bad", "said"), SAID)
def test_it_says_what_tells_wrong_cases_from_right_ones(good, bad, said):
    assert right_where(["x", "n"], good, bad).endswith(said) and right_where(["x"], [], bad) == ""


def test_how_a_list_differs_is_said():
    said = [relation([(got, (3.0, -2.0, 5.5))], [{}]) for got in (SUMS, LAST, SIGNS)]
    assert "set back to 0" in said[0] and said[1] == "every part is the last"
    assert "only the sign is left" in said[2]
    assert relation([((0.0, 2.0, 4.0, 6.0), (0.0, 1.0, 3.0, 5.0))], [{}]) == "", (
        "the first is right"
    )
    assert relation([((0.0, 2.5), (0.0, 3.5))], [{}]) == ""  # 0 is, too
    assert relation([((0.5, 0.0, 0.0), (0.5, 0.5, 0.0))], [{}]).startswith("2 of 3 are right")
