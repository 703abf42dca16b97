"""What counts as the same, and how things are shown in a line."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exercises.kit import comparing
from classroom.exercises.kit.comparing import call_text, name_of, same, show
from microgpt.autograd import Value

numbers = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-99, 99)
things = st.recursive(
    numbers | st.text(max_size=3) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(things)
def test_everything_is_the_same_as_itself(thing):
    assert same(thing, thing)


@given(st.lists(numbers, min_size=1, max_size=4), st.data())
def test_one_number_off_is_not_the_same(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    changed = list(values)
    changed[place] += abs(changed[place]) * 1e-3 + 1e-3
    assert not same(changed, values)


SAME = [
    (2, 2.0), ((1, 2), [1, 2]), (Value(3.0), 3), ([Value(1.0), 2], [1, Value(2.0)]),
    (1 + 1e-12, 1), (math.nan, math.nan), ({"a": (1,)}, {"a": [1.0]}),
]  # fmt: skip
OTHER = [
    ("2", 2), (True, 1), (1 + 1e-6, 1), ([1], 1), ([1, 2], [2, 1]), ([1], [1, 1]), (None, 0),
    ({"a": 1}, {"b": 1}), (math.nan, 1.0), ("abc", ["a", "b", "c"]), (Value, 3),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected"), SAME)
def test_differences_that_do_not_count(got, expected):
    assert same(got, expected) and same(expected, got)


@pytest.mark.parametrize(("got", "expected"), OTHER)
def test_differences_that_count(got, expected):
    assert not same(got, expected) and not same(expected, got)


@pytest.mark.any_processor
def test_numpy_arrays_and_numbers_are_plain():
    numpy = pytest.importorskip("numpy")
    assert comparing.plain(numpy.array([[1.0, 2.0]])) == [[1.0, 2.0]]
    assert same(numpy.float64(0.5), 0.5)


class Broken:
    def __repr__(self):
        raise RuntimeError("no")


SHOWN = [
    (1 / 3, "0.3333"), (0.00001234, "1.23e-05"), ([1, 2.5, "a"], "[1, 2.5, 'a']"),
    (Value(0.5), "0.5"), ({"loss": 1 / 3}, "{'loss': 0.3333}"), (math.inf, "inf"),
    ([(26, 0), (0,)], "[(26, 0), (0,)]"), (len, "len"),
]  # fmt: skip


@pytest.mark.parametrize(("thing", "text"), SHOWN)
def test_show_is_short(thing, text):
    assert show(thing) == text


def test_show_cuts_what_is_long_and_survives_a_broken_repr():
    assert len(show(list(range(1000)))) <= 160 and "Broken" in show(Broken())


@pytest.mark.parametrize(("got", "expected"), [(0.33331, 0.33334), (1, 1.0), (1e-12, 2e-12)])
def test_show_both_tells_two_things_apart(got, expected):
    first, second = comparing.show_both(got, expected)
    assert first != second


def test_names_of_calls():
    assert call_text("softmax", ([1, 2], "a")) == "softmax([1, 2], 'a')"
    assert name_of(lambda: 0, len) == "len"
    assert name_of(lambda: 0) == "your_function"
