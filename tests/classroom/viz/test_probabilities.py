"""Pictures of probabilities, and the three losses to remember, counted in another way."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from classroom.viz.probabilities import (
    bigram_heatmap,
    learning_picture,
    row_bars,
    surprise_curve,
)
from microgpt import load_docs

SVG = "{http://www.w3.org/2000/svg}"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def pairs():
    """Pairs of characters in the shipped names, `.` for the mark: no tokenizer involved."""
    counts = Counter()
    for name in load_docs():
        marked = f".{name}."
        counts.update(marked[i : i + 2] for i in range(len(marked) - 1))
    return counts


@pytest.fixture(scope="module")
def counts(pairs):
    return [[pairs[a + b] for b in f"{LETTERS}."] for a in f"{LETTERS}."]


def entropy(groups):
    """Mean of -ln(share of its group) over everything counted."""
    guesses = sum(sum(group) for group in groups)
    nats = sum(-n * math.log(n / sum(group)) for group in groups for n in group if n)
    return nats / guesses


def test_the_floors(pairs, counts):
    guesses = sum(pairs.values())
    assert guesses == 229_804 == 197_547 + 32_257
    came = [sum(column) for column in zip(*counts)]
    assert f"{math.log(27):.4f}" == "3.2958"
    assert f"{entropy([came]):.4f}" == "2.8229"
    assert f"{entropy(counts):.4f}" == "2.4544"


def test_the_heatmap_of_the_names(counts):
    picture = bigram_heatmap(counts, LETTERS)
    assert "BOS after n (6,808), BOS after a (6,682), n after a (5,471)" in picture.alt
    assert "after q comes u in 75.5%" in picture.alt
    assert "229,804 pairs" in picture.alt and "Never seen: 102 of 729" in picture.alt
    assert picture.size[0] <= 900 and picture.size[1] <= 520


def test_each_row_and_column_of_the_heatmap_has_its_label(counts):
    root = ET.fromstring(bigram_heatmap(counts, LETTERS).data)
    words = [(text.text, float(text.get("font-size"))) for text in root.iter(f"{SVG}text")]
    for name in [*LETTERS, "BOS"]:
        assert words.count((name, 14)) == 2
    dots = [float(dot.get("r")) for dot in root.iter(f"{SVG}circle")]
    assert len(dots) == 729 - 102
    share = max(max(row) / sum(row) for row in counts)
    assert max(dots) == pytest.approx(13 * share**0.5, abs=0.05)
    assert [text for text, size in words if size == 11].count("76") == 1


def test_a_row_without_counts_does_not_stop_the_heatmap():
    assert "Never seen: 7 of 9" in bigram_heatmap([[0, 2, 0], [0, 0, 1], [0, 0, 0]], "ab").alt


def test_the_curve_of_surprise_points_at_what_it_is_given():
    alt = surprise_curve({"sure": 1, "half": 0.5}).alt
    assert "sure: p 1.0000, 0.0000 nats, half: p 0.5000, 0.6931 nats." in alt


def test_learning_tells_where_each_run_began_and_ended():
    picture = learning_picture({"slow": [3.0, 2.9], "fast": [3.0, 2.6, 2.5]}, {"floor": 2.4})
    assert "slow from 3.0000 to 2.9000 in 1 steps" in picture.alt
    assert "fast from 3.0000 to 2.5000 in 2 steps; floor at 2.4000." in picture.alt


def test_bars_of_a_row_tell_the_likeliest_of_each_table():
    rows = {"counted": [0.2, 0.5, 0.3], "learned": [0.1, 0.3, 0.6]}
    picture = row_bars(rows, "ab", "a")
    assert "counted: b 0.5000, BOS 0.3000, a 0.2000" in picture.alt
    assert "learned: BOS 0.6000" in picture.alt


def test_a_picture_is_the_same_every_time():
    assert surprise_curve({"x": 1.0}).data == surprise_curve({"x": 1.0}).data
