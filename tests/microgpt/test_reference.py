"""Digit for digit the reference: all losses, all names, other sizes, fewer nodes."""

from __future__ import annotations

import functools
import json
import operator
import os
import random
from pathlib import Path

import pytest
from support import ROOT, assert_same_float, assert_same_floats

import microgpt
from microgpt import CharTokenizer, Config, flatten, init_params, load_docs, sample, train

DATA = Path(__file__).parents[1] / "data"
FIGURES = json.loads((DATA / "figures.json").read_text())
OTHER_SIZES = json.loads((DATA / "figures_other_sizes.json").read_text())["runs"]


def start(docs, seed=42, **sizes):
    """Everything before the first step, from one stream of random numbers, as in the script."""
    rng = random.Random(seed)
    rng.shuffle(docs)
    tokenizer = CharTokenizer.from_docs(docs)
    config = Config(tokenizer.vocab_size, **sizes)
    return docs, tokenizer, config, init_params(config, rng), rng


def check_whole_run(path, figures):
    docs, tokenizer, config, state_dict, rng = start(load_docs(path))
    assert docs[:5] == figures["first_docs"] and len(docs) == figures["num_docs"]
    assert config.vocab_size == figures["vocab_size"]
    assert len(flatten(state_dict)) == figures["num_params"]
    losses = [step.loss for step in train(docs, tokenizer, config, state_dict)]
    assert_same_floats(losses, figures["losses"])
    names = [sample(state_dict, config, tokenizer, rng) for _ in range(20)]
    assert names == figures["samples"]
    return state_dict


@pytest.mark.slow
def test_the_shipped_names_give_the_reference_figures():
    figures = FIGURES["names"]
    state_dict = check_whole_run(None, figures)
    shipped, _, _ = microgpt.load()
    assert_same_floats(
        [param.data for param in flatten(state_dict)], [param.data for param in flatten(shipped)]
    )
    for name, expected in figures["param_sums"].items():
        # not sum(): from Python 3.12 on it rounds otherwise
        total = functools.reduce(
            operator.add, (param.data for row in shipped[name] for param in row), 0.0
        )
        assert_same_float(total, expected)


@pytest.mark.slow
def test_the_list_of_the_blog_post_gives_its_figures():
    given = os.environ.get("MICROGPT_MAKEMORE_NAMES", "")
    beside = ROOT.parent / "shared" / "data" / "makemore_names.txt"
    path = next((p for p in (Path(given or "."), beside) if p.is_file()), None)
    if path is None:
        pytest.skip("makemore's names.txt is not shipped: set MICROGPT_MAKEMORE_NAMES to its path")
    check_whole_run(path, FIGURES["makemore"])


@pytest.mark.parametrize("figures", OTHER_SIZES, ids=lambda figures: str(figures["sizes"]))
def test_other_sizes_and_seeds_give_the_figures_of_the_script(figures):
    docs, tokenizer, config, state_dict, rng = start(
        load_docs(), figures["seed"], **figures["sizes"]
    )
    assert len(flatten(state_dict)) == figures["num_params"]
    run = train(docs, tokenizer, config, state_dict)
    assert_same_floats([next(run).loss for _ in figures["losses"]], figures["losses"])
    names = [sample(state_dict, config, tokenizer, rng) for _ in figures["samples"]]
    assert names == figures["samples"]


def test_a_document_takes_at_most_12_percent_of_the_nodes_of_the_script():
    docs, tokenizer, config, state_dict, _ = start(load_docs())
    loss = microgpt.document_loss(tokenizer.document_ids(docs[0]), state_dict, config)
    nodes_of_the_script = 59_647  # counted from its loss of the same document, "anaiza"
    assert docs[0] == "anaiza"
    assert len(microgpt.topological_sort(loss)) <= 0.12 * nodes_of_the_script
