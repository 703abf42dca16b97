"""Floors and windows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgpt
from classroom.lab.losses import floors, window_mean, window_means


def test_floors_of_the_shipped_names():
    docs = microgpt.load_docs()
    found = floors(docs, microgpt.CharTokenizer.from_docs(docs))
    assert found.blind == math.log(27)
    assert round(found.unigram, 4) == 2.8229
    assert round(found.bigram, 4) == 2.4544


def test_floors_fall_with_knowledge_and_need_documents():
    tokenizer = microgpt.CharTokenizer("abc")
    found = floors(["ab", "abc", "ca"], tokenizer)
    assert found.blind > found.unigram > found.bigram > 0
    assert floors(["ab"] * 3, tokenizer).bigram == pytest.approx(0)  # each letter has one successor
    with pytest.raises(ValueError, match="no documents"):
        floors([], tokenizer)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=60), st.integers(1, 20))
def test_windows_cover_the_steps_without_overlap(losses, size):
    means = window_means(losses, size)
    assert [end for end, _ in means] == list(range(size, len(losses) + 1, size))
    covered = losses[: len(means) * size]
    assert sum(mean * size for _, mean in means) == pytest.approx(sum(covered))


def test_window_outside_the_run_is_refused():
    assert window_mean([1.0, 2.0, 6.0], 2, 3) == 4.0
    for first, last in ((0, 1), (2, 1), (1, 4)):
        with pytest.raises(ValueError, match="not within 1 to 3"):
            window_mean([1.0, 2.0, 6.0], first, last)
