"""What right cases have in common that wrong ones have not, as it is said."""

import pytest

from classroom.exercises.looking.cases import right_where
from classroom.exercises.looking.relations import relation

X, SOME = ["x", "n"], "Right in 2 of the 4 cases tried"
SAID = [
    ([([1], 3), ([2], 5)], [([], 1), ([], 2)], f"{SOME}; wrong just where `x` is empty."),
    ([([1], 1), ([2, 7], 1)], [([3], 2), ([1, 4], 3)], f"{SOME}; just where `n` is 1."),
    ([([1], 7), ([2], 9)], [([-3], 8), ([1, -4], 7)],
     f"{SOME}; wrong just where `x` has a number below 0."),
    ([([2, 1], 7), ([3, 2], 9)], [([3, 3], 8), ([1, 4, 1], 7)],
     f"{SOME}; wrong just where `x` has the same part twice."),
    ([([2, 1], 7), ([3, 2], 9)], [([3, 1], 8), ([4, 1], 7)], f"{SOME}."),
    ([], [([3, 1], 8), ([4, 1], 7)], ""),
    ([([3], n) for n in (4, 9, 10)], [([3], n) for n in (11, 20, 12)],
     "Right in 3 of the 6 cases tried; wrong just where `n` is larger than 10."),
    ([(object(), 1), (object(), 5)], [(object(), 1), (object(), 5)], f"{SOME}."),
]  # fmt: skip


WANTED = (3.0, -2.0, 5.5)
RELATIONS = [
    ((3.0, 1.0, 6.5), "each part has those before it added"),
    ((5.5, 5.5, 5.5), "every part is the last"),
    ((1.0, -1.0, 1.0), "only the sign is left of what is wanted"),
]


@pytest.mark.parametrize(("got", "said"), RELATIONS)
def test_how_a_list_differs_is_said(got, said):
    assert said in relation([(got, WANTED)], [{}])


@pytest.mark.parametrize(("good", "bad", "said"), SAID)
def test_it_says_what_tells_wrong_cases_from_right_ones(good, bad, said):
    assert right_where(X, good, bad) == said
