"""Floors, windows and the picture of losses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgpt

pytest.importorskip("matplotlib")

from classroom.viz.training import Floors, draw_losses, floors, window_mean, window_means

FLOOR = Floors(3.2958, 2.8229, 2.4544)


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


def test_words_of_the_picture_follow_the_losses():
    losses = [3.5] * 50 + [2.5] * 50
    alt = draw_losses(losses, FLOOR, held_out=[(50, 3.1), (100, 9.0)]).alt
    assert "from 3.5000 (to step 50) to 2.5000 (to step 100)" in alt
    assert "Held-out names: 3.1000 at first, 9.0000 at last" in alt
    assert "bigram 2.4544" in alt


def test_a_run_that_has_not_begun_can_be_drawn():
    alt = draw_losses([], FLOOR, num_steps=1000).alt
    assert alt.startswith("Loss over 0 steps. Floors")
