"""Trees of names: every way that is probable enough, and no other."""

from __future__ import annotations

import pytest

from classroom.lab.tree import DEPTH, name_tree
from microgpt import load, next_token_probs

MODEL = load()


def probability(name, ended):
    """Product of the model's probabilities along the way."""
    _, _, tokenizer = MODEL
    product = 1.0
    for place in range(2, len(name) + 1):
        probs = next_token_probs(*MODEL, name[:place])
        token_id = tokenizer.encode(name[place])[0] if place < len(name) else tokenizer.BOS
        if place < len(name) or ended:
            product *= probs[token_id]
    return product


def test_a_tree_holds_every_way_that_is_probable_enough():
    root = name_tree(*MODEL, "em", smallest=0.02)
    first = next_token_probs(*MODEL, "em")
    assert [c.prob for c in root.children] == sorted((p for p in first if p >= 0.02), reverse=True)
    leaves = list(root.leaves())
    assert leaves and all(leaf.prob >= 0.02 for leaf in leaves)
    for leaf in leaves:
        assert leaf.prob == pytest.approx(probability(leaf.text, leaf.ended))
    assert all(len(leaf.text) <= 2 + DEPTH for leaf in leaves)


def test_a_tree_ends_where_the_block_does():
    root = name_tree(*MODEL, "a" * 15, 0.5, 0.05)
    assert max(len(leaf.text) for leaf in root.leaves()) == 16


def test_a_tree_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="from 0.01 to 1, not 0"):
        name_tree(*MODEL, "em", smallest=0)
    with pytest.raises(ValueError, match="character 'E'"):
        name_tree(*MODEL, "E")
