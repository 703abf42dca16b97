"""Numbers that the text of chapters 03 and 04 states in words, computed anew."""

from __future__ import annotations

import math
from collections import Counter

import nbformat
import pytest
from support import ROOT

from microgpt import load_docs


@pytest.fixture(scope="module")
def docs():
    return load_docs()


def text(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    return " ".join(" ".join(c.source for c in notebook.cells if c.cell_type == "markdown").split())


def test_letters_and_lengths(docs):
    page, letters = text("03_tokenizer.ipynb"), Counter("".join(docs))
    assert "more than one letter in six" in page and 6 * letters["a"] > sum(letters.values())
    assert "about 125 of it" in page and round(letters["a"] / letters["q"]) == 125
    assert "No name is longer than 15 letters" in page and max(map(len, docs)) == 15
    assert "about seven guesses" in page and round(sum(map(len, docs)) / len(docs) + 1) == 7


def test_names_that_come_twice(docs):
    page, names = text("03_tokenizer.ipynb"), Counter(docs)
    assert "2,564 lines" in page and len(docs) - len(names) == 2_564
    assert names["emma"] == 2 and docs.index("emma") == 0
    boys = docs.index("liam", docs.index("liam") + 1)  # the first boy; Liams among the girls before
    assert docs.index("emma", 1) > boys


def test_the_first_thousand(docs):
    assert "358 against 197" in text("03_tokenizer.ipynb")
    share = sum(name.endswith("a") for name in docs) / len(docs)
    assert 1.7 < 0.358 / share < 2  # "nearly twice as often as they do"


def test_the_family_is_five_characters():
    assert "five characters in Python" in text("03_tokenizer.ipynb")
    assert len("👩\u200d👩\u200d👧") == 5


def test_how_often_a_row_is_used(docs):
    page = text("04_next_token.ipynb")
    uses = Counter("".join(docs))
    guesses = sum(uses.values()) + len(docs)
    assert "One guess in 800" in page and round(guesses / uses["q"], -2) == 800
    assert "more than a hundred times smaller" in page and uses["a"] > 100 * uses["q"]


def test_where_exp_ends():
    assert "exp(709.78)" in text("04_next_token.ipynb")
    assert math.exp(709.78) > 1e308
    with pytest.raises(OverflowError):
        math.exp(709.79)


def test_three_quarters_of_q(docs):
    assert "three times out of four" in text("04_next_token.ipynb")
    after_q = Counter(pair for n in docs for pair in zip(n, n[1:] + ".") if pair[0] == "q")
    assert 0.74 < after_q["q", "u"] / sum(after_q.values()) < 0.77
